//! The source itself, and trying a mapping out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Headers, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};

use super::mapping::{Mapping, MappingError};
use super::read::read_unmapped;
use crate::payload::read;
use crate::signature::{self, hex_signature_matches, standard_webhooks, unauthorized};

/// Mappings that are kept compiled; there is one per source of this kind.
const COMPILED: usize = 256;

/// Reads any JSON.
///
/// Keeps compiled mappings by their text, so that a delivery does not compile anew; the answer does not depend on it.
#[derive(Default)]
pub(in crate::sources) struct Generic {
    compiled: Mutex<BTreeMap<String, Arc<Mapping>>>,
}

static ABOUT: About = About {
    kind: "generic",
    title: "Any JSON",
    family: Family::Generic,
    summary: "Any system that can post JSON: its fields are mapped by a small file, or by their usual names.",
    credential: CredentialKind::Token,
    setup: r#"Post JSON to `{url}` with `Authorization: Bearer {secret}`, with `X-Watchfire-Token: {secret}`, with
`X-Hub-Signature-256` (HMAC-SHA-256 of the body, hex after `sha256=`) or signed by Standard Webhooks.

```sh
curl -sS --fail-with-body "{url}" -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json' \
  -d '{"id": "disk-web-01", "title": "Disk almost full", "severity": "high", "status": "firing", "host": "web-01"}'
```

Without a mapping the usual names are looked for: `title`, `summary`, `name` or `message`; `severity`, `priority` or `level`; `status` or
`state`; `dedup_key`, `fingerprint`, `alias` or `id`; `host`, `service` or `resource`; `url` or `link`; `timestamp` or `time`.

For anything else write a mapping, a file of CEL expressions:

```yaml
# mapping.yaml
each: body.events                     # optional: a list, one alert per item
when: item.type == "problem"          # optional: leave out the others
title: item.check + " on " + item.node.name
key: item.id                          # the same key is the same alert
status: item.state
statuses: { bad: firing, good: resolved, paused: unknown }
severity: item.level
severities: { "1": sev1, "2": sev2, "3": sev3 }
resource: item.node.name
link: item.url
time: item.at                         # RFC 3339, or seconds, ms, us or ns since 1970
labels:
  team: item.owner
```

Try it on a payload, then set it as this source's `mapping`:

```sh
watchfire source try mapping.yaml payload.json
```
"#,
    severities: &[
        ("`severities` of the mapping; without it critical, fatal", "SEV1"),
        ("high, error", "SEV2"),
        ("medium, warning", "SEV3"),
        ("low, notice", "SEV4"),
        ("info", "SEV5"),
        ("any other word, or none", "unknown"),
    ],
    settings: &[("mapping", "the mapping, as YAML; without it the usual names are looked for")],
    body_bytes_max: limits::LARGE_BODY_BYTES,
    reference: "https://github.com/google/cel-spec/blob/master/doc/langdef.md",
};

/// Says why trying a mapping failed: by its own fault, or on the payload.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TryError {
    #[error(transparent)]
    Mapping(#[from] MappingError),
    #[error("payload: {0}")]
    Payload(#[from] Malformed),
}

/// Reads a payload by a mapping, as a source with that mapping would.
///
/// # Errors
/// [`TryError`] names what is wrong with the mapping or the payload, and where.
pub fn try_mapping(mapping_yaml: &str, payload: &[u8]) -> Result<Parsed, TryError> {
    let mapping = Mapping::compile(mapping_yaml)?;
    let body = read(payload)?;
    Ok(mapping.read(&body, &Headers::default())?)
}

impl Source for Generic {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        if standard_webhooks::is_signed(delivery.headers) {
            standard_webhooks::verify(delivery, keys.secrets)?;
            return Ok(Trust::Signed);
        }
        if let Some(header) = delivery.headers.get("x-hub-signature-256") {
            return if hex_signature_matches(keys.secrets, delivery.body, header, "sha256=") {
                Ok(Trust::Signed)
            } else {
                Err(unauthorized("X-Hub-Signature-256 is not the HMAC of this body under the source's secret"))
            };
        }
        signature::token(delivery, keys, &[])
    }

    fn parse(&self, delivery: &Delivery<'_>, settings: &Settings) -> Result<Parsed, Malformed> {
        let body: Value = read(delivery.body)?;
        let mut parsed = match settings.get("mapping").filter(|yaml| !yaml.trim().is_empty()) {
            None => read_unmapped(&body)?,
            Some(yaml) => self.compiled(yaml).map_err(|error| Malformed(error.to_string()))?.read(&body, delivery.headers)?,
        };
        parsed.delivery_id = parsed.delivery_id.or_else(|| delivery_id(delivery.headers));
        Ok(parsed)
    }

    /// Stricter than reading: a mapping that is in use goes on after an upgrade that finds more faults.
    fn check(&self, settings: &Settings) -> Result<(), Malformed> {
        match settings.get("mapping").filter(|yaml| !yaml.trim().is_empty()) {
            Some(yaml) => Mapping::compile(yaml).map(drop).map_err(|error| Malformed(error.to_string())),
            None => Ok(()),
        }
    }
}

/// Returns the id by which the sender names its delivery in all attempts. `webhook-id` counts only where it is signed: some
/// senders name their whole webhook by a header of that name.
fn delivery_id(headers: &Headers) -> Option<String> {
    let signed = if standard_webhooks::is_signed(headers) { headers.get("webhook-id") } else { None };
    signed.or_else(|| headers.get("idempotency-key")).filter(|id| !id.is_empty()).map(ToOwned::to_owned)
}

impl Generic {
    fn compiled(&self, yaml: &str) -> Result<Arc<Mapping>, MappingError> {
        let lock = || self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mapping) = lock().get(yaml) {
            return Ok(Arc::clone(mapping));
        }
        let mapping = Arc::new(Mapping::compile_kept(yaml)?);
        let mut kept = lock();
        if kept.len() >= COMPILED {
            kept.pop_first();
        }
        kept.insert(yaml.to_owned(), Arc::clone(&mapping));
        Ok(mapping)
    }
}
