//! Calendar feeds: made, listed, revoked, and read by calendar programs.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use watchfire_engine::{Error, Feed, FeedOf};

use crate::AppState;
use crate::limit::ClientAddress;
use crate::pages::failed::refusal;
use crate::pages::filters;
use crate::pages::form::Fields;
use crate::pages::frame::Room;
use crate::pages::visit::{Answer, Visit};
use crate::problem::Problem;

/// The room.
#[derive(Template)]
#[template(path = "oncall_feeds.html")]
pub(crate) struct Feeds {
    pub(crate) now: Timestamp,
    pub(crate) rows: Vec<Row>,
    /// The address of a feed just made, shown this once.
    pub(crate) fresh: Option<String>,
    pub(crate) schedules: Vec<(String, String)>,
    pub(crate) failed: String,
}

/// One feed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) of: String,
    pub(crate) made_by: String,
    pub(crate) made_at: Timestamp,
    pub(crate) read_at: Option<Timestamp>,
}

/// Answers with the list.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("Calendar feeds", Room::OnCall, false, room).await
}

/// Makes a feed and shows its address, this once.
pub(crate) async fn add(visit: Visit, fields: Fields) -> Answer {
    let of = match fields.get("of").split_once(':') {
        Some(("schedule", id)) => FeedOf::Schedule(id.to_owned()),
        _ => FeedOf::Person(visit.login().to_owned()),
    };
    let made = visit.engine.add_feed(&visit.who, of).await;
    let mut room = build(&visit).await?;
    let status = match made {
        Ok(made) => {
            room.fresh = Some(made.address);
            StatusCode::OK
        }
        Err(error) => {
            let (status, message) = refusal(error)?;
            message.trim_end_matches('.').clone_into(&mut room.failed);
            status
        }
    };
    visit.show_as(status, "Calendar feeds", Room::OnCall, false, room).await
}

/// Revokes a feed, at once.
pub(crate) async fn revoke(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.engine.revoke_feed(&visit.who, &id).await?;
    Ok(Redirect::to("/on-call/feeds").into_response())
}

/// Sends the calendar at an address; what is no feed, or none any more, is not found.
pub(crate) async fn calendar(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    Path(secret): Path<String>,
) -> Response {
    match state.engine.calendar(&secret).await {
        Ok(Some(calendar)) => {
            let headers = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "inline; filename=\"on-call.ics\""),
                (header::CACHE_CONTROL, "private, no-store"),
            ];
            (headers, calendar.text).into_response()
        }
        Ok(None) => match client.map_or(Ok(()), |ClientAddress(address)| state.wrong_tokens.count(address)) {
            Ok(()) => StatusCode::NOT_FOUND.into_response(),
            Err(problem) => problem.into_response(),
        },
        Err(error) => crate::api::problem_of(error).into_response(),
    }
}

async fn build(visit: &Visit) -> Result<Feeds, Error> {
    let soon = visit.now.saturating_add(jiff::SignedDuration::from_secs(1)).unwrap_or(visit.now);
    let lanes = visit.engine.on_call_board(&visit.who, visit.now, soon).await?.lanes;
    let schedules: Vec<(String, String)> = lanes.into_iter().map(|lane| (lane.schedule.id, lane.schedule.title)).collect();
    let of = |feed: &Feed| match &feed.schedule {
        Some(id) => schedules.iter().find(|(known, _)| known == id).map_or_else(|| id.clone(), |(_, title)| title.clone()),
        None => feed.login.clone().unwrap_or_default(),
    };
    let row =
        |feed: Feed| Row { of: of(&feed), id: feed.id, made_by: feed.made_by, made_at: feed.made_at, read_at: feed.read_at };
    let rows = visit.engine.feeds(&visit.who).await?.into_iter().map(row).collect();
    Ok(Feeds { now: visit.now, rows, fresh: None, schedules, failed: String::new() })
}
