//! The briefing for somebody who joins: read in a minute, printed as a page.

use askama::Template;
use axum::extract::Path;
use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::incident::{Phase, StatusUpdate, Task};
use watchfire_engine::{Entry, Error};

use super::build::{entry_line, is_masked, links, named, rooms, tabs};
use super::view::RoomLine;
use crate::pages::filters;
use crate::pages::frame::Room;
use crate::pages::lines::Line;
use crate::pages::list::Choice;
use crate::pages::visit::{Answer, Visit};

/// The room; everything in it is the part that live updates replace.
#[derive(Template)]
#[template(path = "briefing.html", blocks = ["rows"])]
pub(crate) struct Briefing {
    pub(crate) short_id: String,
    pub(crate) codename: String,
    pub(crate) title: String,
    /// Title and text stay off paper.
    pub(crate) masked: bool,
    pub(crate) tabs: Vec<Choice>,
    pub(crate) now: Timestamp,
    pub(crate) severity: Option<Severity>,
    pub(crate) phase: Phase,
    pub(crate) detected_at: Timestamp,
    pub(crate) summary: String,
    /// Role, holder.
    pub(crate) roles: Vec<(String, String)>,
    pub(crate) last_update: Option<StatusUpdate>,
    pub(crate) update_due: Option<Timestamp>,
    pub(crate) links: Vec<(String, &'static str, String)>,
    /// Rooms and calls that channels made.
    pub(crate) rooms: Vec<RoomLine>,
    pub(crate) decisions: Vec<Line>,
    pub(crate) notes: Vec<Line>,
    pub(crate) tasks: Vec<Task>,
}

/// Answers with the briefing.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let room = build(&visit, &id).await?;
    visit.show(format!("Briefing {}", room.short_id), Room::Incident, true, room).await
}

/// Gathers the briefing.
///
/// # Errors
/// Not found for this reader, or the store does not answer.
pub(crate) async fn build(visit: &Visit, id: &str) -> Result<Briefing, Error> {
    let briefing = visit.engine.briefing(&visit.who, id).await?;
    let rooms = rooms(visit, id).await?;
    let masked = is_masked(&visit.engine.access_list(&visit.who, id).await?, visit.login());
    let names = named(visit, &briefing.decisions).await?;
    let line = |entry: &Entry| entry_line(entry, &names);
    let incident = briefing.incident;
    let role = |held: &watchfire_core::incident::Assignment| (filters::role(held.role.as_str()), held.holder.clone());
    Ok(Briefing {
        tabs: tabs(visit, &incident, "briefing"),
        now: visit.now,
        severity: incident.severity,
        phase: incident.phase,
        detected_at: incident.detected_at,
        roles: incident.roles.iter().map(role).collect(),
        last_update: briefing.last_update,
        update_due: briefing.update_due.map(|due| due.due_at),
        links: links(&briefing.links),
        rooms,
        masked,
        decisions: briefing.decisions.iter().map(line).collect(),
        notes: briefing.notes.iter().map(line).collect(),
        tasks: briefing.tasks,
        short_id: incident.short_id,
        codename: incident.codename,
        title: incident.title,
        summary: incident.summary,
    })
}

impl Briefing {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_rows().render()?])
    }
}
