//! Tokens: credentials of people and services.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::Role;
use watchfire_core::id::TokenId;
use watchfire_core::token::TokenKind;
use watchfire_engine::{Error, Token};

use super::failed::refusal;
use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "tokens.html")]
pub(crate) struct Tokens {
    pub(crate) now: Timestamp,
    pub(crate) rows: Vec<Row>,
    /// The secret of a token just made, shown this once.
    pub(crate) fresh: Option<(String, String)>,
    pub(crate) roles: Vec<&'static str>,
    pub(crate) name: String,
    pub(crate) failed: String,
}

/// One token.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) role: String,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) revoked: bool,
}

/// Answers with the list.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("Tokens", Room::Tokens, false, room).await
}

/// Makes a token and shows it, this once.
pub(crate) async fn add(visit: Visit, fields: Fields) -> Answer {
    let name = fields.get("name");
    let days: i64 = fields.get("days").parse().unwrap_or(90);
    let expires_at = visit.now.checked_add(SignedDuration::from_hours(days.clamp(1, 365) * 24)).ok();
    let role = Role::parse(fields.get("role")).ok_or_else(|| Error::invalid("role", "choose one of the roles"));
    let made = match role {
        Ok(role) => visit.engine.add_token(&visit.who, name, TokenKind::Service, role, expires_at).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => {
            let mut room = build(&visit).await?;
            room.fresh = Some((made.token.name, made.secret));
            visit.show("Tokens", Room::Tokens, false, room).await
        }
        Err(error) => {
            let (status, message) = refusal(error)?;
            let mut room = build(&visit).await?;
            name.clone_into(&mut room.name);
            message.trim_end_matches('.').clone_into(&mut room.failed);
            visit.show_as(status, "Tokens", Room::Tokens, false, room).await
        }
    }
}

/// Revokes a token, at once.
pub(crate) async fn revoke(visit: Visit, Path(id): Path<TokenId>) -> Answer {
    visit.engine.revoke_token(&visit.who, id).await?;
    Ok(Redirect::to("/tokens").into_response())
}

async fn build(visit: &Visit) -> Result<Tokens, Error> {
    let row = |token: Token| Row {
        id: token.id.to_string(),
        kind: if token.kind == TokenKind::Personal.prefix() { "personal".to_owned() } else { "service".to_owned() },
        name: token.name,
        role: token.role.as_str().to_owned(),
        created_at: token.created_at,
        last_used_at: token.last_used_at,
        expires_at: token.expires_at,
        revoked: token.revoked_at.is_some(),
    };
    let rows = visit.engine.tokens(&visit.who).await?.into_iter().map(row).collect();
    let roles = Role::ALL.into_iter().filter(|role| *role <= visit.who.role).map(Role::as_str).collect();
    Ok(Tokens { now: visit.now, rows, fresh: None, roles, name: String::new(), failed: String::new() })
}
