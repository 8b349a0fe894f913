//! What the reader owes, over all incidents: answers to pages, roles, offers, updates, tasks.

use askama::Template;
use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::incident::{Incident, TaskState};
use watchfire_engine::Error;

use super::filters;
use super::frame::Room;
use super::paging::{Row as PageRow, row};
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "work.html", blocks = ["rows"])]
pub(crate) struct WorkPage {
    pub(crate) now: Timestamp,
    /// Pages that await the reader's answer, the newest first.
    pub(crate) pages: Vec<PageRow>,
    pub(crate) updates: Vec<Owed>,
    pub(crate) offers: Vec<Owed>,
    pub(crate) roles: Vec<Owed>,
    pub(crate) tasks: Vec<Owed>,
}

/// One thing owed.
#[derive(Clone, Debug)]
pub(crate) struct Owed {
    pub(crate) short_id: String,
    pub(crate) title: String,
    pub(crate) severity: Option<Severity>,
    /// The role's word, or the task's number.
    pub(crate) word: String,
    /// What it is, in words.
    pub(crate) what: String,
    /// Who offers it.
    pub(crate) from: String,
    pub(crate) state: Option<TaskState>,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) since: Timestamp,
}

impl Owed {
    fn of(incident: &Incident, word: &str, what: &str, since: Timestamp) -> Self {
        Self {
            short_id: incident.short_id.clone(),
            title: incident.title.clone(),
            severity: incident.severity,
            word: word.to_owned(),
            what: what.to_owned(),
            from: String::new(),
            state: None,
            due_at: None,
            since,
        }
    }

    /// Tells whether its time has passed.
    fn overdue(&self, now: &Timestamp) -> bool {
        self.due_at.is_some_and(|due| due < *now)
    }
}

/// Answers with what the reader owes.
pub(crate) async fn show(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("My work", Room::Work, true, room).await
}

/// Gathers what the reader owes.
///
/// # Errors
/// The store does not answer.
pub(crate) async fn build(visit: &Visit) -> Result<WorkPage, Error> {
    let pages = visit.engine.my_open_pages(&visit.who).await?;
    let work = visit.engine.work(&visit.who).await?;
    let (mut updates, mut offers, mut roles) = (Vec::new(), Vec::new(), Vec::new());
    for held in work.roles {
        let what = filters::role(held.role.as_str());
        let mut owed = Owed::of(&held.incident, held.role.as_str(), &what, held.since);
        if let Some(from) = held.offered_by {
            owed.from = from;
            offers.push(owed);
            continue;
        }
        if let Some(due) = held.update_due {
            let mut update = owed.clone();
            update.due_at = Some(due.due_at);
            updates.push(update);
        }
        roles.push(owed);
    }
    updates.sort_by_key(|owed| owed.due_at);
    let task = |(task, incident): (watchfire_core::incident::Task, Incident)| {
        let mut owed = Owed::of(&incident, &task.number.to_string(), &task.title, task.created_at);
        owed.state = Some(task.state);
        owed.due_at = task.due_at;
        owed
    };
    Ok(WorkPage {
        now: visit.now,
        pages: pages.iter().map(|page| row(page, visit.login())).collect(),
        updates,
        offers,
        roles,
        tasks: work.tasks.into_iter().map(task).collect(),
    })
}

impl WorkPage {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_rows().render()?])
    }

    fn is_empty(&self) -> bool {
        self.pages.is_empty() && self.offers.is_empty() && self.roles.is_empty() && self.tasks.is_empty()
    }
}
