//! Datadog's webhooks integration with the payload template that the set-up gives.

use watchfire_core::Severity;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};

use crate::payload::{Node, joined, link_of, parsed, read};
use crate::signature;

/// Reads monitor notifications; also the default payload, as far as that goes.
pub(super) struct Datadog;

static ABOUT: About = About {
    kind: "datadog",
    title: "Datadog",
    family: Family::Monitoring,
    summary: "Notifications of Datadog monitors.",
    credential: CredentialKind::Token,
    setup: r#"*Integrations > Webhooks > New*.

1. **Name**: `watchfire`, **URL**: `{url}`
2. **Payload**:

```json
{
  "event_id": "$ID",
  "aggregation_key": "$AGGREG_KEY",
  "alert_id": "$ALERT_ID",
  "title": "$EVENT_TITLE",
  "body": "$TEXT_ONLY_MSG",
  "transition": "$ALERT_TRANSITION",
  "alert_type": "$ALERT_TYPE",
  "priority": "$ALERT_PRIORITY",
  "scope": "$ALERT_SCOPE",
  "metric": "$ALERT_METRIC",
  "query": "$ALERT_QUERY",
  "hostname": "$HOSTNAME",
  "tags": "$TAGS",
  "link": "$LINK",
  "date": "$DATE",
  "org": "$ORG_NAME"
}
```

3. **Custom headers**: `{"X-Watchfire-Token": "{secret}"}`
4. Write `@webhook-watchfire` into the monitor's message, and let the monitor notify on *No data* and recovery too.
"#,
    severities: &[
        ("P1", "SEV1"),
        ("P2, or without priority: error", "SEV2"),
        ("P3, or without priority: warning", "SEV3"),
        ("P4", "SEV4"),
        ("P5, or without priority: info", "SEV5"),
    ],
    settings: &[],
    body_bytes_max: limits::BODY_BYTES,
    reference: "https://docs.datadoghq.com/integrations/webhooks/",
};

impl Source for Datadog {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        signature::token(delivery, keys, &[])
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let value = read(delivery.body)?;
        let body = Node::root(&value)?;
        let parsed = Parsed { delivery_id: delivery_id(&body)?, ..parsed(vec![observe(&body)?]) };
        Ok(body.faults().remarked(parsed))
    }
}

/// Each notification is an event with an id of its own. The transition stands beside it for payloads that put the id of
/// something longer-lived there.
fn delivery_id(body: &Node<'_>) -> Result<Option<String>, Malformed> {
    let written = |value: &String| !value.starts_with('$') && value != "null" && value != "0";
    let id = body.scalar("event_id")?.or(body.scalar("id")?).filter(written);
    let transition = body.scalar("transition")?.filter(written).unwrap_or_default();
    let date = body.scalar("date")?.filter(written).unwrap_or_default();
    Ok(id.map(|id| joined(&[Some(&id), Some(&transition), Some(&date)], "/")))
}

fn observe(body: &Node<'_>) -> Result<Observation, Malformed> {
    let text = |path: &str| -> Result<Option<String>, Malformed> {
        // A variable without value for this monitor stays as it was written.
        Ok(body.scalar(path)?.filter(|value| !value.starts_with('$') && value != "null"))
    };
    let written = text("title")?.ok_or_else(|| body.missing("title"))?;
    let (marks, title) = marks(&written);
    let transition =
        text("transition")?.or_else(|| marks.iter().find(|mark| signal(mark).is_some()).map(|mark| (*mark).to_owned()));
    let signal = match &transition {
        Some(transition) => signal(transition)
            .ok_or_else(|| body.unexpected("transition", "Triggered, Recovered, No Data or Warn", transition))?,
        None => Signal::Firing,
    };
    let alert_id = text("alert_id")?.filter(|id| id != "0");
    let scope = text("scope")?.unwrap_or_default();
    let key = match (text("aggregation_key")?, &alert_id) {
        (Some(key), _) => DedupKey::new("datadog", 1, &key),
        (None, Some(id)) => DedupKey::of_parts("datadog", 1, &["monitor", id, &scope]),
        (None, None) => DedupKey::of_parts("datadog", 1, &["title", title]),
    };
    let mut observation = Observation::new(key, signal, title);
    observation.description = text("body")?.unwrap_or_default();
    let priority = text("priority")?
        .or_else(|| marks.iter().find(|mark| matches!(**mark, "P1" | "P2" | "P3" | "P4" | "P5")).map(|mark| (*mark).to_owned()));
    let warns = transition.as_deref().is_some_and(|transition| transition.contains("Warn"));
    let kind = if warns { Some("warning".to_owned()) } else { text("alert_type")? };
    observation.severity =
        priority.as_deref().and_then(Severity::from_word).or_else(|| kind.as_deref().and_then(Severity::from_word));
    observation.source_severity = priority.or(kind);
    observation.resource = text("hostname")?.or(Some(scope.clone()).filter(|scope| !scope.is_empty()));
    observation.link = link_of(&[text("link")?.as_deref()]);
    let at = body.time("date")?.or(body.time("last_updated")?);
    if signal == Signal::Resolved {
        observation.ended_at = at;
    } else {
        observation.occurred_at = at;
    }
    observation.sample = marks.iter().any(|mark| mark.eq_ignore_ascii_case("test"));
    observation.label("transition", transition.unwrap_or_default());
    observation.label("monitor", alert_id.unwrap_or_default());
    observation.label("scope", scope);
    for name in ["metric", "query", "tags", "event_id"] {
        observation.label(name, text(name)?.unwrap_or_default());
    }
    Ok(observation)
}

/// Splits `[P1] [Triggered on {host:a}] CPU is high` into the marks and the rest.
fn marks(title: &str) -> (Vec<&str>, &str) {
    let mut marks = Vec::new();
    let mut rest = title.trim();
    while let Some((mark, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        if marks.len() == 4 {
            break;
        }
        let words = mark.split_once(" on ").map_or(mark, |(words, _)| words);
        marks.push(words.trim());
        rest = after.trim_start();
    }
    if rest.is_empty() { (marks, title) } else { (marks, rest) }
}

fn signal(transition: &str) -> Option<Signal> {
    let word = transition.trim().to_ascii_lowercase();
    let word = word.strip_prefix("re-").unwrap_or(&word);
    Some(match word {
        "triggered" | "warn" | "warning" | "renotify" | "renotified" | "alert" => Signal::Firing,
        "no data" | "no data renotify" => Signal::Unknown,
        word if word.ends_with("recovered") || word == "recovery" => Signal::Resolved,
        _ => return None,
    })
}
