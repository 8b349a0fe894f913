//! Samples of the page of an incident.

use std::collections::BTreeMap;

use watchfire_core::Severity;
use watchfire_core::actor::Actor;
use watchfire_core::alert::Status;
use watchfire_core::id::{AlertId, TaskId};
use watchfire_core::incident::{Class, Fact, Incident, Phase, Role, SignalState, Task, TaskState};
use watchfire_core::record::Draft;
use watchfire_engine::{Crowded, RoomOffer};

use super::super::due;
use super::super::incident::access::{Access, GrantRow};
use super::super::incident::view::{
    AlertLine, Answers, Failed, IncidentPage, NoticeRow, RoleRow, RoomLine, SpanRow, TaskRow, days, steps,
};
use super::super::lines::{self, Line};
use super::super::list::Choice;
use super::console::{guidelines, said, tabs, update_due};
use super::{ME, at, incident, now};

pub(super) fn room(incident: &Incident, tasks: &[Task], failed: Option<Failed>, say: &dyn Fn(&str) -> String) -> IncidentPage {
    let role = |word: &str, title: &str| {
        let held = incident.roles.iter().find(|held| held.role.as_str() == word);
        RoleRow {
            word: word.to_owned(),
            title: title.to_owned(),
            holder: held.map(|held| held.holder.clone()),
            since: held.map(|held| held.since),
            offered_to: held.filter(|_| word == "operations").map(|_| say("ines@example.org")),
            missing: word == "commander",
        }
    };
    let show = |label: &str, on| Choice { label: label.to_owned(), href: "?show=x".to_owned(), on, count: None };
    IncidentPage {
        now: now(),
        reader: ME.to_owned(),
        short_id: incident.short_id.clone(),
        codename: incident.codename.clone(),
        title: say(&incident.title),
        class: incident.class,
        severity: incident.severity,
        phase: incident.phase,
        team: say(&incident.team),
        restricted: true,
        practice: if incident.phase == Phase::Triaged { "drill" } else { "" },
        signal: "Signal present",
        detected_at: incident.detected_at,
        over_at: incident.closed_at,
        summary: if incident.summary.is_empty() { String::new() } else { say(&incident.summary) },
        rule: say(&incident.rule),
        plan_version: incident.plan_version.clone(),
        merged_into: None,
        people: 9,
        tabs: tabs("Console"),
        links: vec![("call".to_owned(), "Call", say("https://call.example/1"))],
        rooms: vec![
            RoomLine { channel: say("security-chat"), name: say("#inc-quiet-heron"), link: None, is_call: false, invited: 4 },
            RoomLine {
                channel: say("calls"),
                name: String::new(),
                link: Some("https://call.example/2".to_owned()),
                is_call: true,
                invited: 0,
            },
        ],
        offers: vec![RoomOffer { channel: say("calls-eu"), is_call: true }],
        stalled_since: Some(at(-47)).filter(|_| incident.phase == Phase::Declared),
        crowded: vec![Crowded { title: say("Incident commander"), holder: say("mira@example.org"), people: 9, most: 7 }],
        choices: vec![(say("nadia@example.org"), say("Nadia Okafor, on call: Platform"))],
        targets: vec![say("schedule platform"), say("team platform")],
        masked: incident.phase == Phase::Closed,
        last_update: Some((2, at(-40), say("Read path closed; objects being matched."))),
        teams: vec![say("platform")],
        guidelines: guidelines(say),
        dues: due::of(incident, tasks, Some(update_due()), Some(at(-47)), ME),
        roles: vec![
            role("commander", "Commander"),
            role("operations", "Operations"),
            role("communications", "Communications"),
            role("scribe", "Scribe"),
        ],
        access: Access {
            grants: vec![GrantRow {
                id: "01".to_owned(),
                who: say("team legal"),
                level: "read",
                source: "manual",
                reason: say("they tell the client"),
                until: Some(at(480)),
            }],
            open: false,
            employee: incident.phase == Phase::Closed,
            scope_known: incident.phase == Phase::Closed,
            may_manage: incident.phase != Phase::Closed,
        },
        tasks: tasks
            .iter()
            .map(|task| TaskRow {
                number: task.number,
                title: task.title.clone(),
                owner: task.owner.clone(),
                team: task.team.as_deref().map(say),
                state: task.state,
                due_at: task.due_at,
                overdue: task.due_at.is_some_and(|due| due < now()),
                consult: task.consult,
                consulted_by: task.consulted_by.as_deref().map(say),
            })
            .collect(),
        alerts: vec![
            AlertLine {
                id: "0195".to_owned(),
                title: say("Unusual read volume by export-reader"),
                severity: Some(Severity::Sev2),
                status: Status::Firing,
                source: say("aws-prod"),
                at: at(-2),
            },
            AlertLine {
                id: "0196".to_owned(),
                title: say("Login from a new country"),
                severity: None,
                status: Status::Resolved,
                source: say("workforce-idp"),
                at: at(-90),
            },
        ],
        alerts_firing: 1,
        spans: vec![
            SpanRow { name: "Time to detect", words: Some("22 min".to_owned()), definition: watchfire_core::metrics::MTTD },
            SpanRow { name: "Time to acknowledge", words: Some("2 min".to_owned()), definition: watchfire_core::metrics::MTTA },
            SpanRow { name: "Time to resolve", words: None, definition: watchfire_core::metrics::MTTR },
        ],
        shows: vec![
            show("All", true),
            show("Decisions", false),
            show("Notes", false),
            show("People", false),
            show("Signals", false),
        ],
        days: days(timeline(say)),
        seq: 58,
        earlier: Some("?before=1".to_owned()),
        steps: steps(incident.phase, incident.class, incident.severity, false),
        may_act: true,
        may_say: true,
        may_heal: true,
        answers: Answers { responsible: say("team security"), accountable: say("owners"), consulted: say("team platform") },
        notices: vec![
            NoticeRow {
                title: say("Security lead"),
                people: vec![say("mira@example.org")],
                href: Some("/pages/01".to_owned()),
                given_at: at(-120),
                due_at: None,
                acknowledged: Some((say("mira@example.org"), at(-118))),
            },
            NoticeRow {
                title: say("Legal"),
                people: vec![say("lena@example.org")],
                href: Some("/pages/02".to_owned()),
                given_at: at(-120),
                due_at: Some(at(4)),
                acknowledged: None,
            },
        ],
        unverified: (incident.phase == Phase::Contained).then(|| (say("rex@example.org"), at(-3))),
        failed,
        line: say(""),
    }
}

