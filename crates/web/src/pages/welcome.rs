//! What a one-time link leads to: the first-run wizard, an invitation, a recovery. Looking uses nothing up.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use watchfire_engine::sign_in::{LinkFor, LinkKind, Setup, SignInError};
use watchfire_engine::{Organisation, SeverityDisplay};

use super::filters;
use super::form::Fields;
use super::frame::Plain;
use super::passkey::{credential, device, question, told};
use super::sign_in::enter;
use super::visit::{Answer, theme};
use crate::AppState;
use crate::limit::ClientAddress;
use crate::problem::Problem;

/// The page.
#[derive(Template, Clone, Default)]
#[template(path = "welcome.html")]
pub(crate) struct Welcome {
    pub(crate) link: String,
    /// `setup`, `invitation`, `recovery`, or empty for a link that is not open.
    pub(crate) kind: &'static str,
    pub(crate) failed: String,
    pub(crate) organisation: String,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) made_by: String,
    /// Word, name, and whether it is chosen.
    pub(crate) teams: Vec<(String, String, bool)>,
    pub(crate) scheme: &'static str,
    pub(crate) passkeys: bool,
    pub(crate) sign_on: Option<String>,
}

/// Answers with the page of a link.
pub(crate) async fn show(State(state): State<AppState>, headers: HeaderMap, Path(link): Path<String>) -> Answer {
    match state.engine.link(&link).await {
        Ok(known) => page(StatusCode::OK, &headers, content(&state, link, known)),
        Err(error) => closed(&headers, error),
    }
}

/// Asks for the passkey that the link's person is to have.
pub(crate) async fn ask(
    State(state): State<AppState>,
    client: Result<ClientAddress, Problem>,
    Path(link): Path<String>,
    fields: Fields,
) -> Response {
    if let Err(problem) = client.and_then(|ClientAddress(address)| state.questions.check(&address).map_err(Problem::from)) {
        return problem.into_response();
    }
    let asked = match state.engine.link(&link).await {
        Err(error) => Err(error),
        Ok(known) => {
            let typed = watchfire_core::person::login(fields.get("login")).unwrap_or_default();
            let login = if known.login.is_empty() { typed } else { known.login };
            state.engine.ask_for_new_passkey(&login, fields.get("name")).await
        }
    };
    question(&state, asked)
}

/// Sets up what the link is for, and signs in.
pub(crate) async fn submit(
    State(state): State<AppState>,
    headers: HeaderMap,
    Path(link): Path<String>,
    fields: Fields,
) -> Answer {
    let known = match state.engine.link(&link).await {
        Ok(known) => known,
        Err(error) => return closed(&headers, error),
    };
    let is_setup = known.kind == LinkKind::Setup;
    let mut content = content(&state, link.clone(), known);
    if is_setup {
        fields.get("organisation").clone_into(&mut content.organisation);
        fields.get("login").clone_into(&mut content.login);
        content.scheme = SeverityDisplay::parse(fields.get("scheme")).unwrap_or_default().as_str();
        let chosen: Vec<String> = fields.under("team-").map(|(team, _)| team).collect();
        content.teams.iter_mut().for_each(|(id, _, on)| *on = chosen.contains(id));
    }
    fields.get("name").clone_into(&mut content.name);
    let credential = match credential(&headers, &fields) {
        Ok(credential) => credential,
        Err(failed) => return page(StatusCode::UNPROCESSABLE_ENTITY, &headers, Welcome { failed, ..content }),
    };
    let done = if is_setup {
        let setup = Setup {
            organisation: Organisation {
                name: content.organisation.clone(),
                severity_display: SeverityDisplay::parse(content.scheme).unwrap_or_default(),
            },
            name: content.name.clone(),
            login: content.login.clone(),
            teams: content.teams.iter().filter(|(_, _, on)| *on).map(|(id, _, _)| id.clone()).collect(),
            credential,
        };
        state.engine.set_up(&link, setup, &device(&headers)).await
    } else {
        state.engine.use_link(&link, fields.get("name"), credential, &device(&headers)).await
    };
    match done {
        Ok(opened) => enter(&state, &headers, opened, "/incidents").await,
        Err(SignInError::Link) => closed(&headers, SignInError::Link),
        Err(error) => {
            let (status, failed) = told(error)?;
            page(status, &headers, Welcome { failed, ..content })
        }
    }
}

fn content(state: &AppState, link: String, known: LinkFor) -> Welcome {
    let teams = state.engine.team_names().into_iter().map(|(id, title)| (id, title, false)).collect();
    Welcome {
        link,
        kind: known.kind.as_str(),
        login: known.login,
        name: known.name,
        made_by: known.made_by,
        teams,
        scheme: SeverityDisplay::default().as_str(),
        passkeys: state.engine.has_passkeys(),
        sign_on: state.engine.sign_on_name().map(str::to_owned),
        ..Welcome::default()
    }
}

fn closed(headers: &HeaderMap, error: SignInError) -> Answer {
    let (status, failed) = told(error)?;
    page(status, headers, Welcome { failed, ..Welcome::default() })
}

fn page(status: StatusCode, headers: &HeaderMap, content: Welcome) -> Answer {
    let html = Plain { title: "Welcome", theme: theme(headers), content }.render()?;
    Ok((status, Html(html)).into_response())
}
