//! Tokens: credentials of people and services.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Powers, Right, Role};
use watchfire_core::id::TokenId;
use watchfire_core::token::TokenKind;
use watchfire_engine::{Error, Token, TokenWish};

use super::failed::refusal;
use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::visit::{Answer, Visit};

/// How long before its end a token is shown as ending.
const SOON_DAYS: i64 = 14;

/// The room.
#[derive(Template)]
#[template(path = "tokens.html")]
pub(crate) struct Tokens {
    pub(crate) now: Timestamp,
    pub(crate) rows: Vec<Row>,
    /// The secret of a token just made, shown this once.
    pub(crate) fresh: Option<(String, String)>,
    pub(crate) roles: Vec<&'static str>,
    /// The reader makes tokens of services too.
    pub(crate) may_administer: bool,
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
    /// It ends within two weeks.
    pub(crate) ends_soon: bool,
    /// What it may be used for, in words.
    pub(crate) scopes: String,
    /// Who made it, where that is not the reader.
    pub(crate) owner: Option<String>,
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
        Ok(role) => {
            let kind = if fields.get("kind") == "service" { TokenKind::Service } else { TokenKind::Personal };
            let powers = match fields.get("scopes") {
                "" => Ok(visit.who.powers),
                words => Powers::parse(words).map_err(|_| Error::invalid("scopes", "choose what it is for")),
            };
            match powers {
                Ok(powers) => {
                    let wish = TokenWish { name: name.to_owned(), kind, role, powers, expires_at };
                    visit.engine.make_token(&visit.who, wish).await
                }
                Err(error) => Err(error),
            }
        }
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
    let ending: Vec<TokenId> =
        visit.engine.tokens_ending(&visit.who, SOON_DAYS).await?.into_iter().map(|token| token.id).collect();
    let row = |token: Token| Row {
        id: token.id.to_string(),
        kind: if token.kind == TokenKind::Personal.prefix() { "personal".to_owned() } else { "service".to_owned() },
        name: token.name,
        role: token.role.as_str().to_owned(),
        created_at: token.created_at,
        last_used_at: token.last_used_at,
        expires_at: token.expires_at,
        revoked: token.revoked_at.is_some(),
        ends_soon: ending.contains(&token.id),
        scopes: token.powers.words().join(", "),
        owner: token.owner.filter(|owner| owner != visit.login()),
    };
    let rows = visit.engine.tokens(&visit.who).await?.into_iter().map(row).collect();
    let roles = Role::ALL.into_iter().filter(|role| *role <= visit.who.role).map(Role::as_str).collect();
    let may_administer = visit.may(Right::Administer);
    Ok(Tokens { now: visit.now, rows, fresh: None, roles, may_administer, name: String::new(), failed: String::new() })
}
