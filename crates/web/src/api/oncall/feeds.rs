//! Calendar feeds.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_engine::FeedOf;

use crate::AppState;
use crate::api::extract::{Body, Caller, Name};
use crate::api::failure::{Failure, invalid};
use crate::api::model::{FeedList, NewFeedDocument};

/// What the feed shows: a schedule, or a person; neither is you.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FeedWish {
    schedule: Option<String>,
    login: Option<String>,
}

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_feeds, add_feed)).routes(routes!(revoke_feed))
}

/// Lists calendar feeds: your own, for managers all.
#[utoipa::path(get, path = "/on-call/feeds", tag = "on-call", responses((status = 200, body = FeedList)))]
async fn list_feeds(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<FeedList>, Failure> {
    Ok(Json(state.engine.feeds(&who).await?.into()))
}

/// Makes the address of a calendar feed. It is shown this once.
#[utoipa::path(post, path = "/on-call/feeds", tag = "on-call", request_body = FeedWish, responses((status = CREATED, body = NewFeedDocument)))]
async fn add_feed(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<FeedWish>,
) -> Result<(StatusCode, Json<NewFeedDocument>), Failure> {
    let of = match (wish.schedule, wish.login) {
        (Some(_), Some(_)) => return Err(invalid("login", "a feed is of a schedule or of a person, not of both").into()),
        (Some(schedule), None) => FeedOf::Schedule(schedule),
        (None, login) => FeedOf::Person(login.unwrap_or_else(|| who.login().unwrap_or_default().to_owned())),
    };
    Ok((StatusCode::CREATED, Json(state.engine.add_feed(&who, of).await?.into())))
}

/// Revokes a feed: from now on its address is not found.
#[utoipa::path(delete, path = "/on-call/feeds/{id}", tag = "on-call", params(("id" = String, Path)), responses((status = NO_CONTENT)))]
async fn revoke_feed(State(state): State<AppState>, Caller(who): Caller, Name(id): Name) -> Result<StatusCode, Failure> {
    state.engine.revoke_feed(&who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
