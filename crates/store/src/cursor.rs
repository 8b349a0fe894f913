//! Pages of lists.

use std::fmt;

/// Where the next page begins: opaque to everybody but the list that made it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor {
    pub(crate) at: i64,
    pub(crate) id: String,
}

impl Cursor {
    /// Reads a cursor back; `None` for anything that is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        let plain = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
        (id.len() <= 40 && id.bytes().all(plain)).then_some(())?;
        Some(Self { at: at.parse().ok()?, id: id.to_owned() })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.id)
    }
}

/// One page of a list.
#[derive(Clone, PartialEq, Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end. A page that looks for text may hold fewer rows than asked
    /// for, even none, and still have a next one.
    pub next: Option<Cursor>,
}

/// Bounds a page: at least one row, at most [`watchfire_core::limits::PAGE`].
pub(crate) fn bounded(limit: usize) -> usize {
    limit.clamp(1, watchfire_core::limits::PAGE)
}
