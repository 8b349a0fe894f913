//! Signing in: by a one-time link or with a token.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect};

use super::filters;
use super::form::Fields;
use super::frame::Plain;
use super::query::Query;
use super::visit::{Answer, local, theme};
use crate::AppState;
use crate::auth::{session_cookie, set_session_cookie};
use crate::limit::ClientAddress;
use crate::problem::Problem;

/// The page without a link: a token is pasted.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn {
    /// Where the reader wanted to go.
    pub(crate) next: String,
    pub(crate) failed: String,
    /// The page follows a one-time link: a button redeems it, because a look by a mail scanner must not.
    pub(crate) link: Option<String>,
}

/// Answers with the page where a token is pasted.
pub(crate) async fn form(headers: HeaderMap, RawQuery(query): RawQuery) -> Answer {
    let query = Query::parse(query.as_deref().unwrap_or_default());
    let next = local(query.get("next").unwrap_or("/incidents")).to_owned();
    page(StatusCode::OK, &headers, SignIn { next, failed: String::new(), link: None })
}

/// Answers with the button that redeems a one-time link: looking at a link must not use it up.
pub(crate) async fn link(headers: HeaderMap, Path(link): Path<String>) -> Answer {
    page(StatusCode::OK, &headers, SignIn { next: String::new(), failed: String::new(), link: Some(link) })
}

/// Signs in with a pasted token.
pub(crate) async fn by_token(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let next = local(fields.get("next")).to_owned();
    let token = fields.get("token").to_owned();
    let failed = "That token is not known here, has expired or was revoked.";
    sign_in(&state, client, &headers, &token, next, failed).await
}

/// Signs in with a one-time link.
pub(crate) async fn by_link(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    headers: HeaderMap,
    Path(link): Path<String>,
) -> Answer {
    let failed = "That link was used or is older than 15 min. Ask for a new one, or sign in with a token.";
    sign_in(&state, client, &headers, &link, "/incidents".to_owned(), failed).await
}

/// Ends the session here and on the server.
pub(crate) async fn out(State(state): State<AppState>, headers: HeaderMap) -> Answer {
    if let Some(secret) = session_cookie(&headers) {
        state.engine.end_session(secret).await?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    response.headers_mut().extend(set_session_cookie(state.is_https(), "", 0).map(|cookie| (header::SET_COOKIE, cookie)));
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

async fn sign_in(
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
    // Without accounts there is no name to count by: the network alone is.
    let Ok(attempt) = state.sign_ins.begin(&format!("network {address}"), address) else {
        let failed = "Too many tries from this network. Wait a minute, then try again.".to_owned();
        return page(StatusCode::TOO_MANY_REQUESTS, headers, SignIn { next, failed, link: None });
    };
    let Some(session) = state.engine.sign_in(secret).await? else {
        return page(StatusCode::UNAUTHORIZED, headers, SignIn { next, failed: failed.to_owned(), link: None });
    };
    attempt.succeeded();
    let seconds = session.expires_at.as_second().saturating_sub(state.engine.now().as_second());
    let mut response = Redirect::to(&next).into_response();
    let cookie = set_session_cookie(state.is_https(), &session.secret, seconds);
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

fn page(status: StatusCode, headers: &HeaderMap, content: SignIn) -> Answer {
    let html = Plain { title: "Sign in", theme: theme(headers), content }.render()?;
    Ok((status, Html(html)).into_response())
}
