//! Entries of the record as lines for people: one sentence each, with its symbol and its weight.

mod outward;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};
use watchfire_core::Severity;
use watchfire_core::actor::Actor;
use watchfire_core::incident::Class;

use super::words as wording;

/// An entry as the record keeps it, borrowed.
#[derive(Clone, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) seq: i64,
    pub(crate) recorded_at: Timestamp,
    pub(crate) occurred_at: Timestamp,
    pub(crate) known_at: Timestamp,
    pub(crate) actor: &'a Actor,
    pub(crate) kind: &'a str,
    pub(crate) public: &'a Map<String, Value>,
    pub(crate) confidential: &'a BTreeMap<String, String>,
    pub(crate) alert: Option<String>,
    pub(crate) corrects: Option<i64>,
}

/// One line of a timeline or of the record.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) seq: i64,
    pub(crate) at: Timestamp,
    pub(crate) icon: &'static str,
    /// `decision`, `update`, `auto` or nothing: how it stands out.
    pub(crate) class: &'static str,
    /// Who, in bold before the sentence; empty where the sentence needs none.
    pub(crate) who: String,
    /// The login behind the name.
    pub(crate) login: String,
    /// The sentence after the name.
    pub(crate) text: String,
    /// A link at the end of the sentence: address and words.
    pub(crate) link: Option<(String, String)>,
    /// What somebody wrote.
    pub(crate) says: String,
    /// What a status update says, by the titles of its fields.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// Its fields are shown at once; the others open on demand.
    pub(crate) open: bool,
    /// Proof: times that differ, what it corrects.
    pub(crate) sub: Vec<String>,
    pub(crate) kind: String,
}

impl Line {
    /// Returns where a status update says that it stands; empty for other entries.
    pub(crate) fn stands(&self) -> &str {
        self.fields.iter().find(|(name, _)| *name == "Current status").map_or("", |(_, text)| text)
    }
}

/// The groups of the timeline's filter and the kinds of entry in each.
pub(crate) const GROUPS: [(&str, &str, &[&str]); 6] = [
    (
        "decisions",
        "Decisions",
        &[
            "incident.severity_changed",
            "incident.phase_changed",
            "incident.reopened",
            "incident.visibility_changed",
            "incident.scope_known",
            "incident.sensitivity_changed",
            "incident.merged_into",
            "incident.merged_from",
            "incident.postmortem_waived",
            "incident.triaged",
            "incident.resolution_proposed",
            "incident.resolution_rejected",
        ],
    ),
    ("updates", "Updates", &["incident.update_written", "update.sent"]),
    ("notes", "Notes", &["incident.noted", "incident.summarised", "incident.document_written"]),
    ("tasks", "Tasks", &["incident.task_changed", "incident.consulted", "incident.consult_waived"]),
    (
        "people",
        "People",
        &[
            "incident.role_assigned",
            "incident.role_vacated",
            "incident.role_offered",
            "incident.acknowledged",
            "grant.given",
            "grant.revoked",
            "grant.ended",
            "notice.given",
        ],
    ),
    ("signals", "Signals", &["incident.reported", "incident.alert_linked", "incident.signal_changed"]),
];

/// Writes an entry as a line; `names` are the titles of alerts and the short ids of incidents by id.
pub(crate) fn line(entry: Source<'_>, names: &BTreeMap<String, String>) -> Line {
    let words = Words { entry, names };
    let (icon, class, text) = sentence(&words);
    let entry = &words.entry;
    let automatic = entry.actor.is_automatic();
    let class = if automatic && class.is_empty() { "auto" } else { class };
    let says = ["text", "reason", "summary", "answer"].into_iter().filter_map(|name| entry.confidential.get(name)).next();
    let link = entry.alert.as_ref().filter(|_| entry.kind.contains("alert")).map(|id| {
        let title = names.get(id).or_else(|| entry.confidential.get("title"));
        // The end of an id tells alerts of the same second apart, its beginning does not.
        let tail = || format!("alert …{}", id.get(id.len().saturating_sub(8)..).unwrap_or(id));
        let title = title.cloned().unwrap_or_else(tail);
        (format!("/alerts/{id}"), title)
    });
    Line {
        seq: entry.seq,
        at: entry.occurred_at,
        icon: if automatic && icon == "note" { "machine" } else { icon },
        class,
        who: if automatic { String::new() } else { super::names::person(entry.actor.id()) },
        login: if automatic { String::new() } else { entry.actor.id().to_owned() },
        text: if automatic { format!("{} {text}", by_machine(entry.actor)) } else { text },
        link,
        says: says.cloned().unwrap_or_default(),
        fields: fields(entry),
        open: false,
        sub: proof(entry),
        kind: entry.kind.to_owned(),
    }
}

