//! PagerDuty's Events API v2: what many tools can send to.

use serde::Deserialize;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};
use watchfire_core::{limits, text};

use crate::payload::{Node, by_word, link_of, parsed, read};
use crate::signature::{matches_any, unauthorized};

/// Reads alert and change events.
pub(super) struct PagerDuty;

static ABOUT: About = About {
    kind: "pagerduty",
    title: "PagerDuty Events API v2",
    family: Family::Monitoring,
    summary: "Trigger, acknowledge and resolve events of any tool that can send to PagerDuty.",
    credential: CredentialKind::Key,
    setup: r#"Give the tool `{key}` as its *integration key* (routing key) and send it here in place of
`https://events.pagerduty.com/v2/enqueue`: the address is this server's with the path `/v2/enqueue`.

**Alertmanager**:

```yaml
receivers:
  - name: watchfire
    pagerduty_configs:
      - url: "{base_url}/v2/enqueue"
        routing_key: "{key}"
        send_resolved: true
```

**Try it**:

```sh
curl -sS "{base_url}/v2/enqueue" -H 'Content-Type: application/json' -d '{
  "routing_key": "{key}",
  "event_action": "trigger",
  "dedup_key": "search/latency",
  "payload": {"summary": "Search latency above 2 s", "source": "search-01", "severity": "warning"}
}'
```

Change events (`/v2/change/enqueue`) are kept as context and alert nobody.
"#,
    severities: SEVERITIES,
    settings: &[],
    body_bytes_max: limits::BODY_BYTES,
    reference: "https://developer.pagerduty.com/docs/events-api-v2-overview",
};

const SEVERITIES: &[(&str, &str)] = &[("critical", "SEV1"), ("error", "SEV2"), ("warning", "SEV3"), ("info", "SEV5")];

const ACTIONS: &[(&str, Signal)] =
    &[("trigger", Signal::Firing), ("acknowledge", Signal::Acknowledged), ("resolve", Signal::Resolved)];

impl Source for PagerDuty {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        let Some(given) = routing_key(delivery.body) else {
            return Err(unauthorized("no routing_key in the body"));
        };
        if matches_any(&[keys.key.as_bytes()], given.as_bytes()) {
            Ok(Trust::Token)
        } else {
            Err(unauthorized("the routing_key is not this source's key"))
        }
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let value = read(delivery.body)?;
        let body = Node::root(&value)?;
        if is_change(delivery, &body)? {
            let summary = text::line(body.need("payload.summary")?, limits::TITLE_CHARS);
            return Ok(Parsed::nothing(format!("change event, kept as context: {summary}")));
        }
        Ok(body.faults().remarked(parsed(vec![observe(&body)?])))
    }
}

/// Returns the routing key of an event, by which the router finds its source; `None` if the body has none or is no JSON.
pub fn routing_key(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Routing {
        routing_key: Option<String>,
    }
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice::<Routing>(body).ok()?.routing_key
}

fn observe(body: &Node<'_>) -> Result<Observation, Malformed> {
    let signal = body.need_word("event_action", ACTIONS)?;
    let payload = match signal {
        Signal::Firing => Some(body.need_node("payload")?),
        _ => body.node("payload")?,
    };
    let given = body.scalar("dedup_key")?;
    let key = match (&given, &payload) {
        (Some(given), _) => DedupKey::new("pagerduty", 1, given),
        (None, Some(payload)) if signal == Signal::Firing => of_payload(payload)?,
        (None, _) => return Err(body.missing("dedup_key")),
    };
    let mut observation = Observation::new(key, signal, "");
    // Alertmanager names a group by the SHA-256 of its group key.
    observation.speaks_for_group = true;
    observation.group = given.filter(|key| is_hash(key));
    if let Some(payload) = payload {
        if signal == Signal::Firing {
            payload.need("summary")?;
        }
        fill(&mut observation, &payload)?;
    }
    let links = body.list("links")?;
    let mut candidates = vec![body.text("client_url")?];
    for link in &links {
        candidates.push(link.text("href")?);
    }
    observation.link = link_of(&candidates);
    observation.label("client", body.text("client")?.unwrap_or_default());
    Ok(observation)
}

fn fill(observation: &mut Observation, payload: &Node<'_>) -> Result<(), Malformed> {
    payload.text("summary")?.unwrap_or_default().clone_into(&mut observation.title);
    observation.source_severity = payload.scalar("severity")?;
    observation.severity = observation.source_severity.as_deref().and_then(|word| by_word(SEVERITIES, word));
    observation.resource = payload.scalar("source")?;
    // When the trouble began; a trigger after a resolve is a new alert, whatever time it names.
    observation.occurred_at = payload.time("timestamp")?;
    observation.ordered_by_arrival = true;
    for name in ["component", "group", "class"] {
        observation.label(name, payload.scalar(name)?.unwrap_or_default());
    }
    // Any JSON is allowed here; Alertmanager writes the alerts of the group into `firing`.
    match payload.get("custom_details")? {
        Some(serde_json::Value::Object(_)) => {
            let details = payload.labels("custom_details")?;
            observation.description =
                ["firing", "description", "details"].into_iter().find_map(|name| details.get(name)).cloned().unwrap_or_default();
            for (name, value) in details {
                observation.labels.entry(name).or_insert(value);
            }
        }
        Some(serde_json::Value::String(words)) => observation.description.clone_from(words),
        Some(other) => observation.description = other.to_string(),
        None => {}
    }
    Ok(())
}

/// Identifies an event whose sender gave no key by what it is about; the answer to the sender names the key.
fn of_payload(payload: &Node<'_>) -> Result<DedupKey, Malformed> {
    let part = |name: &str| payload.scalar(name).map(Option::unwrap_or_default);
    let parts = [part("summary")?, part("source")?, part("component")?, part("group")?, part("class")?];
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    Ok(DedupKey::of_parts("pagerduty", 1, &parts))
}

/// Change events have an address of their own; at ours they are told by what they lack.
fn is_change(delivery: &Delivery<'_>, body: &Node<'_>) -> Result<bool, Malformed> {
    let by_address =
        delivery.headers.get("x-watchfire-path").is_some_and(|path| path.trim_end_matches('/').ends_with("/change/enqueue"));
    Ok(by_address
        || (body.get("event_action")?.is_none()
            && body.get("dedup_key")?.is_none()
            && body.get("payload.summary")?.is_some()
            && body.get("payload.severity")?.is_none()))
}

/// Tells whether a key is a SHA-256 in lower-case hex.
pub(super) fn is_hash(key: &str) -> bool {
    key.len() == 64 && key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
