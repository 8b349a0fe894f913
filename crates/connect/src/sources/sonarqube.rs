//! SonarQube's webhook: quality gates.

use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};

use crate::payload::{Node, by_word, joined, link_of, parsed, read};
use crate::signature::{self, hex_signature_matches, unauthorized};

/// Reads the verdict on a branch or pull request.
pub(super) struct SonarQube;

static ABOUT: About = About {
    kind: "sonarqube",
    title: "SonarQube, SonarCloud",
    family: Family::Scanner,
    summary: "Failed quality gates and failed analyses.",
    credential: CredentialKind::Signature,
    setup: r#"*Administration > Configuration > Webhooks > Create* (or *Project Settings > Webhooks* for one project).

1. **Name**: `Watchfire`
2. **URL**: `{url}`
3. **Secret**: `{secret}`

By the command line:

```sh
curl -sS -u "<admin token>:" "https://sonar.example.org/api/webhooks/create" \
  --data-urlencode "name=Watchfire" --data-urlencode "url={url}" --data-urlencode "secret={secret}"
```
"#,
    severities: GATES,
    settings: &[],
    body_bytes_max: limits::BODY_BYTES,
    reference: "https://docs.sonarsource.com/sonarqube-server/latest/project-administration/webhooks/",
};

const GATES: &[(&str, &str)] = &[("ERROR", "SEV3"), ("WARN", "SEV4"), ("FAILED", "SEV4")];

impl Source for SonarQube {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        match delivery.headers.get("x-sonar-webhook-hmac-sha256") {
            None => signature::token(delivery, keys, &[])
                .map_err(|_| unauthorized("the header X-Sonar-Webhook-HMAC-SHA256 is missing; set the webhook's secret")),
            Some(header) if hex_signature_matches(keys.secrets, delivery.body, header, "") => Ok(Trust::Signed),
            Some(_) => Err(unauthorized("X-Sonar-Webhook-HMAC-SHA256 is not the HMAC of this body under the source's secret")),
        }
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let value = read(delivery.body)?;
        let body = Node::root(&value)?;
        // The top status is that of the analysis; the verdict is the quality gate's.
        let task = body.need("status")?;
        let gate = match task {
            "SUCCESS" => match body.filled("qualityGate.status")? {
                Some(gate) => gate,
                None => return Ok(Parsed::nothing("the project has no quality gate")),
            },
            "FAILED" => "FAILED",
            "CANCELLED" | "CANCELED" => return Ok(Parsed::nothing("the analysis was cancelled")),
            other => {
                return Err(body.unexpected("status", "\"SUCCESS\", \"FAILED\" or \"CANCELLED\"", other));
            }
        };
        let signal = match gate {
            "OK" => Signal::Resolved,
            "ERROR" | "WARN" | "FAILED" => Signal::Firing,
            "NONE" => return Ok(Parsed::nothing("the quality gate has no conditions")),
            other => {
                return Err(body.unexpected("qualityGate.status", "\"OK\", \"WARN\", \"ERROR\" or \"NONE\"", other));
            }
        };
        // The task is one analysis. A gate that turns because somebody decided about an issue has none.
        let parsed = Parsed { delivery_id: body.scalar("taskId")?, ..parsed(vec![observe(&body, gate, signal)?]) };
        Ok(body.faults().remarked(parsed))
    }
}

fn observe(body: &Node<'_>, gate: &str, signal: Signal) -> Result<Observation, Malformed> {
    let project = body.need("project.key")?;
    let name = body.filled("project.name")?.unwrap_or(project);
    let branch = body.scalar("branch.name")?.unwrap_or_default();
    let kind = body.scalar("branch.type")?.unwrap_or_default();
    let key = DedupKey::of_parts("sonarqube", 1, &[project, &kind, &branch]);
    let verdict = match gate {
        "FAILED" => "analysis failed".to_owned(),
        _ => format!("quality gate {gate}"),
    };
    let title = joined(&[Some(&format!("{name}: {verdict}")), Some(&branch)], " on ");
    let mut observation = Observation::new(key, signal, title);
    observation.severity = by_word(GATES, gate);
    observation.source_severity = Some(gate.to_owned());
    let mut failed = Vec::new();
    for condition in body.list("qualityGate.conditions")? {
        if matches!(condition.text("status")?, Some("ERROR" | "WARN")) {
            let part = |path: &str| condition.scalar(path).map(Option::unwrap_or_default);
            let metric = part("metric")?;
            if metric.contains("vulnerabilities") || metric.contains("security") {
                observation.class = Some(Class::Vulnerability);
            }
            let operator = part("operator")?.to_lowercase().replace('_', " ");
            failed.push(format!("{metric} is {}, {operator} {}", part("value")?, part("errorThreshold")?));
        }
    }
    observation.description = failed.join("\n");
    let at = body.time("analysedAt")?;
    if signal == Signal::Resolved {
        observation.ended_at = at;
    } else {
        observation.occurred_at = at;
    }
    observation.resource = Some(project.to_owned());
    observation.link = link_of(&[body.text("branch.url")?, body.text("project.url")?, body.text("serverUrl")?]);
    observation.label("project", project);
    observation.label("branch", branch);
    observation.label("branch_type", kind);
    observation.label("revision", body.scalar("revision")?.unwrap_or_default());
    observation.label("quality_gate", body.scalar("qualityGate.name")?.unwrap_or_default());
    Ok(observation)
}
