//! The two steps of a sign-on: send the browser there, and redeem what it comes back with.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{HeaderValue, Method, header};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::claims::{self, Claims};
use super::keys::Keys;
use super::provider::{Provider, fetch, word};
use super::token::{self, Opened};
use super::{OidcError, Settings};
use crate::egress::{Call, Egress, Url};

/// How long what the provider says of itself is believed without asking again.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// How soon the keys are asked for again because a token names one that is not known.
const KEYS_AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// What a sign-on is begun with and what its end is compared with; drawn anew for each, kept on the server.
#[derive(Clone)]
pub struct Flow {
    pub state: String,
    pub nonce: String,
    /// The secret of PKCE; the provider gets its hash first and itself at the end.
    pub verifier: String,
    pub redirect_uri: String,
    /// The person has to prove who they are again, whatever session the provider still has.
    pub again: bool,
}

/// What the browser comes back with.
#[derive(Clone, Default)]
pub struct Callback {
    pub state: Option<String>,
    pub code: Option<String>,
    pub issuer: Option<String>,
    pub error: Option<String>,
}

/// A relying party of one provider; cheap to clone.
#[derive(Clone)]
pub struct Client {
    egress: Egress,
    settings: Arc<Settings>,
    known: Arc<Mutex<Option<Known>>>,
}

#[derive(Clone)]
struct Known {
    provider: Arc<Provider>,
    keys: Arc<Keys>,
    provider_at: Timestamp,
    keys_at: Timestamp,
}

impl Client {
    /// Takes the settings; nothing is sent yet.
    ///
    /// # Errors
    /// [`OidcError::Settings`].
    pub fn new(egress: Egress, settings: Settings) -> Result<Self, OidcError> {
        settings.check()?;
        Ok(Self { egress, settings: Arc::new(settings), known: Arc::default() })
    }

    /// Asks the provider for what it says of itself, so that a wrong setting shows before anybody signs on.
    ///
    /// # Errors
    /// The provider cannot be reached or does not fit.
    pub async fn probe(&self, now: Timestamp) -> Result<(), OidcError> {
        self.known(now, None).await.map(drop)
    }

    /// Returns the address to send the browser to.
    ///
    /// # Errors
    /// As [`Client::probe`].
    pub async fn begin(&self, flow: &Flow, now: Timestamp) -> Result<String, OidcError> {
        let known = self.known(now, None).await?;
        let wrong = |_| OidcError::provider("discovery document", "its authorization_endpoint is no address");
        let mut url = Url::parse(&known.provider.authorization).map_err(wrong)?;
        let scope =
            std::iter::once("openid").chain(self.settings.scopes.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(flow.verifier.as_bytes()));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &flow.redirect_uri)
            .append_pair("scope", &scope)
            .append_pair("state", &flow.state)
            .append_pair("nonce", &flow.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if flow.again {
            url.query_pairs_mut().append_pair("prompt", "login").append_pair("max_age", "0");
        }
        Ok(url.into())
    }

    /// Redeems what the browser came back with.
    ///
    /// # Errors
    /// The answer is another sign-on's or another provider's, the provider refuses the code, or its token proves nothing.
    pub async fn finish(&self, callback: &Callback, flow: &Flow, now: Timestamp) -> Result<Claims, OidcError> {
        let known = self.known(now, None).await?;
        let code = self.code(callback, flow, &known.provider)?;
        let answer = self.exchange(code, flow, &known.provider).await?;
        let id_token = answer["id_token"].as_str().ok_or(OidcError::Token("there is none in the provider's answer"))?;
        let mut found = match token::open(id_token, &known.keys)? {
            Opened::Claims(claims) => claims,
            // The provider may have changed its keys since we asked; once more, and not for every stranger's token.
            Opened::UnknownKey => match token::open(id_token, &self.known(now, Some(known.keys_at)).await?.keys)? {
                Opened::Claims(claims) => claims,
                Opened::UnknownKey => return Err(OidcError::Token("it is signed with a key that the provider does not list")),
            },
        };
        claims::check(&found, &self.settings, &flow.nonce, now)?;
        if flow.again && !claims::read(&found, &self.settings)?.signed_in_at.is_some_and(|at| is_recent(at, now)) {
            return Err(OidcError::Token("it does not say that the person has just proved who they are"));
        }
        if claims::lacks(&found, &self.settings) {
            self.complete(&mut found, &known.provider, answer["access_token"].as_str()).await?;
        }
        claims::read(&found, &self.settings)
    }

