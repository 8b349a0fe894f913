//! One event: bytes as received, what was read from them, and why it led where it did.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use watchfire_core::access::Right;
use watchfire_core::id::EventId;
use watchfire_engine::{Error, ExplainedAlert, Explanation};

use super::alert::{IncidentLine, TraceStep, change_words};
use super::events::trust_words;
use super::filters;
use super::frame::Room;
use super::visit::{Answer, Visit};

/// Characters of a body that the page shows; the rest is in the download.
pub(crate) const SHOWN_CHARS: usize = 20_000;

/// The room.
#[derive(Template)]
#[template(path = "event.html")]
pub(crate) struct EventPage {
    pub(crate) now: Timestamp,
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) source_id: String,
    pub(crate) kind: String,
    pub(crate) at: Timestamp,
    pub(crate) status: String,
    pub(crate) reason: String,
    pub(crate) remark: String,
    pub(crate) trust: String,
    pub(crate) delivery_id: String,
    pub(crate) headers: Vec<(String, String)>,
    /// The body as text; what is no UTF-8 is shown with replacement characters.
    pub(crate) body: String,
    pub(crate) body_bytes: i64,
    pub(crate) cut: bool,
    pub(crate) outcome: String,
    pub(crate) steps: Vec<TraceStep>,
    pub(crate) parts: Vec<Part>,
    pub(crate) may_configure: bool,
}

/// What became of one alert of the event.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) alert: String,
    pub(crate) title: String,
    pub(crate) change: String,
    pub(crate) steps: Vec<TraceStep>,
    pub(crate) incident: Option<IncidentLine>,
}

/// Answers with the event's page.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let explained = visit.engine.explain(&visit.who, id_of(&id)?).await?;
    let room = page(&visit, explained);
    visit.show(format!("Event from {}", room.source), Room::Events, false, room).await
}

/// Answers with the bytes as they came, never to be shown by the browser itself.
pub(crate) async fn raw(visit: Visit, Path(id): Path<String>) -> Answer {
    let detail = visit.engine.event(&visit.who, id_of(&id)?).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"event-{}.bin\"", detail.event.id)),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    Ok((headers, detail.body).into_response())
}

/// Puts a quarantined event back in the queue.
pub(crate) async fn requeue(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.engine.requeue_event(&visit.who, id_of(&id)?).await?;
    Ok(Redirect::to(&format!("/events/{id}")).into_response())
}

/// What has not the form of an id names nothing.
fn id_of(text: &str) -> Result<EventId, Error> {
    text.parse().map_err(|_| Error::NotFound("event"))
}

fn page(visit: &Visit, explained: Explanation) -> EventPage {
    let detail = explained.event;
    let text = String::from_utf8_lossy(&detail.body);
    let body: String = text.chars().take(SHOWN_CHARS).collect();
    let part = |explained: &ExplainedAlert| Part {
        alert: explained.alert.id.to_string(),
        title: explained.alert.title.clone(),
        change: change_words(explained.change).to_owned(),
        steps: explained.steps.iter().map(TraceStep::of).collect(),
        incident: explained.incident.as_ref().map(IncidentLine::of),
    };
    let event = detail.event;
    EventPage {
        now: visit.now,
        id: event.id.to_string(),
        source: event.source_name,
        source_id: event.source.to_string(),
        kind: event.source_kind,
        at: event.received_at,
        status: event.status.as_str().to_owned(),
        reason: event.reason.unwrap_or_default(),
        remark: event.remark.unwrap_or_default(),
        trust: trust_words(&event.trust).to_owned(),
        delivery_id: event.delivery_id.unwrap_or_default(),
        headers: detail.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        cut: body.len() < text.len(),
        body_bytes: detail.body.len() as i64,
        body,
        outcome: format!("{}.", filters::title(&explained.outcome)),
        steps: explained.steps.iter().map(TraceStep::of).collect(),
        parts: explained.alerts.iter().map(part).collect(),
        may_configure: visit.may(Right::Configure),
    }
}
