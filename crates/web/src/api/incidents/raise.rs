//! An incident that a person reports or declares.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use watchfire_core::Severity;
use watchfire_core::incident::{Class, Kind, Visibility};
use watchfire_engine::Declare;

use crate::AppState;
use crate::api::extract::{Body, Caller};
use crate::api::failure::Failure;
use crate::api::model::words::{ClassWord, KindWord, SeverityWord, VisibilityWord};
use crate::api::model::{At, IncidentDocument};

/// What is known of an incident when it is declared.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewIncident {
    /// What is wrong, in one line.
    title: String,
    /// Without it `other`.
    #[schema(value_type = Option<ClassWord>)]
    class: Option<Class>,
    /// Without it the incident is only reported: declaring needs one.
    #[schema(value_type = Option<SeverityWord>)]
    severity: Option<Severity>,
    /// Without it the default team of the plans.
    team: Option<String>,
    /// Without it as the class has it: the security family is restricted.
    #[schema(value_type = Option<VisibilityWord>)]
    visibility: Option<Visibility>,
    /// When the trouble began, if known.
    occurred_at: Option<At>,
    /// A first note.
    text: Option<String>,
    /// Without it `real`.
    #[schema(value_type = Option<KindWord>)]
    kind: Option<Kind>,
}

/// Raises an incident: declared if it has a severity, else reported.
#[utoipa::path(post, path = "/incidents", tag = "incidents", request_body = NewIncident, responses((status = CREATED, body = IncidentDocument)))]
pub(super) async fn declare_incident(
    State(state): State<AppState>,
    Caller(who): Caller,
    Body(wish): Body<NewIncident>,
) -> Result<(StatusCode, Json<IncidentDocument>), Failure> {
    let wish = Declare {
        title: wish.title,
        class: wish.class.unwrap_or(Class::Other),
        severity: wish.severity,
        team: wish.team,
        visibility: wish.visibility,
        occurred_at: wish.occurred_at.map(|at| at.0),
        text: wish.text,
        kind: wish.kind.unwrap_or(Kind::Real),
    };
    let incident = state.engine.declare(&who, wish).await?;
    let detail = IncidentDocument::shown(&state, &who, incident).await?;
    Ok((StatusCode::CREATED, Json(detail)))
}
