//! Gathers what the incident page shows.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Path;
use watchfire_core::access::Right;
use watchfire_core::alert::Status;
use watchfire_core::id::IncidentId;
use watchfire_core::incident::{Incident, Kind, Postmortem, Role, Sensitivity, SignalState, Task, TaskState, Visibility};
use watchfire_core::metrics::{self, Spans};
use watchfire_engine::{
    AccessList, Alert, Entry, Error, Grantee, IncidentDetail, IncidentRoom, NoticeView, Responsibility, TimelineRequest,
};

use super::access::Access;
use super::people::choices;
use super::view::{AlertLine, Answers, Failed, IncidentPage, NoticeRow, RoleRow, RoomLine, SpanRow, TaskRow, days, steps};
use crate::pages::frame::Room;
use crate::pages::lines::{GROUPS, Line, Source, line};
use crate::pages::list::Choice;
use crate::pages::visit::{Answer, Visit};
use crate::pages::{due, names, words};

/// Entries of a timeline on one page; earlier ones are a link away.
const ENTRIES: usize = 100;

/// Answers with the page.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let room = IncidentPage { choices: choices(&visit).await, ..build(&visit, &id).await? };
    // A browser prints the window's title on every sheet.
    let title = if room.masked { room.codename.clone() } else { room.title.clone() };
    visit.show(title, Room::Incident, true, room).await
}

/// Gathers the page.
///
/// # Errors
/// Not found for this reader, or the store does not answer.
pub(crate) async fn build(visit: &Visit, id: &str) -> Result<IncidentPage, Error> {
    let detail = visit.engine.incident(&visit.who, id).await?;
    let shown = visit.query.get("show").unwrap_or_default();
    let kinds = GROUPS.iter().find(|(word, ..)| *word == shown).map_or(&[][..], |(.., kinds)| kinds);
    let request = TimelineRequest {
        after: None,
        before: visit.query.get("before").and_then(|seq| seq.parse().ok()),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        limit: ENTRIES,
    };
    let entries = visit.engine.timeline(&visit.who, id, request).await?;
    let named = named(visit, &entries).await?;
    let rooms = rooms(visit, id).await?;
    let offers = visit.engine.room_offers(&visit.who, id).await?;
    let access = visit.engine.access_list(&visit.who, id).await?;
    let masked = is_masked(&access, visit.login());
    let notices = visit.engine.notices(&visit.who, id).await?.into_iter().map(notice).collect();
    Ok(IncidentPage { rooms, offers, masked, notices, ..page(visit, detail, &entries, named, Access::of(&access)) })
}

/// Tells whether title and text of an incident stay off paper: it is about employees, and the reader neither holds a role in
/// it nor has a grant of their own. Whoever came in with a team reads it on the screen.
pub(crate) fn is_masked(access: &AccessList, reader: &str) -> bool {
    let incident = &access.incident;
    let granted = || access.grants.iter().any(|grant| matches!(&grant.grantee, Grantee::Person(login) if login == reader));
    incident.sensitivity == Sensitivity::Employee && !incident.roles.iter().any(|held| held.holder == reader) && !granted()
}

/// Returns the rooms and calls of an incident.
///
/// # Errors
/// Not found for this reader, or the store does not answer.
pub(crate) async fn rooms(visit: &Visit, id: &str) -> Result<Vec<RoomLine>, Error> {
    let line = |room: IncidentRoom| RoomLine {
        name: if room.link.as_ref() == Some(&room.room) { String::new() } else { room.room },
        channel: room.channel,
        link: room.link,
        is_call: room.is_call,
        invited: room.members,
    };
    Ok(visit.engine.incident_rooms(&visit.who, id).await?.into_iter().map(line).collect())
}

/// Returns whom a page can go to besides people: suggestions for a field.
fn targets(visit: &Visit) -> Vec<String> {
    let plans = visit.engine.plans();
    let schedules = plans.on_call.iter().map(|schedule| format!("schedule {}", schedule.id));
    let teams = plans.teams.iter().map(|team| format!("team {}", team.id));
    schedules.chain(teams).chain(["owners".to_owned()]).collect()
}

