//! One incident: the commander's desk.

pub(crate) mod acts;
pub(crate) mod build;
pub(crate) mod say;
pub(crate) mod view;
