//! The form of a status update, beside the entries that its timeline may be filled from; and all that was said so far.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use jiff::Timestamp;
use watchfire_core::access::Right;
use watchfire_core::incident::{StatusUpdate, UpdateText, UsersImpacted, hints};
use watchfire_engine::{Entry, Error, NewUpdate, TimelineRequest};

use super::build::{entry_line, is_masked, named, tabs};
use super::say::page_of;
use crate::pages::done::Done;
use crate::pages::failed::refusal;
use crate::pages::filters;
use crate::pages::form::Fields;
use crate::pages::frame::Room;
use crate::pages::list::Choice;
use crate::pages::visit::{Answer, Visit};
use crate::pages::words;

/// Entries that the timeline may be filled from.
const ENTRIES: usize = 60;

/// The form. The block is the part that live updates replace: what changed since the form was opened.
#[derive(Template)]
#[template(path = "update.html", blocks = ["changed"])]
pub(crate) struct UpdateForm {
    pub(crate) short_id: String,
    pub(crate) codename: String,
    pub(crate) tabs: Vec<Choice>,
    pub(crate) values: Values,
    /// The entries that are offered, the oldest first.
    pub(crate) entries: Vec<Offered>,
    /// Advice from the last look: the title of the field and what would help.
    pub(crate) hints: Vec<(&'static str, String)>,
    /// The field that is wrong and what to write instead.
    pub(crate) failed: Option<(String, String)>,
    /// The newest entry when the form was opened.
    pub(crate) seen: i64,
    /// Entries since then.
    pub(crate) newer: usize,
    /// The number of the update that is put right.
    pub(crate) revises: Option<i64>,
}

/// What was typed, kept when it was refused.
#[derive(Clone, Default, Debug)]
pub(crate) struct Values {
    pub(crate) risk: String,
    pub(crate) users: String,
    pub(crate) timeline: String,
    pub(crate) mitigation: String,
    pub(crate) status: String,
    pub(crate) next_steps: String,
    pub(crate) next_due: String,
}

/// One entry that may be chosen.
#[derive(Clone, Debug)]
pub(crate) struct Offered {
    pub(crate) seq: i64,
    pub(crate) at: Timestamp,
    pub(crate) text: String,
    pub(crate) chosen: bool,
    /// It was written by a machine or is about one: not chosen unless somebody does.
    pub(crate) technical: bool,
}

/// All that was said so far.
#[derive(Template)]
#[template(path = "updates.html", blocks = ["rows"])]
pub(crate) struct Updates {
    pub(crate) short_id: String,
    pub(crate) codename: String,
    pub(crate) tabs: Vec<Choice>,
    pub(crate) may_act: bool,
    pub(crate) rows: Vec<StatusUpdate>,
    /// The texts stay off paper.
    pub(crate) masked: bool,
}

/// Kinds that tell the story to those outside of the room.
const STORY: [&str; 5] =
    ["incident.phase_changed", "incident.severity_changed", "incident.reopened", "incident.noted", "incident.role_assigned"];

/// Answers with the empty form, the timeline filled from the decisions.
pub(crate) async fn form(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.who.may(Right::Act).map_err(Error::from)?;
    let mut room = build(&visit, &id).await?;
    if let Some(revises) = visit.query.get("revises").and_then(|number| number.parse::<i64>().ok()) {
        let known = visit.engine.updates(&visit.who, &id).await?.into_iter().find(|update| update.number == revises);
        let known = known.ok_or(Error::NotFound("status update"))?;
        room.values = Values::of_update(&known);
        room.revises = Some(revises);
    } else {
        room.values.timeline = filled(&room.entries);
        room.values.users = String::new();
    }
    show(&visit, StatusCode::OK, room).await
}

/// Writes the update, fills the timeline from the chosen entries, or gives advice: whichever button was pressed.
pub(crate) async fn write(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let values = Values::of(&fields);
    let revises = fields.get("revises").parse::<i64>().ok();
    let outcome = match fields.get("do") {
        "fill" | "look" => None,
        _ => Some(match wish(&values, revises, visit.now) {
            Ok(wish) => visit.engine.write_update(&visit.who, &id, wish).await,
            Err(error) => Err(error),
        }),
    };
    let failed = match outcome {
        Some(Ok(_)) => {
            return Ok(Done::Update.at(&page_of(&id)));
        }
        Some(Err(error)) => Some(error),
        None => None,
    };
    let mut room = build(&visit, &id).await?;
    room.revises = revises;
    let chosen: Vec<i64> = fields.under("entry-").filter_map(|(seq, _)| seq.parse().ok()).collect();
    for entry in &mut room.entries {
        entry.chosen = chosen.contains(&entry.seq);
    }
    room.values = values;
    if fields.get("do") == "fill" {
        room.values.timeline = filled(&room.entries);
    }
    room.hints = advice(&room.values);
    let Some(error) = failed else { return show(&visit, StatusCode::OK, room).await };
    let field = if let Error::Invalid { field, .. } = &error { field.clone() } else { String::new() };
    let (status, message) = refusal(error)?;
    room.failed = Some((field, message.trim_end_matches('.').to_owned()));
    show(&visit, status, room).await
}

/// Answers with all that was said so far.
pub(crate) async fn list(visit: Visit, Path(id): Path<String>) -> Answer {
    let room = all(&visit, &id).await?;
    visit.show(format!("Updates {}", room.short_id), Room::Incident, true, room).await
}

/// Gathers all that was said so far.
///
/// # Errors
/// Not found for this reader, or the store does not answer.
pub(crate) async fn all(visit: &Visit, id: &str) -> Result<Updates, Error> {
    let detail = visit.engine.incident(&visit.who, id).await?;
    Ok(Updates {
        short_id: detail.incident.short_id.clone(),
        codename: detail.incident.codename.clone(),
        tabs: tabs(visit, &detail.incident, "updates"),
        may_act: visit.may(Right::Act),
        rows: visit.engine.updates(&visit.who, id).await?,
        masked: is_masked(&visit.engine.access_list(&visit.who, id).await?, visit.login()),
    })
}

/// Gathers the form.
///
/// # Errors
/// Not found for this reader, or the store does not answer.
pub(crate) async fn build(visit: &Visit, id: &str) -> Result<UpdateForm, Error> {
    let detail = visit.engine.incident(&visit.who, id).await?;
    let request = TimelineRequest { limit: ENTRIES, ..TimelineRequest::default() };
    let entries = visit.engine.timeline(&visit.who, id, request).await?;
    let newest = entries.last().map_or(0, |entry| entry.seq);
    let seen = visit.query.get("seen").and_then(|seq| seq.parse().ok()).unwrap_or(newest);
    let mut names = named(visit, &entries).await?;
    names.extend(detail.alerts.iter().map(|alert| (alert.id.to_string(), alert.title.clone())));
    let offered = |entry: &Entry| {
        let line = entry_line(entry, &names);
        let technical = entry.actor.is_automatic() || !STORY.contains(&entry.kind.as_str());
        let says = if line.text.is_empty() { line.says } else { line.text };
        let text = if line.who.is_empty() { says } else { format!("{} {says}", line.who) };
        let decided = !technical && entry.kind != "incident.noted" && entry.kind != "incident.role_assigned";
        Offered { seq: entry.seq, at: entry.occurred_at, text, chosen: decided, technical }
    };
    Ok(UpdateForm {
        short_id: detail.incident.short_id.clone(),
        codename: detail.incident.codename.clone(),
        tabs: tabs(visit, &detail.incident, "updates"),
        values: Values::default(),
        newer: entries.iter().filter(|entry| entry.seq > seen).count(),
        entries: entries.iter().filter(|entry| entry.kind != "incident.update_written").map(offered).collect(),
        hints: Vec::new(),
        failed: None,
        seen,
        revises: None,
    })
}

impl UpdateForm {
    /// Returns the parts that live updates replace: what is typed stays.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_changed().render()?])
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.failed.as_ref().is_some_and(|(wrong, _)| wrong == field)
    }
}

