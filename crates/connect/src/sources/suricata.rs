//! Suricata's EVE log: one JSON object per line.

use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};

use crate::payload::{Node, by_word, joined, parsed, read_many};
use crate::signature;

/// Reads the alerts among the events.
pub(super) struct Suricata;

static ABOUT: About = About {
    kind: "suricata",
    title: "Suricata",
    family: Family::Detection,
    summary: "Alerts of the network intrusion detection system Suricata.",
    credential: CredentialKind::Token,
    setup: r#"Write alerts to a file of their own in `suricata.yaml`:

```yaml
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: alerts.json
      types:
        - alert
```

and ship the lines, for example with Vector:

```toml
[sources.suricata]
type = "file"
include = ["/var/log/suricata/alerts.json"]

[sinks.watchfire]
type = "http"
inputs = ["suricata"]
uri = "{url}"
encoding.codec = "text"
framing.method = "newline_delimited"
batch.max_events = 500
auth.strategy = "bearer"
auth.token = "{secret}"
```

or try it by hand:

```sh
tail -n 100 /var/log/suricata/alerts.json | curl -sS --fail-with-body "{url}" \
  -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/x-ndjson' --data-binary @-
```

Events of other types are passed over. The same signature between the same two addresses is one alert.
"#,
    severities: SEVERITIES,
    settings: &[],
    body_bytes_max: limits::LARGE_BODY_BYTES,
    reference: "https://docs.suricata.io/en/latest/output/eve/eve-json-format.html",
};

/// `alert.severity`: 1 is the worst; up to 255 is possible.
const SEVERITIES: &[(&str, &str)] = &[("1", "SEV2"), ("2", "SEV3"), ("3", "SEV4"), ("4", "SEV5")];

impl Source for Suricata {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        signature::token(delivery, keys, &[])
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let events = read_many(delivery.body)?;
        let mut observations = Vec::new();
        for (at, event) in events.iter().enumerate() {
            let event = Node::within(event, format!("event {}", at + 1))?;
            if event.need("event_type")? == "alert" {
                observations.push(observe(&event)?);
            }
        }
        if observations.is_empty() {
            return Ok(Parsed::nothing(format!("none of {} events is an alert", events.len())));
        }
        Ok(parsed(observations))
    }
}

fn observe(event: &Node<'_>) -> Result<Observation, Malformed> {
    let alert = event.need_node("alert")?;
    let signature = alert.need_scalar("signature_id")?;
    let generator = alert.scalar("gid")?.unwrap_or_default();
    let text = |path: &str| event.scalar(path).map(Option::unwrap_or_default);
    let (from, to) = (text("src_ip")?, text("dest_ip")?);
    let key = DedupKey::of_parts("suricata", 1, &[&text("host")?, &generator, &signature, &from, &to]);
    let title = alert.filled("signature")?.unwrap_or(&signature);
    let mut observation = Observation::new(key, Signal::Firing, title);
    observation.class = Some(Class::Intrusion);
    observation.description = joined(
        &[
            alert.text("category")?,
            Some(&format!("{} {from}:{} -> {to}:{}", text("proto")?, text("src_port")?, text("dest_port")?)),
        ],
        "\n",
    );
    observation.source_severity = alert.scalar("severity")?;
    observation.severity = observation.source_severity.as_deref().and_then(|word| by_word(SEVERITIES, word));
    observation.resource = Some(to).filter(|to| !to.is_empty());
    observation.occurred_at = event.time("timestamp")?;
    observation.label("signature_id", signature);
    for (label, path) in [
        ("action", "alert.action"),
        ("category", "alert.category"),
        ("sensor", "host"),
        ("src_ip", "src_ip"),
        ("dest_ip", "dest_ip"),
        ("dest_port", "dest_port"),
        ("proto", "proto"),
        ("app_proto", "app_proto"),
        ("flow_id", "flow_id"),
        ("community_id", "community_id"),
    ] {
        observation.label(label, event.scalar(path)?.unwrap_or_default());
    }
    Ok(observation)
}
