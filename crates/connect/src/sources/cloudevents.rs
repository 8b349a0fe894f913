//! CloudEvents 1.0 over HTTP: structured, binary and batched.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};

use super::{eventbridge, falco, ocsf};
use crate::payload::{Faults, Node, guess, joined, link_of, parsed, percent_decoded, read, signal_of};
use crate::signature::{self, standard_webhooks};

/// Reads events of any type; the data of types that other sources know is read as those read it.
pub(super) struct CloudEvents;

static ABOUT: About = About {
    kind: "cloudevents",
    title: "CloudEvents 1.0",
    family: Family::Generic,
    summary: "Events in the CNCF's common form: Knative, Argo Events, Falcosidekick, Azure Event Grid and others.",
    credential: CredentialKind::Token,
    setup: r#"Send events to `{url}` in structured, binary or batched mode with the header
`Authorization: Bearer {secret}` (or sign them by Standard Webhooks with the secret).

```sh
curl -sS "{url}" -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/cloudevents+json' -d '{
  "specversion": "1.0", "id": "1", "source": "/monitor/probe-7", "type": "com.example.check.failed",
  "subject": "https://search.example.org/", "time": "2024-03-05T17:31:00Z",
  "data": {"title": "Probe failed", "severity": "medium"}
}'
```

`source`, `type` and `subject` tell which alert an event speaks of, unless the data names a `dedup_key`. A `type` that ends in
`resolved`, `recovered`, `closed`, `passed` or `ok`, or such a word in `data.status`, resolves it. The data may also be an OCSF
finding, an EventBridge event or a Falco event. `id` and `source` together are read once.
"#,
    severities: &[
        ("data.severity, priority or level: critical, fatal", "SEV1"),
        ("high, error", "SEV2"),
        ("medium, warning", "SEV3"),
        ("low, notice", "SEV4"),
        ("info", "SEV5"),
        ("any other word, or none", "unknown"),
    ],
    settings: &[],
    body_bytes_max: limits::BODY_BYTES,
    reference: "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md",
};

impl Source for CloudEvents {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        if standard_webhooks::is_signed(delivery.headers) {
            standard_webhooks::verify(delivery, keys.secrets)?;
            return Ok(Trust::Signed);
        }
        signature::token(delivery, keys, &[])
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let faults = Faults::default();
        let value = envelope(delivery, &faults)?;
        let events = match &value {
            Value::Array(events) if events.len() > limits::ALERTS_PER_DELIVERY => {
                return Err(Malformed(format!(
                    "a batch of {} events, the limit is {}",
                    events.len(),
                    limits::ALERTS_PER_DELIVERY
                )));
            }
            Value::Array(events) => events
                .iter()
                .enumerate()
                .map(|(at, event)| Node::noting(event, format!("[{at}]"), &faults))
                .collect::<Result<Vec<_>, _>>()?,
            event => vec![Node::noting(event, String::new(), &faults)?],
        };
        if events.is_empty() {
            return Ok(Parsed::nothing("the batch is empty"));
        }
        let mut ids: Vec<&str> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut observations = Vec::new();
        for event in &events {
            let identity = identity(event)?;
            if !seen.insert(identity) {
                continue;
            }
            ids.extend([identity.0, identity.1]);
            observe(event, &mut observations)?;
        }
        let said = if observations.is_empty() {
            Parsed::nothing("the event's data says nothing to alert about")
        } else {
            parsed(observations)
        };
        let delivery_id = Some(DedupKey::of_parts("cloudevents", 1, &ids).to_string());
        Ok(faults.remarked(Parsed { delivery_id, ..said }))
    }
}

/// Returns the event with its attributes, whichever mode it came in, or a list of events.
fn envelope(delivery: &Delivery<'_>, faults: &Faults) -> Result<Value, Malformed> {
    let content_type = delivery.headers.get("content-type").unwrap_or_default();
    if content_type.starts_with("application/cloudevents") || delivery.headers.get("ce-id").is_none() {
        let mut value = read(delivery.body)?;
        match &mut value {
            Value::Array(events) => events.iter_mut().for_each(|event| unpack(event, faults)),
            event => unpack(event, faults),
        }
        return Ok(value);
    }
    let mut event = Map::new();
    for (name, value) in delivery.headers.iter() {
        if let Some(attribute) = name.strip_prefix("ce-") {
            event.insert(attribute.to_owned(), Value::String(attribute_of(value)));
        }
    }
    if !delivery.body.iter().all(u8::is_ascii_whitespace) {
        let data = if content_type.is_empty() || content_type.contains("json") {
            read(delivery.body)?
        } else {
            Value::String(String::from_utf8_lossy(delivery.body).into_owned())
        };
        event.insert("data".to_owned(), data);
    }
    Ok(Value::Object(event))
}

