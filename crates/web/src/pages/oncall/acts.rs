//! What the room's forms do.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use watchfire_engine::{Error, NewOverride, NewSwap};

use super::room::{self, Failed, Values};
use super::span::read;
use crate::pages::failed::refusal;
use crate::pages::form::Fields;
use crate::pages::frame::Room;
use crate::pages::visit::{Answer, Visit};

/// Answers with the room.
pub(crate) async fn show(visit: Visit) -> Answer {
    let content = room::build(&visit).await?;
    visit.show("On call", Room::OnCall, true, content).await
}

/// Lets somebody take over.
pub(crate) async fn change(visit: Visit, fields: Fields) -> Answer {
    let made = match new_override(&visit, &fields).await {
        Ok(new) => visit.engine.override_on_call(&visit.who, new).await.map(drop),
        Err(error) => Err(error),
    };
    answer(&visit, &fields, made, false).await
}

/// Ends an override.
pub(crate) async fn end(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.engine.end_override(&visit.who, &id).await?;
    Ok(Redirect::to("/on-call").into_response())
}

/// Offers a swap.
pub(crate) async fn offer(visit: Visit, fields: Fields) -> Answer {
    let made = match new_swap(&visit, &fields).await {
        Ok(new) => visit.engine.offer_swap(&visit.who, new).await.map(drop),
        Err(error) => Err(error),
    };
    answer(&visit, &fields, made, true).await
}

/// Accepts a swap.
pub(crate) async fn accept(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.engine.accept_swap(&visit.who, &id).await?;
    Ok(Redirect::to("/on-call").into_response())
}

/// Declines a swap, or withdraws it.
pub(crate) async fn refuse(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.engine.refuse_swap(&visit.who, &id).await?;
    Ok(Redirect::to("/on-call").into_response())
}

async fn answer(visit: &Visit, fields: &Fields, made: Result<(), Error>, is_swap: bool) -> Answer {
    let Err(error) = made else { return Ok(Redirect::to("/on-call").into_response()) };
    let (status, message) = match error {
        // What a form names and is not there can be mended in the form.
        Error::NotFound(what) => (StatusCode::UNPROCESSABLE_ENTITY, format!("There is no such {what}.")),
        error => refusal(error)?,
    };
    let mut content = room::build(visit).await?;
    content.values = Values {
        schedule: fields.get("schedule").to_owned(),
        login: fields.get(if is_swap { "with" } else { "login" }).to_owned(),
        instead_of: fields.get("instead_of").to_owned(),
        from: fields.get("from").to_owned(),
        until: fields.get("until").to_owned(),
        reason: fields.get("reason").to_owned(),
        take_from: fields.get("take_from").to_owned(),
        take_until: fields.get("take_until").to_owned(),
    };
    content.failed = Some(Failed { is_swap, message: message.trim_end_matches('.').to_owned() });
    visit.show_as(status, "On call", Room::OnCall, false, content).await
}

async fn new_override(visit: &Visit, fields: &Fields) -> Result<NewOverride, Error> {
    let zone = zone(visit).await?;
    let until = instant(&zone, fields, "until")?.ok_or_else(|| Error::invalid("until", "say until when"))?;
    // The field has whole minutes: the minute of now is now.
    let from = instant(&zone, fields, "from")?.filter(|from| *from > visit.now || visit.now.duration_since(*from).as_secs() > 60);
    Ok(NewOverride {
        schedule: fields.get("schedule").to_owned(),
        login: fields.filled("login").unwrap_or_else(|| visit.login().to_owned()),
        instead_of: fields.filled("instead_of"),
        from,
        until,
        reason: fields.get("reason").to_owned(),
    })
}

async fn new_swap(visit: &Visit, fields: &Fields) -> Result<NewSwap, Error> {
    let zone = zone(visit).await?;
    let needed = |name: &str| instant(&zone, fields, name)?.ok_or_else(|| Error::invalid(name, "say all four times"));
    Ok(NewSwap {
        schedule: fields.get("schedule").to_owned(),
        with: fields.get("with").to_owned(),
        give: (needed("from")?, needed("until")?),
        take: (needed("take_from")?, needed("take_until")?),
        reason: fields.get("reason").to_owned(),
    })
}

/// The zone in which the room is read, and so its forms are written.
async fn zone(visit: &Visit) -> Result<TimeZone, Error> {
    let soon = visit.now.saturating_add(jiff::SignedDuration::from_secs(1)).unwrap_or(visit.now);
    let board = visit.engine.on_call_board(&visit.who, visit.now, soon).await?;
    Ok(board.lanes.first().map_or(TimeZone::UTC, |lane| lane.schedule.zone.clone()))
}

fn instant(zone: &TimeZone, fields: &Fields, name: &str) -> Result<Option<Timestamp>, Error> {
    read(zone, fields.get(name)).map_err(|message| Error::invalid(name, message))
}
