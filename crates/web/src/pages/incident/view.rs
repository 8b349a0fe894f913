//! What the incident page shows.

use askama::Template;
use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::alert::Status;
use watchfire_core::incident::{Class, Phase, TaskState};
use watchfire_engine::{Crowded, RoomOffer};

use super::access::Access;
use crate::pages::due::Due;
use crate::pages::filters;
use crate::pages::lines::Line;
use crate::pages::list::Choice;

/// The room. The blocks are the parts that live updates replace.
#[derive(Template)]
#[template(path = "incident.html", blocks = ["head", "due", "tabs", "stand", "tasks", "alerts", "roles", "answers", "access", "meet", "spans", "timeline", "phases", "severities", "summaries"])]
pub(crate) struct IncidentPage {
    pub(crate) now: Timestamp,
    /// The reader, who may be named `you`.
    pub(crate) reader: String,
    pub(crate) short_id: String,
    pub(crate) codename: String,
    pub(crate) title: String,
    pub(crate) class: Class,
    pub(crate) severity: Option<Severity>,
    pub(crate) phase: Phase,
    pub(crate) team: String,
    pub(crate) restricted: bool,
    /// How many people may see it besides those who see everything.
    pub(crate) people: i64,
    pub(crate) tabs: Vec<Choice>,
    /// Where people meet: word, title, address.
    pub(crate) links: Vec<(String, &'static str, String)>,
    /// Rooms and calls that channels made.
    pub(crate) rooms: Vec<RoomLine>,
    /// Where another can be made.
    pub(crate) offers: Vec<RoomOffer>,
    /// Since when nothing has changed, if that is too long.
    pub(crate) stalled_since: Option<Timestamp>,
    /// Leads to whom too many people report.
    pub(crate) crowded: Vec<Crowded>,
    /// Whom a page can go to, besides a login: suggestions of the field.
    pub(crate) targets: Vec<String>,
    /// Whom the fields of the dialogs may name: login and label. Filled for the whole page, not for its live parts.
    pub(crate) choices: Vec<(String, String)>,
    /// Title and text stay off paper: it is about employees, and the reader is not named on it.
    pub(crate) masked: bool,
    /// The last thing said to those outside: number, when, its status.
    pub(crate) last_update: Option<(i64, Timestamp, String)>,
    /// Teams that have work on it besides its own.
    pub(crate) teams: Vec<String>,
    pub(crate) guidelines: Vec<(Severity, String)>,
    /// `drill` or `test`; empty for a real one.
    pub(crate) practice: &'static str,
    pub(crate) signal: &'static str,
    pub(crate) detected_at: Timestamp,
    pub(crate) over_at: Option<Timestamp>,
    pub(crate) summary: String,
    pub(crate) rule: String,
    pub(crate) plan_version: String,
    pub(crate) merged_into: Option<(String, String)>,
    pub(crate) dues: Vec<Due>,
    pub(crate) roles: Vec<RoleRow>,
    pub(crate) access: Access,
    pub(crate) tasks: Vec<TaskRow>,
    pub(crate) alerts: Vec<AlertLine>,
    pub(crate) alerts_firing: i64,
    pub(crate) spans: Vec<SpanRow>,
    pub(crate) shows: Vec<Choice>,
    pub(crate) days: Vec<Day>,
    /// The newest sequence number shown, where the live stream goes on.
    pub(crate) seq: i64,
    /// Where earlier entries are.
    pub(crate) earlier: Option<String>,
    pub(crate) steps: Vec<Step>,
    pub(crate) may_act: bool,
    /// Write notes; do tasks and resolve: the parts of acting that a team leaves to its developers.
    pub(crate) may_say: bool,
    pub(crate) may_heal: bool,
    pub(crate) answers: Answers,
    pub(crate) notices: Vec<NoticeRow>,
    /// Who says that it is resolved, and when; it waits to be verified.
    pub(crate) unverified: Option<(String, Timestamp)>,
    /// What the last form asked for and why it was refused.
    pub(crate) failed: Option<Failed>,
    /// The composer's line, kept when it was refused.
    pub(crate) line: String,
}

impl IncidentPage {
    fn is_open(&self) -> bool {
        self.phase.is_open()
    }

    /// Tells whether the reader may say that it is resolved, and nothing else of its phase.
    fn may_resolve_alone(&self) -> bool {
        self.may_heal && !self.may_act && self.unverified.is_none() && self.steps.iter().any(|step| step.value == "resolved")
    }

    fn is_reader(&self, login: &str) -> bool {
        self.reader == login
    }

    /// Returns what a task's owner or another may do with it next: value and label.
    fn acts(&self, task: &TaskRow) -> Vec<(&'static str, &'static str)> {
        let mine = task.owner.as_deref() == Some(self.reader.as_str());
        match task.state {
            TaskState::Open if task.owner.is_none() => vec![("take", "Take")],
            TaskState::Open if mine => vec![("accept", "Accept"), ("done", "Done")],
            TaskState::Accepted if mine => vec![("doing", "Begin"), ("done", "Done")],
            TaskState::Doing | TaskState::Accepted | TaskState::Open => vec![("done", "Done")],
            TaskState::Done if !mine => vec![("verify", "Verify")],
            _ => Vec::new(),
        }
    }

