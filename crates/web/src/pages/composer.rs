//! The composer's line: text is a note, a verb with a slash is an act.

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use watchfire_core::Severity;
use watchfire_core::incident::{Command, Phase, Role, TaskState};

/// What a line asks for.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Said {
    Command(Command),
    Task {
        title: String,
        owner: Option<String>,
        team: Option<String>,
        due_at: Option<Timestamp>,
    },
    TaskState {
        number: i64,
        state: TaskState,
    },
    /// Whom to page, as the engine reads it, and why.
    Page {
        to: String,
        text: String,
    },
    /// Where people meet; an empty address takes it away.
    Link {
        link: &'static str,
        address: String,
    },
}

/// Why a line asks for nothing: what was wrong and what to write instead.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Misread(String);

/// The verbs, each with its form, for help and for the message about an unknown one.
pub(crate) const VERBS: [(&str, &str); 22] = [
    ("/note", "text"),
    ("/task", "@owner #team text by 03:30"),
    ("/accept", "3"),
    ("/doing", "3"),
    ("/done", "3"),
    ("/verify", "3"),
    ("/cancel", "3"),
    ("/ack", ""),
    ("/severity", "sev2 reason"),
    ("/phase", "contained reason"),
    ("/role", "commander @who"),
    ("/offer", "commander @who"),
    ("/take", "commander"),
    ("/page", "team platform why"),
    ("/call", "https://..."),
    ("/declare", "sev2 reason"),
    ("/resolve", "reason"),
    ("/dismiss", "reason"),
    ("/reopen", "reason"),
    ("/close", "reason of the waiver"),
    ("/summary", "where we stand"),
    ("/title", "new title"),
];

/// Reads a line written by `writer` at `now`; `@me` is the writer.
///
/// # Errors
/// [`Misread`] says what was wrong and what to write instead.
pub(crate) fn read(line: &str, writer: &str, now: Timestamp) -> Result<Said, Misread> {
    let line = line.trim();
    if line.is_empty() {
        return Err(Misread("Write a note, or a verb such as /task @me text by 03:30.".to_owned()));
    }
    let Some(rest) = line.strip_prefix('/') else {
        return Ok(Said::Command(Command::Note { text: line.to_owned() }));
    };
    let (verb, rest) = split(rest);
    let reason = || rest.to_owned();
    let command = match verb.to_ascii_lowercase().as_str() {
        "note" | "n" => Command::Note { text: needed(rest, "/note text")? },
        "task" | "t" => return task(rest, writer, now),
        "accept" => return task_state(rest, TaskState::Accepted),
        "doing" => return task_state(rest, TaskState::Doing),
        "done" => return task_state(rest, TaskState::Done),
        "verify" => return task_state(rest, TaskState::Verified),
        "cancel" => return task_state(rest, TaskState::Cancelled),
        "page" => return page(rest, writer),
        "call" => return link("call", rest),
        "room" => return link("room", rest),
        "offer" => offer(rest, writer)?,
        "take" => take(rest, writer)?,
        "ack" | "acknowledge" => Command::Acknowledge { by: writer.to_owned() },
        "severity" | "sev" => severity(rest)?,
        "phase" => phase(rest)?,
        "role" => role(rest, writer)?,
        "declare" => declare(rest),
        "resolve" => Command::Resolve { reason: reason() },
        "dismiss" => Command::Dismiss { reason: needed(rest, "/dismiss reason")? },
        "reopen" => Command::Reopen { reason: needed(rest, "/reopen reason")? },
        "close" => Command::Close { waiver: (!rest.is_empty()).then(reason) },
        "summary" => Command::Summarise { summary: needed(rest, "/summary where we stand")? },
        "title" => Command::Rename { title: needed(rest, "/title new title")? },
        _ => return Err(unknown(verb)),
    };
    Ok(Said::Command(command))
}

impl Said {
    /// Says in words what the line will do, shown before it is sent: symbol, act, particulars.
    pub(crate) fn preview(&self) -> (&'static str, &'static str, String) {
        match self {
            Self::Task { owner, team, due_at, .. } => {
                let owner = owner.as_deref().map_or("no owner".to_owned(), |owner| format!("owner {owner}"));
                let owner = team.as_deref().map_or(owner.clone(), |team| format!("{owner}, team {team}"));
                let due = due_at.map_or_else(|| "no due time".to_owned(), |at| format!("due {} UTC", super::words::stamp(at)));
                ("task", "Task", format!("{owner}, {due}."))
            }
            Self::TaskState { number, state } => ("task", "Task", format!("T-{number} becomes {}.", state.as_str())),
            Self::Page { to, text } if text.is_empty() => ("oncall", "Page", format!("Calls {to}, without a reason.")),
            Self::Page { to, text } => ("oncall", "Page", format!("Calls {to}: {text}")),
            Self::Link { link, address } if address.is_empty() => ("link", "Link", format!("Takes the {link} away.")),
            Self::Link { link, address } => ("link", "Link", format!("The {link} is at {address}.")),
            Self::Command(command) => of_command(command),
        }
    }
}

