//! Generic secrets: assignments and credential files whose values no provider's format describes.

use crate::finding::{Confidence, Severity};

/// Literals of which one must occur in a window, whatever its case, before [`scan`] runs on that window.
pub const GATE: &[&str] = &["pass", "secret", "token", "://"];

/// The widest context in bytes that [`scan`] needs around a gate literal.
pub const WINDOW_BYTES: usize = 2048;

/// What kind of file a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// Nothing is known about the file; the scanner is permissive.
    Unknown,
}

impl FileKind {
    /// Returns the kind of the file at `path`, judged by its name alone.
    pub fn of_path(_path: &[u8]) -> Self {
        Self::Unknown
    }
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug)]
pub struct FileContext<'a> {
    /// The path; empty when unknown.
    pub path: &'a [u8],
    /// The kind that follows from the path.
    pub kind: FileKind,
}

/// One fact that spoke for or against a candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The fact, for people.
    pub text: String,
    /// What it added to the score; negative when it spoke against.
    pub weight: f32,
}

/// A value that may be a secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The id of the generic rule.
    pub rule_id: &'static str,
    /// The service, `generic` when unknown.
    pub service: &'static str,
    /// The first byte of the value in the text.
    pub start: usize,
    /// The byte after the value.
    pub end: usize,
    /// How sure the scanner is.
    pub confidence: Confidence,
    /// The harm that the value allows.
    pub severity: Severity,
    /// Why, in order of weight.
    pub reasons: Vec<Reason>,
}

/// Appends the candidates of `text` to `out`, ordered by position.
pub fn scan(_text: &[u8], _file: &FileContext<'_>, _out: &mut Vec<Candidate>) {}
