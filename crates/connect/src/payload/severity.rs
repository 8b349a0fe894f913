//! Vendors' severities by the tables that their sources publish.

use watchfire_core::Severity;

/// Returns the severity that a source's published table gives a word; the case of letters does not matter.
///
/// Words that the table lacks are unknown, not low.
pub(crate) fn by_word(table: &[(&str, &str)], word: &str) -> Option<Severity> {
    let word = word.trim();
    table.iter().find(|(theirs, _)| theirs.eq_ignore_ascii_case(word)).and_then(|(_, ours)| ours.parse().ok())
}

/// Returns the severity of the first threshold that a number reaches; thresholds run downwards.
pub(crate) fn by_threshold(number: f64, thresholds: &[(f64, Severity)]) -> Option<Severity> {
    thresholds.iter().find(|(least, _)| number >= *least).map(|(_, severity)| *severity)
}
