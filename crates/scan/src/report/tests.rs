use super::*;
use crate::finding::{Confidence, Place, Severity};

fn sample() -> Report {
    let place = Place {
        path: r"src/a b\x1b<&>.env".into(),
        start_line: 3,
        start_column: 7,
        end_line: 3,
        end_column: 47,
        commit: Some("0123456789abcdef0123456789abcdef01234567".into()),
        author: Some("Robin <script>".into()),
        email: Some("robin@example.com".into()),
        date: Some("2026-01-02T03:04:05+00:00".into()),
        present: Some(true),
        ..Place::default()
    };
    Report {
        findings: vec![Finding {
            rule: "github-pat".into(),
            service: "github".into(),
            title: "GitHub \"token\"".into(),
            confidence: Confidence::Certain,
            severity: Severity::Critical,
            fingerprint: "ab".repeat(32),
            secret: "ghp_******".into(),
            advice: "Revoke it.".into(),
            reasons: Vec::new(),
            validity: None,
            places: vec![place],
        }],
        incomplete: vec![Incomplete { what: "big.bin".into(), why: "larger than the limit for one file".into() }],
        scanned: Scanned { documents: 2, bytes: 5000, skipped: 0 },
        ignored: 1,
    }
}

fn written(format: Format) -> String {
    let mut out = Vec::new();
    write(&sample(), format, Style::default(), &mut out).expect("memory writes");
    String::from_utf8(out).expect("reports are UTF-8")
}

#[test]
fn a_line_of_jsonl_has_the_fields_of_the_contract() {
    let line: serde_json::Value = serde_json::from_str(&written(Format::Jsonl)).expect("one line of JSON");
    for field in ["rule", "service", "confidence", "severity", "fingerprint", "secret", "places"] {
        assert!(line.get(field).is_some(), "{field}");
    }
    assert_eq!(line["confidence"], "certain");
    for field in ["path", "start_line", "start_column", "end_line", "end_column", "commit", "author", "email", "date", "present"]
    {
        assert!(line["places"][0].get(field).is_some(), "{field}");
    }
}

#[test]
fn every_format_says_what_was_not_fully_scanned() {
    for format in [Format::Text, Format::Json, Format::Sarif, Format::Junit, Format::Html] {
        assert!(written(format).contains("larger than the limit"), "{format:?}");
    }
}

#[test]
fn markup_in_paths_and_names_is_escaped() {
    for format in [Format::Junit, Format::Html] {
        let page = written(format);
        assert!(!page.contains("<script>") && !page.contains("b\\x1b<&>"), "{format:?}");
    }
    assert!(written(Format::Sarif).contains("src/a%20b%5Cx1b%3C%26%3E.env"));
}

#[test]
fn an_empty_report_is_still_a_whole_document() {
    let mut out = Vec::new();
    write(&Report::default(), Format::Junit, Style::default(), &mut out).expect("memory writes");
    assert!(String::from_utf8_lossy(&out).contains("no secrets"));
}

/// The schema of the standard; `samples/sarif/NOTICE.md` tells where it is from.
const SARIF_SCHEMA: &str = include_str!("../../samples/sarif/sarif-schema-2.1.0.json");

fn breaches(log: &serde_json::Value) -> Vec<String> {
    let schema: serde_json::Value = serde_json::from_str(SARIF_SCHEMA).expect("the schema is JSON");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("the schema is valid");
    validator.iter_errors(log).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn sarif_reports_follow_the_schema_of_the_standard() {
    let mut out = Vec::new();
    write(&Report::default(), Format::Sarif, Style::default(), &mut out).expect("memory writes");
    let mut hostile = sample();
    for finding in &mut hostile.findings {
        finding.advice.clear();
        finding.secret = String::new();
        finding.places.push(Place {
            path: "blob 0123 \\xff ü/%41".into(),
            start_line: 1,
            start_column: 1,
            end_line: 1,
            end_column: 1,
            ..Place::default()
        });
    }
    let mut more = Vec::new();
    write(&hostile, Format::Sarif, Style::default(), &mut more).expect("memory writes");
    for text in [written(Format::Sarif).into_bytes(), out, more] {
        let log: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(breaches(&log), Vec::<String>::new());
    }
}

#[test]
fn the_schema_refuses_a_report_that_does_not_follow_it() {
    let mut log: serde_json::Value = serde_json::from_str(&written(Format::Sarif)).expect("JSON");
    log["runs"][0]["results"][0]["level"] = "fatal".into();
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0.into();
    assert_eq!(breaches(&log).len(), 2);
}