fn page(visit: &Visit, detail: IncidentDetail, entries: &[Entry], named: Names, access: Access) -> IncidentPage {
    let incident = &detail.incident;
    let reader = visit.login();
    let alerts = detail.alerts.iter().map(|alert| (alert.id.to_string(), alert.title.clone()));
    let titles: Names = alerts.chain(named).collect();
    let postmortem_due = incident.postmortem == Postmortem::Due;
    let path = format!("/incidents/{}", incident.short_id);
    let earlier = entries.first().filter(|_| entries.len() == ENTRIES);
    IncidentPage {
        now: visit.now,
        reader: reader.to_owned(),
        short_id: incident.short_id.clone(),
        codename: incident.codename.clone(),
        title: incident.title.clone(),
        class: incident.class,
        severity: incident.severity,
        phase: incident.phase,
        team: incident.team.clone(),
        restricted: incident.visibility == Visibility::Restricted,
        practice: match incident.kind {
            Kind::Real => "",
            Kind::Drill => "drill",
            Kind::Test => "test",
        },
        signal: match incident.signal {
            SignalState::None => "",
            SignalState::Present => "Signal present",
            SignalState::Gone => "Signal gone",
        },
        detected_at: incident.detected_at,
        over_at: incident.closed_at.or(incident.resolved_at),
        summary: incident.summary.clone(),
        rule: incident.rule.clone(),
        plan_version: incident.plan_version.clone(),
        merged_into: detail.merged_into.as_ref().map(|to| (format!("/incidents/{}", to.short_id), to.short_id.clone())),
        people: detail.people,
        tabs: tabs(visit, incident, ""),
        links: links(&detail.links),
        rooms: Vec::new(),
        offers: Vec::new(),
        stalled_since: detail.stalled_since,
        crowded: detail.crowded.clone(),
        targets: targets(visit),
        choices: Vec::new(),
        masked: false,
        last_update: detail.last_update.as_ref().map(|last| (last.number, last.written_at, last.text.status.clone())),
        teams: detail.teams().into_iter().filter(|team| *team != incident.team).collect(),
        guidelines: guidelines(visit),
        dues: due::of(incident, &detail.tasks, detail.update_due, detail.stalled_since, reader),
        roles: roles(incident),
        access,
        tasks: tasks(&detail.tasks, visit),
        alerts: detail.alerts.iter().map(alert_line).collect(),
        alerts_firing: detail.alerts.iter().filter(|alert| alert.current.status == Status::Firing).count() as i64,
        spans: spans(&detail.spans),
        shows: shows(visit, &path),
        days: days(opened(entries.iter().map(|entry| entry_line(entry, &titles)).collect())),
        seq: entries.last().map_or(0, |entry| entry.seq),
        earlier: earlier.map(|entry| visit.query.with("before", Some(&entry.seq.to_string())).href(&path)),
        steps: steps(incident.phase, incident.class, incident.severity, postmortem_due),
        may_act: detail.rights.contains(&Right::Act),
        may_say: detail.rights.contains(&Right::Say),
        may_heal: detail.rights.contains(&Right::Heal),
        answers: answers(&detail.responsibility),
        notices: Vec::new(),
        unverified: detail.resolution.as_ref().map(|waits| (waits.by.clone(), waits.at)),
        failed: None,
        line: String::new(),
    }
}

/// The titles of alerts and the short ids of incidents, by id.
pub(crate) type Names = BTreeMap<String, String>;

/// Returns the short ids of the incidents that entries tell of, such as those that were merged; of those that the reader may see.
///
/// # Errors
/// The store does not answer.
pub(crate) async fn named(visit: &Visit, entries: &[Entry]) -> Result<Names, Error> {
    let told = entries.iter().filter_map(|entry| entry.public.get("incident")?.as_str()?.parse().ok());
    let told: Vec<IncidentId> = told.collect();
    if told.is_empty() {
        return Ok(Names::new());
    }
    let seen = visit.engine.incidents_seen(&visit.who, &told).await?;
    Ok(seen.into_iter().map(|(id, incident)| (id.to_string(), incident.short_id)).collect())
}

