//! What is wrong with the schedules before anybody needs them.

use jiff::SignedDuration;
use watchfire_core::access::Identity;
use watchfire_core::escalation::Target;
use watchfire_core::oncall::{self, Finding, Flaw};
use watchfire_store::channel;

use super::people::{may_look, reachable_directory};
use crate::paging::Roster;
use crate::{Engine, Error};

/// Weeks that can be looked ahead.
const WEEKS: std::ops::RangeInclusive<i64> = 1..=52;

impl Engine {
    /// Looks for faults of all schedules from now on: gaps, duties that nobody can fill, people who are unknown, disabled or
    /// cannot be reached, hand-offs at a skipped time; and of the plans that rest on them: notices that nobody stands for, rules
    /// for whose incidents nobody answers, groups whose channel is gone.
    ///
    /// # Errors
    /// The role does not reach, not 1 to 52 weeks, or the store does not answer.
    pub async fn lint_on_call(&self, who: &Identity, weeks: i64) -> Result<Vec<Finding>, Error> {
        may_look(who)?;
        if !WEEKS.contains(&weeks) {
            return Err(Error::invalid("weeks", format!("{} to {}", WEEKS.start(), WEEKS.end())));
        }
        let now = self.now();
        let until = now.saturating_add(SignedDuration::from_hours(24 * 7 * weeks)).unwrap_or(now);
        let mut reader = self.store().read().await?;
        let people = reachable_directory(&mut reader).await?;
        let schedules = self.schedules(&mut reader, now, until).await?;
        let channels = channel::list(&mut reader).await?.into_iter().map(|channel| channel.name).collect::<Vec<_>>();
        drop(reader);
        let mut found: Vec<Finding> = schedules.iter().flat_map(|schedule| oncall::lint(schedule, &people, now, until)).collect();
        let roster = self.roster().await?;
        found.extend(duties(&roster, &channels));
        Ok(found)
    }
}

/// Looks for notices that nobody stands for, rules for whose incidents nobody answers, and groups that name a channel which is
/// not there.
fn duties(roster: &Roster, channels: &[String]) -> Vec<Finding> {
    let plans = &roster.plans;
    let mut found = Vec::new();
    let mut add = |of: String, flaw: Flaw| found.push(Finding { schedule: of, flaw });
    for notice in &plans.escalation.notices {
        let mut targets = notice.policy.steps.iter().flat_map(|step| &step.targets);
        if targets.all(|target| !matches!(target, Target::Role(_)) && roster.always(target).is_empty()) {
            add(format!("notice {}", notice.name), Flaw::NobodyTold);
        }
    }
    let raising = plans.routes.iter().filter(|route| route.then.incident);
    let rules = raising.map(|route| (format!("rule {}", route.name), plans.responsibility.of_route(route)));
    for (name, answers) in rules.chain([("default of responsibility".to_owned(), &plans.responsibility.default)]) {
        if answers.responsible.is_empty() {
            add(name.clone(), Flaw::NobodyAnswers { part: "responsible" });
        }
        if answers.accountable.is_none() {
            add(name, Flaw::NobodyAnswers { part: "accountable" });
        }
    }
    for group in &plans.stakeholders.groups {
        for channel in group.channels.iter().filter(|channel| !channels.contains(channel)) {
            add(format!("stakeholders {}", group.id), Flaw::NoChannel { channel: channel.clone() });
        }
    }
    found
}
