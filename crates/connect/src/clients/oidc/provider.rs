//! What the provider says of itself: the discovery document.

use http::{HeaderValue, header};
use serde_json::Value;

use super::{OidcError, Settings};
use crate::egress::{Call, Egress, Url};
use crate::payload;

/// The parts of the discovery document that we use; all addresses have been checked to be web addresses.
#[derive(Clone, Debug)]
pub(super) struct Provider {
    pub(super) authorization: String,
    pub(super) token: String,
    pub(super) keys: String,
    pub(super) userinfo: Option<String>,
    /// It takes the client's secret in the `Authorization` header; else in the form.
    pub(super) basic: bool,
    /// It says who it is in every answer to the browser (RFC 9207).
    pub(super) names_itself: bool,
}

impl Provider {
    /// Fetches and checks the document.
    ///
    /// # Errors
    /// The provider cannot be reached, or the document is another issuer's or lacks what we need.
    pub(super) async fn discover(egress: &Egress, settings: &Settings) -> Result<Self, OidcError> {
        let address = format!("{}/.well-known/openid-configuration", settings.issuer.trim_end_matches('/'));
        let document = fetch(egress, settings, Call::get(address), "discovery document").await?;
        Self::read(&document, &settings.issuer)
    }

    pub(super) fn read(document: &Value, issuer: &str) -> Result<Self, OidcError> {
        let wrong = |reason: String| OidcError::provider("discovery document", reason);
        if document["issuer"].as_str() != Some(issuer) {
            return Err(wrong(format!("it does not name the issuer {issuer} that is set here, letter by letter")));
        }
        let words =
            |name: &str| -> Option<Vec<&str>> { Some(document[name].as_array()?.iter().filter_map(Value::as_str).collect()) };
        let address = |name: &str| {
            let text = document[name].as_str().ok_or_else(|| wrong(format!("{name} is missing")))?;
            let web = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
            if web { Ok(text.to_owned()) } else { Err(wrong(format!("{name} is no web address"))) }
        };
        if words("response_types_supported").is_some_and(|types| !types.contains(&"code")) {
            return Err(wrong("it does not offer the authorization code".to_owned()));
        }
        if words("code_challenge_methods_supported").is_some_and(|methods| !methods.contains(&"S256")) {
            return Err(wrong("it does not offer PKCE with S256".to_owned()));
        }
        let ways = words("token_endpoint_auth_methods_supported");
        Ok(Self {
            authorization: address("authorization_endpoint")?,
            token: address("token_endpoint")?,
            keys: address("jwks_uri")?,
            userinfo: if document["userinfo_endpoint"].is_null() { None } else { Some(address("userinfo_endpoint")?) },
            basic: ways.is_none_or(|ways| ways.contains(&"client_secret_basic")),
            names_itself: document["authorization_response_iss_parameter_supported"].as_bool().unwrap_or(false),
        })
    }
}

/// Makes a call and reads the JSON object of a 200.
pub(super) async fn fetch(egress: &Egress, settings: &Settings, call: Call, what: &'static str) -> Result<Value, OidcError> {
    let call = call.header(header::ACCEPT, HeaderValue::from_static("application/json"));
    let answer = egress.send(call, &settings.allowed()).await?;
    let kind =
        answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let is_json = kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json" || kind.trim().ends_with("+json"));
    let status = answer.status;
    let value = if is_json { payload::read(&answer.body).ok().filter(Value::is_object) } else { None };
    if !status.is_success() {
        let reason = value.as_ref().and_then(|value| value["error"].as_str()).map(|error| format!(" ({})", word(error)));
        return Err(OidcError::provider(what, format!("it answered {}{}", status.as_u16(), reason.unwrap_or_default())));
    }
    value.ok_or_else(|| OidcError::provider(what, "it is no JSON object"))
}

/// Keeps of a foreign word what an error code of OAuth may hold.
pub(super) fn word(text: &str) -> String {
    text.chars().filter(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.')).take(60).collect()
}
