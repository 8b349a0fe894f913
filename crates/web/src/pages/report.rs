//! Saying that one saw something: a form for everybody with an account, and the receipts of what they said.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use watchfire_engine::{Error, NewReport, ReportReceipt};

use super::failed::refusal;
use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "report.html")]
pub(crate) struct ReportPage {
    pub(crate) now: Timestamp,
    /// What the plans say to a reporter.
    pub(crate) thanks: String,
    pub(crate) receipts: Vec<ReportReceipt>,
    pub(crate) saw: String,
    pub(crate) contact: String,
    pub(crate) failed: String,
    /// A report was just taken.
    pub(crate) taken: bool,
}

/// Answers with the form.
pub(crate) async fn form(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("Report", Room::Report, false, room).await
}

/// Takes the report, or shows the form again with what was wrong.
pub(crate) async fn report(visit: Visit, fields: Fields) -> Answer {
    let wish = NewReport { saw: fields.get("saw").to_owned(), contact: fields.get("contact").to_owned() };
    match visit.engine.report(&visit.who, wish).await {
        Ok(_) => Ok(Redirect::to("/report?taken=1").into_response()),
        Err(error) => {
            let (status, message): (StatusCode, String) = refusal(error)?;
            let mut room = build(&visit).await?;
            fields.get("saw").clone_into(&mut room.saw);
            fields.get("contact").clone_into(&mut room.contact);
            room.failed = message.trim_end_matches('.').to_owned();
            visit.show_as(status, "Report", Room::Report, false, room).await
        }
    }
}

async fn build(visit: &Visit) -> Result<ReportPage, Error> {
    Ok(ReportPage {
        now: visit.now,
        thanks: visit.engine.plans().incidents.thanks.clone(),
        receipts: visit.engine.my_reports(&visit.who).await?,
        saw: String::new(),
        contact: String::new(),
        failed: String::new(),
        taken: visit.query.get("taken").is_some(),
    })
}
