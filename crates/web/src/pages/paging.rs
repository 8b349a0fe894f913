//! Pages: who was told of an incident, and what came back.

use askama::Template;
use axum::extract::Path;
use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::access::Right;
use watchfire_core::escalation::Answer as Reply;
use watchfire_engine::{Budget, Error, PageFilter, PageView};

use super::done::Done;
use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::incident::whole::OfIncident;
use super::list::{Choice, Pager};
use super::query::Query;
use super::visit::{Answer, Visit, local};

/// Days that the budget looks back over.
const BUDGET_DAYS: i64 = 28;

/// The list.
#[derive(Template)]
#[template(path = "paging.html", blocks = ["rows"])]
pub(crate) struct Pages {
    pub(crate) now: Timestamp,
    /// The incident whose pages are shown alone.
    pub(crate) of: Option<OfIncident>,
    pub(crate) rows: Vec<Row>,
    pub(crate) views: Vec<Choice>,
    pub(crate) pager: Pager,
    /// `None` for those whose role does not reach.
    pub(crate) budget: Option<Budget>,
}

/// One page in the list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) short_id: String,
    pub(crate) title: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) status: &'static str,
    pub(crate) step: String,
    pub(crate) why: String,
    pub(crate) people: String,
    pub(crate) created_at: Timestamp,
    pub(crate) due_at: Option<Timestamp>,
    /// It has told the reader and awaits their answer.
    pub(crate) mine: bool,
}

/// One page in full.
#[derive(Template)]
#[template(path = "paging_one.html", blocks = ["body"])]
pub(crate) struct One {
    pub(crate) now: Timestamp,
    pub(crate) row: Row,
    pub(crate) policy: String,
    pub(crate) stops: &'static str,
    pub(crate) begun_by: String,
    pub(crate) plan_version: String,
    pub(crate) told: Vec<Told>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) trace: Vec<Line>,
}

/// Somebody who was told.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) person: String,
    pub(crate) step: String,
    pub(crate) times: i64,
    pub(crate) told_at: Timestamp,
    pub(crate) answer: &'static str,
    pub(crate) answered_at: Option<Timestamp>,
}

/// One telling through one contact.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) at: Timestamp,
    pub(crate) person: String,
    pub(crate) channel: String,
    pub(crate) status: &'static str,
    pub(crate) reply: String,
}

/// One entry of the trace.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    pub(crate) words: String,
}

/// Answers with the list.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("Pages", Room::Pages, true, room).await
}

/// Answers with one page.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let room = one(&visit, &id).await?;
    visit.show(format!("Page of {}", room.row.short_id), Room::Pages, true, room).await
}

/// Acknowledges for the reader, and goes back to where they did it.
pub(crate) async fn acknowledge(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let page = visit.engine.acknowledge_page(&visit.who, &id).await?;
    let back = match fields.get("back") {
        "" => format!("/pages/{}", page.id),
        back => local(back).to_owned(),
    };
    Ok(Done::PageAcknowledged.at(&back))
}

pub(crate) async fn build(visit: &Visit) -> Result<Pages, Error> {
    let of = match visit.query.get("incident") {
        Some(id) => {
            let incident = visit.engine.incident(&visit.who, id).await?.incident;
            Some(OfIncident::new(visit, &incident, "Pages", "Who was told, and what came back", "pages"))
        }
        None => None,
    };
    let filter = PageFilter {
        incident: visit.query.get("incident").map(str::to_owned),
        mine: visit.query.get("mine").is_some(),
        open: visit.query.get("open").is_some(),
    };
    let found = visit.engine.pages(&visit.who, filter, visit.page()).await?;
    let whose = Query::default().with("incident", visit.query.get("incident"));
    let views = [("All", ""), ("Waiting for an answer", "open"), ("To me", "mine")];
    let present = visit.query.with("cursor", None);
    let views = views.map(|(label, name)| {
        let query = whose.with(name, Some("1").filter(|_| !name.is_empty()));
        Choice::view(label, "/pages", &query, &present)
    });
    let budget = match visit.may(Right::Act) {
        true => Some(visit.engine.page_budget(&visit.who, BUDGET_DAYS).await?),
        false => None,
    };
    let pager = Pager::new("/pages", &visit.query, found.items.len(), found.next.as_deref());
    let rows = found.items.iter().map(|page| row(page, visit.login())).collect();
    Ok(Pages { now: visit.now, of, rows, views: views.to_vec(), pager, budget })
}

pub(crate) async fn one(visit: &Visit, id: &str) -> Result<One, Error> {
    let page = visit.engine.page(&visit.who, id).await?;
    let told = page.state.recipients.iter().map(|told| Told {
        person: told.person.clone(),
        step: told.place.to_string(),
        times: i64::from(told.times),
        told_at: told.told_at,
        answer: told.answer.as_str(),
        answered_at: told.answered_at,
    });
    let attempts = page.attempts.iter().map(|attempt| Attempt {
        at: attempt.created_at,
        person: attempt.person.clone(),
        channel: attempt.channel.clone(),
        status: attempt.status.as_str(),
        reply: attempt.reply.clone(),
    });
    let trace = page.trace.iter().map(|entry| {
        let said = |name: &str| {
            let said = entry.public.get(name).and_then(|value| value.as_str()).unwrap_or_default();
            if name == "person" { super::names::person(said) } else { said.to_owned() }
        };
        let words = ["person", "step", "why", "through", "channel"].map(said);
        let words = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ");
        Line { at: entry.recorded_at, kind: entry.kind.clone(), words }
    });
    Ok(One {
        now: visit.now,
        policy: page.policy.name.clone(),
        stops: page.policy.stops.as_str(),
        begun_by: page.begun_by.clone(),
        plan_version: page.plan_version.clone(),
        told: told.collect(),
        attempts: attempts.collect(),
        trace: trace.collect(),
        row: row(&page, visit.login()),
    })
}

/// Shows a page as a row for a reader.
pub(crate) fn row(page: &PageView, reader: &str) -> Row {
    let people: Vec<String> = page.state.recipients.iter().map(|told| super::names::person(&told.person)).collect();
    let told = page.state.recipient(reader);
    Row {
        id: page.id.to_string(),
        short_id: page.incident.short_id.clone(),
        title: page.incident.title.clone(),
        severity: page.incident.severity,
        status: page.state.status.as_str(),
        step: page.state.place.to_string(),
        why: page.reason.clone(),
        people: people.join(", "),
        created_at: page.created_at,
        due_at: page.state.due_at,
        mine: page.state.status.is_open() && told.is_some_and(|told| told.answer != Reply::Acknowledged),
    }
}

impl Pages {
    /// Renders the living parts.
    ///
    /// # Errors
    /// The template does not render: a fault of ours.
    pub(crate) fn parts(&self) -> Result<Vec<String>, askama::Error> {
        Ok(vec![self.as_rows().render()?])
    }
}

impl One {
    /// Renders the living parts.
    ///
    /// # Errors
    /// The template does not render: a fault of ours.
    pub(crate) fn parts(&self) -> Result<Vec<String>, askama::Error> {
        Ok(vec![self.as_body().render()?])
    }
}
