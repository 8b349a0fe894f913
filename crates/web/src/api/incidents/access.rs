//! Who may see, work on and manage an incident.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use watchfire_core::access::Level;
use watchfire_core::incident::{Command, Sensitivity};
use watchfire_engine::{Grantee, NewGrant};

use super::change::{Changed, command};
use crate::AppState;
use crate::api::alerts::Reason;
use crate::api::extract::{Body, Caller, Name};
use crate::api::failure::{Failure, invalid, not_found};
use crate::api::model::words::{LevelWord, SensitivityWord};
use crate::api::model::{AccessDocument, At, GrantDocument, IncidentDocument};

/// A right to be given, to a person or to a team.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantWish {
    /// A person's login.
    person: Option<String>,
    /// A team's word.
    team: Option<String>,
    #[schema(value_type = LevelWord)]
    level: Level,
    #[serde(default)]
    reason: String,
    /// When it ends by itself.
    until: Option<At>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SensitivityWish {
    #[schema(value_type = SensitivityWord)]
    sensitivity: Sensitivity,
    #[serde(default)]
    reason: String,
}

/// Lists who has access and why.
#[utoipa::path(get, path = "/incidents/{id}/access", tag = "access", params(("id" = String, Path)), responses((status = 200, body = AccessDocument)))]
pub(super) async fn list_access(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<AccessDocument>, Failure> {
    Ok(Json(state.engine.access_list(&who, &id).await?.into()))
}

/// Gives a person or a team a right; a manual grant that they have already is replaced.
#[utoipa::path(post, path = "/incidents/{id}/grants", tag = "access", params(("id" = String, Path)), request_body = GrantWish, responses((status = CREATED, body = GrantDocument)))]
pub(super) async fn give_grant(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<GrantWish>,
) -> Result<(StatusCode, Json<GrantDocument>), Failure> {
    let grantee = match (wish.person, wish.team) {
        (Some(login), None) => Grantee::Person(login),
        (None, Some(team)) => Grantee::Team(team),
        _ => return Err(invalid("person", "name a person or a team, one of them").into()),
    };
    let new = NewGrant { grantee, level: wish.level, reason: wish.reason, until: wish.until.map(|at| at.0) };
    Ok((StatusCode::CREATED, Json(state.engine.grant(&who, &id, new).await?.into())))
}

/// Takes a grant away, at once; also from pages that are open.
#[utoipa::path(delete, path = "/incidents/{id}/grants/{grant}", tag = "access", params(("id" = String, Path), ("grant" = String, Path)), responses((status = 200, body = GrantDocument)))]
pub(super) async fn revoke_grant(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path((id, grant)): Path<(String, String)>,
) -> Result<Json<GrantDocument>, Failure> {
    let Ok(grant) = grant.parse() else {
        // Whether the incident is there is told first, and the same way.
        state.engine.access_list(&who, &id).await?;
        return Err(not_found("grant").into());
    };
    Ok(Json(state.engine.revoke_grant(&who, &id, grant).await?.into()))
}

/// Decides that the full scope is known: only then may a restricted incident be opened.
#[utoipa::path(post, path = "/incidents/{id}/scope-known", tag = "access", params(("id" = String, Path)), request_body = Reason, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn know_scope(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<Reason>,
) -> Changed {
    command(&state, &who, &id, Command::KnowScope { reason: wish.reason }).await
}

/// Says whom it is kept from beyond its visibility: `employee` leaves only those who are named on it.
#[utoipa::path(put, path = "/incidents/{id}/sensitivity", tag = "access", params(("id" = String, Path)), request_body = SensitivityWish, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn set_sensitivity(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<SensitivityWish>,
) -> Changed {
    command(&state, &who, &id, Command::SetSensitivity { to: wish.sensitivity, reason: wish.reason }).await
}
