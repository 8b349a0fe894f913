//! `responsibility.yaml`, compiled: who answers for an incident.

use std::collections::BTreeSet;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use serde_saphyr::Spanned;
use watchfire_core::escalation::Target;
use watchfire_core::incident::{Class, Incident};

use super::escalation_file::FitFile;
use super::fault::Faults;
use super::fit::{Fit, Known};
use super::{Route, oncall};

/// Rules of one set, and targets of one list.
const RULES: usize = 500;
const TARGETS: usize = 20;
/// The word for the incident's own team.
const OWN: &str = "team";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResponsibilityFile {
    version: u32,
    #[serde(default)]
    digest: Option<DigestFile>,
    #[serde(default)]
    default: AnswersFile,
    #[serde(default)]
    rules: Vec<RuleFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DigestFile {
    at: Spanned<String>,
    #[serde(default)]
    zone: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct AnswersFile {
    #[serde(default)]
    responsible: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    accountable: Option<Spanned<String>>,
    #[serde(default)]
    consulted: Option<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    name: Spanned<String>,
    #[serde(default)]
    rules: Vec<Spanned<String>>,
    #[serde(default)]
    sources: Vec<Spanned<String>>,
    #[serde(default)]
    when: FitFile,
    #[serde(default)]
    responsible: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    accountable: Option<Spanned<String>>,
    #[serde(default)]
    consulted: Option<Vec<Spanned<String>>>,
}

/// Who answers for an incident; `None` in a target is the incident's own team.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Answers {
    pub responsible: Vec<Option<Target>>,
    pub accountable: Option<Option<Target>>,
    pub consulted: Vec<Option<Target>>,
}

/// Who answers for the incidents that fit.
#[derive(Clone, PartialEq, Debug)]
pub struct ResponsibilityRule {
    pub name: String,
    /// The line of the rule in `responsibility.yaml`.
    pub line: u64,
    /// Names of routing rules; empty fits all.
    pub rules: BTreeSet<String>,
    /// Names of sources; empty fits all.
    pub sources: BTreeSet<String>,
    pub fit: Fit,
    /// With what the default says filled in.
    pub answers: Answers,
}

/// Who answers for incidents, and when they are told what is overdue.
#[derive(Clone, PartialEq, Debug)]
pub struct Responsibilities {
    pub default: Answers,
    pub rules: Vec<ResponsibilityRule>,
    /// The wall time of the daily digest and its zone; `None` sends none.
    pub digest: Option<(Time, TimeZone)>,
}

impl Responsibilities {
    /// Returns who answers for an incident that an alert of a source raised; an empty source is a person.
    pub fn of(&self, incident: &Incident, source: &str) -> &Answers {
        self.find(&incident.rule, source, |fit| fit.fits(incident))
    }

    /// Returns who answers for what a route raises, as far as the plans alone can tell: for `lint`.
    pub fn of_route(&self, route: &Route) -> &Answers {
        let class = route.then.class.unwrap_or(Class::Other);
        self.find(&route.name, "", |fit| {
            (fit.classes.is_empty() || fit.classes.contains(&class))
                && (fit.families.is_empty() || fit.families.contains(&class.family()))
                && (fit.teams.is_empty() || fit.teams.contains(&route.then.team))
        })
    }

    fn find(&self, rule: &str, source: &str, fits: impl Fn(&Fit) -> bool) -> &Answers {
        let named = |names: &BTreeSet<String>, name: &str| names.is_empty() || names.contains(name);
        let found = self.rules.iter().find(|of| named(&of.rules, rule) && named(&of.sources, source) && fits(&of.fit));
        found.map_or(&self.default, |of| &of.answers)
    }

    /// Returns when the digest is due next after an instant; `None` sends none.
    pub fn next_digest(&self, after: Timestamp) -> Option<Timestamp> {
        let (at, zone) = self.digest.as_ref()?;
        let today = after.to_zoned(zone.clone()).date();
        [today, today.checked_add(1.day()).ok()?, today.checked_add(2.days()).ok()?]
            .into_iter()
            .filter_map(|date| date.to_datetime(*at).to_zoned(zone.clone()).ok())
            .map(|due| due.timestamp())
            .find(|due| *due > after)
    }
}

/// Compiles the file; every fault that is found is added. `rules` are the names in `routing.yaml`.
pub(super) fn compile(file: &ResponsibilityFile, known: &Known<'_>, rules: &[String], faults: &mut Faults) -> Responsibilities {
    faults.version(file.version);
    if file.rules.len() > RULES {
        faults.whole(format!("{} rules, the limit is {RULES}", file.rules.len()));
    }
    let digest = file.digest.as_ref().and_then(|digest| {
        let at = oncall::time(&digest.at, faults)?;
        let zone = match &digest.zone {
            Some(zone) => oncall::zone(zone, faults)?,
            None => TimeZone::UTC,
        };
        Some((at, zone))
    });
    let default = &file.default;
    let default = answers(
        (default.responsible.as_deref(), default.accountable.as_ref(), default.consulted.as_deref()),
        &Answers::default(),
        known,
        faults,
    );
    let mut compiled: Vec<ResponsibilityRule> = Vec::with_capacity(file.rules.len());
    for rule in &file.rules {
        if compiled.iter().any(|other| other.name == rule.name.value) {
            faults.at(&rule.name, format!("a second rule is named {:?}", rule.name.value));
        }
        for name in rule.rules.iter().filter(|name| !known.shipped && !rules.contains(&name.value)) {
            faults.at(name, format!("rule {:?} is not in routing.yaml", name.value));
        }
        compiled.push(ResponsibilityRule {
            name: rule.name.value.clone(),
            line: rule.name.referenced.line(),
            rules: rule.rules.iter().map(|spot| spot.value.clone()).collect(),
            sources: rule.sources.iter().map(|spot| spot.value.clone()).collect(),
            fit: known.fit(&rule.when, faults),
            answers: answers(
                (rule.responsible.as_deref(), rule.accountable.as_ref(), rule.consulted.as_deref()),
                &default,
                known,
                faults,
            ),
        });
    }
    Responsibilities { default, rules: compiled, digest }
}

type Spots<'a> = (Option<&'a [Spanned<String>]>, Option<&'a Spanned<String>>, Option<&'a [Spanned<String>]>);

fn answers((responsible, accountable, consulted): Spots<'_>, base: &Answers, known: &Known<'_>, faults: &mut Faults) -> Answers {
    let mut list = |spots: Option<&[Spanned<String>]>, base: &[Option<Target>]| match spots {
        None => base.to_vec(),
        Some(spots) => {
            if let Some(spot) = spots.get(TARGETS) {
                faults.at(spot, format!("more than {TARGETS} are named"));
            }
            spots.iter().filter_map(|spot| target(spot, known, faults)).collect()
        }
    };
    let (responsible, consulted) = (list(responsible, &base.responsible), list(consulted, &base.consulted));
    let accountable = accountable.and_then(|spot| match target(spot, known, faults) {
        Some(Some(Target::Role(_))) => {
            faults.at(spot, "a role changes hands: name a person, a team, a schedule or owners".to_owned());
            None
        }
        found => found,
    });
    Answers { responsible, accountable: accountable.or_else(|| base.accountable.clone()), consulted }
}

/// Reads a target; `Some(None)` is the incident's own team.
#[expect(clippy::option_option, reason = "nothing that can be read is one thing, the incident's own team another")]
fn target(spot: &Spanned<String>, known: &Known<'_>, faults: &mut Faults) -> Option<Option<Target>> {
    if spot.value.trim() == OWN { Some(None) } else { known.target(spot, faults).map(Some) }
}
