//! Who may see the incident: the section and its forms.

use axum::extract::Path;
use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Level, Right};
use watchfire_core::incident::{Command, Sensitivity, Visibility};
use watchfire_engine::{AccessList, Error, Grant, Grantee, NewGrant};

use super::acts::refused;
use super::say::page_of;
use crate::pages::done::Done;
use crate::pages::form::Fields;
use crate::pages::names;
use crate::pages::visit::{Answer, Visit};

/// What the section shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Access {
    pub(crate) grants: Vec<GrantRow>,
    pub(crate) open: bool,
    pub(crate) employee: bool,
    pub(crate) scope_known: bool,
    pub(crate) may_manage: bool,
}

/// One grant.
#[derive(Clone, Debug)]
pub(crate) struct GrantRow {
    pub(crate) id: String,
    /// A person, or `team` and its word.
    pub(crate) who: String,
    pub(crate) level: &'static str,
    pub(crate) source: &'static str,
    pub(crate) reason: String,
    pub(crate) until: Option<Timestamp>,
}

impl Access {
    /// Makes it of what the engine tells.
    pub(crate) fn of(access: &AccessList) -> Self {
        let row = |grant: &Grant| GrantRow {
            id: grant.id.to_string(),
            who: match &grant.grantee {
                Grantee::Person(login) => names::person(login),
                Grantee::Team(team) => format!("team {team}"),
            },
            level: grant.level.as_str(),
            source: grant.source.as_str(),
            reason: grant.reason.clone(),
            until: grant.until,
        };
        Self {
            grants: access.grants.iter().map(row).collect(),
            open: access.incident.visibility == Visibility::Open,
            employee: access.incident.sensitivity == Sensitivity::Employee,
            scope_known: access.incident.scope_known_at.is_some(),
            may_manage: access.rights.contains(&Right::Manage),
        }
    }
}

/// Gives a right.
pub(crate) async fn grant(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let who = fields.get("who");
    let grantee = match who.strip_prefix("team ").or_else(|| who.strip_prefix("team:")) {
        Some(team) => Grantee::Team(team.trim().to_owned()),
        None => Grantee::Person(who.trim_start_matches('@').to_owned()),
    };
    let level = Level::parse(fields.get("level")).ok_or_else(|| Error::invalid("level", "choose read, act or manage"));
    let hours: Option<i64> = fields.get("hours").parse().ok().filter(|hours| (1..=8_760).contains(hours));
    let until = hours.and_then(|hours| visit.now.checked_add(SignedDuration::from_hours(hours)).ok());
    let outcome = match level {
        Ok(level) => {
            let new = NewGrant { grantee, level, reason: fields.get("reason").to_owned(), until };
            visit.engine.grant(&visit.who, &id, new).await.map(drop)
        }
        Err(error) => Err(error),
    };
    answer(&visit, &id, "Granting access", outcome).await
}

/// Takes a right away.
pub(crate) async fn revoke(visit: Visit, Path((id, grant)): Path<(String, String)>) -> Answer {
    let outcome = match grant.parse() {
        Ok(grant) => visit.engine.revoke_grant(&visit.who, &id, grant).await.map(drop),
        Err(_) => Err(Error::NotFound("grant")),
    };
    answer(&visit, &id, "Revoking access", outcome).await
}

/// Says how widely it may be known: the scope is known, it is opened or shut, it is about employees or not.
pub(crate) async fn spread(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let reason = fields.get("reason").to_owned();
    let command = match fields.get("do") {
        "scope" => Ok(Command::KnowScope { reason }),
        "open" => Ok(Command::SetVisibility { to: Visibility::Open, reason }),
        "restrict" => Ok(Command::SetVisibility { to: Visibility::Restricted, reason }),
        "employee" => Ok(Command::SetSensitivity { to: Sensitivity::Employee, reason }),
        "normal" => Ok(Command::SetSensitivity { to: Sensitivity::Normal, reason }),
        _ => Err(Error::invalid("do", "choose one of the steps that are offered")),
    };
    let outcome = match command {
        Ok(command) => visit.engine.command(&visit.who, &id, command).await.map(drop),
        Err(error) => Err(error),
    };
    answer(&visit, &id, "Changing who may know", outcome).await
}

async fn answer(visit: &Visit, id: &str, what: &str, outcome: Result<(), Error>) -> Answer {
    match outcome {
        Ok(()) => Ok(Done::Access.at(&page_of(id))),
        Err(error) => refused(visit, id, what, error, "").await,
    }
}
