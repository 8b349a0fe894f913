//! Prometheus Alertmanager's webhook (version 4) and Grafana's form of it.

use watchfire_core::alert::{DedupKey, Labels, Observation, Signal};
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};
use watchfire_core::{Severity, limits, text};

use crate::payload::{Node, joined, link_of, parsed, read, sha256_hex};
use crate::signature;

/// Reads groups of alerts as Alertmanager and Grafana post them.
pub(super) struct Alertmanager;

static ABOUT: About = About {
    kind: "alertmanager",
    title: "Prometheus Alertmanager, Grafana",
    family: Family::Monitoring,
    summary: "Alerts of Prometheus rules through Alertmanager's webhook, and of Grafana alerting.",
    credential: CredentialKind::Token,
    setup: r#"**Alertmanager**: add a receiver to `alertmanager.yml` and route to it.

```yaml
route:
  receiver: watchfire
receivers:
  - name: watchfire
    webhook_configs:
      - url: "{url}"
        send_resolved: true
        http_config:
          authorization:
            type: Bearer
            credentials: "{secret}"
```

Check and load it: `amtool check-config alertmanager.yml`, then send Alertmanager a `SIGHUP` or `POST /-/reload`.

**Grafana**: *Alerting > Contact points > New contact point*, integration *Webhook*, URL `{url}`, HTTP method `POST`;
under *Optional webhook settings* set *Authorization Header - Scheme* to `Bearer` and *Credentials* to `{secret}`.
*Test* sends a sample alert, which shows here as a sample and pages nobody.

The label `severity` decides how bad an alert is; the labels `instance`, `pod`, `host` or `service` name what is affected.
"#,
    severities: &[
        ("critical", "SEV1"),
        ("fatal", "SEV1"),
        ("emergency", "SEV1"),
        ("page", "SEV2"),
        ("high", "SEV2"),
        ("error", "SEV2"),
        ("warning", "SEV3"),
        ("medium", "SEV3"),
        ("low", "SEV4"),
        ("notice", "SEV4"),
        ("info", "SEV5"),
        ("none", "SEV5"),
        ("any other word, or no label `severity`", "unknown"),
    ],
    settings: &[],
    body_bytes_max: limits::LARGE_BODY_BYTES,
    reference: "https://prometheus.io/docs/alerting/latest/configuration/#webhook_config",
};

impl Source for Alertmanager {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        signature::token(delivery, keys, &[])
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let value = read(delivery.body)?;
        let body = Node::root(&value)?;
        // Alertmanager's other receivers name the same group by the hash of this key.
        let group = body.filled("groupKey")?.map(sha256_hex);
        let alerts = body.alerts("alerts")?;
        if alerts.is_empty() {
            return Ok(Parsed::nothing("the group holds no alerts"));
        }
        // Version 4 is Alertmanager's, version 1 Grafana's; a later one is read as far as it is alike.
        if body.key("version").is_some_and(|version| version != "4" && version != "1") {
            body.note_word("version", "\"4\" or \"1\"");
        }
        let truncated = body.number("truncatedAlerts")?.unwrap_or(0.0);
        let mut observations = Vec::with_capacity(alerts.len());
        for alert in &alerts {
            let mut observation = observe(alert, &body)?;
            observation.group.clone_from(&group);
            if truncated > 0.0 {
                observation.label("truncated_alerts", truncated.to_string());
            }
            observations.push(observation);
        }
        Ok(body.faults().remarked(parsed(observations)))
    }
}

/// Reads one alert; the status of the group does not matter, each alert has its own.
fn observe(alert: &Node<'_>, body: &Node<'_>) -> Result<Observation, Malformed> {
    let status = alert.need_word("status", &[("firing", Signal::Firing), ("resolved", Signal::Resolved)])?;
    let labels = alert.labels("labels")?;
    for name in alert.node("labels")?.iter().flat_map(Node::object).filter(|(_, value)| !value.is_string()) {
        alert.note("labels", &format!("{:?} is no text and was kept as one", text::line(name.0, 40)));
    }
    let annotations = alert.labels("annotations")?;
    let key = match alert.filled("fingerprint")? {
        Some(fingerprint) => DedupKey::new("alertmanager", 1, fingerprint),
        None => of_labels(&labels),
    };
    let get = |labels: &Labels, names: &[&str]| {
        names.iter().find_map(|name| labels.get(*name)).filter(|value| !value.trim().is_empty()).cloned()
    };
    let signal = if status == Signal::Firing && is_grafana_without_data(&labels) { Signal::Unknown } else { status };
    let title =
        get(&annotations, &["summary", "description", "message"]).or_else(|| get(&labels, &["alertname"])).unwrap_or_default();
    let mut observation = Observation::new(key, signal, title);
    observation.description = get(&annotations, &["description", "message"]).unwrap_or_default();
    observation.source_severity = get(&labels, &["severity"]);
    observation.severity = observation.source_severity.as_deref().and_then(Severity::from_word);
    observation.resource = resource(&labels);
    observation.link =
        link_of(&[alert.text("generatorURL")?, alert.text("panelURL")?, alert.text("dashboardURL")?, body.text("externalURL")?]);
    observation.occurred_at = alert.time("startsAt")?;
    if signal == Signal::Resolved {
        observation.ended_at = alert.time("endsAt")?;
    }
    // Grafana's "Test" button.
    observation.sample = labels.get("alertname").is_some_and(|name| name == "TestAlert")
        && labels.get("instance").is_some_and(|name| name == "Grafana");
    observation.labels = labels;
    for (name, value) in annotations {
        if !["summary", "description", "message"].contains(&name.as_str()) {
            observation.label(&format!("annotations.{name}"), value);
        }
    }
    observation.label("receiver", body.text("receiver")?.unwrap_or_default());
    observation.label("value", alert.text("valueString")?.unwrap_or_default());
    Ok(observation)
}

/// Grafana sends "no data" and "the query failed" as firing alerts of these names: it cannot tell whether the trouble is there.
fn is_grafana_without_data(labels: &Labels) -> bool {
    labels.contains_key("rulename")
        && labels.get("alertname").is_some_and(|name| name == "DatasourceNoData" || name == "DatasourceError")
}

fn resource(labels: &Labels) -> Option<String> {
    let get = |name: &str| labels.get(name).map(String::as_str).filter(|value| !value.is_empty());
    if let Some(pod) = get("pod") {
        return Some(joined(&[get("namespace"), Some(pod)], "/"));
    }
    ["instance", "host", "hostname", "node", "service", "job"].into_iter().find_map(get).map(ToOwned::to_owned)
}

/// Identifies an alert by its labels, as the fingerprint does, for senders that leave the fingerprint out.
fn of_labels(labels: &Labels) -> DedupKey {
    let parts: Vec<&str> = labels.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]).collect();
    DedupKey::of_parts("alertmanager", 1, &parts)
}
