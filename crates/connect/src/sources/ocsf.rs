//! Findings in the Open Cybersecurity Schema Framework.

use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};

use crate::payload::{Faults, Node, by_word, link_of, parsed, read_many};
use crate::signature;

/// Reads detection findings, and the other findings as far as they have the same parts.
pub(super) struct Ocsf;

static ABOUT: About = About {
    kind: "ocsf",
    title: "OCSF",
    family: Family::Detection,
    summary: "Detection findings in the Open Cybersecurity Schema Framework: Security Lake, Tenzir, Prowler and others.",
    credential: CredentialKind::Token,
    setup: r#"Post findings to `{url}`, one object, a list, or one object per line:

```sh
curl -sS --fail-with-body "{url}" -H 'Authorization: Bearer {secret}' \
  -H 'Content-Type: application/json' --data-binary @findings.ocsf.json
```

Prowler writes such a file:

```sh
prowler aws --output-formats json-ocsf --status FAIL --output-filename findings
```

Findings of the classes 2001 to 2007 are read, others are passed over. A suppressed finding is not fixed: it shows as acknowledged.
"#,
    severities: SEVERITIES,
    settings: &[],
    body_bytes_max: limits::LARGE_BODY_BYTES,
    reference: "https://schema.ocsf.io/classes/detection_finding",
};

/// `severity_id`; 0 is unknown and 99 is other.
const SEVERITIES: &[(&str, &str)] = &[
    ("6", "SEV1"),
    ("5", "SEV1"),
    ("4", "SEV2"),
    ("3", "SEV3"),
    ("2", "SEV4"),
    ("1", "SEV5"),
    ("0", "unknown"),
    ("99", "unknown"),
];

impl Source for Ocsf {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        signature::token(delivery, keys, &[])
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let values = read_many(delivery.body)?;
        let (mut observations, faults) = (Vec::new(), Faults::default());
        for (at, value) in values.iter().enumerate() {
            let path = if values.len() == 1 { String::new() } else { format!("finding {}", at + 1) };
            observations.extend(observe(&Node::noting(value, path, &faults)?)?);
        }
        if observations.is_empty() {
            return Ok(Parsed::nothing(format!("none of {} events is a finding", values.len())));
        }
        Ok(faults.remarked(parsed(observations)))
    }
}

/// Reads one event; `None` if it is no finding.
pub(super) fn observe(event: &Node<'_>) -> Result<Option<Observation>, Malformed> {
    let class = event.number("class_uid")?.ok_or_else(|| event.missing("class_uid"))?;
    let class = match class as i64 {
        2001 | 2004 | 2005 => Some(Class::Intrusion),
        2002 | 2007 => Some(Class::Vulnerability),
        2003 => Some(Class::Compliance),
        2006 => Some(Class::DataBreach),
        _ => return Ok(None),
    };
    // Security findings (2001, before version 1.1) call it `finding`.
    let finding = match event.node("finding_info")? {
        Some(finding) => finding,
        None => match event.node("finding")? {
            Some(finding) => finding,
            None => return Err(event.missing("finding_info")),
        },
    };
    let uid = finding.need_scalar("uid")?;
    let text = |path: &str| event.scalar(path).map(Option::unwrap_or_default);
    let product = text("metadata.product.name")?;
    let (signal, resolution) = signal(event)?;
    let key = DedupKey::of_parts("ocsf", 1, &[&product, &uid]);
    let title = match finding.filled("title")? {
        Some(title) => title,
        None => event.filled("message")?.unwrap_or(&uid),
    };
    let mut observation = Observation::new(key, signal, title);
    observation.class = class;
    observation.description = match finding.filled("desc")? {
        Some(words) => words.to_owned(),
        None => text("message")?,
    };
    let severity = event.scalar("severity_id")?;
    observation.severity = severity.as_deref().and_then(|id| by_word(SEVERITIES, id));
    observation.source_severity = event.scalar("severity")?.or(severity);
    observation.resource = resource(event)?;
    observation.link = link_of(&[finding.text("src_url")?]);
    // An updated finding keeps its first time, so only a new one is dated by it.
    let at = event.time("time")?;
    observation.occurred_at = match event.number("activity_id")? {
        Some(1.0) => finding.time("first_seen_time")?.or(finding.time("created_time")?).or(at),
        _ => at,
    };
    if signal == Signal::Resolved {
        observation.ended_at = event.time("end_time")?.or(event.time("time")?);
    }
    observation.label("resolution", resolution);
    observation.label("finding", uid);
    observation.label("product", product);
    for (label, path) in [
        ("vendor", "metadata.product.vendor_name"),
        ("account", "cloud.account.uid"),
        ("region", "cloud.region"),
        ("status", "status"),
        ("risk", "risk_level"),
        ("confidence", "confidence"),
    ] {
        observation.label(label, text(path)?);
    }
    observation.label("types", finding.joined("types")?);
    Ok(Some(observation))
}

/// `status_id`: 1 new, 2 in progress, 3 suppressed, 4 resolved, 5 archived; `activity_id`: 1 create, 2 update, 3 close.
fn signal(event: &Node<'_>) -> Result<(Signal, &'static str), Malformed> {
    let number = |path: &str| event.number(path).map(|id| id.map(|id| id as i64));
    Ok(match (number("status_id")?, number("activity_id")?) {
        (Some(3), _) => (Signal::Acknowledged, "suppressed"),
        (Some(5), _) => (Signal::Acknowledged, "archived"),
        (Some(4), _) => (Signal::Resolved, "resolved"),
        (_, Some(3)) => (Signal::Resolved, "closed"),
        (Some(2), _) => (Signal::Acknowledged, ""),
        (Some(1), _) => (Signal::Reopened, ""),
        _ => (Signal::Firing, ""),
    })
}

fn resource(event: &Node<'_>) -> Result<Option<String>, Malformed> {
    for resource in event.list("resources")? {
        if let Some(name) = resource.first(&["uid", "name", "hostname"])? {
            return Ok(Some(name.to_owned()));
        }
    }
    let names = ["device.hostname", "device.name", "device.ip", "dst_endpoint.hostname", "dst_endpoint.ip"];
    Ok(event.first(&names)?.map(ToOwned::to_owned))
}
