//! What the generic scanner says.

use std::sync::Arc;

use super::FileKind;
use crate::finding::{Confidence, Severity};

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

impl Reason {
    pub(super) fn new(text: &str, weight: f32) -> Self {
        Self { text: text.to_owned(), weight }
    }
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
    pub reasons: Arc<[Reason]>,
}