impl Updates {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_rows().render()?])
    }
}

impl Values {
    fn of(fields: &Fields) -> Self {
        let get = |name: &str| fields.get(name).to_owned();
        Self {
            risk: get("risk"),
            users: get("users"),
            timeline: get("timeline"),
            mitigation: get("mitigation"),
            status: get("status"),
            next_steps: get("next_steps"),
            next_due: get("next_due"),
        }
    }

    fn of_update(update: &StatusUpdate) -> Self {
        let text = update.text.clone();
        Self {
            risk: text.risk,
            users: text.users.as_str().to_owned(),
            timeline: text.timeline,
            mitigation: text.mitigation,
            status: text.status,
            next_steps: text.next_steps,
            next_due: String::new(),
        }
    }

    fn text(&self, users: UsersImpacted) -> UpdateText {
        UpdateText {
            risk: self.risk.clone(),
            users,
            timeline: self.timeline.clone(),
            mitigation: self.mitigation.clone(),
            status: self.status.clone(),
            next_steps: self.next_steps.clone(),
        }
    }
}

fn wish(values: &Values, revises: Option<i64>, now: Timestamp) -> Result<NewUpdate, Error> {
    let users = UsersImpacted::parse(&values.users)
        .ok_or_else(|| Error::invalid("users", "say how many users feel it; unknown is an answer too"))?;
    let next_due_at = match values.next_due.as_str() {
        "" => None,
        text => {
            Some(crate::pages::composer::due(text, now).map_err(|misread| Error::invalid("next_due_at", misread.to_string()))?)
        }
    };
    Ok(NewUpdate { text: values.text(users), revises, next_due_at })
}

fn advice(values: &Values) -> Vec<(&'static str, String)> {
    let text = values.text(UsersImpacted::parse(&values.users).unwrap_or(UsersImpacted::Unknown));
    let title = |field: &str| text.fields().into_iter().find(|(name, ..)| *name == field).map_or("", |(_, title, _)| title);
    hints(&text).into_iter().map(|hint| (title(hint.field), hint.advice)).collect()
}

/// Writes the chosen entries as a timeline: `14:02 Mira declared the incident.`
fn filled(entries: &[Offered]) -> String {
    let lines = entries.iter().filter(|entry| entry.chosen);
    lines.map(|entry| format!("{} {}", words::minute(entry.at), entry.text)).collect::<Vec<_>>().join("\n")
}

async fn show(visit: &Visit, status: StatusCode, room: UpdateForm) -> Answer {
    let mut visit = visit.clone();
    visit.query = visit.query.with("seen", Some(&room.seen.to_string()));
    visit.show_as(status, format!("Status update {}", room.short_id), Room::Incident, true, room).await
}
