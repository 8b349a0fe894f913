//! What is due next on an incident, and who owes it: the most prominent thing of the console.

use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::incident::{Incident, Phase, Postmortem, Task};

use watchfire_engine::{UpdateDue, update_owner};

use super::words;

/// One thing that is due.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) when: When,
    /// What is due, as a heading: "Acknowledge".
    pub(crate) what: String,
    /// One sentence more, such as why.
    pub(crate) note: String,
    /// Who owes it: a login or a team.
    pub(crate) owner: String,
    /// The reader owes it.
    pub(crate) yours: bool,
    pub(crate) act: Act,
}

/// When something is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum When {
    /// At once; it has been waiting since then.
    Now { since: Timestamp },
    /// At an instant; `from` is when the time began to run.
    At { due: Timestamp, from: Timestamp },
    /// Some time, after something else.
    Open,
}

/// The act that satisfies it, as a form, a dialog of the page or a link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Act {
    /// A form with one button: the path below the incident and its fields.
    Post { path: &'static str, label: &'static str, fields: Vec<(&'static str, String)> },
    /// A dialog of the page.
    Open { dialog: &'static str, label: &'static str },
    /// A page below the incident, with the letter that opens it.
    Page { path: &'static str, label: &'static str, key: &'static str },
    /// A place on the page.
    Go { anchor: String, label: &'static str },
}

/// How loud it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Level {
    Calm,
    Soon,
    Alarm,
}

impl Level {
    /// Returns the class that carries the level; empty for calm.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Calm => "",
            Self::Soon => "soon",
            Self::Alarm => "alarm",
        }
    }
}

impl Due {
    /// Tells how loud it is: alarm when overdue, or when nobody leads a declared incident; caution for what waits and
    /// for the last tenth of a time.
    pub(crate) fn level(&self, now: &Timestamp) -> Level {
        match self.when {
            When::Open => Level::Calm,
            When::Now { .. } if self.what == COMMANDER => Level::Alarm,
            When::Now { .. } => Level::Soon,
            When::At { due, .. } if due < *now => Level::Alarm,
            When::At { .. } if self.percent(now) <= 10 => Level::Soon,
            When::At { .. } => Level::Calm,
        }
    }

    /// Returns how much of the time is left in percent, for the fuse; full when overdue, 0 without a time.
    pub(crate) fn percent(&self, now: &Timestamp) -> i64 {
        let When::At { due, from } = self.when else { return 0 };
        if due < *now {
            return 100;
        }
        let whole = due.as_second().saturating_sub(from.as_second()).max(1);
        let left = due.as_second().saturating_sub(now.as_second());
        left.saturating_mul(100).checked_div(whole).unwrap_or(0).clamp(1, 100)
    }

    /// Returns when it falls due in seconds since 1970, for the script that burns the fuse; 0 without a time.
    pub(crate) fn due_second(&self) -> i64 {
        self.at().map_or(0, Timestamp::as_second)
    }

    /// Returns when its time began, in seconds since 1970; 0 without a time.
    pub(crate) fn since_second(&self) -> i64 {
        match self.when {
            When::At { from, .. } => from.as_second(),
            _ => 0,
        }
    }

    /// Returns the instant it falls due.
    pub(crate) fn at(&self) -> Option<Timestamp> {
        match self.when {
            When::At { due, .. } => Some(due),
            _ => None,
        }
    }

    /// Returns since when it has been waiting.
    pub(crate) fn since(&self) -> Option<Timestamp> {
        match self.when {
            When::Now { since } => Some(since),
            _ => None,
        }
    }

    /// Says when it falls due: `Due 02:18 UTC.`
    pub(crate) fn due_words(&self, now: &Timestamp) -> String {
        self.at().map_or_else(String::new, |at| format!("Due {} UTC.", words::near(*now, at)))
    }
}

const COMMANDER: &str = "Assign a commander";

/// Returns everything that is due, the next first: acknowledge, choose severity, assign a commander, decide, tasks and
/// the status update by their time, move on what has stalled, close. Empty when nothing is owed.
pub(crate) fn of(
    incident: &Incident,
    tasks: &[Task],
    update: Option<UpdateDue>,
    stalled_since: Option<Timestamp>,
    reader: &str,
) -> Vec<Due> {
    let mut dues = standing(incident, reader);
    let open = tasks.iter().filter(|task| task.state.is_open());
    let mut timed: Vec<Due> = open.filter_map(|task| Some(of_task(task, task.due_at?, reader))).collect();
    timed.extend(update.map(|update| of_update(incident, update, reader)));
    timed.sort_by_key(Due::at);
    dues.extend(timed);
    dues.extend(stalled_since.map(|since| of_stall(incident, since, reader)));
    if let Some(last) = afterwards(incident, reader) {
        dues.push(last);
    }
    dues
}

