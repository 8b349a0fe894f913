//! One's own account: sessions, password, passkeys, the identity provider.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use watchfire_engine::sign_in::{Account, SessionRow, SignInError};

use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::passkey::{credential, told};
use super::visit::{Answer, Visit};
use crate::AppState;
use crate::cookies::Secret;

/// The room.
#[derive(Template)]
#[template(path = "account.html")]
pub(crate) struct OwnAccount {
    pub(crate) now: Timestamp,
    pub(crate) login: String,
    pub(crate) failed: String,
    /// The proof is fresh enough for what is dangerous.
    pub(crate) proved: bool,
    pub(crate) account: Account,
    pub(crate) sessions: Vec<SessionRow>,
    pub(crate) passkeys: bool,
    pub(crate) sign_on: Option<String>,
}

/// Answers with the room.
pub(crate) async fn show(visit: Visit, headers: HeaderMap) -> Answer {
    page(&visit, &headers, StatusCode::OK, String::new()).await
}

/// Sets a new password.
pub(crate) async fn password(visit: Visit, headers: HeaderMap, fields: Fields) -> Answer {
    set(visit, headers, fields).await
}

/// Keeps a new passkey.
pub(crate) async fn passkey(visit: Visit, headers: HeaderMap, fields: Fields) -> Answer {
    set(visit, headers, fields).await
}

async fn set(visit: Visit, headers: HeaderMap, fields: Fields) -> Answer {
    let credential = match credential(&headers, &fields) {
        Ok(credential) => credential,
        Err(failed) => return page(&visit, &headers, StatusCode::UNPROCESSABLE_ENTITY, failed).await,
    };
    let session = Secret::Session.read(&headers).unwrap_or_default();
    match visit.engine.set_credential(&visit.who, session, credential).await {
        Ok(()) => Ok(Redirect::to("/account").into_response()),
        Err(SignInError::Engine(watchfire_engine::Error::Proof)) => Ok(Redirect::to("/prove?next=%2Faccount").into_response()),
        Err(error) => {
            let (status, failed) = told(error)?;
            page(&visit, &headers, status, failed).await
        }
    }
}

/// Forgets a passkey.
pub(crate) async fn remove_passkey(visit: Visit, headers: HeaderMap, Path(id): Path<String>) -> Answer {
    let Ok(id) = id.parse() else { return Err(super::failed::Failed::not_found()) };
    match visit.engine.remove_passkey(&visit.who, id).await {
        Ok(()) => Ok(Redirect::to("/account").into_response()),
        Err(error) => {
            let (status, failed) = super::failed::refusal(error)?;
            page(&visit, &headers, status, failed).await
        }
    }
}

/// Ends one session.
pub(crate) async fn end_session(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.engine.end_own_session(&visit.who, &id).await?;
    Ok(Redirect::to("/account").into_response())
}

/// Ends all sessions but this one.
pub(crate) async fn end_others(State(state): State<AppState>, visit: Visit, headers: HeaderMap) -> Answer {
    let session = Secret::Session.read(&headers).unwrap_or_default();
    state.engine.end_other_sessions(&visit.who, session).await?;
    Ok(Redirect::to("/account").into_response())
}

async fn page(visit: &Visit, headers: &HeaderMap, status: StatusCode, failed: String) -> Answer {
    let session = Secret::Session.read(headers);
    let room = OwnAccount {
        now: visit.now,
        login: visit.login().to_owned(),
        failed,
        proved: visit.engine.is_proved(&visit.who),
        account: visit.engine.account(&visit.who).await?,
        sessions: visit.engine.sessions(&visit.who, session).await?,
        passkeys: visit.engine.has_passkeys(),
        sign_on: visit.engine.sign_on_name().map(str::to_owned),
    };
    visit.show_as(status, "Your account", Room::Account, false, room).await
}
