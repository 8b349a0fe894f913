//! Teams: the plans say which there are, people say who is in them.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use watchfire_core::access::Right;
use watchfire_engine::{Error, TeamRow};

use super::failed::refusal;
use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "teams.html")]
pub(crate) struct Teams {
    pub(crate) rows: Vec<Row>,
    pub(crate) failed: String,
}

/// One team.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) gone: bool,
    /// Logins, and whether they lead it.
    pub(crate) members: Vec<(String, bool)>,
    pub(crate) may_staff: bool,
}

/// Answers with the list.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("Teams", Room::Teams, false, room).await
}

/// Puts a person into a team, or takes them out.
pub(crate) async fn member(visit: Visit, Path(team): Path<String>, fields: Fields) -> Answer {
    let login = fields.get("login");
    let outcome = match fields.get("do") {
        "leave" => visit.engine.leave_team(&visit.who, &team, login).await,
        word => visit.engine.join_team(&visit.who, &team, login, word == "lead").await,
    };
    match outcome {
        Ok(()) => Ok(Redirect::to("/teams").into_response()),
        Err(error) => {
            let error = match error {
                // A login that nobody has is a slip of the one who typed it.
                Error::NotFound("person") => Error::invalid("login", "nobody has this login"),
                error => error,
            };
            let (status, message) = refusal(error)?;
            let mut room = build(&visit).await?;
            message.trim_end_matches('.').clone_into(&mut room.failed);
            visit.show_as(status, "Teams", Room::Teams, false, room).await
        }
    }
}

async fn build(visit: &Visit) -> Result<Teams, Error> {
    let may_all = visit.may(Right::Configure);
    let row = |team: TeamRow| Row {
        may_staff: may_all || team.members.iter().any(|of| of.lead && of.login == visit.login()),
        id: team.id,
        title: team.title,
        gone: team.gone,
        members: team.members.into_iter().map(|of| (of.login, of.lead)).collect(),
    };
    Ok(Teams { rows: visit.engine.teams(&visit.who).await?.into_iter().map(row).collect(), failed: String::new() })
}
