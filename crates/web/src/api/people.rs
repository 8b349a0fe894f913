//! People.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_core::access::Role;
use watchfire_core::person::{Address, State as PersonState, Tags};
use watchfire_engine::{NewPerson, PeopleFilter, PersonChange};

use super::extract::{Body, Caller, Name, Query};
use super::failure::{Failure, invalid};
use super::model::words::{PersonStateWord, RoleWord};
use super::model::{PersonDocument, PersonList};
use crate::AppState;

/// Somebody to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonWish {
    /// A mail address.
    login: String,
    #[serde(default)]
    name: String,
    #[schema(value_type = RoleWord)]
    role: Role,
    /// Invited people come in by their invitation; without it active.
    #[schema(value_type = Option<PersonStateWord>)]
    state: Option<PersonState>,
    /// An IANA name; without it UTC.
    #[serde(default)]
    time_zone: String,
    #[serde(default)]
    skills: Vec<String>,
    #[serde(default)]
    knowledge: Vec<String>,
    #[serde(default)]
    access: Vec<String>,
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonPatch {
    name: Option<String>,
    time_zone: Option<String>,
    skills: Option<Vec<String>>,
    knowledge: Option<Vec<String>>,
    access: Option<Vec<String>>,
    /// Further addresses, not verified; those that were there before and stay keep what was shown of them.
    addresses: Option<Vec<String>>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonRole {
    #[schema(value_type = RoleWord)]
    role: Role,
}

/// Who is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PeopleQuery {
    /// active, invited or disabled
    state: Option<String>,
    /// owner, manager, member or restricted
    role: Option<String>,
    /// A team's word.
    team: Option<String>,
    /// A skill, a system known or one that they have access to.
    tag: Option<String>,
    /// Looked for in login, name and tags.
    text: Option<String>,
}

/// The routes of people.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_people, add_person))
        .routes(routes!(get_person, change_person))
        .routes(routes!(set_person_role))
        .routes(routes!(disable_person))
        .routes(routes!(enable_person))
}

/// Finds people by team, skill, role or text.
#[utoipa::path(get, path = "/people", tag = "people", params(PeopleQuery), responses((status = 200, body = PersonList)))]
async fn list_people(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<PeopleQuery>,
) -> Result<Json<PersonList>, Failure> {
    let filter = PeopleFilter {
        state: known("state", query.state.as_deref(), PersonState::parse)?,
        role: known("role", query.role.as_deref(), Role::parse)?,
        team: query.team,
        tag: query.tag,
        text: query.text,
    };
    Ok(Json(state.engine.people(&who, filter).await?.into()))
}

/// Adds a person.
#[utoipa::path(post, path = "/people", tag = "people", request_body = PersonWish, responses((status = CREATED, body = PersonDocument)))]
async fn add_person(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<PersonWish>,
) -> Result<(StatusCode, Json<PersonDocument>), Failure> {
    let new = NewPerson {
        login: wish.login,
        name: wish.name,
        role: wish.role,
        state: wish.state.unwrap_or(PersonState::Active),
        time_zone: wish.time_zone,
        tags: Tags { skills: wish.skills, knowledge: wish.knowledge, access: wish.access },
    };
    let person = state.engine.add_person(&who, new).await?;
    Ok((StatusCode::CREATED, Json(state.engine.person(&who, &person.login).await?.into())))
}

/// Shows a person.
#[utoipa::path(get, path = "/people/{login}", tag = "people", params(("login" = String, Path)), responses((status = 200, body = PersonDocument)))]
async fn get_person(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(login): Name,
) -> Result<Json<PersonDocument>, Failure> {
    Ok(Json(state.engine.person(&who, &login).await?.into()))
}

/// Changes what describes a person: their own, or anybody's for owners.
#[utoipa::path(patch, path = "/people/{login}", tag = "people", params(("login" = String, Path)), request_body = PersonPatch, responses((status = 200, body = PersonDocument)))]
async fn change_person(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(login): Name,
    Body(patch): Body<PersonPatch>,
) -> Result<Json<PersonDocument>, Failure> {
    let known = state.engine.person(&who, &login).await?.person;
    let tags = Tags {
        skills: patch.skills.unwrap_or_else(|| known.tags.skills.clone()),
        knowledge: patch.knowledge.unwrap_or_else(|| known.tags.knowledge.clone()),
        access: patch.access.unwrap_or_else(|| known.tags.access.clone()),
    };
    let addresses = patch.addresses.map(|wanted| {
        let kept = |address: String| {
            let before = known.addresses.iter().find(|before| before.address == address.trim().to_lowercase());
            before.cloned().unwrap_or(Address { address, verified_at: None })
        };
        wanted.into_iter().map(kept).collect()
    });
    let change = PersonChange { name: patch.name, time_zone: patch.time_zone, tags: Some(tags), addresses };
    state.engine.change_person(&who, &login, change).await?;
    Ok(Json(state.engine.person(&who, &login).await?.into()))
}

/// Gives a person another role, at once.
#[utoipa::path(put, path = "/people/{login}/role", tag = "people", params(("login" = String, Path)), request_body = PersonRole, responses((status = 200, body = PersonDocument)))]
async fn set_person_role(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(login): Name,
    Body(wish): Body<PersonRole>,
) -> Result<Json<PersonDocument>, Failure> {
    state.engine.set_role(&who, &login, wish.role).await?;
    Ok(Json(state.engine.person(&who, &login).await?.into()))
}

/// Lets nobody in under this login any more: sessions, tokens and open pages end at once.
#[utoipa::path(post, path = "/people/{login}/disable", tag = "people", params(("login" = String, Path)), responses((status = 200, body = PersonDocument)))]
async fn disable_person(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(login): Name,
) -> Result<Json<PersonDocument>, Failure> {
    state.engine.disable_person(&who, &login).await?;
    Ok(Json(state.engine.person(&who, &login).await?.into()))
}

/// Lets a person in again.
#[utoipa::path(post, path = "/people/{login}/enable", tag = "people", params(("login" = String, Path)), responses((status = 200, body = PersonDocument)))]
async fn enable_person(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(login): Name,
) -> Result<Json<PersonDocument>, Failure> {
    state.engine.enable_person(&who, &login).await?;
    Ok(Json(state.engine.person(&who, &login).await?.into()))
}

fn known<T>(name: &str, word: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Failure> {
    match word {
        None => Ok(None),
        Some(word) => parse(word).map(Some).ok_or_else(|| invalid(name, "it is none of the known words").into()),
    }
}