/// Returns the next thing due for a list, which knows no tasks; a postmortem counts once it is owed.
pub(crate) fn in_list(
    incident: &Incident,
    update: Option<UpdateDue>,
    stalled_since: Option<Timestamp>,
    reader: &str,
) -> Option<Due> {
    let next = standing(incident, reader).into_iter().next();
    let next = next.or_else(|| update.map(|update| of_update(incident, update, reader)));
    let next = next.or_else(|| stalled_since.map(|since| of_stall(incident, since, reader)));
    next.or_else(|| afterwards(incident, reader).filter(|_| incident.phase == Phase::Resolved))
}

/// Returns what the incident's state alone owes.
fn standing(incident: &Incident, reader: &str) -> Vec<Due> {
    if !incident.phase.is_open() {
        return Vec::new();
    }
    let owner = incident.commander().map_or_else(|| format!("Team {}", incident.team), str::to_owned);
    let yours = incident.commander() == Some(reader);
    let due = |what: &str, note: &str, since: Timestamp, act: Act| Due {
        when: When::Now { since },
        what: what.to_owned(),
        note: note.to_owned(),
        owner: owner.clone(),
        yours,
        act,
    };
    let mut dues = Vec::new();
    if incident.acknowledged_at.is_none() {
        let act = Act::Post { path: "acknowledge", label: "Acknowledge", fields: Vec::new() };
        dues.push(due("Acknowledge", "Nobody has taken it up.", incident.detected_at, act));
    }
    if incident.severity.is_none() {
        let act = Act::Open { dialog: "severity", label: "Choose severity" };
        dues.push(due("Choose severity", "Unknown is not low; if unsure take the higher.", incident.detected_at, act));
    }
    if incident.commander().is_none() {
        let fields = vec![("role", "commander".to_owned()), ("holder", reader.to_owned())];
        let act = Act::Post { path: "role", label: "Take command", fields };
        let since = incident.declared_at.unwrap_or(incident.detected_at);
        // Before anyone has said that it is an incident a missing commander is a wish, not an alarm.
        let declared = incident.phase >= Phase::Declared;
        let (what, note) = if declared { (COMMANDER, "Nobody leads it.") } else { ("Find a commander", "Nobody leads it yet.") };
        dues.push(due(what, note, since, act));
    }
    if incident.phase < Phase::Declared {
        let act = Act::Open { dialog: "phase", label: "Decide" };
        dues.push(due("Decide: declare or dismiss", "Is this an incident?", incident.detected_at, act));
    }
    dues
}

fn of_update(incident: &Incident, update: UpdateDue, reader: &str) -> Due {
    let role = update_owner(incident);
    let holder = role.and_then(|role| incident.roles.iter().find(|held| held.role.as_str() == role));
    Due {
        when: When::At { due: update.due_at, from: update.from },
        what: "Status update".to_owned(),
        note: String::new(),
        owner: holder.map_or_else(|| "Nobody".to_owned(), |held| held.holder.clone()),
        yours: holder.is_some_and(|held| held.holder == reader),
        act: Act::Page { path: "update", label: "Write update", key: "u" },
    }
}

fn of_stall(incident: &Incident, since: Timestamp, reader: &str) -> Due {
    Due {
        when: When::Now { since },
        what: "Move it on".to_owned(),
        note: "Nothing has changed for too long.".to_owned(),
        owner: incident.commander().map_or_else(|| format!("Team {}", incident.team), str::to_owned),
        yours: incident.commander() == Some(reader),
        act: Act::Go { anchor: "say".to_owned(), label: "Write what happens" },
    }
}

fn of_task(task: &Task, due: Timestamp, reader: &str) -> Due {
    Due {
        when: When::At { due, from: task.created_at },
        what: task.title.clone(),
        note: format!("T-{}.", task.number),
        owner: task.owner.clone().unwrap_or_else(|| "Nobody".to_owned()),
        yours: task.owner.as_deref() == Some(reader),
        act: Act::Go { anchor: format!("task-{}", task.number), label: "Show the task" },
    }
}

fn afterwards(incident: &Incident, reader: &str) -> Option<Due> {
    let owed = incident.severity.is_some_and(|severity| severity.at_least(Severity::Sev2));
    let (what, note) = match (incident.phase, &incident.postmortem) {
        (Phase::Resolved, Postmortem::Due) => ("Postmortem", "A SEV1 or SEV2 closes when it is published or waived."),
        (Phase::Resolved, _) => ("Close", "Nothing else is owed."),
        (phase, Postmortem::NotDue) if phase.is_open() && owed => ("Postmortem", "Due once the incident is resolved."),
        _ => return None,
    };
    Some(Due {
        when: When::Open,
        what: what.to_owned(),
        note: note.to_owned(),
        owner: incident.commander().map_or_else(|| format!("Team {}", incident.team), str::to_owned),
        yours: incident.commander() == Some(reader),
        act: Act::Open { dialog: "phase", label: if incident.phase == Phase::Resolved { "Close" } else { "Phase" } },
    })
}

#[cfg(test)]
mod tests;
