//! Tokens.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jiff::SignedDuration;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_core::access::{Powers, Role};
use watchfire_core::id::kind;
use watchfire_core::token::TokenKind;

use super::extract::{Body, Caller, Query, Uuid};
use super::failure::{Failure, invalid, not_found};
use super::model::words::{RoleWord, TokenKindWord};
use super::model::{NewTokenDocument, TokenDocument, TokenList};
use crate::AppState;

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenWish {
    name: String,
    /// personal (acts as you) or service (acts under its own name).
    #[schema(value_type = TokenKindWord)]
    kind: String,
    /// Never further than you reach.
    #[schema(value_type = RoleWord)]
    role: Role,
    /// What it may be used for: read, act, configure, administer; without it everything that its role gives.
    scopes: Option<Vec<String>>,
    /// After how many days it ends, 1 to 365; without it 90.
    days: Option<i64>,
}

/// Which tokens are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TokenQuery {
    /// Only valid ones that end within so many days, the first to end first.
    ending_within_days: Option<i64>,
}

/// The routes of tokens.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_tokens, add_token)).routes(routes!(revoke_token))
}

/// Lists tokens, the newest first: your own, and all of them for owners.
#[utoipa::path(get, path = "/tokens", tag = "tokens", params(TokenQuery), responses((status = 200, body = TokenList)))]
async fn list_tokens(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<TokenQuery>,
) -> Result<Json<TokenList>, Failure> {
    Ok(Json(match query.ending_within_days {
        Some(days) => state.engine.tokens_ending(&who, days).await?.into(),
        None => state.engine.tokens(&who).await?.into(),
    }))
}

/// Makes a token. It is shown this once.
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = TokenWish, responses((status = CREATED, body = NewTokenDocument)))]
async fn add_token(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<TokenWish>,
) -> Result<(StatusCode, Json<NewTokenDocument>), Failure> {
    let kind = match wish.kind.as_str() {
        "personal" => TokenKind::Personal,
        "service" => TokenKind::Service,
        _ => return Err(invalid("kind", "it is personal or service").into()),
    };
    let days = wish.days.unwrap_or(90);
    if !(1..=365).contains(&days) {
        return Err(invalid("days", &format!("{days} is not 1 to 365")).into());
    }
    let expires_at = state.engine.now().checked_add(SignedDuration::from_hours(24 * days)).ok();
    let powers = match wish.scopes {
        Some(words) => Powers::parse(&words.join(" ")).map_err(|word| {
            let word: String = word.chars().take(40).collect();
            invalid("scopes", &format!("{word:?} is none of read, act, configure, administer"))
        })?,
        None => who.powers,
    };
    let new = watchfire_engine::TokenWish { name: wish.name, kind, role: wish.role, powers, expires_at };
    let token = state.engine.make_token(&who, new).await?;
    Ok((StatusCode::CREATED, Json(token.into())))
}

/// Ends a token at once.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", params(("id" = String, Path)), responses((status = 200, body = TokenDocument)))]
async fn revoke_token(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<kind::Token>,
) -> Result<Json<TokenDocument>, Failure> {
    state.engine.revoke_token(&who, id).await?;
    // Whoever revoked the token that they came with may still be told.
    let token = state.engine.tokens(&who).await?.into_iter().find(|token| token.id == id);
    Ok(Json(token.ok_or_else(|| not_found("token"))?.into()))
}
