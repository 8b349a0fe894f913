//! Opsgenie's Alert API: what tools that send to Opsgenie speak.

use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Headers, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};
use watchfire_core::{Severity, limits, text};

use super::pagerduty::is_hash;
use crate::payload::{Node, by_word, parsed, percent_decoded, read};
use crate::signature::{matches_any, unauthorized};

/// Reads created alerts and what is done to them afterwards.
///
/// What is done is told by the address, which the router hands over in `x-watchfire-method`, `x-watchfire-path` and
/// `x-watchfire-query`; without them the delivery creates an alert.
pub(super) struct Opsgenie;

static ABOUT: About = About {
    kind: "opsgenie",
    title: "Opsgenie Alert API",
    family: Family::Monitoring,
    summary: "Alerts of any tool that can send to Opsgenie: create, close, delete, acknowledge, note, new message, description or priority.",
    credential: CredentialKind::Key,
    setup: r#"Give the tool `{key}` as its *API key* (GenieKey) and this server's address as the *API URL* in place of
`https://api.opsgenie.com/`; it adds `v2/alerts` itself.

**Alertmanager**:

```yaml
receivers:
  - name: watchfire
    opsgenie_configs:
      - api_url: "{base_url}/"
        api_key: "{key}"
        send_resolved: true
        update_alerts: true
```

**Try it**:

```sh
curl -sS "{base_url}/v2/alerts" -H 'Authorization: GenieKey {key}' -H 'Content-Type: application/json' \
  -d '{"message": "Search latency above 2 s", "alias": "search/latency", "priority": "P2"}'
```
"#,
    severities: &[
        ("P1", "SEV1"),
        ("P2", "SEV2"),
        ("P3", "SEV3"),
        ("P4", "SEV4"),
        ("P5", "SEV5"),
        ("without priority, or with another word: the word in `details.severity`, or else", "SEV3"),
    ],
    settings: &[],
    body_bytes_max: limits::BODY_BYTES,
    reference: "https://docs.opsgenie.com/docs/alert-api",
};

const SEVERITIES: &[(&str, &str)] = &[("P1", "SEV1"), ("P2", "SEV2"), ("P3", "SEV3"), ("P4", "SEV4"), ("P5", "SEV5")];

/// What Opsgenie takes an alert without priority for: P3.
const DEFAULT: Option<Severity> = Some(Severity::Sev3);

/// What the address asks for.
#[derive(Debug, PartialEq, Eq)]
enum Request<'a> {
    Create,
    On(String, &'a str, &'a str),
}

impl Source for Opsgenie {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        match genie_key(delivery.headers) {
            None => Err(unauthorized("no API key; send Authorization: GenieKey <key>")),
            Some(given) if matches_any(&[keys.key.as_bytes()], given.as_bytes()) => Ok(Trust::Token),
            Some(_) => Err(unauthorized("the GenieKey is not this source's key")),
        }
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        match request(delivery)? {
            Request::Create => {
                let value = read(delivery.body)?;
                let body = Node::root(&value)?;
                Ok(body.faults().remarked(parsed(vec![create(&body)?])))
            }
            Request::On(identifier, method, action) => {
                // The actions' bodies may be left out altogether.
                let value =
                    if delivery.body.iter().all(u8::is_ascii_whitespace) { serde_json::json!({}) } else { read(delivery.body)? };
                act(&identifier, method, action, &Node::root(&value)?)
            }
        }
    }
}

/// Returns the API key of a request, by which the router finds its source.
pub fn genie_key(headers: &Headers) -> Option<&str> {
    let (scheme, key) = headers.get("authorization")?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("GenieKey").then(|| key.trim())
}

fn create(body: &Node<'_>) -> Result<Observation, Malformed> {
    let message = body.need("message")?;
    let alias = body.scalar("alias")?;
    let entity = body.scalar("entity")?;
    let source = body.scalar("source")?;
    let key = match &alias {
        Some(alias) => key_of(alias),
        None => {
            let parts = [message, entity.as_deref().unwrap_or(""), source.as_deref().unwrap_or("")];
            DedupKey::of_parts("opsgenie", 1, &parts)
        }
    };
    let mut observation = Observation::new(key, Signal::Firing, message);
    observation.speaks_for_group = true;
    observation.group = alias.filter(|alias| is_hash(alias));
    observation.description = body.scalar("description")?.unwrap_or_default();
    observation.labels = body.labels("details")?;
    let detail = observation.labels.get("severity").cloned();
    (observation.source_severity, observation.severity) = match priority(body)? {
        Some((word, level)) => (Some(word), Some(level)),
        None => match detail.as_deref().and_then(Severity::from_word) {
            Some(level) => (detail, Some(level)),
            None => (detail, DEFAULT),
        },
    };
    observation.link = ["link", "url", "generatorURL", "runbook"]
        .into_iter()
        .filter_map(|name| observation.labels.get(name))
        .chain(source.iter())
        .find(|link| text::is_web_link(link))
        .cloned();
    observation.resource = entity.or_else(|| observation.labels.get("instance").cloned());
    observation.label("source", source.unwrap_or_default());
    observation.label("tags", body.joined("tags")?);
    observation.label("note", body.scalar("note")?.unwrap_or_default());
    Ok(observation)
}

