//! Acknowledging from a link: a look changes nothing, the button does.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse};
use watchfire_core::Severity;
use watchfire_engine::LinkView;

use super::filters;
use super::frame::Plain;
use super::visit::{Answer, theme};
use crate::AppState;
use crate::limit::ClientAddress;
use crate::problem::Problem;

/// The page behind a link.
#[derive(Template)]
#[template(path = "acknowledge.html")]
pub(crate) struct Acknowledge {
    pub(crate) shown: Option<Shown>,
    /// The link's own secret, for the form.
    pub(crate) link: String,
}

/// What the link is for.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) person: String,
    pub(crate) short_id: String,
    pub(crate) codename: String,
    pub(crate) severity: Option<Severity>,
    /// The person has answered already, by this link or another way.
    pub(crate) done: bool,
    /// The page is over by somebody else's answer, or because the incident is.
    pub(crate) over: bool,
}

/// Shows what the link would acknowledge.
pub(crate) async fn show(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    headers: HeaderMap,
    Path(link): Path<String>,
) -> Answer {
    answer(&state, client, &headers, link, false).await
}

/// Acknowledges.
pub(crate) async fn redeem(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    headers: HeaderMap,
    Path(link): Path<String>,
) -> Answer {
    answer(&state, client, &headers, link, true).await
}

async fn answer(
    state: &AppState,
    client: Result<ClientAddress, Problem>,
    headers: &HeaderMap,
    link: String,
    redeem: bool,
) -> Answer {
    let address = match client {
        Ok(ClientAddress(address)) => address,
        Err(problem) => return Ok(problem.into_response()),
    };
    // Guessing 256 bits is hopeless; trying often is still not for free.
    let Ok(attempt) = state.sign_ins.begin(&format!("acknowledge {address}"), address) else {
        return page(StatusCode::TOO_MANY_REQUESTS, headers, Acknowledge { shown: None, link: String::new() });
    };
    let found =
        if redeem { state.engine.redeem_acknowledge_link(&link).await? } else { state.engine.acknowledge_link(&link).await? };
    let Some(found) = found else {
        return page(StatusCode::NOT_FOUND, headers, Acknowledge { shown: None, link: String::new() });
    };
    attempt.succeeded();
    page(StatusCode::OK, headers, Acknowledge { shown: Some(shown(found)), link })
}

fn shown(found: LinkView) -> Shown {
    let told = found.page.state.recipient(&found.person);
    Shown {
        done: told.is_some_and(|told| told.answered_at.is_some()),
        over: !found.page.state.status.is_open(),
        person: found.person,
        short_id: found.page.incident.short_id,
        codename: found.page.codename,
        severity: found.page.incident.severity,
    }
}

/// The address holds the secret: it is kept nowhere and told to nobody.
fn page(status: StatusCode, headers: &HeaderMap, content: Acknowledge) -> Answer {
    let html = Plain { title: "Acknowledge", theme: theme(headers), content }.render()?;
    let mut response = (status, Html(html)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}
