//! SARIF 2.1.0 (OASIS, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/>).

use super::Report;
use super::text::confidence;
use crate::finding::{Finding, Place, Severity};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: BTreeMap<&str, &Finding> = BTreeMap::new();
    for finding in &report.findings {
        rules.entry(&finding.rule).or_insert(finding);
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .flat_map(|finding| finding.places.iter().map(move |place| (finding, place)))
        .map(|(finding, place)| result(finding, place, index.get(finding.rule.as_str()).copied().unwrap_or(0)))
        .collect();
    let notices: Vec<Value> = report
        .incomplete
        .iter()
        .map(|one| json!({ "level": "warning", "message": { "text": format!("not fully scanned: {}: {}", one.what, one.why) } }))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Watchfire",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|finding| rule(finding)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notices }],
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn rule(finding: &Finding) -> Value {
    json!({
        "id": finding.rule,
        "name": finding.rule,
        "shortDescription": { "text": finding.title },
        "help": { "text": if finding.advice.is_empty() { &finding.title } else { &finding.advice } },
        "properties": { "tags": ["security", "secret", finding.service], "security-severity": score(finding.severity) },
    })
}

fn result(finding: &Finding, place: &Place, rule_index: usize) -> Value {
    let mut properties = json!({ "confidence": confidence(finding.confidence), "secret": finding.secret });
    for (name, value) in [("commit", &place.commit), ("author", &place.author), ("email", &place.email), ("date", &place.date)] {
        if let (Some(value), Some(object)) = (value, properties.as_object_mut()) {
            object.insert(name.to_owned(), json!(value));
        }
    }
    json!({
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": level(finding.severity),
        "message": { "text": format!("{} found ({}).", finding.title, finding.secret.lines().next().unwrap_or_default()) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&place.path) },
            "region": {
                "startLine": place.start_line,
                "startColumn": place.start_column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
            },
        } }],
        "partialFingerprints": { "watchfire/v1": finding.fingerprint },
        "properties": properties,
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// The scale that code scanning services sort by.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.0",
        Severity::Low => "2.0",
    }
}

/// Writes a path as a relative reference (RFC 3986): everything but unreserved characters and slashes is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
