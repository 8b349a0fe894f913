//! How incidents look on a terminal.

use serde_json::Value;

use crate::cli::output::{at, facts, list, safe, safe_lines, table};
use crate::cli::record;

/// Writes a list as a table.
pub(super) fn rows(value: &Value) -> String {
    let fields = [
        ("id", "id"),
        ("severity", "severity"),
        ("phase", "phase"),
        ("title", "title"),
        ("class", "class"),
        ("team", "team"),
        ("commander", "commander"),
        ("created", "created_at"),
    ];
    list(value, &fields, "no incidents")
}

/// Writes one incident in one line, after a change.
pub(super) fn line(incident: &Value) -> String {
    let commander = match at(incident, "commander") {
        nobody if nobody.is_empty() => "no commander".to_owned(),
        commander => format!("led by {}", safe(&commander)),
    };
    let severity = match at(incident, "severity") {
        unknown if unknown.is_empty() => "severity unknown".to_owned(),
        severity => severity,
    };
    format!("{} is {}, {severity}, {commander}: {}", at(incident, "id"), at(incident, "phase"), safe(&at(incident, "title")))
}

/// Writes one incident in full.
pub(super) fn page(incident: &Value) -> String {
    let fields = [
        ("title", "title"),
        ("phase", "phase"),
        ("severity", "severity"),
        ("class", "class"),
        ("team", "team"),
        ("commander", "commander"),
        ("responsible", "responsibility.responsible"),
        ("accountable", "responsibility.accountable"),
        ("consulted", "responsibility.consulted"),
        ("to verify", "resolution.by"),
        ("signal", "signal"),
        ("visibility", "visibility"),
        ("kind", "kind"),
        ("summary", "summary"),
        ("occurred", "occurred_at"),
        ("detected", "detected_at"),
        ("acknowledged", "acknowledged_at"),
        ("declared", "declared_at"),
        ("resolved", "resolved_at"),
        ("closed", "closed_at"),
        ("rule", "rule"),
        ("plans", "plan_version"),
        ("next", "next_phases"),
        ("alerts", "alerts"),
    ];
    let heading = format!("{}  {}\n", at(incident, "id"), safe(&at(incident, "codename")));
    let tasks = incident.get("tasks").filter(|tasks| tasks.as_array().is_some_and(|tasks| !tasks.is_empty()));
    let tasks = tasks.map(|items| format!("\n{}", task_rows(items))).unwrap_or_default();
    format!("{heading}{}{tasks}", facts(incident, &fields))
}

/// Writes the timeline.
pub(super) fn timeline(value: &Value) -> String {
    list(value, &record::FIELDS, "nothing has happened")
}

/// Writes who had to be told.
pub(super) fn notices(value: &Value) -> String {
    let fields = [
        ("notice", "title"),
        ("people", "people"),
        ("given", "given_at"),
        ("acknowledged", "acknowledged_at"),
        ("by", "acknowledged_by"),
        ("page", "page"),
    ];
    list(value, &fields, "nobody had to be told")
}

/// Writes the list of tasks.
pub(super) fn tasks(value: &Value) -> String {
    value.get("items").map(task_rows).unwrap_or_default()
}

/// Writes one task in one line.
pub(super) fn task(task: &Value) -> String {
    let owner = match at(task, "owner") {
        nobody if nobody.is_empty() => "nobody".to_owned(),
        owner => safe(&owner),
    };
    format!("T-{} {} ({}, {owner})", at(task, "number"), safe(&at(task, "title")), at(task, "state"))
}

/// Writes one status update, with what would make it easier to read.
pub(super) fn update(update: &Value) -> String {
    let fields = [
        ("number", "number"),
        ("version", "version"),
        ("users", "users"),
        ("risk", "risk"),
        ("timeline", "timeline"),
        ("mitigation", "mitigation"),
        ("status", "status"),
        ("next", "next_steps"),
        ("next due", "next_due_at"),
        ("author", "author"),
        ("written", "written_at"),
    ];
    let hints = update["hints"].as_array().into_iter().flatten();
    let hints: String = hints.map(|hint| format!("\nhint: {}: {}", at(hint, "field"), safe(&at(hint, "advice")))).collect();
    format!("{}{hints}", facts(update, &fields))
}

/// Writes the status updates.
pub(super) fn updates(value: &Value) -> String {
    let fields =
        [("update", "number"), ("version", "version"), ("users", "users"), ("status", "status"), ("written", "written_at")];
    list(value, &fields, "nothing was said yet")
}

/// Writes the briefing.
pub(super) fn briefing(value: &Value) -> String {
    let fields = [
        ("phase", "phase"),
        ("severity", "severity"),
        ("roles", "roles"),
        ("summary", "summary"),
        ("last said", "last_update.status"),
        ("next update", "update_due_at"),
        ("meet", "links"),
    ];
    let tasks = value.get("tasks").map(task_rows).unwrap_or_default();
    format!("{}\n{}\n{tasks}", at(value, "id"), facts(value, &fields))
}

/// Writes the tracking document.
pub(super) fn document(value: &Value) -> String {
    format!("version {}, {}\n\n{}", at(value, "version"), at(value, "written_at"), safe_lines(&at(value, "text")))
}

fn task_rows(items: &Value) -> String {
    let cells = |task: &Value| ["number", "state", "title", "owner", "due_at"].map(|name| at(task, name)).to_vec();
    let rows = items.as_array().into_iter().flatten().map(cells).collect();
    table(&["task", "state", "title", "owner", "due"], rows, "no tasks")
}

/// Writes the rooms and calls of an incident, and where another can be made.
pub(super) fn rooms(value: &Value) -> String {
    let fields = [("channel", "channel"), ("room", "room"), ("link", "link"), ("invited", "member_count"), ("made", "opened_at")];
    let mut text = list(value, &fields, "no room and no call");
    for offer in value.get("offers").and_then(Value::as_array).into_iter().flatten() {
        let what = if at(offer, "is_call") == "true" { "a call" } else { "a room" };
        text.push_str(&format!("\n{} can make {what}", safe(&at(offer, "channel"))));
    }
    text
}

/// Writes where one room or call is.
pub(super) fn room(room: &Value) -> String {
    let link = at(room, "link");
    safe(&if link.is_empty() { at(room, "room") } else { link })
}
