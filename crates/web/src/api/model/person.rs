//! People, teams and the organisation.

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::access::Role;
use watchfire_core::person::{Membership, Person, State};
use watchfire_engine::{Organisation, PersonRow, TeamRow};

use super::At;
use super::words::{PersonStateWord, RoleWord, SeverityDisplayWord};

/// Somebody with an account.
#[derive(Serialize, ToSchema)]
#[schema(as = Person)]
pub(crate) struct PersonDocument {
    /// The lower-cased mail address by which everything names them.
    login: String,
    name: String,
    #[schema(value_type = RoleWord)]
    role: Role,
    #[schema(value_type = PersonStateWord)]
    state: State,
    /// An IANA name, such as Europe/Berlin.
    time_zone: String,
    skills: Vec<String>,
    /// Systems they know.
    knowledge: Vec<String>,
    /// Systems they have access to; a hint for people, it opens nothing here.
    access: Vec<String>,
    addresses: Vec<AddressDocument>,
    teams: Vec<PlaceDocument>,
    created_at: At,
    changed_at: At,
}

/// A further address.
#[derive(Serialize, ToSchema)]
#[schema(as = Address)]
pub(crate) struct AddressDocument {
    address: String,
    /// When it was shown that they read it; null is not shown.
    verified_at: Option<At>,
}

/// A team of a person.
#[derive(Serialize, ToSchema)]
#[schema(as = TeamPlace)]
pub(crate) struct PlaceDocument {
    team: String,
    lead: bool,
    since: At,
}

/// All people that were asked for, in order of login.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonList {
    items: Vec<PersonDocument>,
    next: Option<String>,
}

/// A team, as the plans define it, with its members.
#[derive(Serialize, ToSchema)]
#[schema(as = Team)]
pub(crate) struct TeamDocument {
    id: String,
    title: String,
    /// The plans in force know it no more.
    gone: bool,
    members: Vec<MemberDocument>,
}

/// A member of a team.
#[derive(Serialize, ToSchema)]
#[schema(as = TeamMember)]
pub(crate) struct MemberDocument {
    login: String,
    lead: bool,
    since: At,
}

/// All teams.
#[derive(Serialize, ToSchema)]
pub(crate) struct TeamList {
    items: Vec<TeamDocument>,
    next: Option<String>,
}

/// What the organisation has decided about itself.
#[derive(Serialize, ToSchema)]
#[schema(as = Organisation)]
pub(crate) struct OrganisationDocument {
    name: String,
    /// How severities are shown: SEV1, P1 or S1. What they mean does not change.
    #[schema(value_type = SeverityDisplayWord)]
    severity_display: &'static str,
}

impl PersonDocument {
    fn of(person: Person, teams: Vec<Membership>) -> Self {
        let address = |address: watchfire_core::person::Address| AddressDocument {
            address: address.address,
            verified_at: address.verified_at.map(At),
        };
        Self {
            login: person.login,
            name: person.name,
            role: person.role,
            state: person.state,
            time_zone: person.time_zone,
            skills: person.tags.skills,
            knowledge: person.tags.knowledge,
            access: person.tags.access,
            addresses: person.addresses.into_iter().map(address).collect(),
            teams: teams.into_iter().map(|of| PlaceDocument { team: of.team, lead: of.lead, since: At(of.since) }).collect(),
            created_at: At(person.created_at),
            changed_at: At(person.changed_at),
        }
    }
}

impl From<PersonRow> for PersonDocument {
    fn from(row: PersonRow) -> Self {
        Self::of(row.person, row.teams)
    }
}

impl From<Vec<PersonRow>> for PersonList {
    fn from(rows: Vec<PersonRow>) -> Self {
        Self { items: rows.into_iter().map(PersonDocument::from).collect(), next: None }
    }
}

impl From<TeamRow> for TeamDocument {
    fn from(team: TeamRow) -> Self {
        let member = |of: Membership| MemberDocument { login: of.login, lead: of.lead, since: At(of.since) };
        Self { id: team.id, title: team.title, gone: team.gone, members: team.members.into_iter().map(member).collect() }
    }
}

impl From<Vec<TeamRow>> for TeamList {
    fn from(teams: Vec<TeamRow>) -> Self {
        Self { items: teams.into_iter().map(TeamDocument::from).collect(), next: None }
    }
}

impl From<Organisation> for OrganisationDocument {
    fn from(organisation: Organisation) -> Self {
        Self { name: organisation.name, severity_display: organisation.severity_display.as_str() }
    }
}
