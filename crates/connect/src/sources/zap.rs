//! ZAP's traditional JSON report.

use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Snapshot, Source, Trust,
};

use crate::payload::{Node, by_word, joined, parsed, plain_text, read, report_scope};
use crate::signature;

/// Reads whole reports, one alert per site and kind of finding.
pub(super) struct Zap;

static ABOUT: About = About {
    kind: "zap",
    title: "ZAP",
    family: Family::Scanner,
    summary: "Findings of the web application scanner ZAP.",
    credential: CredentialKind::Token,
    setup: r#"Write the traditional JSON report and upload it:

```sh
docker run --rm -v "$PWD:/zap/wrk" ghcr.io/zaproxy/zaproxy:stable \
  zap-baseline.py -t https://search.example.org -J report.json || true
curl -sS --fail-with-body "{url}" -H 'Authorization: Bearer {secret}' \
  -H 'Content-Type: application/json' --data-binary @report.json
```

A later report of the same sites resolves what it no longer holds. Findings marked as false positives are left out.
"#,
    severities: RISKS,
    settings: &[],
    body_bytes_max: limits::LARGE_BODY_BYTES,
    reference: "https://www.zaproxy.org/docs/desktop/addons/report-generation/report-traditional-json/",
};

/// `riskcode`: 3 high, 2 medium, 1 low, 0 informational.
const RISKS: &[(&str, &str)] = &[("3", "SEV2"), ("2", "SEV3"), ("1", "SEV4"), ("0", "SEV5")];

impl Source for Zap {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        signature::token(delivery, keys, &[])
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let value = read(delivery.body)?;
        let body = Node::root(&value)?;
        if body.get("site")?.is_none() {
            return Err(body.missing("site"));
        }
        let scanned_at = body.first(&["@generated", "created"])?.unwrap_or_default();
        let mut names = Vec::new();
        let mut observations = Vec::new();
        for site in body.list("site")? {
            let name = site.need("@name")?;
            names.push(name);
            for alert in site.list("alerts")? {
                if let Some(mut observation) = observe(&alert, name)? {
                    observation.label("scanned_at", scanned_at);
                    observations.push(observation);
                }
            }
        }
        if observations.len() > limits::ALERTS_PER_DELIVERY {
            return Err(Malformed(format!(
                "{} alerts, the limit of one report is {}",
                observations.len(),
                limits::ALERTS_PER_DELIVERY
            )));
        }
        names.sort_unstable();
        names.dedup();
        Ok(Parsed {
            remark: observations.is_empty().then(|| "the report holds no alerts".to_owned()),
            snapshot: (!names.is_empty()).then(|| Snapshot { scope: report_scope("zap", &names.join("+")) }),
            ..parsed(observations)
        })
    }
}

/// Reads one finding. Evidence and attack strings are not kept: they may hold session tokens of the site.
fn observe(alert: &Node<'_>, site: &str) -> Result<Option<Observation>, Malformed> {
    if alert.number("confidence")? == Some(0.0) {
        return Ok(None);
    }
    let name = alert.first(&["name", "alert"])?.unwrap_or_default();
    let id = match alert.scalar("alertRef")? {
        Some(reference) => reference,
        None => alert.scalar("pluginid")?.ok_or_else(|| alert.missing("pluginid"))?,
    };
    let key = DedupKey::of_parts("zap", 1, &[site, &id, name]);
    let mut observation = Observation::new(key, Signal::Firing, format!("{name} at {site}"));
    let description = alert.text("desc")?.map(plain_text);
    let solution = alert.text("solution")?.map(plain_text);
    observation.description = joined(&[description.as_deref(), solution.as_deref()], "\n\n");
    let risk = alert.scalar("riskcode")?;
    observation.severity = risk.as_deref().and_then(|risk| by_word(RISKS, risk));
    observation.source_severity = alert.scalar("riskdesc")?.or(risk);
    observation.class = Some(Class::Vulnerability);
    observation.resource = Some(site.to_owned());
    let plugin = alert.scalar("pluginid")?.unwrap_or_default();
    if !plugin.is_empty() && plugin.bytes().all(|byte| byte.is_ascii_digit()) {
        observation.link = Some(format!("https://www.zaproxy.org/docs/alerts/{plugin}/"));
    }
    let instances = alert.list("instances")?;
    if let Some(first) = instances.first() {
        let uri = first.text("uri")?.unwrap_or_default();
        observation.label("uri", uri.split(['?', '#']).next().unwrap_or_default());
        observation.label("method", first.scalar("method")?.unwrap_or_default());
        observation.label("param", first.scalar("param")?.unwrap_or_default());
    }
    observation.label("plugin", plugin);
    observation.label("count", alert.scalar("count")?.unwrap_or_else(|| instances.len().to_string()));
    for (label, path) in [("cwe", "cweid"), ("wasc", "wascid")] {
        observation.label(label, alert.scalar(path)?.unwrap_or_default());
    }
    Ok(Some(observation))
}
