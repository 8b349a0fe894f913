//! `watchfire source try`: what a payload would become, without a server.

use std::io::Read;
use std::path::Path;

use serde_json::{Value, json};
use watchfire_connect::sources;
use watchfire_core::alert::Observation;
use watchfire_core::source::{Delivery, Headers, Parsed, Settings};
use watchfire_core::time::Clock;

use super::failure::{Exit, Failure};
use super::output::{Output, facts};
use crate::world::SystemClock;

/// Reads the payload with a kind of source, or with the generic source and a mapping file, and shows the result.
pub(super) fn run(
    output: Output,
    plan: &str,
    payload: &Path,
    headers: &[(String, String)],
    settings: Vec<(String, String)>,
) -> Result<(), Failure> {
    let registry = sources::all();
    let mut settings: Settings = settings.into_iter().collect();
    let source = match registry.get(plan) {
        Some(source) => source,
        None => {
            let mapping = std::fs::read_to_string(plan).map_err(|error| {
                let failure = Failure::new(Exit::Unreachable, format!("cannot read {plan}: {error}"));
                failure.hint("give a mapping file, or a kind of source: `watchfire source kinds`")
            })?;
            settings.insert(MAPPING.to_owned(), mapping);
            registry.get("generic").ok_or_else(|| Failure::usage("this build has no generic source"))?
        }
    };
    source.check(&settings).map_err(|malformed| Failure::refused(malformed.to_string()))?;
    let body = read(payload)?;
    let headers: Headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let delivery = Delivery { headers: &headers, body: &body, received_at: SystemClock.now() };
    let parsed = source.parse(&delivery, &settings).map_err(|malformed| Failure::refused(malformed.to_string()))?;
    output.value(&document(parsed), people);
    Ok(())
}

/// The generic source's setting that holds the mapping.
const MAPPING: &str = "mapping";

fn read(payload: &Path) -> Result<Vec<u8>, Failure> {
    let limit = watchfire_core::limits::LARGE_BODY_BYTES;
    let unreadable =
        |error: std::io::Error| Failure::new(Exit::Unreachable, format!("cannot read {}: {error}", payload.display()));
    let reader: Box<dyn Read> = if payload == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(payload).map_err(unreadable)?)
    };
    let mut body = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut body).map_err(unreadable)?;
    if body.len() > limit { Err(Failure::refused(format!("the payload is larger than {limit} bytes"))) } else { Ok(body) }
}

fn document(parsed: Parsed) -> Value {
    let alerts: Vec<Observation> = parsed.observations.into_iter().map(Observation::bounded).collect();
    json!({ "alerts": alerts, "delivery_id": parsed.delivery_id, "remark": parsed.remark })
}

fn people(value: &Value) -> String {
    let fields = [
        ("title", "title"),
        ("signal", "signal"),
        ("severity", "severity"),
        ("source's severity", "source_severity"),
        ("class", "class"),
        ("resource", "resource"),
        ("link", "link"),
        ("occurred", "occurred_at"),
        ("ended", "ended_at"),
        ("key", "dedup_key"),
        ("labels", "labels"),
    ];
    let alerts: Vec<String> = value
        .get("alerts")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .map(|alert| facts(alert, &fields))
        .collect();
    if alerts.is_empty() {
        return facts(value, &[("no alert", "remark")]);
    }
    alerts.join("\n")
}
