//! Tokens: credentials of people and services.

use askama::Template;
use jiff::Timestamp;

use super::filters;

/// The room.
#[derive(Template)]
#[template(path = "tokens.html")]
pub(crate) struct Tokens {
    pub(crate) now: Timestamp,
    pub(crate) rows: Vec<Row>,
    /// The secret of a token just made, shown this once.
    pub(crate) fresh: Option<(String, String)>,
    pub(crate) roles: Vec<&'static str>,
    pub(crate) name: String,
    pub(crate) failed: String,
}

/// One token.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) role: String,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) revoked: bool,
}