/// Reads an entry's fields as words.
struct Words<'a> {
    entry: Source<'a>,
    names: &'a BTreeMap<String, String>,
}

impl Words<'_> {
    fn get(&self, name: &str) -> String {
        match self.entry.public.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => self.entry.confidential.get(name).cloned().unwrap_or_else(|| "unknown".to_owned()),
            Some(value) => value.to_string(),
        }
    }

    fn incident(&self) -> String {
        // One that the reader may not see has no name for them.
        self.names.get(&self.get("incident")).cloned().unwrap_or_else(|| "another incident".to_owned())
    }

    /// Writes a time with its zone.
    fn time(&self, name: &str) -> String {
        let text = self.get(name);
        text.parse().map_or(text, |at| format!("{} UTC", wording::stamp(at)))
    }

    fn person(&self, name: &str) -> String {
        super::names::person(&self.get(name))
    }

    fn upper(&self, name: &str) -> String {
        let word = self.get(name);
        word.parse::<Severity>().map_or(word, |severity| super::scheme::label(Some(severity)).to_owned())
    }
}

fn sentence(words: &Words<'_>) -> (&'static str, &'static str, String) {
    let get = |name: &str| words.get(name);
    match words.entry.kind {
        "incident.reported" => ("incident", "", reported(words)),
        "incident.triaged" => ("decision", "", triaged(words)),
        "incident.severity_changed" => ("decision", "decision", severity(words)),
        "incident.phase_changed" => ("decision", "decision", phase(words)),
        "incident.reopened" => ("decision", "decision", format!("reopened it; it was {}.", get("from"))),
        "incident.role_assigned" if get("holder") == words.entry.actor.id() => {
            ("people", "", format!("took the role of {}.", get("role")))
        }
        "incident.role_assigned" => ("people", "", format!("made {} {}.", words.person("holder"), get("role"))),
        "incident.role_vacated" => {
            ("people", "", format!("took the role of {} from {}; nobody holds it.", get("role"), words.person("holder")))
        }
        "incident.role_offered" => ("people", "", format!("offered the role of {} to {}.", get("role"), words.person("to"))),
        "incident.signal_changed" => ("alert", "", signal(&get("to"))),
        "incident.acknowledged" => ("check", "", "took it up.".to_owned()),
        "incident.renamed" => ("note", "", format!("named it “{}”.", get("title"))),
        "incident.summarised" => ("update", "update", "wrote where we stand.".to_owned()),
        "incident.team_changed" => ("people", "", format!("gave it from team {} to team {}.", get("from"), get("to"))),
        "incident.visibility_changed" => ("lock", "decision", format!("made it {}; it was {}.", get("to"), get("from"))),
        "incident.scope_known" => ("decision", "decision", "decided that the full scope is known.".to_owned()),
        "incident.sensitivity_changed" if get("to") == "employee" => {
            ("lock", "decision", "marked it as about employees: owners see it no more.".to_owned())
        }
        "incident.sensitivity_changed" => ("lock", "decision", "took it off that it is about employees.".to_owned()),
        "grant.given" => ("lock", "", format!("let {} {} it.", grantee(words), level(&get("level")))),
        "grant.revoked" => ("lock", "", format!("took the right to {} it from {}.", level(&get("level")), grantee(words))),
        "grant.ended" => {
            ("lock", "", format!("ended the right of {} to {} it: its time was over.", grantee(words), level(&get("level"))))
        }
        "incident.alert_linked" => ("alert", "", "linked the alert".to_owned()),
        "incident.task_changed" => ("task", "", task(words)),
        "incident.noted" => ("note", "", String::new()),
        "incident.merged_into" => ("decision", "decision", format!("merged it into {}.", words.incident())),
        "incident.merged_from" => ("decision", "decision", format!("merged {} into it.", words.incident())),
        "incident.update_written" => ("update", "update", update(words)),
        "incident.link_set" if words.entry.confidential.contains_key("address") => {
            ("link", "", format!("set the {}: {}", get("link"), get("address")))
        }
        "incident.link_set" => ("link", "", format!("took the {} away.", get("link"))),
        "incident.document_written" if get("version") == "1" => {
            ("plan", "", format!("opened the tracking document from the template {}.", get("template")))
        }
        "incident.document_written" => ("plan", "", format!("wrote version {} of the tracking document.", get("version"))),
        "incident.report_received" => ("person", "", "reported what they saw.".to_owned()),
        "incident.report_acknowledged" => ("check", "", format!("told {} that it is looked at.", words.person("reporter"))),
        "incident.check_answered" => ("task", "", format!("answered “{}”", get("check"))),
        "incident.resolution_proposed" => {
            ("seal", "decision", "says that it is resolved; somebody else has to verify it.".to_owned())
        }
        "incident.resolution_rejected" => {
            ("decision", "decision", format!("does not agree with {} that it is resolved.", words.person("by")))
        }
        "incident.consulted" if get("by") == words.entry.actor.id() => {
            ("people", "", format!("was consulted about T-{}.", get("number")))
        }
        "incident.consulted" => ("people", "", format!("consulted {} about T-{}.", words.person("by"), get("number"))),
        "incident.consult_waived" => ("task", "", format!("did T-{} without consulting anybody.", get("number"))),
        "notice.given" => ("people", "", format!("gave the notice to {}: {}.", get("title"), get("people"))),
        "update.sent" => ("update", "", format!("sent status update {} to {}: {}.", get("number"), get("group"), get("through"))),
        "incident.postmortem_waived" => ("decision", "decision", "waived the postmortem.".to_owned()),
        kind => match (alert(kind), outward::sentence(words)) {
            (Some(text), _) => ("alert", "", text.to_owned()),
            (None, Some((icon, text))) => (icon, "", text),
            (None, None) => (symbol(kind), "", other(words)),
        },
    }
}