    fn code<'a>(&self, callback: &'a Callback, flow: &Flow, provider: &Provider) -> Result<&'a str, OidcError> {
        let wrong = |reason| Err(OidcError::Callback(reason));
        if flow.state.is_empty() || callback.state.as_deref() != Some(flow.state.as_str()) {
            return wrong("its state is another");
        }
        match callback.issuer.as_deref() {
            Some(issuer) if issuer != self.settings.issuer => return wrong("another provider sent it"),
            None if provider.names_itself => return wrong("it does not name its provider, which this one always does"),
            _ => {}
        }
        if let Some(error) = &callback.error {
            return Err(OidcError::Refused(word(error)));
        }
        match callback.code.as_deref().filter(|code| !code.is_empty() && code.len() <= 4_096) {
            Some(code) => Ok(code),
            None => wrong("it holds no code"),
        }
    }

    async fn exchange(&self, code: &str, flow: &Flow, provider: &Provider) -> Result<Value, OidcError> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &flow.redirect_uri),
            ("code_verifier", &flow.verifier),
        ];
        let mut call = Call::new(Method::POST, provider.token.as_str());
        let id = self.settings.client_id.as_str();
        match self.settings.client_secret.as_deref() {
            Some(secret) if provider.basic => {
                // RFC 6749, 2.3.1: both are form-encoded before they become a user and a password.
                let pair = STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)));
                let value = HeaderValue::from_str(&format!("Basic {pair}"));
                let value = value.map_err(|_| OidcError::Settings("the client's secret cannot be sent".to_owned()))?;
                call = call.secret_header(header::AUTHORIZATION, value);
            }
            Some(secret) => form.extend([("client_id", id), ("client_secret", secret)]),
            None => form.push(("client_id", id)),
        }
        let body = form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&");
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        fetch(&self.egress, &self.settings, call.header(header::CONTENT_TYPE, kind).body(body), "answer to the code").await
    }

    /// Adds what the user-info endpoint knows; what the signed token says goes first.
    async fn complete(&self, claims: &mut Value, provider: &Provider, access: Option<&str>) -> Result<(), OidcError> {
        let (Some(address), Some(access)) = (&provider.userinfo, access) else { return Ok(()) };
        let bearer = HeaderValue::from_str(&format!("Bearer {access}"));
        let bearer = bearer.map_err(|_| OidcError::provider("answer to the code", "its access token cannot be sent"))?;
        let call = Call::get(address.as_str()).secret_header(header::AUTHORIZATION, bearer);
        let more = fetch(&self.egress, &self.settings, call, "user information").await?;
        if claims::subject(&more)? != claims::subject(claims)? {
            return Err(OidcError::Token("the user information is about somebody else"));
        }
        // An address and whether it is verified belong together: one of each source would vouch for the other's.
        let wanted = ["name", self.settings.groups_claim.as_str()];
        let address = ["email", "email_verified"];
        let with_address = claims.get("email").is_none();
        if let Some(claims) = claims.as_object_mut() {
            for name in wanted.into_iter().chain(address.into_iter().filter(|_| with_address)) {
                match more.get(name) {
                    Some(value) if with_address && address.contains(&name) => drop(claims.insert(name.to_owned(), value.clone())),
                    Some(value) => drop(claims.entry(name).or_insert_with(|| value.clone())),
                    None if with_address && address.contains(&name) => drop(claims.remove(name)),
                    None => {}
                }
            }
        }
        Ok(())
    }

    /// Returns what is known of the provider, asking where it is old; `not` names keys that do not serve.
    async fn known(&self, now: Timestamp, not: Option<Timestamp>) -> Result<Known, OidcError> {
        let mut held = self.known.lock().await;
        let age = |at: Timestamp| now.duration_since(at).abs();
        let provider = match held.as_ref().filter(|known| age(known.provider_at) < FRESH) {
            Some(known) => (Arc::clone(&known.provider), known.provider_at),
            None => (Arc::new(Provider::discover(&self.egress, &self.settings).await?), now),
        };
        let fresh = held.as_ref().filter(|known| age(known.keys_at) < FRESH).filter(|known| match not {
            Some(at) => known.keys_at != at || age(at) < KEYS_AGAIN,
            None => true,
        });
        let keys = match fresh {
            Some(known) => (Arc::clone(&known.keys), known.keys_at),
            None => {
                let document = fetch(&self.egress, &self.settings, Call::get(provider.0.keys.as_str()), "key set").await?;
                (Arc::new(Keys::read(&document)), now)
            }
        };
        let known = Known { provider: provider.0, provider_at: provider.1, keys: keys.0, keys_at: keys.1 };
        *held = Some(known.clone());
        Ok(known)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// A proof that was asked for now is at most five minutes old, in either direction of the clocks.
fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).abs() <= SignedDuration::from_mins(5)
}

/// Encodes for a form.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