fn of_command(command: &Command) -> (&'static str, &'static str, String) {
    let because = |reason: &str| if reason.is_empty() { "Without a reason.".to_owned() } else { format!("Because: {reason}") };
    match command {
        Command::Note { .. } => ("note", "Note", "Becomes an entry of the record.".to_owned()),
        Command::Acknowledge { .. } => ("check", "Acknowledge", "You take it up.".to_owned()),
        Command::SetSeverity { to, reason } => ("decision", "Severity", format!("Becomes {}. {}", to.label(), because(reason))),
        Command::SetPhase { to, reason } => ("decision", "Phase", format!("Becomes {to}. {}", because(reason))),
        Command::AssignRole { role, holder } => ("people", "Role", format!("{holder} becomes {role}.")),
        Command::VacateRole { role } => ("people", "Role", format!("Nobody holds {role} any more.")),
        Command::OfferRole { role, to } => ("people", "Role", format!("Offers {role} to {to}, who has to take it.")),
        Command::AcceptRole { role, .. } => ("people", "Role", format!("You take {role}, which was offered to you.")),
        Command::Declare { severity, reason } => {
            let level = severity.map_or_else(|| "At its present severity.".to_owned(), |to| format!("As {}.", to.label()));
            ("decision", "Declare", format!("{level} {}", because(reason)))
        }
        Command::Resolve { reason } => ("decision", "Resolve", because(reason)),
        Command::Dismiss { reason } => ("decision", "Dismiss", because(reason)),
        Command::Reopen { reason } => ("decision", "Reopen", because(reason)),
        Command::Close { waiver } => {
            let how = waiver
                .as_deref()
                .map_or_else(|| "Everything owed is done.".to_owned(), |why| format!("Postmortem waived: {why}"));
            ("decision", "Close", how)
        }
        Command::Summarise { .. } => ("update", "Where we stand", "Replaces the present text.".to_owned()),
        Command::Rename { title } => ("note", "Title", format!("Becomes “{title}”.")),
        _ => ("note", "Change", String::new()),
    }
}

fn task(rest: &str, writer: &str, now: Timestamp) -> Result<Said, Misread> {
    let form = "/task @owner #team text by 03:30";
    let (first, after) = split(rest);
    let (owner, rest) = match first.strip_prefix('@') {
        Some(owner) if !owner.is_empty() => (Some(person(owner, writer)), after),
        _ => (None, rest),
    };
    let (first, after) = split(rest);
    let (team, rest) = match first.strip_prefix('#') {
        Some(team) if !team.is_empty() => (Some(team.to_owned()), after),
        _ => (None, rest),
    };
    if let Some((time, title)) = rest.strip_prefix("by ").map(split)
        && let Ok(at) = due(time, now)
    {
        return Ok(Said::Task { title: needed(title, form)?, owner, team, due_at: Some(at) });
    }
    let (title, due_at) = match rest.rsplit_once(" by ") {
        Some((title, time)) => match due(time, now) {
            Ok(at) => (title, Some(at)),
            Err(fault) if time.trim().starts_with(|first: char| first.is_ascii_digit()) => return Err(fault),
            // "by" belongs to the text: "check the keys by hand".
            Err(_) => (rest, None),
        },
        None => (rest, None),
    };
    Ok(Said::Task { title: needed(title.trim(), form)?, owner, team, due_at })
}

fn task_state(rest: &str, state: TaskState) -> Result<Said, Misread> {
    let number = rest.trim_start_matches("T-").trim_start_matches("t-");
    let number = number
        .parse()
        .map_err(|_| Misread(format!("“{}” is no task number. Write its verb and the number: /done 3.", shortened(rest))))?;
    Ok(Said::TaskState { number, state })
}

/// Reads `@who text`, `owners text`, `team platform text`, `schedule seoc text`, `role commander text`.
fn page(rest: &str, writer: &str) -> Result<Said, Misread> {
    let form = || Misread("Write whom and why: /page @who text, /page team platform text, /page schedule seoc text.".to_owned());
    let (first, after) = split(rest);
    let (to, text) = match first {
        "schedule" | "team" | "role" => {
            let (name, text) = split(after);
            if name.is_empty() {
                return Err(form());
            }
            (format!("{first} {name}"), text)
        }
        "owners" => (first.to_owned(), after),
        login => match login.strip_prefix('@').filter(|login| !login.is_empty()) {
            Some(login) => (person(login, writer), after),
            None => return Err(form()),
        },
    };
    Ok(Said::Page { to, text: text.to_owned() })
}

fn link(link: &'static str, rest: &str) -> Result<Said, Misread> {
    if rest != "none" && !watchfire_core::text::is_web_link(rest) {
        return Err(Misread(format!("Write /{link} and an address that begins with https://, or /{link} none.")));
    }
    Ok(Said::Link { link, address: if rest == "none" { String::new() } else { rest.to_owned() } })
}