fn timeline(say: &dyn Fn(&str) -> String) -> Vec<Line> {
    let person = |id: &str| Actor::Person { id: id.to_owned() };
    let machine = || Actor::machine("triage");
    let mira = || person(ME);
    let tobin = || person("tobin@example.org");
    let alert = AlertId::from_parts(9, [9; 10]);
    let commander = Fact::RoleAssigned { role: Role::commander(), holder: ME.to_owned(), from: None };
    let finished = Fact::TaskChanged {
        task: TaskId::from_parts(1, [1; 10]),
        number: 1,
        title: say("List objects read by client"),
        state: TaskState::Done,
        owner: Some("nadia@example.org".to_owned()),
        team: None,
    };
    let facts: Vec<(i64, Actor, Fact)> = vec![
        (-153, tobin(), Fact::Noted { text: say("First read of ledger-exports from 203.0.113.77 with the export-reader role.") }),
        (-131, machine(), Fact::Reported { rule: say("data-plane-anomaly") }),
        (-131, machine(), Fact::Triaged { class: Class::DataBreach, severity: Some(Severity::Sev3), team: say("security") }),
        (-131, machine(), Fact::AlertLinked { alert }),
        (-129, mira(), Fact::Acknowledged { by: ME.to_owned() }),
        (
            -120,
            mira(),
            Fact::PhaseChanged {
                from: Phase::Triaged,
                to: Phase::Declared,
                reason: say("A person, not a job: the agent string is a browser."),
            },
        ),
        (-113, mira(), commander),
        (
            -80,
            mira(),
            Fact::SeverityChanged {
                from: Some(Severity::Sev3),
                to: Severity::Sev2,
                reason: say("Exfiltration is proven for two clients; more are likely."),
            },
        ),
        (
            -56,
            mira(),
            Fact::Summarised {
                summary: say("The session is revoked and the export role denied. We know which objects were read."),
            },
        ),
        (
            -44,
            tobin(),
            Fact::Noted {
                text: say("The token came from a build workstation, not from the runner. Image taken before it was cut off."),
            },
        ),
        (-40, mira(), said(say)),
        (-30, mira(), Fact::LinkSet { link: "call".to_owned(), address: say("https://call.example/1") }),
        (-20, machine(), Fact::SignalChanged { to: SignalState::Gone }),
        (-5, person("nadia@example.org"), finished),
    ];
    let titles = BTreeMap::from([(alert.to_string(), say("Unusual read volume by export-reader"))]);
    let line = |(seq, (minute, actor, fact)): (usize, (i64, Actor, Fact))| {
        let mut draft = Draft::of_fact(&fact, incident().id, actor, at(minute));
        if seq == 0 {
            draft.known_at = at(-82);
        }
        lines::line(
            lines::Source {
                seq: seq as i64 + 1,
                recorded_at: if seq == 0 { at(-81) } else { at(minute) },
                occurred_at: draft.occurred_at,
                known_at: draft.known_at,
                actor: &draft.actor,
                kind: &draft.kind,
                public: &draft.public,
                confidential: &draft.confidential,
                alert: draft.alert.map(|id| id.to_string()),
                corrects: None,
            },
            &titles,
        )
    };
    facts.into_iter().enumerate().map(line).collect()
}
