//! `escalation.yaml`, compiled: who is paged for which incident.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_saphyr::Spanned;
use watchfire_core::Severity;
use watchfire_core::escalation::{Policy, Step, Stops, Target};
use watchfire_core::incident::Incident;

use super::escalation_file::{EscalationFile, PolicyFile};
use super::fault::Faults;
use super::fit::{Fit, Known, severity};
use super::notice::{self, Notice};

/// Steps of one policy, and people or schedules of one step.
pub(super) const STEPS: usize = 20;
/// Rounds of one policy beyond the first.
const REPEATS: u32 = 10;
/// The shortest wait: mail takes seconds, people minutes.
const WAIT_MIN: SignedDuration = SignedDuration::from_secs(30);
/// The longest wait.
const WAIT_MAX: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How long until an incident is stalled, by level, where the file says nothing.
const STALLED_MIN: [i64; 5] = [15, 30, 480, 2_880, 10_080];

/// Who is paged, and what happens when nobody answers.
#[derive(Clone, PartialEq, Debug)]
pub struct Escalation {
    pub policies: Vec<Policy>,
    /// In order; the first that fits an incident pages those who respond.
    pub rules: Vec<PageRule>,
    /// When the commander is paged besides.
    pub coordination: Option<Coordination>,
    /// Who has to be told at once, in the order of the file.
    pub notices: Vec<Notice>,
    /// How long nothing may change, SEV1 first.
    pub stalled_after: [SignedDuration; 5],
}

/// Which incidents a policy is for.
#[derive(Clone, PartialEq, Debug)]
pub struct PageRule {
    pub name: String,
    /// The line of the rule in `escalation.yaml`.
    pub line: u64,
    pub when: Fit,
    pub policy: String,
}

/// When several parties have to be coordinated.
#[derive(Clone, PartialEq, Debug)]
pub struct Coordination {
    pub policy: String,
    /// From which severity on.
    pub severity: Option<(Severity, Severity)>,
    /// From how many teams on.
    pub teams: Option<u32>,
}

impl Escalation {
    /// Returns a policy by name.
    pub fn policy(&self, name: &str) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.name == name)
    }

    /// Returns the rule that pages those who respond to an incident; `None` leaves it in its team's queue.
    pub fn rule(&self, incident: &Incident) -> Option<&PageRule> {
        self.rules.iter().find(|rule| rule.when.fits(incident))
    }

    /// Returns the policy that pages the commander, and why, if the incident needs coordination.
    pub fn coordination(&self, incident: &Incident, teams: usize) -> Option<(&Policy, String)> {
        let coordination = self.coordination.as_ref()?;
        let severity = incident.severity.unwrap_or(Severity::UNKNOWN_AS);
        let severe = coordination.severity.is_some_and(|(worst, best)| severity.at_least(best) && worst.at_least(severity));
        let several = coordination.teams.is_some_and(|least| teams >= least as usize);
        let why = match (severe, several) {
            (true, _) => format!("it is {}", severity.label()),
            (_, true) => format!("{teams} teams are involved"),
            _ => return None,
        };
        Some((self.policy(&coordination.policy)?, why))
    }

    /// Returns how long nothing may change in an incident of a severity.
    pub fn stalled_after(&self, severity: Option<Severity>) -> SignedDuration {
        self.stalled_after[usize::from(severity.unwrap_or(Severity::UNKNOWN_AS).level()) - 1]
    }

    /// Returns all schedules that a policy points to.
    pub fn schedules(&self) -> BTreeSet<&str> {
        let steps = self.policies.iter().flat_map(|policy| policy.steps.iter().flat_map(|step| &step.targets));
        let notices = self.notices.iter().flat_map(|notice| notice.policy.steps.iter().flat_map(|step| &step.targets));
        let targets = steps.chain(self.policies.iter().flat_map(|policy| &policy.fallback)).chain(notices);
        targets.filter_map(|target| if let Target::Schedule(id) = target { Some(id.as_str()) } else { None }).collect()
    }
}

/// Compiles the file; every fault that is found is added.
pub(super) fn compile(file: &EscalationFile, known: &Known<'_>, faults: &mut Faults) -> Escalation {
    faults.version(file.version);
    let mut policies: Vec<Policy> = Vec::new();
    for spot in &file.policies {
        let policy = policy(&spot.value, known, faults);
        if policies.iter().any(|other| other.name == policy.name) {
            faults.at(&spot.value.name, format!("a second policy is named {:?}", policy.name));
        }
        policies.push(policy);
    }
    let there = |name: &Spanned<String>, faults: &mut Faults| {
        if !policies.iter().any(|policy| policy.name == name.value) {
            faults.at(name, format!("policy {:?} is not listed under policies", name.value));
        }
        name.value.clone()
    };
    let rules = file.rules.iter().map(|spot| PageRule {
        name: spot.value.name.value.clone(),
        line: spot.value.name.referenced.line(),
        when: known.fit(&spot.value.when, faults),
        policy: there(&spot.value.policy, faults),
    });
    let rules = rules.collect();
    let coordination = file.coordination.as_ref().map(|file| Coordination {
        policy: there(&file.policy, faults),
        severity: file.severity.as_ref().and_then(|spot| severity(spot, faults)),
        teams: file.teams.as_ref().map(|teams| teams.value),
    });
    let notices = notice::compile(&file.notices, known, faults);
    let given = &file.stalled_after;
    let given = [&given.sev1, &given.sev2, &given.sev3, &given.sev4, &given.sev5];
    let mut stalled_after = STALLED_MIN.map(SignedDuration::from_mins);
    for (slot, spot) in stalled_after.iter_mut().zip(given) {
        if let Some(wait) = spot.as_ref().and_then(|spot| wait(spot, faults)) {
            *slot = wait;
        }
    }
    Escalation { policies, rules, coordination, notices, stalled_after }
}

fn policy(file: &PolicyFile, known: &Known<'_>, faults: &mut Faults) -> Policy {
    if file.steps.len() > STEPS || file.steps.iter().any(|step| step.page.len() > STEPS) {
        faults.at(&file.name, format!("more than {STEPS} steps, or more than {STEPS} targets in one"));
    }
    let repeat = file.repeat.as_ref().map_or(0, |spot| {
        if spot.value > REPEATS {
            faults.at(spot, format!("repeat is at most {REPEATS}"));
        }
        spot.value.min(REPEATS)
    });
    let stops = file.stops.as_ref().map_or(Stops::Incident, |spot| {
        Stops::parse(&spot.value).unwrap_or_else(|| {
            faults.at(spot, format!("stops {:?} is none of incident, anyone, everyone", spot.value));
            Stops::Incident
        })
    });
    let steps = file
        .steps
        .iter()
        .map(|step| Step { targets: known.targets(&step.page, faults), wait: wait(&step.wait, faults).unwrap_or(WAIT_MIN) });
    let steps = steps.collect();
    if file.fallback.page.value.is_empty() {
        faults.at(&file.fallback.page, "the fallback pages nobody: name at least owners".to_owned());
    }
    Policy {
        name: file.name.value.clone(),
        steps,
        repeat,
        stops,
        fallback: known.targets(&file.fallback.page.value, faults),
        fallback_every: wait(&file.fallback.every, faults).unwrap_or(WAIT_MAX),
    }
}

pub(super) fn wait(spot: &Spanned<String>, faults: &mut Faults) -> Option<SignedDuration> {
    let wait = faults.duration(spot)?;
    if !(WAIT_MIN..=WAIT_MAX).contains(&wait) {
        faults.at(spot, format!("{} is not between 30s and 168h", spot.value));
    }
    Some(wait)
}