/// Writes an entry of the record as a line; what was erased is not there.
pub(crate) fn entry_line(entry: &Entry, titles: &Names) -> Line {
    let words = |(name, text): (&String, &Option<String>)| (name.clone(), text.clone().unwrap_or_else(|| "[erased]".to_owned()));
    let confidential = entry.confidential.iter().map(words).collect();
    let source = Source {
        seq: entry.seq,
        recorded_at: entry.recorded_at,
        occurred_at: entry.occurred_at,
        known_at: entry.known_at,
        actor: &entry.actor,
        kind: &entry.kind,
        public: &entry.public,
        confidential: &confidential,
        alert: entry.alert.map(|id| id.to_string()),
        corrects: entry.corrects,
    };
    line(source, titles)
}

impl IncidentPage {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        use askama::Template as _;
        Ok(vec![
            self.as_head().render()?,
            self.as_due().render()?,
            self.as_tabs().render()?,
            self.as_stand().render()?,
            self.as_tasks().render()?,
            self.as_alerts().render()?,
            self.as_roles().render()?,
            self.as_answers().render()?,
            self.as_meet().render()?,
            self.as_access().render()?,
            self.as_spans().render()?,
            self.as_timeline().render()?,
            self.as_phases().render()?,
            self.as_severities().render()?,
            self.as_summaries().render()?,
        ])
    }

    /// Puts a refusal on the page, with the line that caused it.
    pub(crate) fn refused(mut self, what: &str, message: String, line: &str) -> Self {
        let message = message.trim_end_matches('.').to_owned();
        self.failed = Some(Failed { what: what.to_owned(), message });
        line.clone_into(&mut self.line);
        self
    }
}

/// The pages of an incident: path below it, name.
const TABS: [(&str, &str); 5] =
    [("", "Console"), ("briefing", "Briefing"), ("updates", "Updates"), ("document", "Document"), ("people", "People")];

/// Returns the pages of an incident as tabs; `on` is the present one.
pub(crate) fn tabs(visit: &Visit, incident: &Incident, on: &str) -> Vec<Choice> {
    let tab = |(path, label): (&str, &str)| {
        let href = format!("/incidents/{}{}{path}", incident.short_id, if path.is_empty() { "" } else { "/" });
        Choice { label: label.to_owned(), href, on: path == on, count: None }
    };
    let mut tabs: Vec<Choice> = TABS.into_iter().map(tab).collect();
    let id = crate::pages::query::encode(&incident.short_id);
    for (label, path) in [("Pages", "/pages"), ("Record", "/record")] {
        tabs.push(Choice {
            label: label.to_owned(),
            href: format!("{path}?incident={id}"),
            on: path.strip_prefix('/') == Some(on),
            count: None,
        });
    }
    if visit.may(Right::Act) && incident.rule.is_empty() && incident.phase < watchfire_core::incident::Phase::Declared {
        let href = format!("/incidents/{}/report", incident.short_id);
        tabs.push(Choice { label: "Triage".to_owned(), href, on: on == "report", count: None });
    }
    tabs
}

/// Returns where people meet, with titles for people.
pub(crate) fn links(links: &[watchfire_engine::Link]) -> Vec<(String, &'static str, String)> {
    let title = |word: &str| watchfire_engine::LINKS.iter().find(|(known, _)| *known == word).map(|(_, title)| *title);
    links.iter().filter_map(|link| Some((link.link.clone(), title(&link.link)?, link.address.clone()))).collect()
}

/// Returns when to choose each severity, as the plans have it.
pub(crate) fn guidelines(visit: &Visit) -> Vec<(watchfire_core::Severity, String)> {
    let plans = visit.engine.plans();
    watchfire_core::Severity::ALL.map(|level| (level, plans.incidents.guideline(level).to_owned())).to_vec()
}

