//! Falco's JSON output, and Falcosidekick's form of it.

use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};

use crate::payload::{Node, by_word, joined, one_or_many};
use crate::signature;

/// Reads events of rules that matched.
pub(super) struct Falco;

static ABOUT: About = About {
    kind: "falco",
    title: "Falco",
    family: Family::Detection,
    summary: "Events of the runtime security tool Falco, directly or through Falcosidekick.",
    credential: CredentialKind::Token,
    setup: r#"**Falcosidekick** (its configuration, or `config.webhook` of the Helm chart):

```yaml
webhook:
  address: "{url}"
  customHeaders:
    X-Watchfire-Token: "{secret}"
  minimumpriority: notice
```

**Falco by itself** cannot set headers, but puts a user and password into the address (`falco.yaml`):

```yaml
json_output: true
json_include_output_property: true
http_output:
  enabled: true
  url: "{url}"
```

with `https://watchfire:{secret}@` in place of `https://` in the address.

The same rule in the same container or pod is one alert.
"#,
    severities: PRIORITIES,
    settings: &[],
    body_bytes_max: limits::BODY_BYTES,
    reference: "https://falco.org/docs/concepts/outputs/formatting/",
};

const PRIORITIES: &[(&str, &str)] = &[
    ("Emergency", "SEV1"),
    ("Alert", "SEV1"),
    ("Critical", "SEV1"),
    ("Error", "SEV2"),
    ("Warning", "SEV3"),
    ("Notice", "SEV4"),
    ("Informational", "SEV5"),
    ("Info", "SEV5"),
    ("Debug", "SEV5"),
];

impl Source for Falco {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        signature::token(delivery, keys, &[])
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        one_or_many(delivery.body, "event", "uuid", observe)
    }
}

/// Reads one event.
pub(super) fn observe(event: &Node<'_>) -> Result<Observation, Malformed> {
    let rule = event.need("rule")?;
    let fields = event.node("output_fields")?;
    // Names such as `container.id` hold dots themselves.
    let field = |name: &str| {
        fields
            .as_ref()
            .and_then(|fields| fields.key(name))
            .and_then(|value| value.as_str())
            .filter(|value| !value.is_empty() && *value != "<NA>")
    };
    let host = event.scalar("hostname")?.unwrap_or_default();
    let pod = joined(&[field("k8s.ns.name"), field("k8s.pod.name")], "/");
    let container = field("container.id").filter(|id| *id != "host").unwrap_or_default();
    let key = DedupKey::of_parts("falco", 1, &[rule, &host, container, &pod]);
    let mut observation = Observation::new(key, Signal::Firing, rule);
    observation.class = Some(Class::Intrusion);
    observation.description = event.scalar("output")?.unwrap_or_default();
    observation.source_severity = event.scalar("priority")?;
    observation.severity = observation.source_severity.as_deref().and_then(|word| by_word(PRIORITIES, word));
    let name = field("container.name").filter(|name| *name != "host");
    observation.resource =
        if pod.is_empty() { Some(joined(&[Some(&host), name], "/")).filter(|resource| !resource.is_empty()) } else { Some(pod) };
    observation.occurred_at = match (event.time("time")?, &fields) {
        (Some(time), _) => Some(time),
        (None, Some(fields)) => {
            fields.key("evt.time").and_then(serde_json::Value::as_f64).and_then(watchfire_core::time::from_epoch_number)
        }
        (None, None) => None,
    };
    // What `falcosidekick`'s POST /test sends.
    observation.sample = rule == "Test rule";
    if let Some(fields) = &fields {
        observation.labels = fields
            .object()
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .filter(|(_, value)| !value.is_empty() && value != "<NA>")
            .collect();
    }
    observation.label("host", host);
    observation.label("source", event.scalar("source")?.unwrap_or_default());
    observation.label("tags", event.joined("tags")?);
    Ok(observation)
}