/// Reads the priority; one that Opsgenie does not know is noted and counts as none.
fn priority(body: &Node<'_>) -> Result<Option<(String, Severity)>, Malformed> {
    let Some(value) = body.get("priority")? else { return Ok(None) };
    let word = value.as_str().unwrap_or_default();
    match by_word(SEVERITIES, word) {
        Some(level) => Ok(Some((word.to_owned(), level))),
        None => {
            body.note_word("priority", "P1, P2, P3, P4 or P5");
            Ok(None)
        }
    }
}

fn act(identifier: &str, method: &str, action: &str, body: &Node<'_>) -> Result<Parsed, Malformed> {
    let signal = match (method, action) {
        ("POST", "close") | ("DELETE", "") => Signal::Resolved,
        ("POST", "acknowledge") => Signal::Acknowledged,
        ("POST", "unacknowledge") => Signal::Unacknowledged,
        ("POST", "notes") | ("PUT", "message" | "description" | "priority") => Signal::Note,
        _ if is_known(method, action) => return Ok(Parsed::nothing(format!("{method} {action:?} changes nothing here"))),
        _ => {
            let action = text::line(action, 40);
            return Err(Malformed(format!("the address: Opsgenie knows no {method} {action:?} of an alert")));
        }
    };
    let title = match action {
        "message" => body.need("message")?,
        _ => "",
    };
    let mut observation = Observation::new(key_of(identifier), signal, title);
    observation.speaks_for_group = true;
    observation.group = Some(identifier.to_owned()).filter(|alias| is_hash(alias));
    observation.description = match action {
        "description" => body.need("description")?.to_owned(),
        "notes" => body.need("note")?.to_owned(),
        _ => body.scalar("note")?.unwrap_or_default(),
    };
    if action == "priority" {
        let word = body.need("priority")?;
        let (word, level) = priority(body)?.ok_or_else(|| body.unexpected("priority", "P1, P2, P3, P4 or P5", word))?;
        (observation.source_severity, observation.severity) = (Some(word), Some(level));
    }
    observation.label("user", body.scalar("user")?.unwrap_or_default());
    // Tells the words that replace the alert's own from words beside it.
    observation.label("edited", if method == "PUT" { action } else { "" });
    Ok(parsed(vec![observation]))
}

/// Checks by what the address names the alert: its id or its alias. Its short number (`tiny`) is Opsgenie's own.
fn check_type(query: &str) -> Result<(), Malformed> {
    match query.split('&').find_map(|pair| pair.strip_prefix("identifierType=")) {
        None | Some("id" | "alias") => Ok(()),
        Some(other) => {
            let other = text::line(other, 40);
            Err(Malformed(format!("identifierType: expected \"id\" or \"alias\", found {other:?}")))
        }
    }
}

/// Tells whether Opsgenie has such an operation, though nothing follows from it here.
fn is_known(method: &str, action: &str) -> bool {
    let first = action.split('/').next().unwrap_or_default();
    match method {
        "POST" => matches!(
            first,
            "snooze" | "escalate" | "assign" | "tags" | "details" | "teams" | "responders" | "actions" | "attachments"
        ),
        "DELETE" => matches!(first, "tags" | "details" | "attachments"),
        _ => false,
    }
}

/// An alert without alias has its id as alias, so ids and aliases share one space.
fn key_of(identifier: &str) -> DedupKey {
    DedupKey::new("opsgenie", 1, identifier)
}

fn request<'a>(delivery: &Delivery<'a>) -> Result<Request<'a>, Malformed> {
    let method = delivery.headers.get("x-watchfire-method").unwrap_or("POST");
    let path = delivery.headers.get("x-watchfire-path").unwrap_or_default();
    let Some((_, rest)) = path.split_once("/v2/alerts") else {
        return Ok(Request::Create);
    };
    let mut parts = rest.trim_matches('/').splitn(2, '/');
    match (parts.next().unwrap_or_default(), parts.next()) {
        ("", _) if method == "POST" => Ok(Request::Create),
        ("", _) => Err(Malformed(format!("{method} /v2/alerts: only POST is taken here"))),
        (identifier, action) => {
            let identifier = percent_decoded(identifier)
                .ok_or_else(|| Malformed("the alert's identifier in the address is not valid percent-encoding".to_owned()))?;
            check_type(delivery.headers.get("x-watchfire-query").unwrap_or_default())?;
            Ok(Request::On(identifier, method, action.unwrap_or_default()))
        }
    }
}