/// Opens the newest status update of a timeline; the older ones open on demand.
fn opened(mut lines: Vec<Line>) -> Vec<Line> {
    if let Some(last) = lines.iter_mut().rev().find(|line| !line.fields.is_empty()) {
        last.open = true;
    }
    lines
}

fn roles(incident: &Incident) -> Vec<RoleRow> {
    let held = incident.roles.iter().map(|held| held.role.as_str());
    let words: BTreeSet<&str> = held.filter(|word| !Role::BUILT_IN.contains(word)).collect();
    Role::BUILT_IN.into_iter().chain(words).map(|word| role(incident, word)).collect()
}

fn role(incident: &Incident, word: &str) -> RoleRow {
    let held = incident.roles.iter().find(|held| held.role.as_str() == word);
    RoleRow {
        word: word.to_owned(),
        title: crate::pages::filters::role(word),
        holder: held.map(|held| held.holder.clone()),
        since: held.map(|held| held.since),
        offered_to: held.and_then(|held| held.offered_to.clone()),
        missing: word == "commander" && incident.phase.is_open() && incident.declared_at.is_some(),
    }
}

/// Open tasks by their time, those without one after them, then what is done.
fn tasks(tasks: &[Task], visit: &Visit) -> Vec<TaskRow> {
    let mut tasks: Vec<&Task> = tasks.iter().collect();
    tasks.sort_by_key(|task| (!task.state.is_open(), task.due_at.is_none(), task.due_at, task.number));
    let row = |task: &Task| TaskRow {
        number: task.number,
        title: task.title.clone(),
        owner: task.owner.clone(),
        team: task.team.clone(),
        state: task.state,
        due_at: task.due_at,
        overdue: task.state.is_open() && task.due_at.is_some_and(|due| due < visit.now),
        consult: task.consult,
        consulted_by: task.consulted_by.clone(),
    };
    tasks.into_iter().filter(|task| task.state != TaskState::Cancelled).map(row).collect()
}

fn answers(of: &Responsibility) -> Answers {
    let named = |words: &[String]| words.iter().map(|word| names::person(word)).collect::<Vec<_>>().join(", ");
    Answers {
        responsible: named(&of.responsible),
        accountable: of.accountable.as_deref().map(names::person).unwrap_or_default(),
        consulted: named(&of.consulted),
    }
}

fn notice(notice: NoticeView) -> NoticeRow {
    NoticeRow {
        title: notice.title,
        people: notice.people,
        href: notice.page.map(|page| format!("/pages/{page}")),
        given_at: notice.given_at,
        due_at: notice.due_at,
        acknowledged: notice.acknowledged_by.zip(notice.acknowledged_at),
    }
}

fn alert_line(alert: &Alert) -> AlertLine {
    AlertLine {
        id: alert.id.to_string(),
        title: alert.title.clone(),
        severity: alert.severity,
        status: alert.current.status,
        source: alert.source_name.clone(),
        at: alert.current.changed_at,
    }
}

fn spans(spans: &Spans) -> Vec<SpanRow> {
    let row = |name, seconds: Option<i64>, definition| SpanRow { name, words: seconds.map(words::span), definition };
    vec![
        row("Time to detect", spans.to_detect_s, metrics::MTTD),
        row("Time to acknowledge", spans.to_acknowledge_s, metrics::MTTA),
        row("Time to resolve", spans.to_resolve_s, metrics::MTTR),
    ]
}

fn shows(visit: &Visit, path: &str) -> Vec<Choice> {
    let shown = visit.query.get("show").unwrap_or_default();
    let choice = |word: &str, label: &str| Choice {
        label: label.to_owned(),
        href: visit.query.with("before", None).with("show", Some(word).filter(|word| !word.is_empty())).href(path),
        on: word == shown,
        count: None,
    };
    let groups = GROUPS.iter().map(|(word, label, _)| choice(word, label));
    std::iter::once(choice("", "All")).chain(groups).collect()
}

#[cfg(test)]
mod tests;
