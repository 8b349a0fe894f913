//! Pages of lists.

use watchfire_core::limits;
use watchfire_store::Cursor;

use crate::Error;

/// Which page of a list is wanted.
#[derive(Clone, Debug, Default)]
pub struct PageRequest {
    /// Where the last page ended, as it was given there; `None` is the first page.
    pub cursor: Option<String>,
    /// Rows, 1 to [`limits::PAGE`]; 0 takes the default of 50.
    pub limit: usize,
}

impl PageRequest {
    /// Returns the number of rows within the bounds.
    pub(crate) fn rows(&self) -> usize {
        if self.limit == 0 { 50 } else { self.limit.min(limits::PAGE) }
    }

    /// Returns where the page begins.
    pub(crate) fn after(&self) -> Result<Option<Cursor>, Error> {
        let read = |text: &String| Cursor::parse(text).ok_or_else(|| Error::invalid("cursor", "it is not one of ours"));
        self.cursor.as_ref().map(read).transpose()
    }
}

impl<T> From<watchfire_store::Page<T>> for Page<T> {
    fn from(page: watchfire_store::Page<T>) -> Self {
        Self { items: page.items, next: page.next.map(|cursor| cursor.to_string()) }
    }
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Changes the rows, keeps the place.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}
