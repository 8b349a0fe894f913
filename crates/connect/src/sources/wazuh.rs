//! Wazuh's alerts.

use watchfire_core::Severity;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};

use crate::payload::{Node, by_threshold, link_of, one_or_many};
use crate::signature;

/// Reads alerts as the integrator daemon hands them to a custom integration, or as `alerts.json` holds them.
pub(super) struct Wazuh;

static ABOUT: About = About {
    kind: "wazuh",
    title: "Wazuh",
    family: Family::Detection,
    summary: "Alerts of the host intrusion detection system and SIEM Wazuh.",
    credential: CredentialKind::Token,
    setup: r#"1. On the manager, write `/var/ossec/integrations/custom-watchfire`:

```sh
#!/bin/sh
# Arguments: file of the alert, api_key, hook_url. The token goes through stdin, so that no process list shows it.
printf 'header = "X-Watchfire-Token: %s"\n' "$2" | curl --config - --fail --silent --show-error \
  --max-time 20 --retry 5 --header 'Content-Type: application/json' --data-binary "@$1" "$3"
```

```sh
chmod 750 /var/ossec/integrations/custom-watchfire
chown root:wazuh /var/ossec/integrations/custom-watchfire
```

2. In `/var/ossec/etc/ossec.conf`:

```xml
<integration>
  <name>custom-watchfire</name>
  <hook_url>{url}</hook_url>
  <api_key>{secret}</api_key>
  <level>7</level>
  <alert_format>json</alert_format>
</integration>
```

3. `systemctl restart wazuh-manager`

The same rule on the same agent, from the same address or about the same file, is one alert.
"#,
    severities: &[("15", "SEV1"), ("12 to 14", "SEV2"), ("7 to 11", "SEV3"), ("4 to 6", "SEV4"), ("0 to 3", "SEV5")],
    settings: &[],
    body_bytes_max: limits::BODY_BYTES,
    reference: "https://documentation.wazuh.com/current/user-manual/manager/integration-with-external-apis.html",
};

const LEVELS: &[(f64, Severity)] =
    &[(15.0, Severity::Sev1), (12.0, Severity::Sev2), (7.0, Severity::Sev3), (4.0, Severity::Sev4), (0.0, Severity::Sev5)];

impl Source for Wazuh {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        signature::token(delivery, keys, &[])
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        one_or_many(delivery.body, "alert", "id", observe)
    }
}

fn observe(alert: &Node<'_>) -> Result<Observation, Malformed> {
    let rule = alert.need_node("rule")?;
    let id = rule.need_scalar("id")?;
    let level = rule.number("level")?.ok_or_else(|| rule.missing("level"))?;
    let groups = rule.joined("groups")?;
    let text = |path: &str| alert.scalar(path).map(Option::unwrap_or_default);
    let (agent, name) = (text("agent.id")?, text("agent.name")?);
    let manager = text("manager.name")?;
    let cve = text("data.vulnerability.cve")?;
    let parts = [
        manager.as_str(),
        &id,
        &agent,
        &text("data.srcip")?,
        &text("syscheck.path")?,
        &cve,
        &text("data.vulnerability.package.name")?,
        &text("data.sca.check.id")?,
    ];
    let solved = matches!(alert.filled("data.vulnerability.status")?, Some("Solved" | "Obsolete"));
    let key = DedupKey::of_parts("wazuh", 1, &parts);
    let signal = if solved { Signal::Resolved } else { Signal::Firing };
    let title = rule.filled("description")?.unwrap_or(&id);
    let mut observation = Observation::new(key, signal, title);
    observation.description = text("full_log")?;
    observation.severity = by_threshold(level, LEVELS);
    observation.source_severity = Some(level.to_string());
    observation.class = Some(class(&groups));
    observation.resource = [&name, &agent, &manager].into_iter().find(|word| !word.is_empty()).cloned();
    observation.link = link_of(&[alert.text("data.virustotal.permalink")?]);
    let at = alert.time("timestamp")?.or(alert.time("@timestamp")?);
    if solved {
        observation.ended_at = at;
    } else {
        observation.occurred_at = at;
    }
    for (label, path) in [
        ("agent_ip", "agent.ip"),
        ("srcip", "data.srcip"),
        ("srcuser", "data.srcuser"),
        ("dstuser", "data.dstuser"),
        ("file", "syscheck.path"),
        ("location", "location"),
        ("decoder", "decoder.name"),
        ("firedtimes", "rule.firedtimes"),
    ] {
        observation.label(label, text(path)?);
    }
    observation.label("rule", id);
    observation.label("agent", name);
    observation.label("manager", manager);
    observation.label("groups", groups);
    observation.label("mitre", rule.joined("mitre.id")?);
    observation.label("cve", cve);
    Ok(observation)
}

fn class(groups: &str) -> Class {
    let has = |name: &str| groups.split(", ").any(|group| group == name);
    if has("vulnerability-detector") {
        Class::Vulnerability
    } else if has("sca") {
        Class::Misconfiguration
    } else if has("rootcheck") || has("virustotal") || has("malware") {
        Class::Malware
    } else if has("authentication_failed") || has("authentication_failures") || has("adduser") || has("account_changed") {
        Class::Account
    } else {
        Class::Intrusion
    }
}
