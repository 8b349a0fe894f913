//! Contacts: how people are reached, and when they want to be left alone.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use watchfire_core::access::Identity;
use watchfire_core::id::{ContactId, kind};
use watchfire_engine::Preference;

use super::extract::{Body, Caller, Query, Uuid};
use super::failure::{Failure, invalid};
use super::model::{ContactDocument, ContactList, PreferenceDocument};
use crate::AppState;

/// Whose.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfPerson {
    /// A login; without it the caller's own. Others' are for owners.
    person: Option<String>,
}

/// A way to reach a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewContact {
    /// The name of a configured channel.
    channel: String,
    /// The address on it; empty where the channel reaches one place anyway.
    #[serde(default)]
    address: String,
    /// A login; without it the caller's own.
    person: Option<String>,
}

/// What the contact got.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GivenCode {
    code: String,
}

/// The order of contacts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContactOrder {
    /// Ids; those that are left out come after them.
    #[schema(value_type = Vec<String>)]
    ids: Vec<ContactId>,
    person: Option<String>,
}

/// When somebody wants to be left alone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PagingWish {
    person: Option<String>,
    /// An IANA name; without it the zone of the account.
    time_zone: Option<String>,
    /// `22:00`; without both there are no quiet hours. They never hold for SEV1 and SEV2.
    quiet_from: Option<String>,
    quiet_until: Option<String>,
    /// Open consoles make a sound.
    #[serde(default)]
    sound: bool,
}

/// The routes of contacts.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_contacts, add_contact))
        .routes(routes!(order_contacts))
        .routes(routes!(remove_contact))
        .routes(routes!(verify_contact))
        .routes(routes!(send_contact_code))
        .routes(routes!(get_paging_preference, set_paging_preference))
}

/// Lists a person's contacts in the order in which they are used.
#[utoipa::path(get, path = "/contacts", tag = "paging", params(OfPerson), responses((status = 200, body = ContactList)))]
async fn list_contacts(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<OfPerson>,
) -> Result<Json<ContactList>, Failure> {
    Ok(Json(state.engine.contacts(&who, &login(&who, query.person)).await?.into()))
}

/// Adds a contact and sends it a code.
#[utoipa::path(post, path = "/contacts", tag = "paging", request_body = NewContact, responses((status = CREATED, body = ContactDocument)))]
async fn add_contact(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<NewContact>,
) -> Result<(StatusCode, Json<ContactDocument>), Failure> {
    let contact = state.engine.add_contact(&who, &login(&who, wish.person), &wish.channel, &wish.address).await?;
    Ok((StatusCode::CREATED, Json(contact.into())))
}

/// Puts contacts in order.
#[utoipa::path(put, path = "/contacts/order", tag = "paging", request_body = ContactOrder, responses((status = 200, body = ContactList)))]
async fn order_contacts(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<ContactOrder>,
) -> Result<Json<ContactList>, Failure> {
    let person = login(&who, wish.person);
    Ok(Json(state.engine.order_contacts(&who, &person, wish.ids).await?.into()))
}

/// Removes a contact; answers with what it was.
#[utoipa::path(delete, path = "/contacts/{id}", tag = "paging", params(("id" = String, Path)), responses((status = 200, body = ContactDocument)))]
async fn remove_contact(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<kind::Contact>,
) -> Result<Json<ContactDocument>, Failure> {
    Ok(Json(state.engine.remove_contact(&who, id).await?.into()))
}

/// Gives back the code that a contact got: from then on pages go there.
#[utoipa::path(post, path = "/contacts/{id}/verify", tag = "paging", params(("id" = String, Path)), request_body = GivenCode, responses((status = 200, body = ContactDocument)))]
async fn verify_contact(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<kind::Contact>,
    Body(given): Body<GivenCode>,
) -> Result<Json<ContactDocument>, Failure> {
    Ok(Json(state.engine.verify_contact(&who, id, &given.code).await?.into()))
}

/// Sends a contact a new code.
#[utoipa::path(post, path = "/contacts/{id}/code", tag = "paging", params(("id" = String, Path)), responses((status = 200, body = ContactDocument)))]
async fn send_contact_code(
    State(state): State<AppState>,
    Caller(who): Caller,
    Uuid(id): Uuid<kind::Contact>,
) -> Result<Json<ContactDocument>, Failure> {
    Ok(Json(state.engine.send_code(&who, id).await?.into()))
}

/// Tells when a person wants to be left alone.
#[utoipa::path(get, path = "/paging-preference", tag = "paging", params(OfPerson), responses((status = 200, body = PreferenceDocument)))]
async fn get_paging_preference(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<OfPerson>,
) -> Result<Json<PreferenceDocument>, Failure> {
    Ok(Json(state.engine.paging_preference(&who, &login(&who, query.person)).await?.into()))
}

/// Says when a person wants to be left alone; what is left out is unset.
#[utoipa::path(put, path = "/paging-preference", tag = "paging", request_body = PagingWish, responses((status = 200, body = PreferenceDocument)))]
async fn set_paging_preference(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<PagingWish>,
) -> Result<Json<PreferenceDocument>, Failure> {
    let clock = |name: &str, text: &Option<String>| match text.as_deref() {
        None => Ok(None),
        Some(text) => minutes(text).map(Some).ok_or_else(|| invalid(name, "it is no time of a day, such as 22:00")),
    };
    let quiet = match (clock("quiet_from", &wish.quiet_from)?, clock("quiet_until", &wish.quiet_until)?) {
        (Some(from), Some(until)) => Some((from, until)),
        (None, None) => None,
        _ => return Err(invalid("quiet_from", "quiet hours have both ends").into()),
    };
    let login = login(&who, wish.person);
    let changed_at = state.engine.now();
    let wish = Preference { login, time_zone: wish.time_zone, quiet, sound: wish.sound, changed_at };
    Ok(Json(state.engine.set_paging_preference(&who, wish).await?.into()))
}

fn login(who: &Identity, person: Option<String>) -> String {
    person.unwrap_or_else(|| who.actor.id().to_owned())
}

/// Reads `22:00` as minutes after midnight.
pub(crate) fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}
