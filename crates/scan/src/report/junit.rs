//! JUnit XML: a test case per finding, each of them failed.

use super::Report;
use super::text::{confidence, severity};
use std::io::{self, Write};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let (failures, errors) = (report.findings.len(), report.incomplete.len());
    let tests = (failures + errors).max(1);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">")?;
    writeln!(out, "<testsuite name=\"watchfire scan\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">")?;
    if failures + errors == 0 {
        writeln!(out, "<testcase classname=\"watchfire.scan\" name=\"no secrets\"/>")?;
    }
    for finding in &report.findings {
        let first = finding.places.first();
        let at = first.map_or_else(String::new, |place| format!("{}:{}", place.path, place.start_line));
        writeln!(
            out,
            "<testcase classname=\"watchfire.scan.{}\" name=\"{}\"><failure type=\"{}\" message=\"{} ({}, {})\">",
            xml(&finding.rule),
            xml(&at),
            xml(&finding.rule),
            xml(&finding.title),
            severity(finding.severity),
            confidence(finding.confidence),
        )?;
        for place in &finding.places {
            writeln!(out, "{}", xml(&format!("{}:{}:{}", place.path, place.start_line, place.start_column)))?;
        }
        writeln!(out, "fingerprint {}</failure></testcase>", finding.fingerprint)?;
    }
    for one in &report.incomplete {
        writeln!(
            out,
            "<testcase classname=\"watchfire.scan\" name=\"{}\"><error type=\"not-fully-scanned\" message=\"{}\"/></testcase>",
            xml(&one.what),
            xml(&one.why),
        )?;
    }
    writeln!(out, "</testsuite>\n</testsuites>")
}

/// Escapes text for XML 1.0 and HTML, and drops the control characters that XML cannot hold.
pub(super) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(character),
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}
