//! One call to a channel's vendor, and what is known after it.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use watchfire_core::channel::{About, Outcome, Settings, Unusable};
use watchfire_core::text;

use crate::egress::{Answer, Call, Egress, EgressError, Hosts, Url};

/// Longer waits than this are not asked of anybody.
const WAIT_MOST: Duration = Duration::from_hours(24);

/// Makes a call to the host of `base` and returns its answer, whatever its status.
///
/// # Errors
/// What is known if there is none. A call that may have arrived is an unknown outcome unless `harmless` says that
/// repeating it does nothing.
pub(super) async fn call(egress: &Egress, base: &str, call: Call, harmless: bool) -> Result<Answer, Outcome> {
    egress.send(call, &Hosts::of_urls([base])).await.map_err(|error| failed(&error, harmless))
}

/// Says what is known after a call without an answer.
pub(super) fn failed(error: &EgressError, harmless: bool) -> Outcome {
    let reason = error.to_string();
    match error {
        EgressError::Resolve { .. } | EgressError::Connect { .. } => Outcome::retry(reason, None),
        EgressError::Timeout { .. } | EgressError::Exchange { .. } if harmless => Outcome::retry(reason, None),
        EgressError::Timeout { .. } | EgressError::Exchange { .. } | EgressError::TooLarge { .. } => Outcome::unknown(reason),
        _ => Outcome::refused(reason),
    }
}

/// Says what is known after an answer that is no 2xx; `said` is what the vendor wrote, already bounded to what it may be.
pub(super) fn declined(answer: &Answer, said: &str, at: Timestamp) -> Outcome {
    let status = answer.status.as_u16();
    let reason = if said.is_empty() { format!("answered {status}") } else { format!("answered {status}: {said}") };
    match status {
        408 | 425 | 429 | 500.. => Outcome::retry(reason, retry_after(answer, at)),
        _ => Outcome::refused(reason),
    }
}

/// Reads `Retry-After`: seconds, or a date after `at`.
pub(super) fn retry_after(answer: &Answer, at: Timestamp) -> Option<Duration> {
    let value = answer.headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
            Duration::try_from(until.duration_since(at)).ok()?
        }
    };
    Some(wait.min(WAIT_MOST))
}

/// Reads the answer's JSON; null if it is none.
pub(super) fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
}

/// Returns a text field of an answer as a bounded line; empty if it is not there.
pub(super) fn said(json: &Value, field: &str) -> String {
    text::line(json.get(field).and_then(Value::as_str).unwrap_or_default(), 200)
}

/// Checks that a setting is an https address without user, query or fragment where the operator has not permitted more.
pub(super) fn check_url(settings: &Settings, about: &'static About, name: &str) -> Result<(), Unusable> {
    let value = settings.or_default(about, name);
    let wrong = |reason: &str| Err(Unusable::new(name, reason));
    if !text::is_web_link(value) {
        return wrong("is no address; write https:// and a host");
    }
    let Ok(url) = Url::parse(value) else { return wrong("is no address; write https:// and a host") };
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("holds a user name or password; credentials have settings of their own");
    }
    Ok(())
}

/// Checks when rooms and calls of incidents are made.
pub(super) fn check_rooms(settings: &Settings, about: &'static About) -> Result<(), Unusable> {
    match settings.or_default(about, "rooms") {
        "ask" | "declare" => Ok(()),
        _ => Err(Unusable::new("rooms", "is neither ask nor declare")),
    }
}

/// Returns a base address without slashes at its end.
pub(super) fn base<'a>(settings: &'a Settings, about: &'static About) -> &'a str {
    settings.or_default(about, "base_url").trim_end_matches('/')
}

/// Writes a text as one segment of a path or value of a query.
pub(super) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Makes a header's value of a secret; one that no header can hold is a refusal that does not repeat it.
pub(super) fn credential(prefix: &str, secret: &str, setting: &str) -> Result<http::HeaderValue, Outcome> {
    http::HeaderValue::from_str(&format!("{prefix}{secret}"))
        .map_err(|_| Outcome::refused(format!("the setting {setting} holds a character that no header may have")))
}
