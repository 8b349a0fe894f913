//! The tracking document: read and written in one place, every version kept.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use watchfire_core::access::Right;
use watchfire_engine::{Document, Error};

use super::build::{is_masked, tabs};
use crate::pages::failed::refusal;
use crate::pages::filters;
use crate::pages::form::Fields;
use crate::pages::frame::Room;
use crate::pages::list::Choice;
use crate::pages::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "document.html")]
pub(crate) struct DocumentPage {
    pub(crate) short_id: String,
    pub(crate) codename: String,
    pub(crate) tabs: Vec<Choice>,
    pub(crate) may_act: bool,
    /// `None` before the incident is declared.
    pub(crate) document: Option<Shown>,
    /// The text stays off paper.
    pub(crate) masked: bool,
    pub(crate) failed: String,
}

/// A version as it is shown.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) version: i64,
    /// It is not the newest: it is read, not written.
    pub(crate) old: bool,
    pub(crate) template: String,
    pub(crate) plan_version: String,
    pub(crate) text: String,
    pub(crate) author: String,
    pub(crate) written_at: Timestamp,
}

/// Answers with the newest version, or with the one that is asked for.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let room = build(&visit, &id).await?;
    visit.show(format!("Document {}", room.short_id), Room::Incident, false, room).await
}

/// Writes the next version.
pub(crate) async fn write(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let read = fields.get("read").parse().unwrap_or(0);
    match visit.engine.write_document(&visit.who, &id, read, fields.raw("text")).await {
        Ok(_) => Ok(Redirect::to(&format!("/incidents/{}/document", crate::pages::query::encode(&id))).into_response()),
        Err(error) => {
            let (status, message): (StatusCode, String) = refusal(error)?;
            let mut room = build(&visit, &id).await?;
            if let Some(document) = &mut room.document {
                // What was typed stays; the writer looks at the other version and writes again over it.
                fields.raw("text").clone_into(&mut document.text);
            }
            room.failed = message.trim_end_matches('.').to_owned();
            visit.show_as(status, format!("Document {}", room.short_id), Room::Incident, false, room).await
        }
    }
}

async fn build(visit: &Visit, id: &str) -> Result<DocumentPage, Error> {
    let detail = visit.engine.incident(&visit.who, id).await?;
    let newest = found(visit.engine.document(&visit.who, id, None).await)?;
    let asked = visit.query.get("version").and_then(|version| version.parse::<i64>().ok());
    let shown = match asked.filter(|version| newest.as_ref().is_some_and(|newest| newest.version != *version)) {
        Some(version) => found(visit.engine.document(&visit.who, id, Some(version)).await)?,
        None => newest.clone(),
    };
    let last = newest.map_or(0, |newest| newest.version);
    Ok(DocumentPage {
        short_id: detail.incident.short_id.clone(),
        codename: detail.incident.codename.clone(),
        tabs: tabs(visit, &detail.incident, "document"),
        may_act: visit.may(Right::Act),
        masked: is_masked(&visit.engine.access_list(&visit.who, id).await?, visit.login()),
        document: shown.map(|document| Shown {
            old: document.version != last,
            version: document.version,
            template: document.template,
            plan_version: document.plan_version,
            text: document.text,
            author: document.author,
            written_at: document.written_at,
        }),
        failed: String::new(),
    })
}

/// An incident without a document is no fault: it is not declared yet.
fn found(document: Result<Document, Error>) -> Result<Option<Document>, Error> {
    match document {
        Ok(document) => Ok(Some(document)),
        Err(Error::NotFound("tracking document")) => Ok(None),
        Err(error) => Err(error),
    }
}
