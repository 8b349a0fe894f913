//! The head of a room of the whole organisation when it shows one incident alone.

use watchfire_core::Severity;
use watchfire_core::incident::{Incident, Phase};

use super::build::tabs;
use crate::pages::incidents::masked;
use crate::pages::list::Choice;
use crate::pages::visit::Visit;

/// Whose rows a room shows, with the way back.
#[derive(Clone, Debug)]
pub(crate) struct OfIncident {
    /// What the room shows of it: "Record".
    pub(crate) what: &'static str,
    /// One sentence on the room.
    pub(crate) hint: &'static str,
    pub(crate) href: String,
    pub(crate) short_id: String,
    pub(crate) codename: String,
    pub(crate) title: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) phase: Phase,
    pub(crate) tabs: Vec<Choice>,
    /// Its title stays off paper.
    pub(crate) masked: bool,
}

impl OfIncident {
    /// Heads the room `what`, whose tab is `tab`, with an incident.
    pub(crate) fn new(visit: &Visit, incident: &Incident, what: &'static str, hint: &'static str, tab: &str) -> Self {
        Self {
            what,
            hint,
            href: format!("/incidents/{}", incident.short_id),
            short_id: incident.short_id.clone(),
            codename: incident.codename.clone(),
            title: incident.title.clone(),
            severity: incident.severity,
            phase: incident.phase,
            tabs: tabs(visit, incident, tab),
            masked: masked(incident, visit.login()),
        }
    }
}