/// Names who has a grant.
fn grantee(words: &Words<'_>) -> String {
    match words.entry.public.get("team") {
        Some(Value::String(team)) => format!("team {team}"),
        _ => words.person("person"),
    }
}

fn level(word: &str) -> &'static str {
    match word {
        "act" => "work on",
        "manage" => "manage",
        _ => "see",
    }
}

/// Says what an entry about an alert tells; the alert's title follows as a link.
fn alert(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "alert.fired" => "says that it fires:",
        "alert.fired_again" => "says that it fires again:",
        "alert.worsened" => "says that it is worse:",
        "alert.repeated" => "says again:",
        "alert.acknowledged" => "acknowledged the alert",
        "alert.resolved" => "says that the trouble is gone:",
        "alert.became_unknown" => "cannot tell any more:",
        "alert.noted" => "wrote a note on",
        "alert.stale" => "spoke of an episode that is over:",
        _ => return None,
    })
}

fn reported(words: &Words<'_>) -> String {
    match words.get("rule") {
        rule if rule.is_empty() || rule == "unknown" => "reported it.".to_owned(),
        rule => format!("reported it under the rule {rule}."),
    }
}

fn triaged(words: &Words<'_>) -> String {
    let class = Class::parse(&words.get("class")).map_or_else(|| words.get("class"), |class| class.title().to_lowercase());
    format!("triaged it as {class}, severity {}, team {}.", words.upper("severity"), words.get("team"))
}

fn severity(words: &Words<'_>) -> String {
    let (from, to) = (words.upper("from"), words.upper("to"));
    if from == "unknown" {
        return format!("set severity to {to}.");
    }
    // SEV1 sorts before SEV2 and is the worse, in every scheme of words.
    let verb = if to < from { "raised" } else { "lowered" };
    format!("{verb} severity from {from} to {to}.")
}

fn phase(words: &Words<'_>) -> String {
    match words.get("to").as_str() {
        "declared" => "declared the incident.".to_owned(),
        "resolved" => "resolved the incident.".to_owned(),
        "closed" => "closed the incident.".to_owned(),
        "dismissed" => "dismissed it.".to_owned(),
        to => format!("moved the phase from {} to {to}.", words.get("from")),
    }
}

