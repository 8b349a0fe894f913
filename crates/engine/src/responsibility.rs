//! Who answers for an incident: set when it comes to be and when it is triaged anew; and who was consulted about a task.

use watchfire_core::access::{Identity, Right};
use watchfire_core::escalation::Target;
use watchfire_core::incident::{Fact, Incident, Refusal, Task};
use watchfire_core::{limits, person, text};
use watchfire_store::responsibility::{self, Responsibility};
use watchfire_store::{Error as StoreError, Tx, incident, membership, task};

use crate::incidents::record;
use crate::paging::{With, parse_target};
use crate::plans::PlanSet;
use crate::{Engine, Error, words};

/// Returns who answers for an incident that an alert of a source raised, as the plans have it.
pub(crate) fn answers(plans: &PlanSet, incident: &Incident, source: &str) -> Responsibility {
    let answers = plans.responsibility.of(incident, source);
    let word = |target: &Option<Target>| match target {
        Some(target) => target.to_string(),
        None => Target::Team(incident.team.clone()).to_string(),
    };
    Responsibility {
        incident: incident.id,
        source: source.to_owned(),
        responsible: answers.responsible.iter().map(word).collect(),
        accountable: answers.accountable.as_ref().map(word),
        consulted: answers.consulted.iter().map(word).collect(),
    }
}

/// Sets who answers for an incident anew after a change that may concern it. What it follows from is on the record: the version
/// of the plans, and the change itself.
///
/// # Errors
/// As the store.
pub(crate) async fn follow(tx: &mut Tx, before: &Incident, incident: &Incident, with: &With) -> Result<(), StoreError> {
    let judged = |incident: &Incident| (incident.class, incident.severity, incident.team.clone());
    if judged(before) == judged(incident) {
        return Ok(());
    }
    let source = responsibility::get(tx, incident.id).await?.map(|known| known.source).unwrap_or_default();
    responsibility::put(tx, &[answers(&with.roster.plans, incident, &source)]).await
}

impl Engine {
    /// Returns the words of the plans behind which somebody stands now: their login, their teams, the schedules that they
    /// hold, and `owners` for an owner. A word that is no login is returned alone.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn stands_for(&self, word: &str) -> Result<Vec<String>, Error> {
        let Some(login) = person::login(word) else { return Ok(vec![text::line(word, limits::TITLE_CHARS)]) };
        let now = self.now();
        let mut reader = self.store().read().await?;
        let teams = membership::of_person(&mut reader, &login).await?;
        let mut words: Vec<String> = teams.into_iter().map(|of| Target::Team(of.team).to_string()).collect();
        for schedule in self.schedules(&mut reader, now, now).await? {
            if schedule.holders(now).iter().any(|holder| holder.login == login) {
                words.push(Target::Schedule(schedule.id).to_string());
            }
        }
        let standing = watchfire_store::person::standing(&mut reader, &login).await?;
        if standing.is_some_and(|(role, _)| role == watchfire_core::access::Role::Owner) {
            words.push(Target::Owners.to_string());
        }
        words.push(login);
        Ok(words)
    }

    /// Records that somebody was consulted about a task: the caller, or whoever the caller asked. Where the plans say who is
    /// consulted, it is one of them.
    ///
    /// # Errors
    /// Not found or not allowed for this caller, nothing was said, whoever answers is none of those who are consulted or does the
    /// task, or the store does not answer.
    pub async fn consulted(&self, who: &Identity, id: &str, number: i64, by: Option<&str>, words: &str) -> Result<Task, Error> {
        let incident = self.reach(who, Right::Heal, id).await?;
        let words = words::prose("text", words, limits::TEXT_CHARS)?;
        if words.is_empty() {
            return Err(Refusal::TextMissing.into());
        }
        let by = match by {
            Some(by) => person::login(by).ok_or_else(|| Error::invalid("by", "it is no login"))?,
            None => who.login().ok_or_else(|| Error::invalid("by", "say whom you asked"))?.to_owned(),
        };
        let with = self.with(self.happening(who)).await?;
        let mut reader = self.store().read().await?;
        let known = responsibility::get(&mut reader, incident.id).await?;
        drop(reader);
        let consulted = known.unwrap_or_else(|| answers(&self.plans(), &incident, "")).consulted;
        let stands = |word: &String| parse_target(word).is_some_and(|target| with.roster.stands(&target, &incident, &by));
        if !with.roster.is_there(&by) || (!consulted.is_empty() && !consulted.iter().any(stands)) {
            let whom = if consulted.is_empty() { "somebody who works here".to_owned() } else { consulted.join(", ") };
            return Err(Error::invalid("by", format!("{by} does not stand for {whom}")));
        }
        let (id, happening) = (incident.id, with.happening.clone());
        let done = self.store().write(move |tx| {
            let (happening, by, words) = (happening.clone(), by.clone(), words.clone());
            Box::pin(async move {
                let Some(mut incident) = incident::by_id(tx, id).await? else { return Ok(Err(Error::NotFound("incident"))) };
                let known = task::list(tx, incident.id).await?.into_iter().find(|task| task.number == number);
                let Some(mut task) = known else { return Ok(Err(Error::NotFound("task"))) };
                if let Err(refusal) = task.consulted(&by, happening.now) {
                    return Ok(Err(refusal.into()));
                }
                task.changed_at = happening.now;
                record(tx, &mut incident, &[Fact::Consulted { task: task.id, number, by, text: words }], &happening);
                task::save(tx, &task).await?;
                incident::save(tx, &incident).await?;
                Ok(Ok(task))
            })
        });
        done.await?
    }
}
