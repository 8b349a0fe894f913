//! Live streams: the parts of a page that changed, as the page itself would show them.

mod parts;
mod stream;

pub(crate) use stream::stream;
