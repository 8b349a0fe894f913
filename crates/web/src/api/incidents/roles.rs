//! Who holds which role in an incident.

use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::ToSchema;
use watchfire_core::incident::{Command, Role};

use super::change::{Changed, command};
use crate::AppState;
use crate::api::extract::{Body, Caller};
use crate::api::failure::{Failure, invalid};
use crate::api::model::IncidentDocument;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Holder {
    /// A person's login.
    holder: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Offer {
    /// A person's login.
    to: String,
}

/// Gives a role to somebody; whoever held it holds it no longer.
#[utoipa::path(put, path = "/incidents/{id}/roles/{role}", tag = "incidents", params(("id" = String, Path), ("role" = String, Path)), request_body = Holder, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn assign_role(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path((id, word)): Path<(String, String)>,
    Body(wish): Body<Holder>,
) -> Changed {
    let wish = Command::AssignRole { role: role(&word)?, holder: wish.holder };
    command(&state, &who, &id, wish).await
}

/// Leaves a role empty; a declared incident always has a commander.
#[utoipa::path(delete, path = "/incidents/{id}/roles/{role}", tag = "incidents", params(("id" = String, Path), ("role" = String, Path)), responses((status = 200, body = IncidentDocument)))]
pub(super) async fn vacate_role(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path((id, word)): Path<(String, String)>,
) -> Changed {
    command(&state, &who, &id, Command::VacateRole { role: role(&word)? }).await
}

/// Offers a role to somebody, who then accepts; until then it stays where it is.
#[utoipa::path(post, path = "/incidents/{id}/roles/{role}/offer", tag = "incidents", params(("id" = String, Path), ("role" = String, Path)), request_body = Offer, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn offer_role(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path((id, word)): Path<(String, String)>,
    Body(wish): Body<Offer>,
) -> Changed {
    command(&state, &who, &id, Command::OfferRole { role: role(&word)?, to: wish.to }).await
}

/// Takes a role that was offered to you.
#[utoipa::path(post, path = "/incidents/{id}/roles/{role}/accept", tag = "incidents", params(("id" = String, Path), ("role" = String, Path)), responses((status = 200, body = IncidentDocument)))]
pub(super) async fn accept_role(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path((id, word)): Path<(String, String)>,
) -> Changed {
    let by = who.actor.id().to_owned();
    command(&state, &who, &id, Command::AcceptRole { role: role(&word)?, by }).await
}

fn role(word: &str) -> Result<Role, Failure> {
    let fault = || invalid("role", "lower-case letters, digits and underscores, at most 40, such as commander");
    Role::parse(word).ok_or_else(|| fault().into())
}
