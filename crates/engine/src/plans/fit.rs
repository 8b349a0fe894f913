//! Which incidents a rule is for, and whom a text names.

use serde_saphyr::Spanned;
use watchfire_core::Severity;
use watchfire_core::escalation::Target;
use watchfire_core::incident::{Class, Family, Incident, Role};

use super::TeamFile;
use super::escalation_file::FitFile;
use super::fault::Faults;

/// Which incidents something is for; what is empty fits all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fit {
    /// The best and the worst level that fit, both included.
    pub severity: Option<(Severity, Severity)>,
    pub classes: Vec<Class>,
    pub families: Vec<Family>,
    pub teams: Vec<String>,
}

impl Fit {
    /// Tells whether an incident fits; an unknown severity counts as [`Severity::UNKNOWN_AS`].
    pub fn fits(&self, incident: &Incident) -> bool {
        let severity = incident.severity.unwrap_or(Severity::UNKNOWN_AS);
        self.severity.is_none_or(|(worst, best)| severity.at_least(best) && worst.at_least(severity))
            && (self.classes.is_empty() || self.classes.contains(&incident.class))
            && (self.families.is_empty() || self.families.contains(&incident.class.family()))
            && (self.teams.is_empty() || self.teams.contains(&incident.team))
    }
}

/// Reads `sev2`, `at least sev2` (it and worse) or `at most sev3` (it and better) as the worst and the best level.
pub(super) fn severities(text: &str) -> Option<(Severity, Severity)> {
    let text = text.trim();
    if let Some(level) = text.strip_prefix("at least ") {
        return level.parse().ok().map(|level| (Severity::Sev1, level));
    }
    if let Some(level) = text.strip_prefix("at most ") {
        return level.parse().ok().map(|level| (level, Severity::Sev5));
    }
    text.parse().ok().map(|level| (level, level))
}

/// What is known while files are compiled: names that others may point to.
pub(super) struct Known<'a> {
    pub teams: &'a [TeamFile],
    /// The schedules of `oncall.yaml`.
    pub schedules: &'a [String],
    pub roles: &'a [Role],
    /// The file is the one that ships: what it names and the team's own files do not have finds nobody, and is no fault.
    pub shipped: bool,
}

impl Known<'_> {
    /// Compiles a condition on incidents.
    pub(super) fn fit(&self, file: &FitFile, faults: &mut Faults) -> Fit {
        let mut fit = Fit { severity: file.severity.as_ref().and_then(|spot| severity(spot, faults)), ..Fit::default() };
        for spot in &file.class {
            match Class::parse(&spot.value) {
                Some(class) => fit.classes.push(class),
                None => faults.at(spot, format!("class {:?} is unknown", spot.value)),
            }
        }
        for spot in &file.family {
            match spot.value.as_str() {
                "security" => fit.families.push(Family::Security),
                "reliability" => fit.families.push(Family::Reliability),
                "operational" => fit.families.push(Family::Operational),
                other => faults.at(spot, format!("family {other:?} is none of security, reliability, operational")),
            }
        }
        for spot in &file.team {
            self.team(&spot.value, spot, faults);
            fit.teams.push(spot.value.clone());
        }
        fit
    }

    /// Compiles a list of targets.
    pub(super) fn targets(&self, texts: &[Spanned<String>], faults: &mut Faults) -> Vec<Target> {
        texts.iter().filter_map(|spot| self.target(spot, faults)).collect()
    }

    /// Reads `owners`, `schedule NAME`, `team NAME`, `role NAME` or a mail address; what it points to has to be there.
    pub(super) fn target(&self, spot: &Spanned<String>, faults: &mut Faults) -> Option<Target> {
        let text = spot.value.trim();
        match text.split_once(' ').map(|(kind, name)| (kind, name.trim())) {
            None if text == "owners" => Some(Target::Owners),
            None if text.contains('@') => Some(Target::Person(text.to_lowercase())),
            Some(("schedule", name)) => {
                if !self.shipped && !self.schedules.iter().any(|known| known == name) {
                    faults.at(spot, format!("schedule {name:?} is not in oncall.yaml"));
                }
                Some(Target::Schedule(name.to_owned()))
            }
            Some(("team", name)) => {
                self.team(name, spot, faults);
                Some(Target::Team(name.to_owned()))
            }
            Some(("role", name)) => match Role::parse(name).filter(|role| self.roles.contains(role)) {
                Some(role) => Some(Target::Role(role)),
                None => {
                    if !self.shipped {
                        faults.at(spot, format!("role {name:?} is not in roles.yaml"));
                    }
                    None
                }
            },
            _ => {
                faults.at(spot, format!("{text:?} is none of owners, schedule NAME, team NAME, role NAME, a mail address"));
                None
            }
        }
    }

    fn team(&self, name: &str, spot: &Spanned<String>, faults: &mut Faults) {
        if !self.shipped && !self.teams.is_empty() && !self.teams.iter().any(|team| team.id == name) {
            faults.at(spot, format!("team {name:?} is not listed under teams in routing.yaml"));
        }
    }
}

/// Compiles a range of severities.
pub(super) fn severity(spot: &Spanned<String>, faults: &mut Faults) -> Option<(Severity, Severity)> {
    let range = severities(&spot.value);
    if range.is_none() {
        faults.at(spot, format!("severity {:?} is none of sev1 to sev5, at least sevN, at most sevN", spot.value));
    }
    range
}