fn signal(to: &str) -> String {
    match to {
        "gone" => {
            "saw the signal go: every linked alert is resolved. The incident stays open until a person resolves it.".to_owned()
        }
        "present" => "saw the signal: a linked alert fires.".to_owned(),
        _ => "saw no linked alert any more.".to_owned(),
    }
}

fn task(words: &Words<'_>) -> String {
    let (number, title, state) = (words.get("number"), words.get("title"), words.get("state"));
    let owner = match words.entry.public.get("owner") {
        Some(Value::String(owner)) => Some(super::names::person(owner)),
        _ => None,
    };
    match state.as_str() {
        "done" => format!("finished T-{number} “{title}”."),
        "verified" => format!("verified T-{number} “{title}”."),
        "accepted" => format!("accepted T-{number} “{title}”."),
        "cancelled" => format!("cancelled T-{number} “{title}”."),
        "doing" => format!("has T-{number} “{title}” in work."),
        _ => owner.map_or_else(
            || format!("left T-{number} “{title}” without an owner."),
            |owner| format!("gave T-{number} “{title}” to {owner}."),
        ),
    }
}

fn update(words: &Words<'_>) -> String {
    let (number, version) = (words.get("number"), words.get("version"));
    if version == "1" {
        format!("wrote status update {number}.")
    } else {
        format!("put status update {number} right, version {version}.")
    }
}

/// Returns what a status update says, in the order in which people read it; nothing for other entries.
fn fields(entry: &Source<'_>) -> Vec<(&'static str, String)> {
    if entry.kind != "incident.update_written" {
        return Vec::new();
    }
    let said = |name: &str| entry.confidential.get(name).cloned().unwrap_or_default();
    let users = entry.public.get("users").and_then(Value::as_str).unwrap_or("unknown");
    let mut fields = vec![("Current risk", said("risk")), ("Users impacted", super::filters::title(users))];
    fields.extend([
        ("Timeline", said("timeline")),
        ("Mitigation taken", said("mitigation")),
        ("Current status", said("status")),
        ("Next steps", said("next_steps")),
    ]);
    fields
}

/// Writes an entry that has no sentence of its own: its kind in words and its public fields.
fn other(words: &Words<'_>) -> String {
    let fields = words.entry.public.iter().map(|(name, value)| match value {
        Value::String(text) => format!("{name} {text}"),
        value => format!("{name} {value}"),
    });
    let fields = fields.take(12).collect::<Vec<_>>().join(", ");
    let kind = words.entry.kind.replace(['.', '_'], " ");
    if fields.is_empty() { format!("{kind}.") } else { format!("{kind}: {fields}.") }
}

fn symbol(kind: &str) -> &'static str {
    match kind.split('.').next().unwrap_or_default() {
        "alert" => "alert",
        "event" => "down",
        "source" => "source",
        "plans" | "plan" => "plan",
        "token" | "session" | "sign_in" => "lock",
        "silence" => "hold",
        _ => "machine",
    }
}

fn by_machine(actor: &Actor) -> String {
    match actor {
        Actor::Source { id } => format!("Source {id}"),
        other => format!("Watchfire ({})", other.id()),
    }
}

/// Says what differs: when it happened, was known and was recorded, and what it corrects.
fn proof(entry: &Source<'_>) -> Vec<String> {
    let mut sub = Vec::new();
    let far = |a: Timestamp, b: Timestamp| a.as_second().abs_diff(b.as_second()) > 60;
    if far(entry.occurred_at, entry.recorded_at) || far(entry.known_at, entry.recorded_at) {
        sub.push(format!("Happened {}", wording::full(entry.occurred_at)));
        if far(entry.known_at, entry.occurred_at) {
            sub.push(format!("Known {}", wording::full(entry.known_at)));
        }
        sub.push(format!("Recorded {}", wording::full(entry.recorded_at)));
    }
    if let Some(corrected) = entry.corrects {
        sub.push(format!("Corrects entry {corrected}"));
    }
    sub
}

#[cfg(test)]
mod tests;
