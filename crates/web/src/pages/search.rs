//! What a search found.

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use watchfire_core::codename;
use watchfire_core::incident::Incident;
use watchfire_engine::{AlertFilter, IncidentFilter, PageRequest};

use super::alert::IncidentLine;
use super::alerts;
use super::filters;
use super::frame::Room;
use super::incidents::masked;
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "search.html")]
pub(crate) struct Search {
    pub(crate) now: jiff::Timestamp,
    pub(crate) text: String,
    pub(crate) incidents: Vec<IncidentLine>,
    pub(crate) alerts: Vec<alerts::Row>,
}

/// Goes to the incident whose id was typed, or shows what holds the text.
pub(crate) async fn search(visit: Visit) -> Answer {
    let text = visit.query.get("q").unwrap_or_default().trim().to_owned();
    if codename::is_short_id(&text) {
        return Ok(Redirect::to(&format!("/incidents/{}", text.to_ascii_uppercase())).into_response());
    }
    let few = || PageRequest { cursor: None, limit: FEW };
    let (mut incidents, mut alerts) = (Vec::new(), Vec::new());
    if !text.is_empty() {
        let filter = IncidentFilter { text: Some(text.clone()), ..IncidentFilter::default() };
        let page = visit.engine.incidents(&visit.who, filter, few()).await?;
        incidents = page.items.iter().map(|row| of_incident(&row.incident, visit.login())).collect();
        let filter = AlertFilter { text: Some(text.clone()), ..AlertFilter::default() };
        let page = visit.engine.alerts(&visit.who, filter, few()).await?;
        alerts = page.items.iter().map(alerts::Row::of).collect();
    }
    visit.show("Search", Room::Elsewhere, false, Search { now: visit.now, text, incidents, alerts }).await
}

/// Rows of each kind; the whole lists are a link away.
const FEW: usize = 20;

fn of_incident(incident: &Incident, reader: &str) -> IncidentLine {
    IncidentLine {
        short_id: incident.short_id.clone(),
        title: incident.title.clone(),
        severity: incident.severity,
        phase: incident.phase,
        masked: masked(incident, reader),
    }
}
