//! The caller's own chat accounts.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_core::id::ChannelId;
use watchfire_engine::ChatLink;

use super::extract::{Body, Caller};
use super::failure::Failure;
use super::model::At;
use crate::AppState;

/// A code just made: shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = ChatCode)]
struct ChatCodeDocument {
    /// To be sent in the chat: `/wf link CODE`. It works once.
    code: String,
    expires_at: At,
}

/// An account of the caller's in a chat.
#[derive(Serialize, ToSchema)]
#[schema(as = ChatLink)]
struct ChatLinkDocument {
    #[schema(value_type = String, format = "uuid")]
    channel: ChannelId,
    channel_name: String,
    /// The chat's own id of the member.
    member: String,
    linked_at: At,
}

/// The caller's chat accounts, oldest first.
#[derive(Serialize, ToSchema)]
struct ChatLinkList {
    items: Vec<ChatLinkDocument>,
    next: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnlinkWish {
    #[schema(value_type = String, format = "uuid")]
    channel: ChannelId,
    member: String,
}

/// The routes of chat accounts.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_chat_links)).routes(routes!(make_chat_code)).routes(routes!(unlink_chat))
}

/// Lists the caller's chat accounts.
#[utoipa::path(get, path = "/chat-links", tag = "chat", responses((status = 200, body = ChatLinkList)))]
async fn list_chat_links(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<ChatLinkList>, Failure> {
    let document = |link: ChatLink| ChatLinkDocument {
        channel: link.channel,
        channel_name: link.channel_name,
        member: link.member,
        linked_at: At(link.linked_at),
    };
    let items = state.engine.chat_links(&who).await?.into_iter().map(document).collect();
    Ok(Json(ChatLinkList { items, next: None }))
}

/// Makes a code by which the caller links a chat account, within ten minutes.
#[utoipa::path(post, path = "/chat-links/code", tag = "chat", responses((status = CREATED, body = ChatCodeDocument)))]
async fn make_chat_code(
    State(state): State<AppState>,
    Caller(who): Caller,
) -> Result<(StatusCode, Json<ChatCodeDocument>), Failure> {
    let made = state.engine.chat_code(&who).await?;
    Ok((StatusCode::CREATED, Json(ChatCodeDocument { code: made.code, expires_at: At(made.expires_at) })))
}

/// Ends the link of a chat account of the caller's.
#[utoipa::path(post, path = "/chat-links/unlink", tag = "chat", request_body = UnlinkWish, responses((status = NO_CONTENT)))]
async fn unlink_chat(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<UnlinkWish>,
) -> Result<StatusCode, Failure> {
    state.engine.chat_unlink(&who, wish.channel, &wish.member).await?;
    Ok(StatusCode::NO_CONTENT)
}
