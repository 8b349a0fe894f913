//! Which rule, which incident, or why none.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use watchfire_core::Severity;
use watchfire_core::access::Level;
use watchfire_core::condition::Variables;
use watchfire_core::incident::{Class, Visibility};
use watchfire_core::text;
use watchfire_store::alert::Alert;
use watchfire_store::silence::Silence;

use super::Subject;
use super::subject::covers;
use crate::plans::{IncidentPlan, PlanSet};

/// What the plans say about an alert.
#[derive(Clone, PartialEq, Debug)]
pub struct Decision {
    /// The rule that matched; empty for the default.
    pub rule: String,
    pub class: Class,
    pub severity: Option<Severity>,
    pub team: String,
    pub visibility: Visibility,
    /// Teams that get a right on the incident, by the plans.
    pub grants: Vec<(String, Level)>,
    /// Alerts with the same key share an incident; `None` is an incident of its own.
    pub group_key: Option<String>,
    pub group_window: SignedDuration,
    pub title: String,
    pub playbooks: Vec<String>,
    pub declare: bool,
    /// Whether there is to be an incident.
    pub incident: bool,
    /// The silence or maintenance window that covers the alert; then there is no incident.
    pub suppressed_by: Option<String>,
    pub trace: Vec<Step>,
    /// How the incident is run, if there is one.
    pub incidents: Arc<IncidentPlan>,
}

/// One step of the way to a decision, for `explain`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// What was looked at: `rule cloud-threat`.
    pub what: String,
    /// What came of it: `matched`, `no match`, or why it could not be told.
    pub outcome: String,
    /// Where it is written: `routing.yaml:31`; empty where it is in no file.
    pub place: String,
}

impl Step {
    pub(crate) fn new(what: impl Into<String>, outcome: impl Into<String>, place: impl Into<String>) -> Self {
        Self { what: what.into(), outcome: outcome.into(), place: place.into() }
    }
}

/// Decides about a firing alert. A condition that cannot be computed for this alert (a label that is not there) does not
/// match, and the trace says so.
pub fn decide(plans: &PlanSet, silences: &[Silence], alert: &Alert, now: Timestamp) -> Decision {
    let subject = Subject::of(alert);
    let mut trace = Vec::new();
    let variables = subject.variables().unwrap_or_default();
    let route = plans.routes.iter().find(|route| {
        let (matched, outcome) = match route.when.holds(&variables) {
            Ok(true) => (true, "matched".to_owned()),
            Ok(false) => (false, "no match".to_owned()),
            Err(error) => (false, format!("no match: {error}")),
        };
        trace.push(Step::new(format!("rule {}", route.name), outcome, format!("routing.yaml:{}", route.line)));
        matched
    });
    let then = route.map_or(&plans.default, |route| &route.then);
    if route.is_none() {
        trace.push(Step::new("default", format!("no rule matched: queue of team {}", then.team), "routing.yaml"));
    }
    let class = then.class.or(alert.class).unwrap_or(Class::Other);
    let group_key =
        group_key(plans, then.group_by.as_ref(), route.map_or("", |route| &route.name), alert, &variables, &mut trace);
    let title = then.title.as_ref().and_then(|title| title.value(&variables).ok()?.as_str().map(str::to_owned));
    let suppressed_by = suppressed(plans, silences, &subject, &variables, now);
    if let Some(by) = &suppressed_by {
        trace.push(Step::new("silences and maintenance", format!("covered by {by}"), ""));
    }
    if alert.current.flapping {
        trace.push(Step::new("flapping control", "it goes back and forth: nothing new is raised", "routing.yaml"));
    }
    let severity = then.severity.of(alert.severity);
    Decision {
        rule: route.map(|route| route.name.clone()).unwrap_or_default(),
        class,
        severity,
        team: then.team.clone(),
        visibility: then.visibility.of(&plans.access, class, severity),
        grants: plans.access.grants(class, severity),
        group_key,
        group_window: then.group_window,
        title: title.map_or_else(|| alert.title.clone(), |title| text::line(&title, watchfire_core::limits::TITLE_CHARS)),
        playbooks: then.playbooks.clone(),
        declare: then.declare,
        incident: then.incident && suppressed_by.is_none(),
        suppressed_by,
        trace,
        incidents: Arc::clone(&plans.incidents),
    }
}

/// Returns the grouping key: the rule's expression, or else the sender's own group.
fn group_key(
    plans: &PlanSet,
    group_by: Option<&watchfire_core::condition::Expression>,
    rule: &str,
    alert: &Alert,
    variables: &Variables<'_>,
    trace: &mut Vec<Step>,
) -> Option<String> {
    let Some(expression) = group_by else {
        return alert.group.as_ref().map(|group| format!("sender/{group}"));
    };
    let place = plans
        .routes
        .iter()
        .find(|route| route.name == rule)
        .map_or("routing.yaml".to_owned(), |route| format!("routing.yaml:{}", route.line));
    match expression.value(variables) {
        Ok(serde_json::Value::String(key)) if key.is_empty() => None,
        Ok(serde_json::Value::String(key)) => Some(format!("{rule}/{key}")),
        Ok(other) => Some(format!("{rule}/{other}")),
        Err(error) => {
            trace.push(Step::new("group_by", format!("no group: {error}"), place));
            None
        }
    }
}

fn suppressed(
    plans: &PlanSet,
    silences: &[Silence],
    subject: &Subject<'_>,
    variables: &Variables<'_>,
    now: Timestamp,
) -> Option<String> {
    let silence = silences.iter().find(|silence| silence.from <= now && now < silence.until && covers(&silence.matcher, subject));
    if let Some(silence) = silence {
        return Some(format!("silence {}", silence.id));
    }
    let window = plans
        .maintenance
        .iter()
        .find(|window| window.from <= now && now < window.until && window.when.holds(variables).unwrap_or(false));
    window.map(|window| format!("maintenance {}", window.name))
}
