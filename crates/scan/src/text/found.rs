//! A value that a unit found, before it is given a place.

use crate::finding::{Confidence, Severity};
use crate::generic::Reason;
use std::sync::Arc;

/// Who found a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// The rule with this index.
    Rule(u32),
    /// The generic scanner, with its rule id and service.
    Generic(&'static str, &'static str),
}

/// What is known of a value, whatever its position.
#[derive(Debug, PartialEq)]
pub(crate) struct Body {
    pub(crate) origin: Origin,
    pub(crate) value: Box<[u8]>,
    pub(crate) confidence: Confidence,
    pub(crate) severity: Severity,
    /// Outermost first; empty for plain text.
    pub(crate) encodings: Vec<&'static str>,
    pub(crate) reasons: Arc<[Reason]>,
    /// For a generic value of a file whose name was not known: the window that was scanned and where the value starts in
    /// it, so that the judgement can be repeated once the name is known.
    pub(crate) window: Option<(Arc<[u8]>, u32)>,
}

/// A value at a position of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) body: Arc<Body>,
}
