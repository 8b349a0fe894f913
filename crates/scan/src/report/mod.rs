//! What a scan says, in the formats that people and machines read.

mod html;
mod json;
mod junit;
mod sarif;
mod text;

use crate::finding::Finding;
use serde::Serialize;
use std::io::{self, Write};

/// The outcome of one scan.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// What was not scanned fully, and why. Never silently empty: a limit that was hit stands here.
    pub incomplete: Vec<Incomplete>,
    /// How much was looked at.
    pub scanned: Scanned,
    /// Known findings that were left out, by a baseline or an ignore.
    pub ignored: u64,
}

/// Something that was not scanned fully.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Incomplete {
    /// The path, object or repository.
    pub what: String,
    /// The reason.
    pub why: String,
}

/// How much a scan looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scanned {
    /// Files, or blobs of a history.
    pub documents: u64,
    /// Their bytes, after decompression.
    pub bytes: u64,
    /// Blobs that an earlier scan with the same rules had seen.
    pub skipped: u64,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One object.
    Json,
    /// One finding per line.
    Jsonl,
    /// SARIF 2.1.0, for code scanning services.
    Sarif,
    /// JUnit XML, for CI services.
    Junit,
    /// One page without outside resources.
    Html,
}

/// How a report is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether the text format uses terminal colours.
    pub colour: bool,
}

/// Writes `report` in the form `format`.
///
/// # Errors
/// Those of the writer.
pub fn write(report: &Report, format: Format, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(report, style, out),
        Format::Json => json::write(report, out),
        Format::Jsonl => json::write_lines(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Html => html::write(report, out),
    }
}

#[cfg(test)]
mod tests;
