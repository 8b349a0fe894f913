//! The living parts of a page by its address.

use askama::Template;
use watchfire_engine::Error;

use crate::pages::frame::{CountsPart, MinePart, Room};
use crate::pages::visit::Visit;
use crate::pages::{alert, alerts, board, events, incident, incidents, oncall, paging, record, source_acts, work};

/// Returns the parts of the page at the visit's address as HTML, each one element with an id.
///
/// # Errors
/// The page is not there for this reader or has no living parts, or the store does not answer.
pub(crate) async fn parts(visit: &Visit) -> Result<Vec<String>, Error> {
    let frame = visit.frame("", Room::Elsewhere, true).await?;
    let segments: Vec<&str> = visit.path.split('/').filter(|segment| !segment.is_empty()).collect();
    let (room, rendered) = match segments.as_slice() {
        ["incidents"] => (Room::Incidents, incidents::build(visit).await?.parts()),
        ["work"] => (Room::Work, work::build(visit).await?.parts()),
        ["board"] => (Room::Board, board::build(visit).await?.parts()),
        ["incidents", id, "update"] => (Room::Incident, incident::update::build(visit, id).await?.parts()),
        ["incidents", id, "updates"] => (Room::Incident, incident::update::all(visit, id).await?.parts()),
        ["incidents", id, "briefing"] => (Room::Incident, incident::briefing::build(visit, id).await?.parts()),
        ["incidents", id, "people"] => (Room::Incident, incident::people::build(visit, id).await?.parts()),
        ["incidents", id] => (Room::Incident, incident::build::build(visit, id).await?.parts()),
        ["alerts"] => (Room::Alerts, alerts::build(visit).await?.parts()),
        ["alerts", id] => (Room::Alerts, alert::build(visit, id).await?.parts()),
        ["events"] => (Room::Events, events::build(visit).await?.parts()),
        ["on-call"] => (Room::OnCall, oncall::room::build(visit).await?.parts()),
        ["pages"] => (Room::Pages, paging::build(visit).await?.parts()),
        ["pages", id] => (Room::Pages, paging::one(visit, id).await?.parts()),
        ["record"] => (Room::Record, record::build(visit).await?.parts()),
        ["sources"] => (Room::Sources, source_acts::build(visit, None).await?.parts()),
        ["sources", id] => (Room::Sources, source_acts::build(visit, Some(id)).await?.parts()),
        _ => return Err(Error::NotFound("page")),
    };
    let frame = crate::pages::frame::Frame { room, ..frame };
    let around = [CountsPart { frame: &frame }.render(), MinePart { frame: &frame }.render()];
    let mut parts = rendered.map_err(broken)?;
    for part in around {
        parts.push(part.map_err(broken)?);
    }
    Ok(parts)
}

/// A template that does not render is a fault of ours: the stream ends, the page says since when it stands still.
fn broken(error: askama::Error) -> Error {
    tracing::error!(%error, "a live part did not render");
    Error::Unavailable
}
