//! Trivy's JSON report.

use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Snapshot, Source, Trust,
};

use crate::payload::{Node, by_word, joined, link_of, parsed, read, report_scope};
use crate::signature;

/// Reads whole reports: what an earlier report of the same artifact held and this one lacks is gone.
pub(super) struct Trivy;

static ABOUT: About = About {
    kind: "trivy",
    title: "Trivy",
    family: Family::Scanner,
    summary: "Vulnerabilities, misconfigurations and secrets in images, repositories and file systems.",
    credential: CredentialKind::Token,
    setup: r#"Write the JSON report and upload it:

```sh
trivy image --scanners vuln,misconfig,secret --severity MEDIUM,HIGH,CRITICAL \
  --format json --output report.json registry.example.org/search:1.4
curl -sS --fail-with-body "{url}" -H 'Authorization: Bearer {secret}' \
  -H 'Content-Type: application/json' --data-binary @report.json
```

A later report of the same artifact name resolves what it no longer holds. Image tags are part of the name: set
`target` of this source (such as `search`) if each report is to replace the one of the tag before. The text of a found
secret is never kept.
"#,
    severities: SEVERITIES,
    settings: &[("target", "the name under which reports replace each other, in place of the artifact's")],
    body_bytes_max: limits::LARGE_BODY_BYTES,
    reference: "https://trivy.dev/latest/docs/configuration/reporting/#json",
};

const SEVERITIES: &[(&str, &str)] =
    &[("CRITICAL", "SEV1"), ("HIGH", "SEV2"), ("MEDIUM", "SEV3"), ("LOW", "SEV4"), ("UNKNOWN", "unknown")];

impl Source for Trivy {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        signature::token(delivery, keys, &[])
    }

    fn parse(&self, delivery: &Delivery<'_>, settings: &Settings) -> Result<Parsed, Malformed> {
        let value = read(delivery.body)?;
        let body = Node::root(&value)?;
        let artifact = match settings.get("target") {
            Some(target) => target,
            None => body.need("ArtifactName")?,
        };
        let scanned_at = body.scalar("CreatedAt")?.unwrap_or_default();
        let mut observations = Vec::new();
        for result in body.list("Results")? {
            let found = Found {
                artifact,
                target: result.filled("Target")?.unwrap_or_default(),
                kind: result.filled("Type")?.or(result.filled("Class")?).unwrap_or_default(),
            };
            for vulnerability in result.list("Vulnerabilities")? {
                observations.push(found.vulnerability(&vulnerability)?);
            }
            for check in result.list("Misconfigurations")? {
                observations.extend(found.misconfiguration(&check)?);
            }
            for secret in result.list("Secrets")? {
                observations.push(found.secret(&secret)?);
            }
            if observations.len() > limits::ALERTS_PER_DELIVERY {
                return Err(Malformed(format!(
                    "more than {} findings in one report; scan with --severity HIGH,CRITICAL or in parts",
                    limits::ALERTS_PER_DELIVERY
                )));
            }
        }
        for observation in &mut observations {
            observation.label("scanned_at", &scanned_at);
        }
        Ok(Parsed {
            remark: observations.is_empty().then(|| "the report holds no findings".to_owned()),
            snapshot: Some(Snapshot { scope: report_scope("trivy", artifact) }),
            ..parsed(observations)
        })
    }
}

/// Where findings were made.
struct Found<'a> {
    artifact: &'a str,
    target: &'a str,
    kind: &'a str,
}

impl Found<'_> {
    /// The installed version is no part of the key: an upgrade that does not help is the same trouble.
    fn vulnerability(&self, found: &Node<'_>) -> Result<Observation, Malformed> {
        let id = found.need("VulnerabilityID")?;
        let package = found.need("PkgName")?;
        let path = found.scalar("PkgPath")?.unwrap_or_default();
        let key = ["vulnerability", self.artifact, self.target, self.kind, id, package, &path];
        let title = joined(&[Some(id), Some(package), found.text("Title")?], " ");
        let mut observation = self.start(&key, title, found)?;
        observation.class = Some(Class::Vulnerability);
        observation.link = link_of(&[found.text("PrimaryURL")?]);
        for (label, path) in [
            ("vulnerability", "VulnerabilityID"),
            ("package", "PkgName"),
            ("installed", "InstalledVersion"),
            ("fixed_in", "FixedVersion"),
            ("fix_status", "Status"),
            ("path", "PkgPath"),
        ] {
            observation.label(label, found.scalar(path)?.unwrap_or_default());
        }
        Ok(observation)
    }

    /// Checks that passed or were excepted are no trouble.
    fn misconfiguration(&self, found: &Node<'_>) -> Result<Option<Observation>, Malformed> {
        if matches!(found.text("Status")?, Some("PASS" | "EXCEPTION")) {
            return Ok(None);
        }
        let id = found.first(&["AVDID", "ID"])?.ok_or_else(|| found.missing("ID"))?;
        let resource = found.scalar("CauseMetadata.Resource")?.unwrap_or_default();
        let line = found.scalar("CauseMetadata.StartLine")?.unwrap_or_default();
        let key = ["misconfiguration", self.artifact, self.target, self.kind, id, &resource, &line];
        let title = joined(&[Some(id), found.text("Title")?], " ");
        let mut observation = self.start(&key, title, found)?;
        observation.class = Some(Class::Misconfiguration);
        observation.description =
            joined(&[found.text("Message")?, found.text("Description")?, found.text("Resolution")?], "\n\n");
        observation.link = link_of(&[found.text("PrimaryURL")?]);
        observation.label("check", id);
        observation.label("part", resource);
        observation.label("line", line);
        Ok(Some(observation))
    }

    /// Neither the match nor the lines around it are kept: masked as they are, they may show a part.
    fn secret(&self, found: &Node<'_>) -> Result<Observation, Malformed> {
        let rule = found.need("RuleID")?;
        let line = found.scalar("StartLine")?.unwrap_or_default();
        let key = ["secret", self.artifact, self.target, rule, &line];
        let what = found.first(&["Title", "Category", "RuleID"])?.unwrap_or(rule);
        let title = format!("{what} in {}", self.target);
        let mut observation = self.start(&key, title, found)?;
        observation.description.clear();
        observation.class = Some(Class::LeakedSecret);
        observation.label("rule", rule);
        observation.label("category", found.scalar("Category")?.unwrap_or_default());
        observation.label("line", line);
        Ok(observation)
    }

    fn start(&self, key: &[&str], title: String, found: &Node<'_>) -> Result<Observation, Malformed> {
        let mut observation = Observation::new(DedupKey::of_parts("trivy", 1, key), Signal::Firing, title);
        observation.description = found.scalar("Description")?.unwrap_or_default();
        observation.source_severity = found.scalar("Severity")?;
        observation.severity = observation.source_severity.as_deref().and_then(|word| by_word(SEVERITIES, word));
        observation.resource = Some(joined(&[Some(self.artifact), Some(self.target)], ": "));
        observation.label("artifact", self.artifact);
        observation.label("target", self.target);
        observation.label("type", self.kind);
        Ok(observation)
    }
}