    fn open_tasks(&self) -> usize {
        self.tasks.iter().filter(|task| task.state.is_open()).count()
    }
}

/// A room or a call.
#[derive(Clone, Debug)]
pub(crate) struct RoomLine {
    pub(crate) channel: String,
    /// The chat's own name of it; empty where a link says it all.
    pub(crate) name: String,
    pub(crate) link: Option<String>,
    pub(crate) is_call: bool,
    /// How many we have invited.
    pub(crate) invited: usize,
}

/// A role and who holds it.
#[derive(Clone, Debug)]
pub(crate) struct RoleRow {
    pub(crate) word: String,
    pub(crate) title: String,
    pub(crate) holder: Option<String>,
    pub(crate) since: Option<Timestamp>,
    pub(crate) offered_to: Option<String>,
    /// Nobody holds it and somebody must.
    pub(crate) missing: bool,
}

/// A task as the pane shows it.
#[derive(Clone, Debug)]
pub(crate) struct TaskRow {
    pub(crate) number: i64,
    pub(crate) title: String,
    pub(crate) owner: Option<String>,
    pub(crate) team: Option<String>,
    pub(crate) state: TaskState,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) overdue: bool,
    /// Somebody has to be consulted before it is done.
    pub(crate) consult: bool,
    pub(crate) consulted_by: Option<String>,
}

impl TaskRow {
    fn asks_first(&self) -> bool {
        self.consult && self.consulted_by.is_none() && self.state.is_open()
    }
}

/// Who answers for it, in the words of the plans.
#[derive(Clone, Default, Debug)]
pub(crate) struct Answers {
    pub(crate) responsible: String,
    pub(crate) accountable: String,
    pub(crate) consulted: String,
}

/// Somebody who had to be told.
#[derive(Clone, Debug)]
pub(crate) struct NoticeRow {
    pub(crate) title: String,
    pub(crate) people: Vec<String>,
    /// The page that tells them.
    pub(crate) href: Option<String>,
    pub(crate) given_at: Timestamp,
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) acknowledged: Option<(String, Timestamp)>,
}

/// A linked alert.
#[derive(Clone, Debug)]
pub(crate) struct AlertLine {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) status: Status,
    pub(crate) source: String,
    pub(crate) at: Timestamp,
}

/// A figure of response with its definition.
#[derive(Clone, Debug)]
pub(crate) struct SpanRow {
    pub(crate) name: &'static str,
    /// `None` is unknown or not yet.
    pub(crate) words: Option<String>,
    pub(crate) definition: &'static str,
}

/// The entries of one day.
#[derive(Clone, Debug)]
pub(crate) struct Day {
    pub(crate) title: String,
    pub(crate) lines: Vec<Line>,
}

/// A step that the phase dialogue offers.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) value: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    /// The step that the main line takes next.
    pub(crate) next: bool,
}

/// Why a form was refused.
#[derive(Clone, Debug)]
pub(crate) struct Failed {
    pub(crate) what: String,
    pub(crate) message: String,
}

/// Parts lines into days, oldest first.
pub(crate) fn days(lines: Vec<Line>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for line in lines {
        let title = crate::pages::words::day(line.at);
        match days.last_mut().filter(|day| day.title == title) {
            Some(day) => day.lines.push(line),
            None => days.push(Day { title, lines: vec![line] }),
        }
    }
    days
}

/// Returns the steps that the dialogue offers for an incident's phase.
pub(crate) fn steps(phase: Phase, class: Class, severity: Option<Severity>, postmortem_due: bool) -> Vec<Step> {
    let mut steps: Vec<Step> = phase.next(class, severity).into_iter().enumerate().map(|(at, to)| step(to, at == 0)).collect();
    if let Some(close) = steps.iter_mut().find(|step| step.value == "closed" && postmortem_due) {
        close.hint = "The postmortem is neither published nor waived: the reason becomes its waiver.";
    }
    if phase.is_open() {
        steps.push(Step { value: "dismissed", label: "Dismiss", hint: "It was no incident. Needs a reason.", next: false });
    }
    if matches!(
        phase,
        Phase::Contained | Phase::Eradicated | Phase::Recovered | Phase::Resolved | Phase::Closed | Phase::Dismissed
    ) {
        steps.push(Step { value: "reopen", label: "Reopen", hint: "It is not over. Needs a reason.", next: false });
    }
    steps
}

fn step(to: Phase, next: bool) -> Step {
    let (label, hint) = match to {
        Phase::Reported | Phase::Merged => ("Reported", ""),
        Phase::Triaged => ("Triaged", "Class, severity and team are set."),
        Phase::Declared => ("Declare", "This is an incident. Needs a severity."),
        Phase::Contained => ("Contained", "It can no longer spread."),
        Phase::Eradicated => ("Eradicated", "The cause, or the intruder, is out."),
        Phase::Recovered => ("Recovered", "Systems work again from a known good state."),
        Phase::Resolved => ("Resolve", "The response is over; documents may be due."),
        Phase::Closed => ("Close", "Everything owed is done."),
        Phase::Dismissed => ("Dismiss", "It was no incident. Needs a reason."),
    };
    Step { value: to.as_str(), label, hint, next }
}
