//! Policies: whom to page, in which order, and what an acknowledgement stops.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::incident::Role;

/// Whom a step pages; who stands behind it is looked up at the instant of paging.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// One person, by login.
    Person(String),
    /// Whoever holds a schedule then.
    Schedule(String),
    /// Everybody in a team.
    Team(String),
    /// Whoever holds a role in the incident then.
    Role(Role),
    /// The owners of the installation: there is always one.
    Owners,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(login) => write!(f, "{login}"),
            Self::Schedule(id) => write!(f, "schedule {id}"),
            Self::Team(id) => write!(f, "team {id}"),
            Self::Role(role) => write!(f, "role {role}"),
            Self::Owners => f.write_str("owners"),
        }
    }
}

/// One step: whom, and how long to wait for an answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    pub targets: Vec<Target>,
    pub wait: SignedDuration,
}

/// What an acknowledgement has to be to end a page.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stops {
    /// Whoever acknowledges the incident ends it, paged or not.
    Incident,
    /// One of those who were paged ends it.
    Anyone,
    /// It ends when everybody who was paged has acknowledged, or when the fallback has.
    Everyone,
}

impl Stops {
    /// Returns the word that plans and the API use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Anyone => "anyone",
            Self::Everyone => "everyone",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Incident, Self::Anyone, Self::Everyone].into_iter().find(|stops| stops.as_str() == word)
    }
}

/// Whom to page and in which order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Policy {
    pub name: String,
    /// In order; none goes straight to the fallback.
    pub steps: Vec<Step>,
    /// How often the steps are gone through again before the fallback.
    pub repeat: u32,
    pub stops: Stops,
    /// Who is paged when all steps have passed without an answer.
    pub fallback: Vec<Target>,
    /// How long until the fallback is paged again, for as long as nobody answers.
    pub fallback_every: SignedDuration,
}

/// How a person can be reached at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    Open,
    /// Their quiet hours last until then.
    QuietUntil(Timestamp),
    /// Disabled, or no longer there.
    Gone,
}

/// Tells who stands behind a target now, and how people can be reached now.
pub trait Directory {
    /// Returns the logins behind a target; empty if nobody is.
    fn people(&self, target: &Target) -> Vec<String>;
    /// Tells how a person can be reached.
    fn reach(&self, person: &str) -> Reach;
}
