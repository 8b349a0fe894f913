//! The form by which a person declares an incident.

use askama::Template;
use watchfire_core::Severity;
use watchfire_core::incident::Class;

use super::filters;

/// The room.
#[derive(Template)]
#[template(path = "declare.html")]
pub(crate) struct Declare {
    pub(crate) classes: [Class; 12],
    pub(crate) severities: [Severity; 5],
    pub(crate) values: Values,
    pub(crate) failed: String,
}

/// What was typed, kept when it was refused.
#[derive(Clone, Default, Debug)]
pub(crate) struct Values {
    pub(crate) title: String,
    pub(crate) class: String,
    pub(crate) severity: String,
    pub(crate) team: String,
    pub(crate) visibility: String,
    pub(crate) kind: String,
    pub(crate) occurred: String,
    pub(crate) text: String,
}

/// What each severity asks for, beside its choice.
pub(crate) fn behaviour(severity: &Severity) -> &'static str {
    match severity {
        Severity::Sev1 => "Clients, data or the whole service are hit. Everyone is called.",
        Severity::Sev2 => "A part is hit badly, or soon will be. A commander leads at once.",
        Severity::Sev3 => "Limited harm. The team works on it now.",
        Severity::Sev4 => "Little harm. Within working hours.",
        Severity::Sev5 => "Worth writing down.",
    }
}
