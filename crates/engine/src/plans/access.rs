//! `access.yaml`, compiled: who learns of an incident.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_saphyr::Spanned;
use watchfire_core::Severity;
use watchfire_core::access::Level;
use watchfire_core::incident::{Class, Family, Visibility};

use super::developers::{Authors, AuthorsFile, AutonomyFile, AutonomyPlan, authors, autonomy};
use super::fault::Faults;

/// Cases of one list.
const CASES: usize = 500;

/// The file as people write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessFile {
    version: u32,
    #[serde(default)]
    visibility: Vec<VisibilityFile>,
    #[serde(default)]
    grants: Vec<GrantFile>,
    #[serde(default)]
    commit_authors: Option<AuthorsFile>,
    #[serde(default)]
    autonomy: Option<AutonomyFile>,
}

/// Which incidents a case is about, as people write it.
pub(super) struct CaseFile<'a> {
    pub(super) family: Option<&'a Spanned<String>>,
    pub(super) classes: &'a [Spanned<String>],
    pub(super) at_least: Option<&'a Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VisibilityFile {
    family: Option<Spanned<String>>,
    #[serde(default)]
    classes: Vec<Spanned<String>>,
    at_least: Option<Spanned<String>>,
    is: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantFile {
    family: Option<Spanned<String>>,
    #[serde(default)]
    classes: Vec<Spanned<String>>,
    at_least: Option<Spanned<String>>,
    team: Spanned<String>,
    level: Spanned<String>,
}

/// Which incidents a case is about; what is not said fits everything.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fits {
    pub family: Option<Family>,
    pub classes: Vec<Class>,
    /// This severity and everything worse.
    pub at_least: Option<Severity>,
}

/// What the plans say about who learns of an incident.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AccessPlan {
    pub visibility: Vec<(Fits, Visibility)>,
    /// Teams and what they get.
    pub grants: Vec<(Fits, String, Level)>,
    /// Lets whoever wrote a commit see what came of it; `None` is off.
    pub commit_authors: Option<Authors>,
    /// How much the role Restricted may do on an incident that it may work on.
    pub autonomy: AutonomyPlan,
}

impl Fits {
    pub(super) fn holds(&self, class: Class, severity: Option<Severity>) -> bool {
        self.family.is_none_or(|family| class.family() == family)
            && (self.classes.is_empty() || self.classes.contains(&class))
            && self.at_least.is_none_or(|bound| severity.is_some_and(|severity| severity.at_least(bound)))
    }
}

impl AccessPlan {
    /// Returns how widely an incident of a class and severity is known: as the first case that fits says, and where none
    /// does, to those who are on it alone.
    pub fn visibility(&self, class: Class, severity: Option<Severity>) -> Visibility {
        let case = self.visibility.iter().find(|(fits, _)| fits.holds(class, severity));
        case.map_or(Visibility::Restricted, |(_, visibility)| *visibility)
    }

    /// Returns the teams that get a right on an incident of a class and severity.
    pub fn grants(&self, class: Class, severity: Option<Severity>) -> Vec<(String, Level)> {
        let fitting = self.grants.iter().filter(|(fits, ..)| fits.holds(class, severity));
        fitting.map(|(_, team, level)| (team.clone(), *level)).collect()
    }
}

/// Compiles the file; every fault that is found is added. `teams` are those of `routing.yaml`; empty checks nothing.
pub(super) fn compile(file: &AccessFile, teams: &BTreeSet<String>, faults: &mut Faults) -> AccessPlan {
    faults.version(file.version);
    if file.visibility.len() > CASES || file.grants.len() > CASES {
        faults.whole(format!("more than {CASES} cases in one list"));
    }
    let mut plan = AccessPlan::default();
    for case in &file.visibility {
        let about = CaseFile { family: case.family.as_ref(), classes: &case.classes, at_least: case.at_least.as_ref() };
        let fits = fits(&about, faults);
        match case.is.value.as_str() {
            "restricted" => plan.visibility.push((fits, Visibility::Restricted)),
            "open" => plan.visibility.push((fits, Visibility::Open)),
            other => faults.at(&case.is, format!("{other:?} is none of restricted, open")),
        }
    }
    for grant in &file.grants {
        let about = CaseFile { family: grant.family.as_ref(), classes: &grant.classes, at_least: grant.at_least.as_ref() };
        let fits = fits(&about, faults);
        if !teams.is_empty() && !teams.contains(&grant.team.value) {
            faults.at(&grant.team, format!("team {:?} is not listed under teams of routing.yaml", grant.team.value));
        }
        match Level::parse(&grant.level.value) {
            Some(level) => plan.grants.push((fits, grant.team.value.clone(), level)),
            None => faults.at(&grant.level, format!("{:?} is none of read, act, manage", grant.level.value)),
        }
    }
    plan.commit_authors = authors(file.commit_authors.as_ref(), faults);
    plan.autonomy = autonomy(file.autonomy.as_ref(), |team| teams.is_empty() || teams.contains(team), faults);
    plan
}

/// Compiles which incidents a case is about.
pub(super) fn fits(case: &CaseFile<'_>, faults: &mut Faults) -> Fits {
    let mut fits = Fits::default();
    if let Some(spot) = case.family {
        match spot.value.as_str() {
            "security" => fits.family = Some(Family::Security),
            "reliability" => fits.family = Some(Family::Reliability),
            "operational" => fits.family = Some(Family::Operational),
            other => faults.at(spot, format!("family {other:?} is none of security, reliability, operational")),
        }
    }
    for spot in case.classes {
        match Class::parse(&spot.value) {
            Some(class) => fits.classes.push(class),
            None => faults.at(spot, format!("class {:?} is not known", spot.value)),
        }
    }
    if let Some(spot) = case.at_least {
        match spot.value.parse() {
            Ok(severity) => fits.at_least = Some(severity),
            Err(_) => faults.at(spot, format!("severity {:?} is none of sev1 to sev5", spot.value)),
        }
    }
    fits
}
