//! Tasks of an incident.

use jiff::Timestamp;
use watchfire_core::access::{Identity, Right};
use watchfire_core::incident::{Fact, Incident, Refusal, Task, TaskState};
use watchfire_core::{chance, limits};
use watchfire_store::{incident, responsibility, task};

use crate::incidents::record;
use crate::{Engine, Error, words};

/// A task to be added.
#[derive(Clone, Debug)]
pub struct NewTask {
    pub title: String,
    pub owner: Option<String>,
    /// The team that the work belongs to; `None` is the incident's own.
    pub team: Option<String>,
    pub due_at: Option<Timestamp>,
    /// Somebody has to be consulted before it is done; `None` asks for it where the plans name who is consulted and a secret is
    /// to be rotated.
    pub consult: Option<bool>,
    /// The owner leads the incident and gets the task all the same.
    pub insist: bool,
}

/// What changes of a task; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct TaskChange {
    pub title: Option<String>,
    /// `Some(None)` takes the owner away.
    pub owner: Option<Option<String>>,
    pub team: Option<Option<String>>,
    pub due_at: Option<Option<Timestamp>>,
    pub state: Option<TaskState>,
    pub consult: Option<bool>,
    /// Why it is done though nobody was consulted who had to be.
    pub unconsulted: Option<String>,
    /// The owner leads the incident and gets the task all the same.
    pub insist: bool,
}

impl Engine {
    /// Adds a task to an open incident.
    ///
    /// # Errors
    /// Not found for this caller or not theirs to work on, not open, no title, or the store does not answer.
    pub async fn add_task(&self, who: &Identity, id: &str, wish: NewTask) -> Result<Task, Error> {
        let incident = self.reach(who, Right::Heal, id).await?;
        let title = words::line("title", &wish.title, limits::TITLE_CHARS)?;
        if title.is_empty() {
            return Err(Error::invalid("title", "say in one line what is to be done"));
        }
        let (happening, insist, by_plan) = (self.happening(who), wish.insist, wish.consult.is_none());
        let task = Task {
            id: chance::id(self.0.chance.as_ref(), happening.now),
            incident: incident.id,
            number: 0,
            title,
            owner: self.person_meant_if_any(who, "owner", wish.owner.as_deref()).await?,
            team: self.team_meant(wish.team.as_deref()).await?,
            state: TaskState::Open,
            due_at: wish.due_at,
            consult: wish.consult.unwrap_or(false),
            consulted_by: None,
            consulted_at: None,
            created_at: happening.now,
            changed_at: happening.now,
        };
        let added = self.store().write(move |tx| {
            let (happening, mut task) = (happening.clone(), task.clone());
            Box::pin(async move {
                let Some(mut incident) = incident::by_id(tx, task.incident).await? else {
                    return Ok(Err(Error::NotFound("incident")));
                };
                if incident.phase.is_final() {
                    return Ok(Err(Refusal::NotOpen { phase: incident.phase }.into()));
                }
                if let Some(refusal) = leads(&incident, task.owner.as_deref()).filter(|_| !insist) {
                    return Ok(Err(refusal.into()));
                }
                if by_plan && rotates(&task.title) {
                    let known = responsibility::get(tx, incident.id).await?;
                    task.consult = known.is_some_and(|known| !known.consulted.is_empty());
                }
                task.number = task::next_number(tx, incident.id).await?;
                record(tx, &mut incident, &[fact(&task)], &happening);
                task::insert(tx, &task).await?;
                incident::save(tx, &incident).await?;
                Ok(Ok(task))
            })
        });
        added.await?
    }

    /// Returns the change with the people and teams that it means, and clean words.
    async fn change_meant(&self, who: &Identity, mut change: TaskChange) -> Result<TaskChange, Error> {
        if let Some(title) = change.title.take() {
            change.title = Some(words::line("title", &title, limits::TITLE_CHARS)?).filter(|title| !title.is_empty());
        }
        if let Some(owner) = change.owner.take() {
            change.owner = Some(self.person_meant_if_any(who, "owner", owner.as_deref()).await?);
        }
        if let Some(team) = change.team.take() {
            change.team = Some(self.team_meant(team.as_deref()).await?);
        }
        if let Some(reason) = change.unconsulted.take() {
            change.unconsulted = Some(words::prose("unconsulted", &reason, limits::TEXT_CHARS)?);
        }
        Ok(change)
    }

    /// Changes a task.
    ///
    /// # Errors
    /// Not found for this caller, nothing would change, or the store does not answer.
    pub async fn change_task(&self, who: &Identity, id: &str, number: i64, change: TaskChange) -> Result<Task, Error> {
        let incident = self.reach(who, Right::Heal, id).await?.id;
        let happening = self.happening(who);
        let change = self.change_meant(who, change).await?;
        let changed = self.store().write(move |tx| {
            let (happening, change) = (happening.clone(), change.clone());
            Box::pin(async move {
                let Some(mut incident) = incident::by_id(tx, incident).await? else {
                    return Ok(Err(Error::NotFound("incident")));
                };
                let known = task::list(tx, incident.id).await?.into_iter().find(|task| task.number == number);
                let Some(known) = known else { return Ok(Err(Error::NotFound("task"))) };
                let mut task = known.clone();
                task.title = change.title.unwrap_or(task.title);
                task.owner = change.owner.unwrap_or(task.owner);
                task.due_at = change.due_at.unwrap_or(task.due_at);
                task.team = change.team.unwrap_or(task.team);
                task.consult = change.consult.unwrap_or(task.consult);
                let waiver = change
                    .unconsulted
                    .filter(|reason| !reason.is_empty() && change.state == Some(TaskState::Done) && task.awaits_consulting());
                // A task that is done without having asked anybody asks for it no more.
                task.consult &= waiver.is_none();
                if let Some(state) = change.state
                    && let Err(refusal) = task.go(state, happening.actor.id())
                {
                    return Ok(Err(refusal.into()));
                }
                if task == known {
                    return Ok(Err(Refusal::Unchanged.into()));
                }
                let given = task.owner.as_deref().filter(|_| task.owner != known.owner);
                if let Some(refusal) = leads(&incident, given).filter(|_| !change.insist) {
                    return Ok(Err(refusal.into()));
                }
                task.changed_at = happening.now;
                let waived = waiver.map(|reason| Fact::ConsultWaived { task: task.id, number: task.number, reason });
                let facts: Vec<Fact> = waived.into_iter().chain([fact(&task)]).collect();
                record(tx, &mut incident, &facts, &happening);
                task::save(tx, &task).await?;
                incident::save(tx, &incident).await?;
                Ok(Ok(task))
            })
        });
        changed.await?
    }
}

/// Who leads does no technical work: giving them a task takes a second word, unless nobody else is there to do it.
fn leads(incident: &Incident, owner: Option<&str>) -> Option<Refusal> {
    let holder = owner.filter(|owner| incident.commander() == Some(owner))?.to_owned();
    incident.roles.iter().any(|held| held.holder != holder).then_some(Refusal::LeadsAlready { holder })
}

/// Tells whether a task is to rotate something: what rests on it may stop working.
fn rotates(title: &str) -> bool {
    title
        .split(|char: char| !char.is_alphanumeric())
        .any(|word| ["rotate", "revoke"].iter().any(|verb| word.eq_ignore_ascii_case(verb)))
}

fn fact(task: &Task) -> Fact {
    Fact::TaskChanged {
        task: task.id,
        number: task.number,
        title: task.title.clone(),
        state: task.state,
        owner: task.owner.clone(),
        team: task.team.clone(),
    }
}