fn offer(rest: &str, writer: &str) -> Result<Command, Misread> {
    let (word, who) = split(rest);
    let role = Role::parse(&word.to_ascii_lowercase());
    let who = who.strip_prefix('@').unwrap_or(who);
    match role {
        Some(role) if !who.is_empty() => Ok(Command::OfferRole { role, to: person(who, writer) }),
        _ => Err(Misread(
            "Write the role and to whom it goes: /offer commander @who. They take it with /take commander.".to_owned(),
        )),
    }
}

fn take(rest: &str, writer: &str) -> Result<Command, Misread> {
    let role = Role::parse(&rest.to_ascii_lowercase())
        .ok_or_else(|| Misread(format!("“{}” is no role. Write /take commander.", shortened(rest))))?;
    Ok(Command::AcceptRole { role, by: writer.to_owned() })
}

fn severity(rest: &str) -> Result<Command, Misread> {
    let (word, reason) = split(rest);
    let to = word.parse::<Severity>().map_err(|_| {
        Misread(format!(
            "“{}” is no severity. Write /severity sev2 and the reason; there are sev1 (worst) to sev5.",
            shortened(word)
        ))
    })?;
    Ok(Command::SetSeverity { to, reason: needed(reason, "/severity sev2 reason")? })
}

fn phase(rest: &str) -> Result<Command, Misread> {
    let (word, reason) = split(rest);
    let to = Phase::parse(&word.to_ascii_lowercase()).ok_or_else(|| {
        let line = Phase::LINE.map(Phase::as_str).join(", ");
        Misread(format!("“{}” is no phase. Write /phase and one of {line}.", shortened(word)))
    })?;
    Ok(Command::SetPhase { to, reason: reason.to_owned() })
}

fn role(rest: &str, writer: &str) -> Result<Command, Misread> {
    let (word, who) = split(rest);
    let role = Role::parse(&word.to_ascii_lowercase())
        .ok_or_else(|| Misread(format!("“{}” is no role. Write /role commander @who.", shortened(word))))?;
    match who.strip_prefix('@').unwrap_or(who) {
        "" => Err(Misread("Write who takes the role: /role commander @who, or /role scribe nobody.".to_owned())),
        "nobody" => Ok(Command::VacateRole { role }),
        who => Ok(Command::AssignRole { role, holder: person(who, writer) }),
    }
}

fn declare(rest: &str) -> Command {
    let (word, reason) = split(rest);
    match word.parse::<Severity>() {
        Ok(severity) => Command::Declare { severity: Some(severity), reason: reason.to_owned() },
        Err(_) => Command::Declare { severity: None, reason: rest.to_owned() },
    }
}

/// Reads `03:30` (the next such time, UTC), `2026-03-12 03:30`, `in 90 min`, `in 2 h`, `in 3 d`.
pub(crate) fn due(text: &str, now: Timestamp) -> Result<Timestamp, Misread> {
    let text = text.trim().trim_end_matches("UTC").trim();
    let fault = || Misread(format!("“{}” is not a time. Write 03:30, 2026-03-12 03:30 or in 90 min.", shortened(text)));
    if let Some(length) = text.strip_prefix("in ") {
        let digits = length.find(|char: char| !char.is_ascii_digit()).unwrap_or(length.len());
        let (number, unit) = length.split_at_checked(digits).ok_or_else(fault)?;
        let number: i64 = number.parse().map_err(|_| fault())?;
        let factor = match unit.trim() {
            "min" | "m" | "minutes" | "minute" => 60,
            "h" | "hours" | "hour" => 3_600,
            "d" | "days" | "day" => 86_400,
            _ => return Err(fault()),
        };
        let seconds = number.checked_mul(factor).filter(|seconds| *seconds <= 366 * 86_400).ok_or_else(fault)?;
        return Timestamp::from_second(now.as_second().saturating_add(seconds)).map_err(|_| fault());
    }
    if let Ok(at) = text.parse::<DateTime>().or_else(|_| DateTime::strptime("%Y-%m-%d %H:%M", text)) {
        return at.to_zoned(TimeZone::UTC).map(|at| at.timestamp()).map_err(|_| fault());
    }
    let time = Time::strptime("%H:%M", text).map_err(|_| fault())?;
    let today = now.to_zoned(TimeZone::UTC);
    let at = today.date().to_datetime(time).to_zoned(TimeZone::UTC).map_err(|_| fault())?.timestamp();
    let at = if at <= now { at.as_second().saturating_add(86_400) } else { at.as_second() };
    Timestamp::from_second(at).map_err(|_| fault())
}

fn split(text: &str) -> (&str, &str) {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first, rest.trim())
}

fn person(word: &str, writer: &str) -> String {
    if word == "me" { writer.to_owned() } else { word.to_owned() }
}

fn needed(text: &str, form: &str) -> Result<String, Misread> {
    if text.is_empty() { Err(Misread(format!("Something is missing. Write {form}."))) } else { Ok(text.to_owned()) }
}

fn unknown(verb: &str) -> Misread {
    let known = VERBS.map(|(verb, _)| verb).join(" ");
    Misread(format!("/{} is no verb. There are {known}. A text that begins with a slash is written /note /...", shortened(verb)))
}

fn shortened(text: &str) -> String {
    watchfire_core::text::line(text, 40)
}

#[cfg(test)]
mod tests;
