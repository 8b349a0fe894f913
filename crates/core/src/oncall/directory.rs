//! Whom the words of a rotation mean: people, teams, the owners.

use std::collections::BTreeMap;

use crate::person;

/// A word in a rotation's list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Participant {
    /// One person, by login.
    Person(String),
    /// Every member of a team, a turn each.
    Team(String),
    /// Every owner of the installation, a turn each.
    Owners,
    /// All of them at once, in one turn.
    Together(Vec<Participant>),
}

/// What on-call has to know of a person.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Listed {
    /// Whether the account may be used; nobody is on call who may not sign in.
    pub is_active: bool,
    pub is_owner: bool,
    /// The ids of the person's teams.
    pub teams: Vec<String>,
    /// Whether a page would reach them.
    pub is_reachable: bool,
}

/// The people of the installation, by login.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Directory(pub BTreeMap<String, Listed>);

impl Participant {
    /// Reads the word: `owners`, `team:<id>` or a login; `None` if it is neither.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim();
        if word == "owners" {
            return Some(Self::Owners);
        }
        if let Some(team) = word.strip_prefix("team:") {
            return Some(Self::Team(team.to_owned())).filter(|_| !team.is_empty());
        }
        person::login(word).map(Self::Person)
    }

    /// Returns the word.
    pub fn word(&self) -> String {
        match self {
            Self::Person(login) => login.clone(),
            Self::Team(team) => format!("team:{team}"),
            Self::Owners => "owners".to_owned(),
            Self::Together(all) => all.iter().map(Self::word).collect::<Vec<_>>().join(" and "),
        }
    }
}

impl Directory {
    /// Turns a rotation's list into slots. A person who is unknown or disabled keeps the turn, and nobody is in it; a
    /// team or the owners have a slot for each active member, in the order of their logins.
    pub fn slots(&self, participants: &[Participant]) -> Vec<Vec<String>> {
        let mut slots = Vec::new();
        for participant in participants {
            match participant {
                Participant::Team(_) | Participant::Owners => {
                    slots.extend(self.members(participant).into_iter().map(|login| vec![login]));
                }
                single => slots.push(self.members(single)),
            }
        }
        slots
    }

    /// Returns the active people whom a word means, by login.
    pub fn members(&self, participant: &Participant) -> Vec<String> {
        let active = |means: &dyn Fn(&str, &Listed) -> bool| {
            let listed = self.0.iter().filter(|(login, person)| person.is_active && means(login, person));
            listed.map(|(login, _)| login.clone()).collect()
        };
        match participant {
            Participant::Person(wanted) => active(&|login, _| login == wanted),
            Participant::Team(team) => active(&|_, person| person.teams.contains(team)),
            Participant::Owners => active(&|_, person| person.is_owner),
            Participant::Together(all) => {
                let mut logins: Vec<String> = all.iter().flat_map(|one| self.members(one)).collect();
                logins.sort();
                logins.dedup();
                logins
            }
        }
    }
}
