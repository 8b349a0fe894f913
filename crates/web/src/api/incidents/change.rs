//! What moves an incident on. Each answers with the incident as it is then.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use watchfire_core::Severity;
use watchfire_core::access::Identity;
use watchfire_core::id::AlertId;
use watchfire_core::incident::{Class, Command, Phase, Visibility};

use crate::AppState;
use crate::api::alerts::Reason;
use crate::api::extract::{Body, Caller, Name};
use crate::api::failure::Failure;
use crate::api::model::words::{ClassWord, PhaseWord, SeverityWord, VisibilityWord};
use crate::api::model::{At, IncidentDocument};

/// What changing an incident answers.
pub(super) type Changed = Result<Json<IncidentDocument>, Failure>;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNote {
    text: String,
    /// When it happened; without it now.
    occurred_at: Option<At>,
    /// When we learned of it; without it now.
    known_at: Option<At>,
    /// The sequence number of the entry that this one corrects.
    corrects: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TriageWish {
    #[schema(value_type = ClassWord)]
    class: Class,
    /// Without it the severity stays.
    #[schema(value_type = Option<SeverityWord>)]
    severity: Option<Severity>,
    team: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeclareWish {
    /// Needed where none is set yet.
    #[schema(value_type = Option<SeverityWord>)]
    severity: Option<Severity>,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SeverityWish {
    #[schema(value_type = SeverityWord)]
    severity: Severity,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PhaseWish {
    #[schema(value_type = PhaseWord)]
    phase: Phase,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseWish {
    /// Why no postmortem of a SEV1 or SEV2 is owed.
    waiver: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MergeWish {
    /// Id or short id of the incident that it goes into.
    into: String,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Title {
    title: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Summary {
    summary: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Team {
    team: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VisibilityWish {
    #[schema(value_type = VisibilityWord)]
    visibility: Visibility,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertLink {
    #[schema(value_type = String, format = "uuid")]
    alert: AlertId,
}

/// Says that somebody has taken it up.
#[utoipa::path(post, path = "/incidents/{id}/acknowledge", tag = "incidents", params(("id" = String, Path)), responses((status = 200, body = IncidentDocument)))]
pub(super) async fn acknowledge_incident(State(state): State<AppState>, Caller(who): Caller, Name(id): Name) -> Changed {
    let by = who.actor.id().to_owned();
    command(&state, &who, &id, Command::Acknowledge { by }).await
}

/// Sets class, severity and team.
#[utoipa::path(post, path = "/incidents/{id}/triage", tag = "incidents", params(("id" = String, Path)), request_body = TriageWish, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn triage_incident(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<TriageWish>,
) -> Changed {
    let TriageWish { class, severity, team } = wish;
    command(&state, &who, &id, Command::Triage { class, severity, team }).await
}

/// Says that one in triage is an incident.
#[utoipa::path(post, path = "/incidents/{id}/declare", tag = "incidents", params(("id" = String, Path)), request_body = DeclareWish, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn declare_reported(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<DeclareWish>,
) -> Changed {
    let DeclareWish { severity, reason } = wish;
    command(&state, &who, &id, Command::Declare { severity, reason }).await
}

/// Writes into the timeline, also about what happened or was learned of earlier.
#[utoipa::path(post, path = "/incidents/{id}/notes", tag = "incidents", params(("id" = String, Path)), request_body = NewNote, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn note_incident(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(note): Body<NewNote>,
) -> Changed {
    let (occurred_at, known_at) = (note.occurred_at.map(|at| at.0), note.known_at.map(|at| at.0));
    state.engine.note_at(&who, &id, &note.text, occurred_at, known_at, note.corrects).await?;
    Ok(Json(state.engine.incident(&who, &id).await?.into()))
}

/// Changes the severity.
#[utoipa::path(put, path = "/incidents/{id}/severity", tag = "incidents", params(("id" = String, Path)), request_body = SeverityWish, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn set_severity(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<SeverityWish>,
) -> Changed {
    command(&state, &who, &id, Command::SetSeverity { to: wish.severity, reason: wish.reason }).await
}

/// Goes to a phase.
#[utoipa::path(put, path = "/incidents/{id}/phase", tag = "incidents", params(("id" = String, Path)), request_body = PhaseWish, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn set_phase(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<PhaseWish>,
) -> Changed {
    command(&state, &who, &id, Command::SetPhase { to: wish.phase, reason: wish.reason }).await
}

/// Says that the response is over.
#[utoipa::path(post, path = "/incidents/{id}/resolve", tag = "incidents", params(("id" = String, Path)), request_body = Reason, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn resolve_incident(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<Reason>,
) -> Changed {
    command(&state, &who, &id, Command::Resolve { reason: wish.reason }).await
}

/// Says that everything owed is done.
#[utoipa::path(post, path = "/incidents/{id}/close", tag = "incidents", params(("id" = String, Path)), request_body = CloseWish, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn close_incident(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<CloseWish>,
) -> Changed {
    command(&state, &who, &id, Command::Close { waiver: wish.waiver }).await
}

/// Takes it up again.
#[utoipa::path(post, path = "/incidents/{id}/reopen", tag = "incidents", params(("id" = String, Path)), request_body = Reason, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn reopen_incident(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<Reason>,
) -> Changed {
    command(&state, &who, &id, Command::Reopen { reason: wish.reason }).await
}

/// Says that it was none.
#[utoipa::path(post, path = "/incidents/{id}/dismiss", tag = "incidents", params(("id" = String, Path)), request_body = Reason, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn dismiss_incident(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<Reason>,
) -> Changed {
    command(&state, &who, &id, Command::Dismiss { reason: wish.reason }).await
}

/// Puts it into another incident, which takes its alerts over.
#[utoipa::path(post, path = "/incidents/{id}/merge", tag = "incidents", params(("id" = String, Path)), request_body = MergeWish, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn merge_incident(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<MergeWish>,
) -> Changed {
    let incident = state.engine.incident(&who, &wish.into).await?.incident.id;
    command(&state, &who, &id, Command::MergeInto { incident, reason: wish.reason }).await
}

/// Changes the title.
#[utoipa::path(put, path = "/incidents/{id}/title", tag = "incidents", params(("id" = String, Path)), request_body = Title, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn rename_incident(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<Title>,
) -> Changed {
    command(&state, &who, &id, Command::Rename { title: wish.title }).await
}

