//! The record: everything that happened, append-only, with filters.

use askama::Template;
use jiff::Timestamp;

use super::filters;
use super::lines::Line;
use super::list::{Choice, Pager};

/// The room.
#[derive(Template)]
#[template(path = "record.html", blocks = ["rows"])]
pub(crate) struct Record {
    pub(crate) now: Timestamp,
    pub(crate) views: Vec<Choice>,
    pub(crate) incident: String,
    pub(crate) actor: String,
    pub(crate) kept: Vec<(String, String)>,
    pub(crate) rows: Vec<Row>,
    pub(crate) pager: Pager,
}

/// One entry.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) line: Line,
    pub(crate) recorded_at: Timestamp,
    pub(crate) incident: Option<String>,
    pub(crate) hash: String,
}

/// Returns the beginning of a leaf's hash; the whole stands in the title.
pub(crate) fn short_hash(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
