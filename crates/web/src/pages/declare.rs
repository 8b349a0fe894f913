//! The form by which a person declares an incident.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::{SignedDuration, Timestamp};
use watchfire_core::Severity;
use watchfire_core::access::Right;
use watchfire_core::incident::{Class, Kind, Visibility};
use watchfire_engine::{self as engine, Error};

use super::failed::refusal;
use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "declare.html")]
pub(crate) struct Declare {
    pub(crate) classes: [Class; 12],
    /// When to choose each severity, as the plans have it.
    pub(crate) severities: Vec<(Severity, String)>,
    pub(crate) values: Values,
    pub(crate) failed: String,
}

/// What was typed, kept when it was refused.
#[derive(Clone, Default, Debug)]
pub(crate) struct Values {
    pub(crate) title: String,
    pub(crate) class: String,
    pub(crate) severity: String,
    pub(crate) team: String,
    pub(crate) visibility: String,
    pub(crate) kind: String,
    pub(crate) occurred: String,
    pub(crate) text: String,
}

/// Answers with the empty form.
pub(crate) async fn form(visit: Visit) -> Answer {
    visit.who.may(Right::Act).map_err(Error::from)?;
    show(&visit, StatusCode::OK, Values { class: Class::Other.as_str().to_owned(), ..Values::default() }, String::new()).await
}

/// Declares, or shows the form again with what was wrong.
pub(crate) async fn declare(visit: Visit, fields: Fields) -> Answer {
    let outcome = match wish(&fields, visit.now) {
        Ok(wish) => visit.engine.declare(&visit.who, wish).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(incident) => Ok(Redirect::to(&format!("/incidents/{}", incident.short_id)).into_response()),
        Err(error) => {
            let (status, message) = refusal(error)?;
            show(&visit, status, Values::of(&fields), message.trim_end_matches('.').to_owned()).await
        }
    }
}

impl Values {
    fn of(fields: &Fields) -> Self {
        let get = |name: &str| fields.get(name).to_owned();
        Self {
            title: get("title"),
            class: get("class"),
            severity: get("severity"),
            team: get("team"),
            visibility: get("visibility"),
            kind: get("kind"),
            occurred: get("occurred"),
            text: get("text"),
        }
    }
}

fn wish(fields: &Fields, now: Timestamp) -> Result<engine::Declare, Error> {
    let class = Class::parse(fields.get("class")).ok_or_else(|| Error::invalid("class", "choose the kind of trouble"))?;
    let severity = fields.get("severity").parse().map_err(|_| Error::invalid("severity", "choose how bad it is"))?;
    let occurred_at = match fields.get("occurred") {
        "" => None,
        text => Some(when(text, now)?),
    };
    Ok(engine::Declare {
        title: fields.get("title").to_owned(),
        class,
        severity: Some(severity),
        team: fields.filled("team"),
        visibility: match fields.get("visibility") {
            "restricted" => Some(Visibility::Restricted),
            "open" => Some(Visibility::Open),
            _ => None,
        },
        occurred_at,
        text: fields.filled("text"),
        kind: if fields.get("kind") == "drill" { Kind::Drill } else { Kind::Real },
    })
}

/// Reads a past time: a full one, or the last such time of day.
fn when(text: &str, now: Timestamp) -> Result<Timestamp, Error> {
    let at = super::composer::due(text, now).map_err(|misread| Error::invalid("occurred", misread.to_string()))?;
    let of_day = text.len() <= 5 && at > now;
    Ok(if of_day { at.checked_sub(SignedDuration::from_hours(24)).unwrap_or(at) } else { at })
}

async fn show(visit: &Visit, status: StatusCode, values: Values, failed: String) -> Answer {
    let severities = super::incident::build::guidelines(visit);
    let content = Declare { classes: Class::ALL, severities, values, failed };
    visit.show_as(status, "Declare an incident", Room::Incidents, false, content).await
}