/// Writes where we stand.
#[utoipa::path(put, path = "/incidents/{id}/summary", tag = "incidents", params(("id" = String, Path)), request_body = Summary, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn summarise_incident(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<Summary>,
) -> Changed {
    command(&state, &who, &id, Command::Summarise { summary: wish.summary }).await
}

/// Gives it to another team.
#[utoipa::path(put, path = "/incidents/{id}/team", tag = "incidents", params(("id" = String, Path)), request_body = Team, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn set_team(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<Team>,
) -> Changed {
    command(&state, &who, &id, Command::SetTeam { team: wish.team }).await
}

/// Changes who may learn of it.
#[utoipa::path(put, path = "/incidents/{id}/visibility", tag = "incidents", params(("id" = String, Path)), request_body = VisibilityWish, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn set_visibility(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(wish): Body<VisibilityWish>,
) -> Changed {
    command(&state, &who, &id, Command::SetVisibility { to: wish.visibility, reason: wish.reason }).await
}

/// Links an alert.
#[utoipa::path(post, path = "/incidents/{id}/alerts", tag = "incidents", params(("id" = String, Path)), request_body = AlertLink, responses((status = 200, body = IncidentDocument)))]
pub(super) async fn link_alert(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Body(link): Body<AlertLink>,
) -> Changed {
    let incident = state.engine.link_alert(&who, &id, link.alert).await?;
    Ok(Json(IncidentDocument::shown(&state, &who, incident).await?))
}

/// Does what is asked and shows the incident as it is then.
pub(super) async fn command(state: &AppState, who: &Identity, id: &str, command: Command) -> Changed {
    let incident = state.engine.command(who, id, command).await?;
    Ok(Json(IncidentDocument::shown(state, who, incident).await?))
}
