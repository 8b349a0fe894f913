//! One incident: the commander's desk.

pub(crate) mod access;
pub(crate) mod acts;
pub(crate) mod briefing;
pub(crate) mod build;
pub(crate) mod document;
pub(crate) mod people;
pub(crate) mod say;
pub(crate) mod triage;
pub(crate) mod update;
pub(crate) mod view;
pub(crate) mod whole;
