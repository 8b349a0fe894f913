//! Who has access to an incident.

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::access::{GrantSource, Level, Right};
use watchfire_core::incident::{Sensitivity, Visibility};
use watchfire_engine::{AccessList, Grant, GrantId, Grantee};

use super::At;
use super::words::{GrantSourceWord, LevelWord, SensitivityWord, VisibilityWord};

/// A right on one incident.
#[derive(Serialize, ToSchema)]
#[schema(as = Grant)]
pub(crate) struct GrantDocument {
    #[schema(value_type = String, format = "uuid")]
    id: GrantId,
    /// A person's login; null if a team has it.
    person: Option<String>,
    /// A team's word; null if a person has it.
    team: Option<String>,
    #[schema(value_type = LevelWord)]
    level: Level,
    #[schema(value_type = GrantSourceWord)]
    source: GrantSource,
    reason: String,
    by: String,
    granted_at: At,
    /// When it ends by itself; null lasts until it is revoked.
    until: Option<At>,
}

/// The level that a role in the incident gives.
#[derive(Serialize, ToSchema)]
#[schema(as = RoleAccess)]
pub(crate) struct HolderDocument {
    person: String,
    role: String,
    #[schema(value_type = LevelWord)]
    level: Level,
}

/// Who has access to an incident, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = IncidentAccess)]
pub(crate) struct AccessDocument {
    #[schema(value_type = VisibilityWord)]
    visibility: Visibility,
    #[schema(value_type = SensitivityWord)]
    sensitivity: Sensitivity,
    /// When somebody decided that the full scope is known.
    scope_known_at: Option<At>,
    /// What you may do: read, act, manage; `note` and `heal` are the parts of acting that a team leaves to its developers.
    yours: Vec<&'static str>,
    roles: Vec<HolderDocument>,
    grants: Vec<GrantDocument>,
}

impl From<Grant> for GrantDocument {
    fn from(grant: Grant) -> Self {
        let (person, team) = match grant.grantee {
            Grantee::Person(login) => (Some(login), None),
            Grantee::Team(team) => (None, Some(team)),
        };
        Self {
            id: grant.id,
            person,
            team,
            level: grant.level,
            source: grant.source,
            reason: grant.reason,
            by: grant.by,
            granted_at: At(grant.granted_at),
            until: grant.until.map(At),
        }
    }
}

impl From<AccessList> for AccessDocument {
    fn from(access: AccessList) -> Self {
        let word = |right: &Right| match right {
            Right::Say => "note",
            Right::Heal => "heal",
            Right::Act => "act",
            Right::Manage => "manage",
            _ => "read",
        };
        // Who may act may do the parts of it.
        let acts = access.rights.contains(&Right::Act);
        let is_part = |right: &&Right| acts && matches!(right, Right::Say | Right::Heal);
        let holder = |(person, role, level)| HolderDocument { person, role, level };
        Self {
            visibility: access.incident.visibility,
            sensitivity: access.incident.sensitivity,
            scope_known_at: access.incident.scope_known_at.map(At),
            yours: access.rights.iter().filter(|right| !is_part(right)).map(word).collect(),
            roles: access.holders.into_iter().map(holder).collect(),
            grants: access.grants.into_iter().map(GrantDocument::from).collect(),
        }
    }
}
