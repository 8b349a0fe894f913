//! The forms of the incident page, each one engine call.

use axum::extract::Path;
use watchfire_core::incident::{Command, Phase, Role, TaskState};
use watchfire_engine::{Error, TaskChange};

use super::build::build;
use super::people::choices;
use super::say::page_of;
use super::view::IncidentPage;
use crate::pages::done::Done;
use crate::pages::failed::refusal;
use crate::pages::form::Fields;
use crate::pages::frame::Room;
use crate::pages::visit::{Answer, Visit};

/// Takes it up.
pub(crate) async fn acknowledge(visit: Visit, Path(id): Path<String>) -> Answer {
    let by = visit.login().to_owned();
    done(&visit, &id, ("Acknowledging", Done::Acknowledged), Ok(Command::Acknowledge { by })).await
}

/// Goes a step, dismisses, reopens or closes.
pub(crate) async fn phase(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let reason = fields.get("reason").to_owned();
    let wish = match fields.get("to") {
        "reopen" => Ok(Command::Reopen { reason }),
        "closed" => Ok(Command::Close { waiver: Some(reason).filter(|reason| !reason.is_empty()) }),
        word => Phase::parse(word)
            .map(|to| Command::SetPhase { to, reason })
            .ok_or_else(|| Error::invalid("to", "choose one of the phases that are offered")),
    };
    done(&visit, &id, ("Changing the phase", Done::Phase), wish).await
}

/// Sets the severity.
pub(crate) async fn severity(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let to = fields.get("to").parse().map_err(|_| Error::invalid("to", "choose one of SEV1 to SEV5"));
    let wish = to.map(|to| Command::SetSeverity { to, reason: fields.get("reason").to_owned() });
    done(&visit, &id, ("Changing the severity", Done::Severity), wish).await
}

/// Assigns a role, or takes one that was offered.
pub(crate) async fn role(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let role = Role::parse(fields.get("role")).ok_or_else(|| Error::invalid("role", "choose one of the roles"));
    let me = visit.login().to_owned();
    let wish = role.map(|role| match (fields.get("do"), fields.get("holder")) {
        ("accept", _) => Command::AcceptRole { role, by: me.clone() },
        ("offer", to) => Command::OfferRole { role, to: to.trim_start_matches('@').to_owned() },
        ("vacate", _) => Command::VacateRole { role },
        (_, "me" | "@me") => Command::AssignRole { role, holder: me.clone() },
        (_, holder) => Command::AssignRole { role, holder: holder.trim_start_matches('@').to_owned() },
    });
    done(&visit, &id, ("Assigning the role", Done::Role), wish).await
}

/// Writes where we stand.
pub(crate) async fn summary(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    done(
        &visit,
        &id,
        ("Writing where we stand", Done::Summary),
        Ok(Command::Summarise { summary: fields.get("text").to_owned() }),
    )
    .await
}

/// Sets where people meet.
pub(crate) async fn links(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    match visit.engine.set_link(&visit.who, &id, fields.get("link"), fields.get("address")).await {
        Ok(()) => Ok(Done::Link.at(&page_of(&id))),
        Err(error) => refused(&visit, &id, "Setting the address", error, "").await,
    }
}

/// Makes a room or a call on a channel.
pub(crate) async fn room(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    match visit.engine.open_incident_room(&visit.who, &id, fields.get("channel")).await {
        Ok(_) => Ok(Done::Room.at(&page_of(&id))),
        Err(error) => refused(&visit, &id, "Making the room", error, "").await,
    }
}

/// Pages somebody.
pub(crate) async fn page(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    match visit.engine.send_page(&visit.who, &id, fields.get("to").trim_start_matches('@'), fields.get("text")).await {
        Ok(_) => Ok(Done::Paged.at(&page_of(&id))),
        Err(error) => refused(&visit, &id, "Paging", error, "").await,
    }
}

/// Takes or finishes a task.
pub(crate) async fn task(visit: Visit, Path((id, number)): Path<(String, i64)>, fields: Fields) -> Answer {
    let change = match fields.get("do") {
        "take" => {
            TaskChange { owner: Some(Some(visit.login().to_owned())), state: Some(TaskState::Accepted), ..TaskChange::default() }
        }
        "accept" => TaskChange { state: Some(TaskState::Accepted), ..TaskChange::default() },
        "doing" => TaskChange { state: Some(TaskState::Doing), ..TaskChange::default() },
        "verify" => TaskChange { state: Some(TaskState::Verified), ..TaskChange::default() },
        "cancel" => TaskChange { state: Some(TaskState::Cancelled), ..TaskChange::default() },
        _ => {
            let reason = Some(fields.get("unconsulted").to_owned()).filter(|reason| !reason.is_empty());
            TaskChange { state: Some(TaskState::Done), unconsulted: reason, ..TaskChange::default() }
        }
    };
    match visit.engine.change_task(&visit.who, &id, number, change).await {
        Ok(_) => Ok(Done::Task.at(&page_of(&id))),
        Err(error) => refused(&visit, &id, "Changing the task", error, "").await,
    }
}

/// Records that somebody was consulted about a task.
pub(crate) async fn consulted(visit: Visit, Path((id, number)): Path<(String, i64)>, fields: Fields) -> Answer {
    let by = Some(fields.get("by").trim_start_matches('@')).filter(|by| !by.is_empty() && *by != "me");
    match visit.engine.consulted(&visit.who, &id, number, by, fields.get("text")).await {
        Ok(_) => Ok(Done::Consulted.at(&page_of(&id))),
        Err(error) => refused(&visit, &id, "Recording who was consulted", error, "").await,
    }
}

/// Verifies what a developer says is resolved, or says that it is not.
pub(crate) async fn resolution(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let done = match fields.get("do") {
        "reject" => visit.engine.reject_resolution(&visit.who, &id, fields.get("reason")).await,
        _ => visit.engine.verify_resolution(&visit.who, &id).await,
    };
    match done {
        Ok(_) => Ok(Done::Resolution.at(&page_of(&id))),
        Err(error) => refused(&visit, &id, "Verifying", error, "").await,
    }
}

/// Shows the page again with the reason of a refusal; what no form can mend becomes a page of its own.
pub(crate) async fn refused(visit: &Visit, id: &str, what: &str, error: Error, line: &str) -> Answer {
    let (status, message) = refusal(error)?;
    let room = IncidentPage { choices: choices(visit).await, ..build(visit, id).await?.refused(what, message, line) };
    visit.show_as(status, room.title.clone(), Room::Incident, true, room).await
}

async fn done(visit: &Visit, id: &str, (what, done): (&str, Done), wish: Result<Command, Error>) -> Answer {
    let outcome = match wish {
        Ok(command) => visit.engine.command(&visit.who, id, command).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(_) => Ok(done.at(&page_of(id))),
        Err(error) => refused(visit, id, what, error, "").await,
    }
}
