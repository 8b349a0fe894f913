//! Signing in: with a password, a passkey, a token, or by a one-time link.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use watchfire_engine::sign_in::{Opened, SignInError};

use super::filters;
use super::form::Fields;
use super::frame::Plain;
use super::passkey::{device, told};
use super::query::Query;
use super::visit::{Answer, local, theme};
use crate::AppState;
use crate::cookies::Secret;
use crate::limit::ClientAddress;
use crate::problem::Problem;

/// The page.
#[derive(Template, Default)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn {
    /// Where the reader wanted to go.
    pub(crate) next: String,
    pub(crate) failed: String,
    /// The page follows a one-time link: a button redeems it, because a look by a mail scanner must not.
    pub(crate) link: Option<String>,
    /// What was typed as the login before.
    pub(crate) login: String,
    /// The identity provider's name, where there is one.
    pub(crate) sign_on: Option<String>,
    pub(crate) passkeys: bool,
}

/// Answers with the page.
pub(crate) async fn form(State(state): State<AppState>, headers: HeaderMap, RawQuery(query): RawQuery) -> Answer {
    let query = Query::parse(query.as_deref().unwrap_or_default());
    let next = local(query.get("next").unwrap_or("/incidents")).to_owned();
    page(&state, StatusCode::OK, &headers, SignIn { next, ..SignIn::default() })
}

/// Answers with the button that redeems a one-time link: looking at a link must not use it up.
pub(crate) async fn link(State(state): State<AppState>, headers: HeaderMap, Path(link): Path<String>) -> Answer {
    page(&state, StatusCode::OK, &headers, SignIn { link: Some(link), ..SignIn::default() })
}

/// Signs in with what was typed: a token, or a login and its password.
pub(crate) async fn by_form(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let next = local(fields.get("next")).to_owned();
    if let Some(token) = fields.filled("token") {
        let failed = "That token is not known here, has expired or was revoked.";
        return by_secret(&state, client, &headers, &token, next, failed).await;
    }
    let address = match client {
        Ok(ClientAddress(address)) => address,
        Err(problem) => return Ok(problem.into_response()),
    };
    let (login, password) = (fields.get("login").to_owned(), fields.raw("password"));
    match state.engine.sign_in_by_password(&login, password, address, &device(&headers)).await {
        Ok(opened) => enter(&state, &headers, opened, &next).await,
        Err(error) => refused(&state, &headers, error, SignIn { next, login, ..SignIn::default() }),
    }
}

/// Signs in with a passkey's answer.
pub(crate) async fn by_passkey(State(state): State<AppState>, headers: HeaderMap, fields: Fields) -> Answer {
    let next = local(fields.get("next")).to_owned();
    let question = Secret::Question.read(&headers).unwrap_or_default();
    match state.engine.sign_in_by_passkey(question, fields.raw("answer"), &device(&headers)).await {
        Ok(opened) => enter(&state, &headers, opened, &next).await,
        Err(error) => refused(&state, &headers, error, SignIn { next, ..SignIn::default() }),
    }
}

/// Signs in with a one-time link.
pub(crate) async fn by_link(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    headers: HeaderMap,
    Path(link): Path<String>,
) -> Answer {
    let failed = "That link was used or is older than 15 min. Ask for a new one, or sign in another way.";
    by_secret(&state, client, &headers, &link, "/incidents".to_owned(), failed).await
}

/// Ends the session here and on the server.
pub(crate) async fn out(State(state): State<AppState>, headers: HeaderMap) -> Answer {
    if let Some(secret) = Secret::Session.read(&headers) {
        state.engine.end_session(secret).await?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    response.headers_mut().extend(Secret::Session.set(state.is_https(), "", 0).map(|cookie| (header::SET_COOKIE, cookie)));
    let wiped = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), wiped);
    Ok(response)
}

/// Chooses light or dark, for browsers without script.
pub(crate) async fn theme_form(headers: HeaderMap, fields: Fields) -> Answer {
    let chosen = if theme(&headers) == "dark" { "light" } else { "dark" };
    let cookie = format!("wf-theme={chosen}; Path=/; Max-Age=31536000; SameSite=Lax");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(local(fields.get("back")))).into_response())
}

/// Sends somebody who has signed in on their way; the session that the browser had before ends.
pub(crate) async fn enter(state: &AppState, headers: &HeaderMap, opened: Opened, next: &str) -> Answer {
    if let Some(before) = Secret::Session.read(headers) {
        state.engine.end_session(before).await?;
    }
    let mut response = Redirect::to(next).into_response();
    set_session(state, &mut response, &opened.secret, opened.expires_at.as_second());
    response.headers_mut().extend(Secret::Question.set(state.is_https(), "", 0).map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

/// Hands the session's secret to the browser; `ends_at` is in seconds since 1970.
pub(crate) fn set_session(state: &AppState, response: &mut Response, secret: &str, ends_at: i64) {
    let seconds = ends_at.saturating_sub(state.engine.now().as_second());
    let cookie = Secret::Session.set(state.is_https(), secret, seconds);
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
}

/// Answers with the page and what did not work.
pub(crate) fn refused(state: &AppState, headers: &HeaderMap, error: SignInError, content: SignIn) -> Answer {
    let (status, failed) = match error {
        SignInError::Wrong => (
            StatusCode::UNAUTHORIZED,
            "That does not open an account here. Check what you typed, or sign in another way.".to_owned(),
        ),
        other => told(other)?,
    };
    page(state, status, headers, SignIn { failed, ..content })
}

async fn by_secret(
    state: &AppState,
    client: Result<ClientAddress, Problem>,
    headers: &HeaderMap,
    secret: &str,
    next: String,
    failed: &str,
) -> Answer {
    let address = match client {
        Ok(ClientAddress(address)) => address,
        Err(problem) => return Ok(problem.into_response()),
    };
    // A token names nobody before it is known to be right: the network alone is counted.
    let Ok(attempt) = state.sign_ins.begin(&format!("network {address}"), address) else {
        let failed = "Too many tries from this network. Wait a minute, then try again.".to_owned();
        return page(state, StatusCode::TOO_MANY_REQUESTS, headers, SignIn { next, failed, ..SignIn::default() });
    };
    let Some(session) = state.engine.sign_in(secret).await? else {
        let content = SignIn { next, failed: failed.to_owned(), ..SignIn::default() };
        return page(state, StatusCode::UNAUTHORIZED, headers, content);
    };
    attempt.succeeded();
    let mut response = Redirect::to(&next).into_response();
    set_session(state, &mut response, &session.secret, session.expires_at.as_second());
    Ok(response)
}

fn page(state: &AppState, status: StatusCode, headers: &HeaderMap, content: SignIn) -> Answer {
    let sign_on = state.engine.sign_on_name().map(str::to_owned);
    let content = SignIn { sign_on, passkeys: state.engine.has_passkeys(), ..content };
    let html = Plain { title: "Sign in", theme: theme(headers), content }.render()?;
    Ok((status, Html(html)).into_response())
}
