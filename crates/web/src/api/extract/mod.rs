//! What handlers take out of a request; each refuses with a problem that names what was wrong.

mod body;
mod caller;
mod path;
mod query;

pub(crate) use body::Body;
pub(crate) use caller::Caller;
pub(crate) use path::{Name, Number, Uuid};
pub(crate) use query::{Query, list, page};
