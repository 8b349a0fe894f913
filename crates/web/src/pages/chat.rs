//! The reader's own chat accounts: a code to link one, and those that are linked.

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use watchfire_engine::{ChatLink, Error};

use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "chat.html")]
pub(crate) struct Chat {
    pub(crate) now: Timestamp,
    pub(crate) links: Vec<ChatLink>,
    /// A code just made, shown this once.
    pub(crate) code: Option<String>,
}

/// Answers with the links.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = room(&visit, None).await?;
    visit.show("Your chat accounts", Room::Elsewhere, false, room).await
}

/// Makes a code and shows it, this once.
pub(crate) async fn code(visit: Visit) -> Answer {
    let made = visit.engine.chat_code(&visit.who).await?;
    let room = room(&visit, Some(made.code)).await?;
    visit.show("Your chat accounts", Room::Elsewhere, false, room).await
}

/// Ends a link.
pub(crate) async fn unlink(visit: Visit, fields: Fields) -> Answer {
    let channel = fields.get("channel").parse().map_err(|_| Error::NotFound("chat account"))?;
    visit.engine.chat_unlink(&visit.who, channel, fields.get("member")).await?;
    Ok(Redirect::to("/chat").into_response())
}

async fn room(visit: &Visit, code: Option<String>) -> Result<Chat, Error> {
    Ok(Chat { now: visit.now, links: visit.engine.chat_links(&visit.who).await?, code })
}
