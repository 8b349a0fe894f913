//! The source itself.

use std::collections::BTreeSet;

use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Snapshot, Source, Trust,
};

use super::result;
use super::rules::Rules;
use crate::payload::{Node, parsed, read, report_scope};
use crate::signature;

/// Reads whole reports: what an earlier report of the same tool and target held and this one lacks is gone.
pub(in crate::sources) struct Sarif;

static ABOUT: About = About {
    kind: "sarif",
    title: "SARIF 2.1.0",
    family: Family::Scanner,
    summary: "Reports of static analysis and other scanners: CodeQL, Semgrep, Bandit, ESLint, Checkov, gitleaks and others.",
    credential: CredentialKind::Token,
    setup: r#"Upload the report after the scan:

```sh
bandit -r src -f sarif -o report.sarif || true
curl -sS --fail-with-body "{url}" -H 'Authorization: Bearer {secret}' \
  -H 'Content-Type: application/sarif+json' --data-binary @report.sarif
```

In GitHub Actions:

```yaml
- name: Report to Watchfire
  if: always()
  run: |
    curl -sS --fail-with-body "{url}" -H "Authorization: Bearer ${{ secrets.WATCHFIRE }}" \
      -H 'Content-Type: application/sarif+json' --data-binary @report.sarif
```

A later report of the same tool for the same target resolves what it no longer holds. The target is the report's
`automationDetails.id` or its repository, or this source's setting `target`: give each repository a source or an id of
its own. Suppressed results are left out. A report of a run that failed resolves nothing.
"#,
    severities: &[
        ("security-severity 9.0 and above", "SEV1"),
        ("security-severity 7.0 to 8.9, or without one: error", "SEV2"),
        ("security-severity 4.0 to 6.9, or without one: warning, or no level at all", "SEV3"),
        ("security-severity 0.1 to 3.9, or without one: note", "SEV4"),
        ("none", "SEV5"),
    ],
    settings: &[("target", "what the reports are about, where they do not say it")],
    body_bytes_max: limits::LARGE_BODY_BYTES,
    reference: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html",
};

impl Source for Sarif {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        signature::token(delivery, keys, &[])
    }

    fn parse(&self, delivery: &Delivery<'_>, settings: &Settings) -> Result<Parsed, Malformed> {
        let value = read(delivery.body)?;
        let body = Node::root(&value)?;
        let version = body.need("version")?;
        if version != "2.1.0" {
            return Err(body.unexpected("version", "\"2.1.0\"", version));
        }
        let runs = body.list("runs")?;
        let count: usize = runs.iter().map(|run| run.values("results").map(<[_]>::len)).sum::<Result<_, _>>()?;
        if count > limits::ALERTS_PER_DELIVERY {
            return Err(Malformed(format!(
                "{count} results, the limit of one report is {}; send one report per tool or directory",
                limits::ALERTS_PER_DELIVERY
            )));
        }
        read_runs(&runs, settings.get("target").map(String::as_str))
    }
}

fn read_runs(runs: &[Node<'_>], setting: Option<&str>) -> Result<Parsed, Malformed> {
    let mut tools = BTreeSet::new();
    let mut targets = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut observations = Vec::new();
    let mut complete = !runs.is_empty();
    for run in runs {
        let tool = run.need("tool.driver.name")?;
        let target = match setting {
            Some(target) => target.to_owned(),
            None => target(run)?,
        };
        complete &= is_complete(run)?;
        let rules = Rules::of(run)?;
        let scanned_at = match run.list("invocations")?.first() {
            Some(invocation) => invocation.scalar("endTimeUtc")?.unwrap_or_default(),
            None => String::new(),
        };
        for result in run.list("results")? {
            let Some(mut observation) = result::observe(&result, &rules, tool, &target)? else {
                continue;
            };
            observation.label("scanned_at", &scanned_at);
            // Some tools report a place once per data flow.
            if seen.insert(observation.dedup_key.clone()) {
                observations.push(observation);
            }
        }
        tools.insert(tool);
        targets.insert(target);
    }
    let tools = Vec::from_iter(tools).join("+");
    let targets = Vec::from_iter(targets).join("+");
    let remark = observations.is_empty().then(|| match complete {
        true => "the report holds no results".to_owned(),
        false => "the report holds no results, and its run did not succeed".to_owned(),
    });
    Ok(Parsed {
        remark,
        snapshot: complete.then(|| Snapshot { scope: format!("sarif/{}", report_scope(&tools, &targets)) }),
        ..parsed(observations)
    })
}

/// Names what a run is about: `automationDetails.id` without the part that names the single run (section 3.17.3), or
/// the repository, or nothing.
fn target(run: &Node<'_>) -> Result<String, Malformed> {
    if let Some(id) = run.filled("automationDetails.id")? {
        let category = id.rsplit_once('/').map_or(id, |(category, _)| category);
        return Ok(category.to_owned());
    }
    for version in run.list("versionControlProvenance")? {
        if let Some(uri) = version.filled("repositoryUri")? {
            return Ok(uri.to_owned());
        }
    }
    Ok(String::new())
}

/// A run that failed has not looked everywhere. A run without the property `results` has not looked at all
/// (section 3.14.23).
fn is_complete(run: &Node<'_>) -> Result<bool, Malformed> {
    let mut complete = run.get("results")?.is_some();
    for invocation in run.list("invocations")? {
        complete &= invocation.flag("executionSuccessful")?.unwrap_or(true);
    }
    Ok(complete)
}
