//! Asks a service whether a secret still works: the call as data, the judgement of its answer, and the door to the network.
//!
//! This crate opens no connection. Whoever hands in a [`Caller`] decides which hosts may be reached and how often.

use crate::rule::CheckSpec;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Debug;

/// Whether a secret works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Validity {
    /// The service accepts it.
    Valid,
    /// The service refuses it.
    Invalid,
    /// Nobody answered, or nothing that tells; never taken for invalid.
    Unknown,
}

/// One read-only call. It holds the secret: it is not to be logged, and its [`Debug`] shows nothing.
#[derive(Clone)]
pub struct Call {
    /// `GET` or `POST`.
    pub method: String,
    /// The address.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// User name and password of basic authentication.
    pub basic: Option<(String, String)>,
    /// The content; empty for none.
    pub body: String,
}

/// What a service answered.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The content.
    pub body: Vec<u8>,
}

/// Makes calls.
pub trait Caller: Debug + Send + Sync {
    /// Makes a call; `host` is the host that the rule names, whatever base address stands in for it.
    ///
    /// # Errors
    /// A reason without the secret.
    fn call(&self, host: &str, call: Call) -> Result<Answer, String>;
}

/// Base addresses that stand in for hosts, such as `api.github.com` -> `https://github.example.com/api/v3`.
pub type Bases = BTreeMap<String, String>;

/// Asks whether `secret` works.
pub fn check(spec: &CheckSpec, secret: &str, bases: &Bases, caller: &dyn Caller) -> Validity {
    let Some((host, call)) = prepare(spec, secret, bases) else { return Validity::Unknown };
    caller.call(&host, call).map_or(Validity::Unknown, |answer| judge(spec, &answer))
}

/// Returns the hosts that a rule's check reaches, with the base addresses that stand in for them.
pub fn host(spec: &CheckSpec) -> Option<&str> {
    let rest = spec.url.strip_prefix("https://")?;
    // The secret may stand in a path, never in the place of a host.
    rest.split(['/', '?', '#']).next().filter(|host| !host.contains(['{', '@', ' ']))
}

fn prepare(spec: &CheckSpec, secret: &str, bases: &Bases) -> Option<(String, Call)> {
    // A value with such characters could change the meaning of an address, a header or a body.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~+/=:%".contains(&byte);
    let host = host(spec)?.to_owned();
    if secret.is_empty() || !secret.bytes().all(is_plain) {
        return None;
    }
    let in_url: String = secret.bytes().map(escaped).collect();
    let url = spec.url.replace("{{secret}}", &in_url);
    let url = match bases.get(&host) {
        Some(base) => format!("{}{}", base.trim_end_matches('/'), url.strip_prefix("https://")?.strip_prefix(&host)?),
        None => url,
    };
    let fill = |text: &String| text.replace("{{secret}}", secret);
    let call = Call {
        method: spec.method.clone(),
        url,
        headers: spec.headers.iter().map(|(name, value)| (name.clone(), fill(value))).collect(),
        basic: spec.basic.as_ref().map(|(user, password)| (fill(user), fill(password))),
        body: spec.body.as_ref().map(fill).unwrap_or_default(),
    };
    Some((host, call))
}

/// Escapes what a path or a query gives a meaning; a colon has none in either.
fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-_.~:".contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

fn judge(spec: &CheckSpec, answer: &Answer) -> Validity {
    if spec.valid.contains(&answer.status) {
        let says_so = |text: &String| memchr::memmem::find(&answer.body, text.as_bytes()).is_some();
        return match &spec.valid_text {
            Some(text) if !says_so(text) => Validity::Invalid,
            _ => Validity::Valid,
        };
    }
    if spec.invalid.contains(&answer.status) { Validity::Invalid } else { Validity::Unknown }
}

impl Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Call(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Fixed(Result<Answer, String>);

    impl Caller for Fixed {
        fn call(&self, _host: &str, _call: Call) -> Result<Answer, String> {
            self.0.clone()
        }
    }

    fn spec() -> CheckSpec {
        CheckSpec {
            method: "GET".into(),
            url: "https://api.example.com/v1/{{secret}}/me".into(),
            headers: BTreeMap::from([("Authorization".into(), "Bearer {{secret}}".into())]),
            basic: None,
            body: None,
            valid: vec![200],
            invalid: vec![401],
            valid_text: Some("\"ok\":true".into()),
        }
    }

    fn answered(status: u16, body: &str) -> Validity {
        let answer = Answer { status, body: body.into() };
        check(&spec(), "token", &Bases::new(), &Fixed(Ok(answer)))
    }

    #[test]
    fn only_a_clear_answer_is_valid_or_invalid() {
        assert_eq!(answered(200, "{\"ok\":true}"), Validity::Valid);
        assert_eq!(answered(200, "{\"ok\":false}"), Validity::Invalid);
        assert_eq!(answered(401, ""), Validity::Invalid);
        assert_eq!(answered(503, ""), Validity::Unknown);
        assert_eq!(check(&spec(), "token", &Bases::new(), &Fixed(Err("no answer".into()))), Validity::Unknown);
    }

    #[test]
    fn a_value_cannot_change_where_a_call_goes() {
        let (host, call) = prepare(&spec(), "a/../b", &Bases::new()).expect("plain characters");
        assert_eq!((host.as_str(), call.url.as_str()), ("api.example.com", "https://api.example.com/v1/a%2F..%2Fb/me"));
        assert!(prepare(&spec(), "a\r\nHost: other", &Bases::new()).is_none());
        let elsewhere = CheckSpec { url: "https://{{secret}}/".into(), ..spec() };
        assert!(prepare(&elsewhere, "evil.example", &Bases::new()).is_none());
    }

    #[test]
    fn a_base_address_stands_in_for_its_host() {
        let bases = Bases::from([("api.example.com".into(), "http://127.0.0.1:8080/api/".into())]);
        let (host, call) = prepare(&spec(), "t", &bases).expect("plain characters");
        assert_eq!((host.as_str(), call.url.as_str()), ("api.example.com", "http://127.0.0.1:8080/api/v1/t/me"));
        assert_eq!(format!("{call:?}"), "Call(..)");
    }
}
