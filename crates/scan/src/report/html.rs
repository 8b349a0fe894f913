//! One self-contained page.

use super::Report;
use super::junit::xml;
use super::text::{confidence, severity};
use std::io::{self, Write};

const HEAD: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Secrets found by Watchfire</title>
<style>
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
article{border:1px solid #8886;border-radius:6px;padding:.75rem 1rem;margin:1rem 0;border-left-width:6px}
.critical,.high{border-left-color:#c62828}.medium{border-left-color:#d98400}.low{border-left-color:#2a7a8c}
h2{font-size:1.05rem;margin:0}code{overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:.5rem 0}th,td{text-align:left;padding:.2rem .6rem .2rem 0;vertical-align:top;overflow-wrap:anywhere}
small{opacity:.75}
</style></head><body>
<h1>Secrets found by Watchfire</h1>
"#;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())?;
    writeln!(
        out,
        "<p>{} findings in {} documents; {} known ones left out.</p>",
        report.findings.len(),
        report.scanned.documents,
        report.ignored
    )?;
    for finding in &report.findings {
        writeln!(out, "<article class=\"{}\"><h2>{}</h2>", severity(finding.severity), xml(&finding.title))?;
        writeln!(
            out,
            "<p>{} severity, {} confidence, rule <code>{}</code>, value <code>{}</code></p>",
            severity(finding.severity),
            confidence(finding.confidence),
            xml(&finding.rule),
            xml(&finding.secret)
        )?;
        writeln!(
            out,
            "<table><thead><tr><th>Place</th><th>Commit</th><th>Date</th><th>Author</th><th>Present</th></tr></thead><tbody>"
        )?;
        for place in &finding.places {
            let cell = |value: &Option<String>| xml(value.as_deref().unwrap_or("-"));
            writeln!(
                out,
                "<tr><td>{}:{}:{}</td><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                xml(&place.path),
                place.start_line,
                place.start_column,
                cell(&place.commit),
                cell(&place.date),
                cell(&place.author),
                place.present.map_or("-", |present| if present { "yes" } else { "no" })
            )?;
        }
        writeln!(out, "</tbody></table>")?;
        if !finding.advice.is_empty() {
            writeln!(out, "<p>{}</p>", xml(&finding.advice))?;
        }
        writeln!(out, "<small>fingerprint <code>{}</code></small></article>", finding.fingerprint)?;
    }
    if !report.incomplete.is_empty() {
        writeln!(out, "<h2>Not fully scanned</h2><ul>")?;
        for one in &report.incomplete {
            writeln!(out, "<li>{}: {}</li>", xml(&one.what), xml(&one.why))?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "</body></html>")
}
