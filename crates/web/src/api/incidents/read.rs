//! Incidents as lists and in full.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use watchfire_core::Severity;
use watchfire_core::incident::{Class, Phase};
use watchfire_core::limits;
use watchfire_engine::{IncidentFilter, TimelineRequest};

use crate::AppState;
use crate::api::extract::{Caller, Name, Query, list, page};
use crate::api::failure::{Failure, invalid};
use crate::api::model::{IncidentDocument, IncidentPage, TimelineDocument, words};

/// Which incidents are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct IncidentQuery {
    /// Rows, 1 to 200; without it 50.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// open, resolved, closed or dismissed.
    state: Option<String>,
    /// Phases with commas between.
    phase: Option<String>,
    /// Severities with commas between: `sev1,sev2`; `unknown` where nobody has set one.
    severity: Option<String>,
    /// A class.
    class: Option<String>,
    /// A team.
    team: Option<String>,
    /// Who leads it.
    commander: Option<String>,
    /// Who holds a role on it or is offered one.
    person: Option<String>,
    /// Who is accountable for it: `me`, a login (also for their teams and duties), or in the words of the plans `team platform`,
    /// `schedule seoc`, `owners`.
    accountable: Option<String>,
    /// real, drill or test.
    kind: Option<String>,
    /// Looked for in title, summary, short id and codename.
    text: Option<String>,
}

/// Which part of a timeline is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TimelineQuery {
    /// Entries, 1 to 200; without it 50.
    limit: Option<usize>,
    /// Only entries after this sequence number.
    after: Option<i64>,
    /// Only entries before this sequence number.
    before: Option<i64>,
    /// Kinds of entries with commas between: `incident.noted,incident.reported`.
    kind: Option<String>,
}

/// Lists incidents, what is open first.
#[utoipa::path(get, path = "/incidents", tag = "incidents", params(IncidentQuery), responses((status = 200, body = IncidentPage)))]
pub(super) async fn list_incidents(
    State(state): State<AppState>,
    Caller(who): Caller,
    Query(query): Query<IncidentQuery>,
) -> Result<Json<IncidentPage>, Failure> {
    let page = page(query.limit, query.cursor.clone())?;
    let accountable = match query.accountable.as_deref() {
        Some("me") => state.engine.stands_for(who.login().unwrap_or_default()).await?,
        Some(word) => state.engine.stands_for(word).await?,
        None => Vec::new(),
    };
    let filter = IncidentFilter { accountable, ..filter(query)? };
    let rows = state.engine.incidents(&who, filter, page).await?;
    let items = rows.items.into_iter().map(IncidentDocument::listed).collect();
    Ok(Json(IncidentPage { items, next: rows.next }))
}

/// Shows one incident with its tasks, by id or short id.
#[utoipa::path(get, path = "/incidents/{id}", tag = "incidents", params(("id" = String, Path)), responses((status = 200, body = IncidentDocument)))]
pub(super) async fn get_incident(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
) -> Result<Json<IncidentDocument>, Failure> {
    Ok(Json(state.engine.incident(&who, &id).await?.into()))
}

/// Shows what happened, the oldest first.
#[utoipa::path(get, path = "/incidents/{id}/timeline", tag = "incidents", params(("id" = String, Path), TimelineQuery), responses((status = 200, body = TimelineDocument)))]
pub(super) async fn get_timeline(
    State(state): State<AppState>,
    Caller(who): Caller,
    Name(id): Name,
    Query(query): Query<TimelineQuery>,
) -> Result<Json<TimelineDocument>, Failure> {
    let limit = match query.limit {
        Some(limit) if !(1..=limits::PAGE).contains(&limit) => {
            return Err(invalid("limit", &format!("{limit} is not 1 to {}", limits::PAGE)).into());
        }
        limit => limit.unwrap_or(50),
    };
    let kinds = list("kind", query.kind.as_deref(), |word| Some(word.to_owned()))?;
    let request = TimelineRequest { after: query.after, before: query.before, kinds, limit };
    let entries = state.engine.timeline(&who, &id, request).await?;
    Ok(Json(TimelineDocument::of(entries, limit)))
}

fn filter(query: IncidentQuery) -> Result<IncidentFilter, Failure> {
    let mut phases = list("phase", query.phase.as_deref(), Phase::parse)?;
    if let Some(state) = query.state {
        if !phases.is_empty() {
            return Err(invalid("state", "give either state or phase").into());
        }
        phases = phases_of(&state).ok_or_else(|| invalid("state", "it is none of open, resolved, closed, dismissed"))?;
    }
    let severities = list("severity", query.severity.as_deref(), |word| match word {
        "unknown" => Some(None),
        word => word.parse::<Severity>().ok().map(Some),
    })?;
    Ok(IncidentFilter {
        phases,
        severities: severities.iter().filter_map(|severity| *severity).collect(),
        severity_unknown: severities.contains(&None),
        class: list("class", query.class.as_deref(), Class::parse)?.first().copied(),
        visibility: None,
        team: query.team,
        commander: query.commander,
        person: query.person,
        accountable: Vec::new(),
        kind: list("kind", query.kind.as_deref(), words::kind)?.first().copied(),
        text: query.text,
    })
}

fn phases_of(state: &str) -> Option<Vec<Phase>> {
    Some(match state {
        "open" => Phase::ALL.into_iter().filter(|phase| phase.is_open()).collect(),
        "resolved" => vec![Phase::Resolved],
        "closed" => vec![Phase::Closed],
        "dismissed" => vec![Phase::Dismissed, Phase::Merged],
        _ => return None,
    })
}
