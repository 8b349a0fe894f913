//! How people sign in, who is asked in, and links for those who are shut out.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use watchfire_core::access::{Right, Role};
use watchfire_engine::Error;
use watchfire_engine::sign_in::{InvitationRow, NewInvitation, NewLink, SignInSettings};

use super::failed::{Failed, refusal};
use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "sign_in_settings.html")]
pub(crate) struct SignInRoom {
    pub(crate) settings: SignInSettings,
    pub(crate) invitations: Vec<InvitationRow>,
    pub(crate) teams: Vec<(String, String)>,
    pub(crate) roles: Vec<&'static str>,
    /// A link just made; shown this once.
    pub(crate) fresh: Option<Fresh>,
    /// The channel by which invitations are mailed; `None` where they have to be handed over.
    pub(crate) mails_through: Option<String>,
    pub(crate) proved: bool,
    /// The reader decides on settings and recovery.
    pub(crate) owns: bool,
    pub(crate) failed: String,
    pub(crate) login: String,
}

/// A link just made.
#[derive(Clone, Debug)]
pub(crate) struct Fresh {
    pub(crate) login: String,
    pub(crate) url: String,
    /// The channel by which it was mailed too.
    pub(crate) mailed_through: Option<String>,
}

impl SignInRoom {
    fn mapped(&self) -> bool {
        self.settings.sign_on.as_ref().is_some_and(|on| !on.groups.roles.is_empty() || !on.groups.teams.is_empty())
    }
}

/// Answers with the room.
pub(crate) async fn show(visit: Visit) -> Answer {
    page(&visit, StatusCode::OK, Shown::default()).await
}

/// Says whether people of the provider come in without an invitation.
pub(crate) async fn set(visit: Visit, fields: Fields) -> Answer {
    let join = fields.get("join") == "yes";
    done(&visit, visit.engine.set_join_by_sign_on(&visit.who, join).await.map(|()| None), "").await
}

/// Asks somebody in.
pub(crate) async fn invite(visit: Visit, fields: Fields) -> Answer {
    let role = Role::parse(fields.get("role")).ok_or_else(|| Error::invalid("role", "choose one of the roles"));
    let made = match role {
        Ok(role) => {
            let teams = fields.under("team-").map(|(team, _)| team).collect();
            let (login, name) = (fields.get("login").to_owned(), fields.get("name").to_owned());
            visit.engine.invite(&visit.who, NewInvitation { login, name, role, teams }).await
        }
        Err(error) => Err(error),
    };
    done(&visit, made.map(Some), fields.get("login")).await
}

/// Makes a new link for an invitation.
pub(crate) async fn renew(visit: Visit, Path(id): Path<String>) -> Answer {
    let Ok(id) = id.parse() else { return Err(Failed::not_found()) };
    done(&visit, visit.engine.renew_invitation(&visit.who, id).await.map(Some), "").await
}

/// Takes an invitation back.
pub(crate) async fn revoke(visit: Visit, Path(id): Path<String>) -> Answer {
    let Ok(id) = id.parse() else { return Err(Failed::not_found()) };
    done(&visit, visit.engine.revoke_invitation(&visit.who, id).await.map(|()| None), "").await
}

/// Makes a link for somebody who is shut out.
pub(crate) async fn recover(visit: Visit, fields: Fields) -> Answer {
    done(&visit, visit.engine.recovery_link(&visit.who, fields.get("login")).await.map(Some), "").await
}

#[derive(Default)]
struct Shown {
    fresh: Option<Fresh>,
    failed: String,
    login: String,
}

async fn done(visit: &Visit, outcome: Result<Option<NewLink>, Error>, login: &str) -> Answer {
    match outcome {
        Ok(None) => Ok(Redirect::to("/settings/sign-in").into_response()),
        Ok(Some(link)) => {
            let NewLink { url, invitation, mailed_through } = link;
            let fresh = Fresh { login: invitation.login, url, mailed_through };
            page(visit, StatusCode::OK, Shown { fresh: Some(fresh), ..Shown::default() }).await
        }
        Err(Error::Proof) => Ok(Redirect::to("/prove?next=%2Fsettings%2Fsign-in").into_response()),
        Err(Error::NotFound(what)) => {
            let failed = format!("There is no such {what}, or it is not open any more.");
            page(visit, StatusCode::NOT_FOUND, Shown { failed, ..Shown::default() }).await
        }
        Err(error) => {
            let (status, failed) = refusal(error)?;
            page(visit, status, Shown { failed, login: login.to_owned(), ..Shown::default() }).await
        }
    }
}

async fn page(visit: &Visit, status: StatusCode, shown: Shown) -> Answer {
    let room = SignInRoom {
        settings: visit.engine.sign_in_settings(&visit.who).await?,
        invitations: visit.engine.invitations(&visit.who).await?,
        teams: visit.engine.team_names(),
        roles: Role::ALL.into_iter().filter(|role| *role <= visit.who.role).map(Role::as_str).collect(),
        fresh: shown.fresh,
        mails_through: visit.engine.mails_through(&visit.who).await?,
        proved: visit.engine.is_proved(&visit.who),
        owns: visit.may(Right::Administer),
        failed: shown.failed,
        login: shown.login,
    };
    visit.show_as(status, "Sign-in", Room::SignIn, false, room).await
}
