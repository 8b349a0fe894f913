//! An id token: three parts, one signature.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::OidcError;
use super::keys::{Algorithm, Keys, NoKey};
use crate::payload;

/// Longer tokens are nobody's.
const TOKEN_BYTES: usize = 64 * 1024;

/// What a signature covers, before anything of it is believed but the signature.
#[derive(Debug)]
pub(super) enum Opened {
    Claims(Value),
    /// The token names a key that is not known (yet).
    UnknownKey,
}

/// Checks form, algorithm and signature of a token and returns what it claims.
///
/// # Errors
/// [`OidcError::Token`] says what is wrong with it, and nothing of what it holds.
pub(super) fn open(token: &str, keys: &Keys) -> Result<Opened, OidcError> {
    let wrong = OidcError::Token;
    if token.len() > TOKEN_BYTES {
        return Err(wrong("it is longer than 64 KiB"));
    }
    let parts: Vec<&str> = token.split('.').collect();
    let [head, body, signed] = parts.as_slice() else { return Err(wrong("it is not of three parts")) };
    let (message, _) = token.rsplit_once('.').unwrap_or_default();
    let head = object(head).ok_or(wrong("its head cannot be read"))?;
    if head.get("crit").is_some() {
        return Err(wrong("it demands extensions that are not known here"));
    }
    if head.get("typ").is_some_and(|kind| !kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("jwt"))) {
        return Err(wrong("it is a token of another kind"));
    }
    let algorithm = head["alg"].as_str().unwrap_or_default();
    if Algorithm::parse(algorithm).is_none() {
        return Err(wrong("it is signed in a way that is not believed here"));
    }
    let id = match head.get("kid") {
        None => None,
        Some(Value::String(id)) => Some(id.as_str()),
        Some(_) => return Err(wrong("the name of its key is no text")),
    };
    let signed = URL_SAFE_NO_PAD.decode(signed).map_err(|_| wrong("its signature cannot be read"))?;
    match keys.verify(id, algorithm, message.as_bytes(), &signed) {
        Ok(true) => Ok(Opened::Claims(object(body).ok_or(wrong("its claims cannot be read"))?)),
        Ok(false) => Err(wrong("its signature is wrong")),
        Err(NoKey::Unknown) => Ok(Opened::UnknownKey),
        Err(NoKey::Unfit) => Err(wrong("no key of the provider is for this signature")),
    }
}

fn object(part: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    payload::read(&bytes).ok().filter(Value::is_object)
}
