//! Who was paged about an incident, through what, with which answer, or why nobody.

use watchfire_core::id::IncidentId;
use watchfire_core::incident::{Incident, Role};
use watchfire_core::time::rfc3339;
use watchfire_store::paging::{self, Attempt, Page};
use watchfire_store::{Conn, incident};

use crate::Error;
use crate::plans::PlanSet;
use crate::triage::Step;

/// Returns the steps from an incident to the people who were told. Ask first whether the incident may be seen.
///
/// # Errors
/// The store does not answer.
pub(crate) async fn steps_of(reader: &mut Conn, id: IncidentId, plans: &PlanSet) -> Result<Vec<Step>, Error> {
    let Some(incident) = incident::by_id(reader, id).await? else { return Ok(Vec::new()) };
    let mut steps = Vec::new();
    if let Some(commander) = incident.roles.iter().find(|held| held.role == Role::commander()) {
        let since = format!("{} since {}", commander.holder, rfc3339(commander.since));
        steps.push(Step::new("commander", since, "roles.yaml"));
    }
    let pages = paging::of_incident(reader, id).await?;
    if pages.is_empty() {
        steps.push(nobody(&incident, plans));
    }
    for page in pages {
        let attempts = paging::attempts(reader, page.id).await?;
        of_page(&page, &attempts, &mut steps);
    }
    Ok(steps)
}

fn nobody(incident: &Incident, plans: &PlanSet) -> Step {
    match plans.escalation.rule(incident) {
        None => Step::new(
            "page",
            "nobody was paged: no rule of escalation.yaml fits it; it waits in its team's queue",
            "escalation.yaml",
        ),
        Some(rule) => {
            let why = format!("nobody was paged by rule {}: who would have been told raised it or was told otherwise", rule.name);
            Step::new("page", why, format!("escalation.yaml:{}", rule.line))
        }
    }
}

fn of_page(page: &Page, attempts: &[Attempt], steps: &mut Vec<Step>) {
    let reason = if page.reason.is_empty() { "by hand" } else { &page.reason };
    let begun = format!("policy {}, {}: {reason}", page.policy.name, page.state.status.as_str());
    steps.push(Step::new("page", begun, "escalation.yaml"));
    for told in &page.state.recipients {
        let mut words = format!("{} at {}, {}: {}", told.person, told.place, often(told.times), told.answer.as_str());
        if let Some(at) = told.answered_at {
            words.push_str(&format!(" at {}", rfc3339(at)));
        }
        steps.push(Step::new("told", words, ""));
    }
    for attempt in attempts {
        let words = format!("{} through {}, {}: {}", attempt.person, attempt.channel, attempt.status.as_str(), attempt.reply);
        steps.push(Step::new(format!("attempt {}", rfc3339(attempt.created_at)), words, ""));
    }
    if page.state.recipients.is_empty() {
        steps.push(Step::new("told", "nobody yet: no step and no fallback found anybody who can be told now", ""));
    }
}

fn often(times: u32) -> String {
    if times == 1 { "once".to_owned() } else { format!("{times} times") }
}
