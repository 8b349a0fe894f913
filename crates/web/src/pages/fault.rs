//! What stands in place of a page that cannot be shown.

use askama::Template;

/// The room; "not yours" and "not there" are the same page.
#[derive(Template)]
#[template(path = "fault.html")]
pub(crate) struct Fault {
    pub(crate) title: String,
    pub(crate) text: String,
    /// The id under which the log holds the cause; empty if there is none.
    pub(crate) id: String,
    /// Where to go from here, and what that is called.
    pub(crate) way: Option<(&'static str, &'static str)>,
}
