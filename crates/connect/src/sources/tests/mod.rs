//! Tests of all sources together; what one source alone promises is in `states`.

mod deliveries;
mod faults;
mod groups;
mod opsgenie;
mod registry;
mod reopened;
mod robustness;
mod samples;
mod secrets;
mod signatures;
mod states;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};
use watchfire_core::alert::Observation;
use watchfire_core::source::{Delivery, Headers, Keys, Malformed, Parsed, Rejection, Settings, Trust};

use super::all;

/// When deliveries of the tests arrive, unless a test says otherwise.
const RECEIVED_AT: &str = "2026-11-21T05:00:30Z";

/// A delivery as a sender posts it.
#[derive(Clone, Debug)]
struct Sample {
    kind: String,
    name: String,
    headers: Headers,
    settings: Settings,
    body: Vec<u8>,
    received_at: Timestamp,
}

impl Sample {
    fn of(kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            kind: kind.to_owned(),
            name: "written in the test".to_owned(),
            headers: Headers::default(),
            settings: Settings::new(),
            body: body.into(),
            received_at: RECEIVED_AT.parse().expect("a valid instant"),
        }
    }

    fn json(kind: &str, body: &Value) -> Self {
        Self::of(kind, body.to_string())
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.set(name, value);
        self
    }

    fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    fn at(mut self, at: &str) -> Self {
        self.received_at = at.parse().expect("a valid instant");
        self
    }

    fn delivery(&self) -> Delivery<'_> {
        Delivery { headers: &self.headers, body: &self.body, received_at: self.received_at }
    }

    fn parse(&self) -> Result<Parsed, Malformed> {
        all()[self.kind.as_str()].parse(&self.delivery(), &self.settings)
    }

    fn parsed(&self) -> Parsed {
        self.parse().unwrap_or_else(|error| panic!("{}/{}: {error}", self.kind, self.name))
    }

    fn only(&self) -> Observation {
        let mut observations = self.parsed().observations;
        assert_eq!(observations.len(), 1, "{}/{}", self.kind, self.name);
        observations.remove(0)
    }

    fn remark(&self) -> String {
        self.parsed().remark.unwrap_or_else(|| panic!("{}/{}: no remark", self.kind, self.name))
    }

    fn refused(&self) -> String {
        self.parse().expect_err("must be refused").0
    }

    fn verify_with(&self, secrets: &[&[u8]], key: &str, certificates: &BTreeMap<String, Vec<u8>>) -> Result<Trust, Rejection> {
        let keys = Keys { secrets, key, certificates, settings: &self.settings };
        all()[self.kind.as_str()].verify(&self.delivery(), &keys)
    }

    fn verify(&self, secrets: &[&[u8]]) -> Result<Trust, Rejection> {
        self.verify_with(secrets, "the-key", &BTreeMap::new())
    }
}

fn samples_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// Reads one sample with what stands beside it.
fn sample(kind: &str, name: &str) -> Sample {
    let file = samples_dir().join(kind).join(format!("{name}.json"));
    let body = fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut sample = Sample::of(kind, body);
    name.clone_into(&mut sample.name);
    if let Ok(lines) = fs::read_to_string(file.with_extension("headers")) {
        for line in lines.lines() {
            let (name, value) = line.split_once(": ").expect("name: value");
            match name.strip_prefix("setting-") {
                Some(setting) => sample.settings.insert(setting.to_owned(), value.to_owned()),
                None => {
                    sample.headers.set(name, value);
                    None
                }
            };
        }
    }
    if let Ok(mapping) = fs::read_to_string(file.with_extension("mapping.yaml")) {
        sample.settings.insert("mapping".to_owned(), mapping);
    }
    sample
}

/// Returns every sample of every kind, in order.
fn all_samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    for kind in all().keys() {
        let folder = samples_dir().join(kind);
        let mut names: Vec<String> = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|file| file.strip_suffix(".json").map(ToOwned::to_owned))
            .collect();
        names.sort();
        assert!(!names.is_empty(), "no samples for {kind}");
        samples.extend(names.iter().map(|name| sample(kind, name)));
    }
    samples
}

/// Writes what a delivery became, leaving out what is empty.
fn shown(parsed: &Parsed) -> Value {
    let mut shown = json!({
        "observations": parsed.observations,
        "delivery_id": parsed.delivery_id,
        "confirm": parsed.confirm,
        "remark": parsed.remark,
        "snapshot": parsed.snapshot.as_ref().map(|snapshot| &snapshot.scope),
    });
    strip(&mut shown);
    shown
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            for entry in entries.values_mut() {
                strip(entry);
            }
            entries.retain(|_, entry| !(entry.is_null() || *entry == json!(false) || *entry == json!("") || *entry == json!([])));
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
