//! Triage of a report: what somebody saw, the checklist, and telling the reporter.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use watchfire_core::access::Right;
use watchfire_engine::{Error, Report};

use super::build::tabs;
use crate::pages::failed::refusal;
use crate::pages::filters;
use crate::pages::form::Fields;
use crate::pages::frame::Room;
use crate::pages::list::Choice;
use crate::pages::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "triage.html")]
pub(crate) struct Triage {
    pub(crate) short_id: String,
    pub(crate) codename: String,
    pub(crate) tabs: Vec<Choice>,
    pub(crate) now: Timestamp,
    pub(crate) may_act: bool,
    pub(crate) report: Report,
    /// Each check of the plans with its answer.
    pub(crate) checks: Vec<(String, Option<String>)>,
    pub(crate) failed: String,
}

/// Answers with the report.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let room = build(&visit, &id).await?;
    visit.show(format!("Triage {}", room.short_id), Room::Incident, false, room).await
}

/// Answers a check, or tells the reporter.
pub(crate) async fn act(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let done = match fields.get("do") {
        "acknowledge" => visit.engine.acknowledge_report(&visit.who, &id).await,
        _ => visit.engine.answer_check(&visit.who, &id, fields.get("check"), fields.get("answer")).await,
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/incidents/{}/report", crate::pages::query::encode(&id))).into_response()),
        Err(error) => {
            let (status, message) = refusal(error)?;
            let mut room = build(&visit, &id).await?;
            room.failed = message.trim_end_matches('.').to_owned();
            visit.show_as(status, format!("Triage {}", room.short_id), Room::Incident, false, room).await
        }
    }
}

async fn build(visit: &Visit, id: &str) -> Result<Triage, Error> {
    let incident = visit.engine.incident(&visit.who, id).await?.incident;
    let report = visit.engine.report_of(&visit.who, id).await?.ok_or(Error::NotFound("report"))?;
    let plans = visit.engine.plans();
    let check = |check: &String| (check.clone(), report.words.checks.get(check).cloned());
    Ok(Triage {
        tabs: tabs(visit, &incident, "report"),
        short_id: incident.short_id,
        codename: incident.codename,
        now: visit.now,
        may_act: visit.may(Right::Act),
        checks: plans.incidents.checks.iter().map(check).collect(),
        report,
        failed: String::new(),
    })
}
