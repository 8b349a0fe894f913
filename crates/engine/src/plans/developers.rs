//! What `access.yaml` says of developers: who is let see what came of their commit, and how much they may do then.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;
use watchfire_core::Severity;
use watchfire_core::access::{Autonomy, Level};
use watchfire_core::incident::Class;

use super::access::{CaseFile, Fits, fits};
use super::fault::Faults;

/// The label of an alert that holds the address of who wrote the commit.
pub const AUTHOR: &str = "author_email";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthorsFile {
    on: bool,
    #[serde(default)]
    family: Option<Spanned<String>>,
    #[serde(default)]
    classes: Vec<Spanned<String>>,
    #[serde(default)]
    at_least: Option<Spanned<String>>,
    #[serde(default)]
    level: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AutonomyFile {
    #[serde(default)]
    default: Option<Spanned<String>>,
    #[serde(default)]
    teams: Vec<TeamFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamFile {
    team: Spanned<String>,
    is: Spanned<String>,
}

/// The playbook that lets whoever wrote a commit see the incident that came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Authors {
    pub fits: Fits,
    pub level: Level,
}

/// How much teams trust their developers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AutonomyPlan {
    /// For people of no team that is named; `None` leaves it to the level of their right.
    pub default: Option<Autonomy>,
    pub teams: BTreeMap<String, Autonomy>,
}

impl Authors {
    /// Tells whether it runs on an incident of a class and severity.
    pub fn fits(&self, class: Class, severity: Option<Severity>) -> bool {
        self.fits.holds(class, severity)
    }
}

impl AutonomyPlan {
    /// Tells whether anything is said at all.
    pub fn is_set(&self) -> bool {
        self.default.is_some() || !self.teams.is_empty()
    }

    /// Returns what counts for somebody in these teams: the narrowest of those that are named, or else the default.
    pub fn of<'a>(&self, teams: impl Iterator<Item = &'a str>) -> Option<Autonomy> {
        teams.filter_map(|team| self.teams.get(team).copied()).min().or(self.default)
    }
}

/// Compiles the playbook; `None` if it is off.
pub(super) fn authors(file: Option<&AuthorsFile>, faults: &mut Faults) -> Option<Authors> {
    let file = file?;
    let case = CaseFile { family: file.family.as_ref(), classes: &file.classes, at_least: file.at_least.as_ref() };
    let fits = fits(&case, faults);
    let level = match file.level.as_ref().map(|spot| (spot, Level::parse(&spot.value))) {
        None => Level::Act,
        Some((_, Some(level @ (Level::Read | Level::Act)))) => level,
        Some((spot, _)) => {
            faults.at(spot, format!("{:?} is none of read, act: who may see an incident is said by people", spot.value));
            Level::Read
        }
    };
    file.on.then_some(Authors { fits, level })
}

/// Compiles how much developers may do. `known` tells whether a team is there.
pub(super) fn autonomy(file: Option<&AutonomyFile>, known: impl Fn(&str) -> bool, faults: &mut Faults) -> AutonomyPlan {
    let Some(file) = file else { return AutonomyPlan::default() };
    let mut plan = AutonomyPlan { default: file.default.as_ref().and_then(|spot| word(spot, faults)), teams: BTreeMap::new() };
    for line in &file.teams {
        if !known(&line.team.value) {
            faults.at(&line.team, format!("team {:?} is not listed under teams of routing.yaml", line.team.value));
        }
        let is = word(&line.is, faults);
        if is.is_some_and(|is| plan.teams.insert(line.team.value.clone(), is).is_some()) {
            faults.at(&line.team, format!("team {:?} stands here twice", line.team.value));
        }
    }
    plan
}

fn word(spot: &Spanned<String>, faults: &mut Faults) -> Option<Autonomy> {
    let read = Autonomy::parse(&spot.value);
    if read.is_none() {
        let words = Autonomy::ALL.map(Autonomy::as_str).join(", ");
        faults.at(spot, format!("{:?} is none of {words}", spot.value));
    }
    read
}
