//! Proving again that it is you, before what is dangerous.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use watchfire_engine::sign_in::Opened;

use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::passkey::told;
use super::sign_in::set_session;
use super::visit::{Answer, Visit, local};
use crate::AppState;
use crate::cookies::Secret;
use crate::limit::ClientAddress;
use crate::problem::Problem;

/// The room.
#[derive(Template)]
#[template(path = "prove.html")]
pub(crate) struct Prove {
    pub(crate) next: String,
    pub(crate) failed: String,
    pub(crate) has_password: bool,
    pub(crate) has_passkey: bool,
}

/// Answers with the page.
pub(crate) async fn form(visit: Visit) -> Answer {
    let next = local(visit.query.get("next").unwrap_or("/account")).to_owned();
    page(&visit, StatusCode::OK, next, String::new()).await
}

/// Takes the proof: a password, or a passkey's answer.
pub(crate) async fn submit(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    headers: HeaderMap,
    visit: Visit,
    fields: Fields,
) -> Answer {
    let next = local(fields.get("next")).to_owned();
    let address = match client {
        Ok(ClientAddress(address)) => address,
        Err(problem) => return Ok(problem.into_response()),
    };
    let session = Secret::Session.read(&headers).unwrap_or_default();
    let proved = match fields.raw("answer") {
        "" => visit.engine.prove_by_password(&visit.who, session, fields.raw("password"), address).await,
        answer => {
            let question = Secret::Question.read(&headers).unwrap_or_default();
            visit.engine.prove_by_passkey(&visit.who, session, question, answer).await
        }
    };
    match proved {
        Ok(Opened { secret, expires_at, .. }) => {
            let mut response = Redirect::to(&next).into_response();
            set_session(&state, &mut response, &secret, expires_at.as_second());
            Ok(response)
        }
        Err(error) => {
            let (status, failed) = told(error)?;
            page(&visit, status, next, failed).await
        }
    }
}

async fn page(visit: &Visit, status: StatusCode, next: String, failed: String) -> Answer {
    let account = visit.engine.account(&visit.who).await?;
    let room = Prove { next, failed, has_password: account.password_set_at.is_some(), has_passkey: !account.passkeys.is_empty() };
    visit.show_as(status, "Prove that it is you", Room::Account, false, room).await
}
