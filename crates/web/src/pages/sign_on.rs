//! To the identity provider and back.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect};
use watchfire_core::access::Identity;
use watchfire_engine::sign_in::{Callback, PATIENCE};

use super::passkey::device;
use super::query::{Query, encode};
use super::sign_in::{SignIn, enter, refused};
use super::visit::{Answer, Visit, local};
use crate::AppState;
use crate::cookies::Secret;
use crate::limit::ClientAddress;
use crate::problem::Problem;

/// Sends the browser to the provider. A link and no form, since a page's policy lets forms go to this host alone; it
/// changes nothing but what this browser is asked.
pub(crate) async fn there(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = Query::parse(query.as_deref().unwrap_or_default());
    let next = local(query.get("next").unwrap_or("/incidents")).to_owned();
    go(&state, client, &headers, &next, None).await
}

/// Sends somebody who is signed in to the provider, to connect their account there.
pub(crate) async fn connect(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    headers: HeaderMap,
    visit: Visit,
) -> Answer {
    if !state.engine.is_proved(&visit.who) {
        return Ok(Redirect::to(&format!("/prove?next={}", encode("/account/sign-on"))).into_response());
    }
    go(&state, client, &headers, "/account", Some(&visit.who)).await
}

async fn go(
    state: &AppState,
    client: Result<ClientAddress, Problem>,
    headers: &HeaderMap,
    next: &str,
    tie: Option<&Identity>,
) -> Answer {
    if let Err(problem) = client.and_then(|ClientAddress(address)| state.questions.check(&address).map_err(Problem::from)) {
        return Ok(problem.into_response());
    }
    match state.engine.begin_sign_on(next, tie).await {
        Ok((address, secret)) => {
            let mut response = Redirect::to(&address).into_response();
            let cookie = Secret::SignOn.set(state.is_https(), &secret, PATIENCE.as_secs());
            response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
            Ok(response)
        }
        Err(error) => refused(state, headers, error, SignIn { next: next.to_owned(), ..SignIn::default() }),
    }
}

/// Takes the browser back. The cookie ties the answer to the browser that was sent, the state to the question.
pub(crate) async fn back(State(state): State<AppState>, headers: HeaderMap, RawQuery(query): RawQuery) -> Answer {
    let query = Query::parse(query.as_deref().unwrap_or_default());
    let names = ["state", "code", "iss", "error"];
    let callback = Callback::from_pairs(names.into_iter().filter_map(|name| Some((name, query.get(name)?))));
    let secret = Secret::SignOn.read(&headers).unwrap_or_default();
    let mut response = match state.engine.finish_sign_on(secret, &callback, &device(&headers)).await {
        Ok(done) => match done.opened {
            Some(opened) => enter(&state, &headers, opened, local(&done.next)).await?,
            None => Redirect::to(local(&done.next)).into_response(),
        },
        Err(error) => refused(&state, &headers, error, SignIn { next: "/incidents".to_owned(), ..SignIn::default() })?,
    };
    response.headers_mut().extend(Secret::SignOn.set(state.is_https(), "", 0).map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}
