//! One incident: the commander's desk.

pub(crate) mod view;
