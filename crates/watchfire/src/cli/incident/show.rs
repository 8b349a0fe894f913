//! How incidents look on a terminal.

use serde_json::Value;

use crate::cli::output::{at, facts, list, safe, table};
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

fn task_rows(items: &Value) -> String {
    let cells = |task: &Value| ["number", "state", "title", "owner", "due_at"].map(|name| at(task, name)).to_vec();
    let rows = items.as_array().into_iter().flatten().map(cells).collect();
    table(&["task", "state", "title", "owner", "due"], rows, "no tasks")
}
