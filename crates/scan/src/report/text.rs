//! Text for people.

use super::{Report, Style};
use crate::finding::{Confidence, Finding, Place, Severity};
use crate::live::Validity;
use std::io::{self, Write};

/// More places of one finding are counted, not listed.
const PLACES_SHOWN: usize = 8;

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        write_finding(finding, style, out)?;
    }
    for one in &report.incomplete {
        writeln!(out, "{} {}: {}", paint(style, "33", "not fully scanned:"), one.what, one.why)?;
    }
    let places: usize = report.findings.iter().map(|finding| finding.places.len()).sum();
    let ignored = if report.ignored > 0 { format!(", {} ignored", report.ignored) } else { String::new() };
    writeln!(
        out,
        "{} in {} ({} documents, {} MiB{ignored})",
        count(report.findings.len(), "secret"),
        count(places, "place"),
        report.scanned.documents,
        report.scanned.bytes.div_ceil(1024 * 1024),
    )
}

fn write_finding(finding: &Finding, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let colour = match finding.severity {
        Severity::Critical | Severity::High => "31",
        Severity::Medium => "33",
        Severity::Low => "36",
    };
    writeln!(
        out,
        "{} {} [{}, {}] {}",
        paint(style, colour, severity(finding.severity)),
        paint(style, "1", &finding.title),
        finding.rule,
        confidence(finding.confidence),
        finding.secret.lines().next().unwrap_or_default(),
    )?;
    match finding.validity {
        Some(Validity::Valid) => writeln!(out, "    {}", paint(style, "31", "its service accepts it"))?,
        Some(Validity::Invalid) => writeln!(out, "    its service refuses it")?,
        Some(Validity::Unknown) => writeln!(out, "    its service did not tell whether it works")?,
        None => {}
    }
    for place in finding.places.iter().take(PLACES_SHOWN) {
        writeln!(out, "    {}", place_line(place))?;
    }
    if finding.places.len() > PLACES_SHOWN {
        writeln!(out, "    and {} more", count(finding.places.len() - PLACES_SHOWN, "place"))?;
    }
    for reason in &finding.reasons {
        writeln!(out, "    because {reason}")?;
    }
    if !finding.advice.is_empty() {
        writeln!(out, "    {}", finding.advice.trim().replace('\n', "\n    "))?;
    }
    writeln!(out, "    {}\n", paint(style, "2", &format!("fingerprint {}", finding.fingerprint)))
}

fn place_line(place: &Place) -> String {
    let mut line = format!("{}:{}:{}", place.path, place.start_line, place.start_column);
    if let Some(commit) = &place.commit {
        let short = commit.get(..12).unwrap_or(commit);
        line.push_str(&format!("  {short}"));
        for part in [&place.date, &place.author].into_iter().flatten() {
            line.push_str(&format!("  {}", crate::redact::escape_path(part.as_bytes())));
        }
        line.push_str(match (place.present, place.reachable) {
            (Some(true), _) => "  (still present)",
            (_, Some(false)) => "  (unreachable)",
            _ => "  (in history)",
        });
    }
    if !place.encodings.is_empty() {
        line.push_str(&format!("  (inside {})", place.encodings.join(", ")));
    }
    line
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "critical",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
    }
}

pub(super) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "certain",
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn paint(style: Style, code: &str, text: &str) -> String {
    if style.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}
