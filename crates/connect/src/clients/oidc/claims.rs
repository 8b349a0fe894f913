//! What a token says of somebody, once it is known whose word it is.

use jiff::Timestamp;
use serde_json::Value;
use watchfire_core::text;

use super::{OidcError, Settings};

/// How far the provider's clock and ours may be apart, in seconds.
const LEEWAY_S: i64 = 60;
/// How old a token may be that was made for this very sign-on, in seconds.
const AGE_S: i64 = 600;
/// Groups that are read.
const GROUPS: usize = 1_000;

/// What the provider says of the person; `issuer` and `subject` together are the key, nothing else is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claims {
    pub issuer: String,
    pub subject: String,
    /// As the provider writes it.
    pub email: Option<String>,
    /// The provider has seen that the address is the person's.
    pub email_verified: bool,
    pub name: Option<String>,
    pub groups: Vec<String>,
    /// When the person proved who they are, where the provider says so.
    pub signed_in_at: Option<Timestamp>,
}

/// Checks everything that the signature does not: issuer, audience, time, nonce.
///
/// # Errors
/// [`OidcError::Token`] names what does not fit.
pub(super) fn check(claims: &Value, settings: &Settings, nonce: &str, now: Timestamp) -> Result<(), OidcError> {
    let wrong = |reason| Err(OidcError::Token(reason));
    if claims["iss"].as_str() != Some(settings.issuer.as_str()) {
        return wrong("it is another issuer's");
    }
    let ours = |value: &Value| value.as_str() == Some(settings.client_id.as_str());
    let several = match &claims["aud"] {
        Value::Array(all) if all.iter().any(ours) => all.len() > 1,
        one if ours(one) => false,
        _ => return wrong("it was made for another service"),
    };
    match claims.get("azp") {
        Some(azp) if !ours(azp) => return wrong("it was handed to another service"),
        None if several => return wrong("it was made for several services and does not say which one it was handed to"),
        _ => {}
    }
    let second = |name: &str| claims[name].as_i64().or_else(|| claims[name].as_f64().map(|seconds| seconds as i64));
    let now = now.as_second();
    match second("exp") {
        Some(end) if end > now.saturating_sub(LEEWAY_S) => {}
        Some(_) => return wrong("it has expired"),
        None => return wrong("it has no end"),
    }
    match second("iat") {
        Some(made) if made > now.saturating_add(LEEWAY_S) => return wrong("it was made in the future"),
        Some(made) if made < now.saturating_sub(AGE_S) => return wrong("it was made long before this sign-on"),
        Some(_) => {}
        None => return wrong("it does not say when it was made"),
    }
    if claims.get("nbf").is_some() && second("nbf").is_none_or(|begin| begin > now.saturating_add(LEEWAY_S)) {
        return wrong("it is not valid yet");
    }
    // An empty nonce is never drawn, so an absent claim cannot equal it.
    if nonce.is_empty() || claims["nonce"].as_str() != Some(nonce) {
        return wrong("it was not made for this sign-on");
    }
    subject(claims).map(drop)
}

/// Returns who it is about.
///
/// # Errors
/// There is no subject, or one that the standard does not allow.
pub(super) fn subject(claims: &Value) -> Result<&str, OidcError> {
    let subject = claims["sub"].as_str().unwrap_or_default();
    let fits =
        !subject.is_empty() && subject.len() <= 255 && subject.chars().all(|char| char.is_ascii() && !char.is_ascii_control());
    if fits { Ok(subject) } else { Err(OidcError::Token("it does not say whom it is about")) }
}

/// Tells whether what we want to know is still missing, so that the user-info endpoint has to be asked.
pub(super) fn lacks(claims: &Value, settings: &Settings) -> bool {
    claims.get("email").is_none() || claims.get(settings.groups_claim.as_str()).is_none()
}

/// Reads the person out of claims that were checked. Only `true` itself is a verified address.
///
/// # Errors
/// As [`subject`].
pub(super) fn read(claims: &Value, settings: &Settings) -> Result<Claims, OidcError> {
    let groups = match &claims[settings.groups_claim.as_str()] {
        Value::Array(groups) => groups.iter().filter_map(Value::as_str).take(GROUPS).map(str::to_owned).collect(),
        Value::String(group) => vec![group.clone()],
        _ => Vec::new(),
    };
    let name = claims["name"].as_str().map(|name| text::line(name, 120)).filter(|name| !name.is_empty());
    Ok(Claims {
        issuer: settings.issuer.clone(),
        subject: subject(claims)?.to_owned(),
        email: claims["email"].as_str().filter(|email| email.len() <= 320).map(str::to_owned),
        email_verified: claims["email_verified"] == Value::Bool(true),
        name,
        groups,
        signed_in_at: claims["auth_time"].as_i64().and_then(|second| Timestamp::from_second(second).ok()),
    })
}
