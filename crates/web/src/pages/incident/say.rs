//! The composer's line: what it will do, and doing it.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect};
use watchfire_engine::{Error, NewTask, TaskChange};

use super::acts::refused;
use crate::api::problem_of;
use crate::pages::composer::{Said, read};
use crate::pages::filters;
use crate::pages::form::Fields;
use crate::pages::visit::{Answer, Visit};

/// What a line will do, shown above it before it is sent.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% if let Some(fault) = fault %}<span class="err">{{ "warn"|icon }}{{ fault }}</span>{% else %}<span class="tag">{{ icon|icon }}{{ act }}</span><span>{{ particulars }}</span><span class="dim">Everyone on the incident will see it.</span>{% endif %}"#
)]
struct Preview {
    icon: &'static str,
    act: &'static str,
    particulars: String,
    fault: Option<String>,
}

/// Answers with what the line would do, or why it would not be done. Changes nothing; it is posted because what is typed belongs in
/// no log.
pub(crate) async fn parse(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let fault = |words: String| Preview { icon: "warn", act: "", particulars: String::new(), fault: Some(words) };
    let preview = match read(fields.get("line"), visit.login(), visit.now) {
        Err(misread) => fault(misread.to_string()),
        Ok(said) => match would(&visit, &id, &said).await {
            Err(error) => fault(format!("Not now: {error}.")),
            Ok(()) => {
                let (icon, act, particulars) = said.preview();
                Preview { icon, act, particulars, fault: None }
            }
        },
    };
    Ok(Html(preview.render()?).into_response())
}

/// Tells whether a line would be done: its law holds, and whom it names is there.
async fn would(visit: &Visit, id: &str, said: &Said) -> Result<(), Error> {
    match said {
        Said::Command(command) => visit.engine.would(&visit.who, id, command.clone()).await,
        Said::Task { owner: Some(owner), .. } => visit.engine.person_meant(&visit.who, "owner", owner).await.map(drop),
        Said::Page { to, .. } if to != "owners" && !to.contains(' ') => {
            visit.engine.person_meant(&visit.who, "to", to).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// Does what the line says. The script takes 204 or a problem; the plain form goes back to the page.
pub(crate) async fn say(visit: Visit, Path(id): Path<String>, headers: HeaderMap, fields: Fields) -> Answer {
    let line = fields.get("line");
    let done = match read(line, visit.login(), visit.now) {
        Ok(said) => act(&visit, &id, said).await,
        Err(misread) => Err(Error::invalid("line", misread.to_string())),
    };
    if by_script(&headers) {
        return Ok(match done {
            Ok(()) => StatusCode::NO_CONTENT.into_response(),
            Err(error) => problem_of(error).into_response(),
        });
    }
    match done {
        Ok(()) => Ok(Redirect::to(&page_of(&id)).into_response()),
        Err(error) => refused(&visit, &id, "The line", error, line).await,
    }
}

/// Returns the address of an incident's page.
pub(crate) fn page_of(id: &str) -> String {
    format!("/incidents/{}", crate::pages::query::encode(id))
}

async fn act(visit: &Visit, id: &str, said: Said) -> Result<(), Error> {
    match said {
        Said::Command(command) => visit.engine.command(&visit.who, id, command).await.map(drop),
        Said::Task { title, owner, team, due_at } => visit
            .engine
            .add_task(&visit.who, id, NewTask { title, owner, team, due_at, consult: None, insist: false })
            .await
            .map(drop),
        Said::Page { to, text } => visit.engine.send_page(&visit.who, id, &to, &text).await.map(drop),
        Said::Link { link, address } => visit.engine.set_link(&visit.who, id, link, &address).await,
        Said::TaskState { number, state } => {
            let change = TaskChange { state: Some(state), ..TaskChange::default() };
            visit.engine.change_task(&visit.who, id, number, change).await.map(drop)
        }
    }
}

fn by_script(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"))
}
