//! Teams and the organisation.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_engine::{Organisation, SeverityDisplay};

use super::extract::{Body, Caller};
use super::failure::{Failure, invalid};
use super::model::words::SeverityDisplayWord;
use super::model::{OrganisationDocument, TeamList};
use crate::AppState;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberWish {
    /// Speaks for the team and says who is in it.
    #[serde(default)]
    lead: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrganisationWish {
    name: String,
    #[schema(value_type = SeverityDisplayWord)]
    severity_display: String,
}

/// The routes of teams and of the organisation.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_teams))
        .routes(routes!(put_member, remove_member))
        .routes(routes!(get_organisation, set_organisation))
}

/// Lists the teams of the plans with their members.
#[utoipa::path(get, path = "/teams", tag = "people", responses((status = 200, body = TeamList)))]
async fn list_teams(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<TeamList>, Failure> {
    Ok(Json(state.engine.teams(&who).await?.into()))
}

/// Puts a person into a team, or changes whether they lead it.
#[utoipa::path(put, path = "/teams/{team}/members/{login}", tag = "people", params(("team" = String, Path), ("login" = String, Path)), request_body = MemberWish, responses((status = 200, body = TeamList)))]
async fn put_member(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path((team, login)): Path<(String, String)>,
    Body(wish): Body<MemberWish>,
) -> Result<Json<TeamList>, Failure> {
    state.engine.join_team(&who, &team, &login, wish.lead).await?;
    Ok(Json(state.engine.teams(&who).await?.into()))
}

/// Takes a person out of a team; what the team was granted they see no more.
#[utoipa::path(delete, path = "/teams/{team}/members/{login}", tag = "people", params(("team" = String, Path), ("login" = String, Path)), responses((status = 200, body = TeamList)))]
async fn remove_member(
    State(state): State<AppState>,
    Caller(who): Caller,
    Path((team, login)): Path<(String, String)>,
) -> Result<Json<TeamList>, Failure> {
    state.engine.leave_team(&who, &team, &login).await?;
    Ok(Json(state.engine.teams(&who).await?.into()))
}

/// Shows the organisation's settings.
#[utoipa::path(get, path = "/organisation", tag = "people", responses((status = 200, body = OrganisationDocument)))]
async fn get_organisation(State(state): State<AppState>, Caller(who): Caller) -> Result<Json<OrganisationDocument>, Failure> {
    Ok(Json(state.engine.organisation(&who).await?.into()))
}

/// Changes the organisation's settings.
#[utoipa::path(put, path = "/organisation", tag = "people", request_body = OrganisationWish, responses((status = 200, body = OrganisationDocument)))]
async fn set_organisation(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<OrganisationWish>,
) -> Result<Json<OrganisationDocument>, Failure> {
    let severity_display =
        SeverityDisplay::parse(&wish.severity_display).ok_or_else(|| invalid("severity_display", "it is sev, p or s"))?;
    let wanted = Organisation { name: wish.name, severity_display };
    Ok(Json(state.engine.set_organisation(&who, wanted).await?.into()))
}