/// Reads an attribute from its header: in quotes or bare, with percent-encoding. What is no valid encoding stands for itself.
fn attribute_of(value: &str) -> String {
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let bare = quoted.map_or_else(|| value.to_owned(), |inner| inner.replace("\\\"", "\"").replace("\\\\", "\\"));
    percent_decoded(&bare).unwrap_or(bare)
}

/// Puts the data that is packed as base64 in its own place: read as JSON, or else as text.
fn unpack(event: &mut Value, faults: &Faults) {
    let Some(event) = event.as_object_mut().filter(|event| event.get("data").is_none_or(Value::is_null)) else { return };
    let Some(packed) = event.get("data_base64").filter(|packed| !packed.is_null()) else { return };
    let Some(bytes) = packed.as_str().and_then(|packed| STANDARD.decode(packed.trim()).ok()) else {
        faults.add("data_base64: no base64; the event was read without its data".to_owned());
        return;
    };
    let kind = event.get("datacontenttype").and_then(Value::as_str).unwrap_or_default();
    let data = match (kind.is_empty() || kind.contains("json")).then(|| read(&bytes)) {
        Some(Ok(data)) => data,
        Some(Err(fault)) if !kind.is_empty() => {
            faults.add(format!("data_base64: {}", fault.0));
            return;
        }
        _ => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
    };
    event.insert("data".to_owned(), data);
}

/// Returns source and id, which together name an event; also checks the attributes that every event has.
fn identity<'v>(event: &Node<'v>) -> Result<(&'v str, &'v str), Malformed> {
    let version = event.need("specversion")?;
    if !version.starts_with("1.") {
        return Err(event.unexpected("specversion", "\"1.0\"", version));
    }
    event.need("type")?;
    Ok((event.need("source")?, event.need("id")?))
}

fn observe(event: &Node<'_>, observations: &mut Vec<Observation>) -> Result<(), Malformed> {
    if let Ok(Some(data)) = event.node("data") {
        if data.key("class_uid").is_some() {
            observations.extend(ocsf::observe(&data)?);
            return Ok(());
        }
        if data.key("detail-type").is_some() {
            observations.extend(eventbridge::observe(&data)?.observations);
            return Ok(());
        }
        if data.key("rule").is_some() && data.key("output_fields").is_some() {
            observations.push(falco::observe(&data)?);
            return Ok(());
        }
        observations.push(plain(event, Some(&data))?);
        return Ok(());
    }
    observations.push(plain(event, None)?);
    Ok(())
}

/// Reads an event by its attributes and by the usual names in its data.
fn plain(event: &Node<'_>, data: Option<&Node<'_>>) -> Result<Observation, Malformed> {
    let source = event.need("source")?;
    let kind = event.need("type")?;
    let subject = event.filled("subject")?;
    let mut guessed = data.map(guess).transpose()?;
    let (stem, last) = kind.rsplit_once('.').unwrap_or((kind, kind));
    let by_type = signal_of(last);
    let by_data = guessed.as_ref().and_then(|guess| guess.signal);
    let title = guessed
        .as_mut()
        .and_then(|guess| guess.title.take())
        .or_else(|| event.text("data").ok().flatten().map(|text| text.lines().next().unwrap_or_default().to_owned()))
        .unwrap_or_else(|| joined(&[Some(kind), subject], " "));
    // The `id` of the data may differ in each event, so only names that mean the alert count as its key.
    let named = data
        .map(|data| {
            ["dedup_key", "dedupKey", "fingerprint", "alias", "incident_key"]
                .iter()
                .find_map(|name| data.scalar(name).ok().flatten())
        })
        .unwrap_or_default();
    let stem = if by_type.is_some() { stem } else { kind };
    let key = match (&named, subject) {
        (Some(named), _) => DedupKey::new("cloudevents", 1, named),
        (None, Some(subject)) => DedupKey::of_parts("cloudevents", 1, &[source, stem, subject]),
        (None, None) => DedupKey::of_parts("cloudevents", 1, &[source, stem, "", &title]),
    };
    let signal = by_data.or(by_type).unwrap_or(Signal::Firing);
    let mut observation = Observation::new(key, signal, title);
    observation.occurred_at = event.time("time")?;
    observation.resource = subject.map(ToOwned::to_owned);
    if let Some(guessed) = guessed {
        guessed.fill(&mut observation);
    }
    observation.resource = observation.resource.take().or(Some(source.to_owned()));
    observation.link = observation.link.take().or_else(|| link_of(&[subject, Some(source)]));
    observation.label("ce.type", kind);
    observation.label("ce.source", source);
    observation.label("ce.subject", subject.unwrap_or_default());
    Ok(observation)
}
