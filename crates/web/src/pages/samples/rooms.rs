//! Samples of the rooms that show one thing.
// long: a table of sample values, one function a page; nobody has to hold it in mind.

use std::collections::BTreeMap;

use watchfire_core::Severity;
use watchfire_core::actor::Actor;
use watchfire_core::alert::Status;
use watchfire_core::id::{AlertId, TaskId};
use watchfire_core::incident::{Class, Fact, Incident, Phase, Role, SignalState, Task, TaskState};
use watchfire_core::record::Draft;

use super::super::acknowledge::{Acknowledge, Shown};
use super::super::alert::{AlertPage, Held, IncidentLine, Receipt, TraceStep};
use super::super::contacts::{Contacts, Row as ContactRow};
use super::super::declare::{Declare, Values};
use super::super::event::{EventPage, Part};
use super::super::fault::Fault;
use super::super::frame::Room;
use super::super::incident::access::{Access, GrantRow};
use super::super::incident::view::{AlertLine, Answers, Failed, IncidentPage, NoticeRow, RoleRow, SpanRow, TaskRow, days, steps};
use super::super::lines::{self, Line};
use super::super::list::Choice;
use super::super::paging::{Attempt, Line as TraceLine, One, Pages, Row as PageRow, Told};
use super::super::people::{People, Row as Person};
use super::super::plans::{File, FileLink, Plans, Version, diff_lines};
use super::super::teams::{Row as Team, Teams};
use super::super::tokens::{Row as Token, Tokens};
use super::super::{due, search, setup, sources};
use super::console::{guidelines, said, tabs, update_due};
use super::{at, frame, incident, now, page, plain, task};

const ME: &str = "mira@example.org";

pub(super) fn all(say: &dyn Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let quiet = |title: &str, room| {
        let mut frame = frame(title, room, "/");
        frame.live = false;
        frame
    };
    let mut soon = task(3, at(4));
    soon.title = say("Match objects to the last three clients");
    let mut lost = task(4, at(180));
    lost.owner = None;
    lost.title = say("Check the partner feed for the same key");
    let mut done = task(1, at(-30));
    done.state = TaskState::Done;
    done.title = say("List objects read by client");
    let busy = room(&incident(), &[done, soon, lost], None, say);
    let mut fresh = incident();
    fresh.phase = Phase::Triaged;
    fresh.roles.clear();
    fresh.severity = None;
    fresh.acknowledged_at = None;
    fresh.summary.clear();
    let failed = Failed { what: say("Severity"), message: say("a reason is needed") };
    let fresh = room(&fresh, &[], Some(failed), say);
    let mut over = incident();
    over.phase = Phase::Closed;
    over.closed_at = Some(at(-1));
    let over = room(&over, &[], None, say);
    vec![
        ("incident", page(frame("Outsider read client billing exports", Room::Incident, "/incidents/INC-7K3QX"), busy)),
        ("incident-new", page(frame("New", Room::Incident, "/incidents/INC-7K3QX"), fresh)),
        ("incident-closed", page(frame("Closed", Room::Incident, "/incidents/INC-7K3QX"), over)),
        ("alert", page(frame("Alert", Room::Alerts, "/alerts/1"), alert(say))),
        ("event", page(quiet("Event", Room::Events), event(say))),
        ("source", page(frame("Source", Room::Sources, "/sources/1"), source(say))),
        ("source-kinds", page(quiet("New source", Room::Sources), kinds())),
        ("source-new", page(quiet("New source", Room::Sources), new_source(say))),
        ("plans", page(quiet("Plans", Room::Plans), plans(say, false))),
        ("plans-diff", page(quiet("Plans", Room::Plans), plans(say, true))),
        ("people", page(quiet("People", Room::People), people(say, false))),
        ("person", page(quiet("Person", Room::People), people(say, true))),
        ("teams", page(quiet("Teams", Room::Teams), teams(say))),
        ("acknowledge", plain(acknowledge(say))),
        ("contacts", page(quiet("How I am reached", Room::Pages), contacts(say))),
        ("page", page(quiet("Page", Room::Pages), page_in_full(say))),
        ("pages", page(quiet("Pages", Room::Pages), pages(say))),
        ("tokens", page(quiet("Tokens", Room::Tokens), tokens(say))),
        ("oncall", page(frame("On call", Room::OnCall, "/on-call"), super::oncall::room(say, false))),
        ("oncall-failed", page(quiet("On call", Room::OnCall), super::oncall::room(say, true))),
        ("oncall-feeds", page(quiet("Calendar feeds", Room::OnCall), super::oncall::feeds(say))),
        ("declare", page(quiet("Declare", Room::Incidents), declare(say))),
        ("search", page(quiet("Search", Room::Elsewhere), found(say))),
        ("fault", page(quiet("Not found", Room::Elsewhere), fault(say))),
    ]
}

fn room(incident: &Incident, tasks: &[Task], failed: Option<Failed>, say: &dyn Fn(&str) -> String) -> IncidentPage {
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
        rooms: vec![(say("security-chat"), say("#inc-quiet-heron"), false)],
        last_update: Some((2, at(-40), say("Read path closed; objects being matched."))),
        teams: vec![say("platform")],
        guidelines: guidelines(say),
        dues: due::of(incident, tasks, Some(update_due()), ME),
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
            ME,
        )
    };
    facts.into_iter().enumerate().map(line).collect()
}

fn trace() -> Vec<TraceStep> {
    let step = |icon, label, what: &str, outcome: &str, place: &str| TraceStep {
        what: what.to_owned(),
        outcome: outcome.to_owned(),
        place: place.to_owned(),
        icon,
        label,
    };
    vec![
        step("done", "Yes", "Received", "00:03:11.204", "aws-prod, 2,318 bytes, signature verified"),
        step("done", "Yes", "Matched", "data-plane-anomaly", "routing.yaml line 41, plans version 7d02c1f4a9e3"),
        step("cross", "No", "Passed over", "known-batch-exports", "actor is not in batch_roles"),
        step("done", "Yes", "Opened", "INC-7K3QX", "no open incident had this key"),
        step("hold", "Not run", "Nobody was paged", "no duty is set up", ""),
    ]
}

fn incident_line(say: &dyn Fn(&str) -> String) -> IncidentLine {
    IncidentLine {
        short_id: "INC-7K3QX".to_owned(),
        title: say("Outsider read client billing exports"),
        severity: Some(Severity::Sev2),
        phase: Phase::Declared,
    }
}

fn alert(say: &dyn Fn(&str) -> String) -> AlertPage {
    AlertPage {
        now: now(),
        id: "01957e90-0000-7000-8000-000000000001".to_owned(),
        title: say("Unusual read volume by export-reader"),
        description: say("API GetObject was called 41,208 times by role export-reader from an address not seen before."),
        severity: Some(Severity::Sev2),
        source_severity: say("8.0"),
        status: Status::Firing,
        flapping: true,
        sample: true,
        held: Some(Held {
            words: say("Silenced until 12 Mar 06:14 UTC by tobin: being looked at"),
            silence: Some("1".to_owned()),
        }),
        source: say("aws-prod"),
        source_id: "01957e90-0000-7000-8000-000000000002".to_owned(),
        dedup_key: say("guardduty:1:exfiltration/role-export-reader"),
        resource: say("arn:aws:s3:::ledger-exports"),
        link: "https://console.example.org/guardduty".to_owned(),
        class: "Intrusion".to_owned(),
        episode: 1,
        count: 14,
        occurred_at: at(-131),
        ended_at: None,
        first_at: at(-131),
        last_at: at(-2),
        labels: vec![
            ("account".to_owned(), say("123456789012")),
            (say("region"), say("eu-north-1")),
            ("type".to_owned(), say("Exfiltration:S3/AnomalousBehavior")),
        ],
        receipts: vec![
            Receipt {
                event: "01957e90-0000-7000-8000-00000000000a".to_owned(),
                source: say("aws-prod"),
                at: at(-131),
                change: "fired".to_owned(),
            },
            Receipt {
                event: "01957e90-0000-7000-8000-00000000000b".to_owned(),
                source: say("pager-form"),
                at: at(-130),
                change: "repeated".to_owned(),
            },
        ],
        incidents: vec![incident_line(say)],
        trace: trace(),
        may_act: true,
        failed: String::new(),
    }
}

fn event(say: &dyn Fn(&str) -> String) -> EventPage {
    EventPage {
        now: now(),
        id: "01957e90-0000-7000-8000-00000000000a".to_owned(),
        source: say("vendor-relay"),
        source_id: "01957e90-0000-7000-8000-000000000002".to_owned(),
        kind: "generic".to_owned(),
        at: at(-6),
        status: "quarantined".to_owned(),
        reason: say("unclosed string at line 3, column 12"),
        remark: String::new(),
        trust: "Token".to_owned(),
        delivery_id: say("d-118"),
        headers: vec![("content-type".to_owned(), "application/json".to_owned()), ("user-agent".to_owned(), say("relay/2.1"))],
        body: say("{\n  \"severity\": \"high\",\n  \"title\": \"disk_pressure on build-runner-17"),
        body_bytes: 1_434,
        cut: true,
        outcome: "Nothing came of it: it waits in quarantine.".to_owned(),
        steps: trace(),
        parts: vec![Part {
            alert: "0195".to_owned(),
            title: say("disk_pressure on build-runner-17"),
            change: "fired".to_owned(),
            steps: trace(),
            incident: Some(incident_line(say)),
        }],
        may_configure: true,
    }
}

fn source_rows(say: &dyn Fn(&str) -> String) -> Vec<sources::Row> {
    let row = |id: &str, name: &str, kind: &str, events, quarantined, last_at, off| sources::Row {
        id: id.to_owned(),
        name: say(name),
        kind: kind.to_owned(),
        events,
        quarantined,
        last_at,
        off,
        current: id == "2",
    };
    vec![
        row("1", "prometheus-eu", "Prometheus Alertmanager", 18_442, 0, Some(at(0)), false),
        row("2", "prometheus-lab", "Prometheus Alertmanager", 0, 0, None, false),
        row("3", "aws-prod", "Amazon SNS", 1_203, 0, Some(at(-2)), false),
        row("4", "vendor-relay", "Any JSON", 98, 6, Some(at(-6)), false),
        row("5", "opsgenie-form", "Opsgenie alerts", 1, 0, Some(at(-4_400)), true),
    ]
}

const SETUP: &str = "1. Put the token where Alertmanager can read it:\n\n   ```sh\n   echo -n 'wfs_EXAMPLE' > /etc/alertmanager/watchfire.token\n   ```\n\n2. Add the receiver to `alertmanager.yml`:\n\n   ```yaml\n   receivers:\n     - name: watchfire\n       webhook_configs:\n         - url: https://watchfire.example.org/hooks/alertmanager/wfk_EXAMPLE\n           send_resolved: true\n   ```\n\n3. Reload, then send a test:\n\n   ```sh\n   amtool alert add WatchfireTest severity=warning\n   ```\n";

fn source(say: &dyn Fn(&str) -> String) -> sources::Sources {
    let tried = sources::TriedAlert {
        title: say("CheckoutLatencyHigh"),
        severity: Some(Severity::Sev1),
        source_severity: say("critical"),
        signal: "firing".to_owned(),
        dedup_key: say("alertmanager:1:5c1e94ab"),
        resource: say("checkout"),
    };
    let detail = sources::Detail {
        id: "2".to_owned(),
        name: say("prometheus-lab"),
        kind_title: "Prometheus Alertmanager".to_owned(),
        created_at: at(-4),
        off: false,
        last_at: None,
        events: 0,
        quarantined: 1,
        setup: setup::blocks(SETUP),
        settings: vec![setting(say)],
        severities: vec![("critical".to_owned(), "sev1".to_owned()), ("warning".to_owned(), "sev3".to_owned())],
        reference: "https://prometheus.io/docs/alerting/latest/configuration/".to_owned(),
        fresh: Some(sources::Fresh {
            url: "https://watchfire.example.org/hooks/alertmanager/wfk_EXAMPLEonlyEXAMPLEonlyEXAMPLEonlyEXAMPLEonly1".to_owned(),
            key: "wfk_EXAMPLEonlyEXAMPLEonlyEXAMPLEonlyEXAMPLEonly1".to_owned(),
            secret: "wfs_EXAMPLEonlyEXAMPLEonlyEXAMPLEonlyEXAMPLEonly1".to_owned(),
        }),
        try_body: say("{\"version\": \"4\"}"),
        tried: Some(sources::Tried { alerts: vec![tried], remark: String::new(), failed: false }),
        failed: String::new(),
    };
    sources::Sources { now: now(), rows: source_rows(say), may_configure: true, shown: sources::Shown::One(Box::new(detail)) }
}

fn setting(say: &dyn Fn(&str) -> String) -> sources::Setting {
    sources::Setting {
        name: "severity_label".to_owned(),
        about: say("The label that holds the severity"),
        value: say("severity"),
    }
}

fn kinds() -> sources::Sources {
    let kind = |title: &str, summary: &str| sources::Kind {
        kind: title.to_lowercase(),
        title: title.to_owned(),
        summary: summary.to_owned(),
    };
    let families = vec![
        sources::Family {
            title: "Monitoring",
            kinds: vec![
                kind("Prometheus Alertmanager", "Groups of alerts by webhook, also in Grafana’s form."),
                kind("PagerDuty Events", "Anything that can page by Events API v2."),
                kind("Datadog", "Monitors by webhook."),
            ],
        },
        sources::Family { title: "Cloud", kinds: vec![kind("Amazon SNS", "CloudWatch alarms by topic.")] },
        sources::Family {
            title: "Forges and CI",
            kinds: vec![kind("GitHub", "Workflow runs, deployments, code and secret scanning.")],
        },
    ];
    sources::Sources {
        now: now(),
        rows: source_rows(&str::to_owned),
        may_configure: true,
        shown: sources::Shown::Kinds(families),
    }
}

fn new_source(say: &dyn Fn(&str) -> String) -> sources::Sources {
    let form = sources::Form {
        kind: "alertmanager".to_owned(),
        title: "Prometheus Alertmanager".to_owned(),
        summary: "Groups of alerts by webhook.".to_owned(),
        credential: "Deliveries carry a shared token in a header.",
        name: say("prometheus-eu"),
        settings: vec![setting(say)],
        setup: setup::blocks(SETUP),
        failed: say("a source of this name exists"),
    };
    sources::Sources { now: now(), rows: source_rows(say), may_configure: true, shown: sources::Shown::New(form) }
}

fn plans(say: &dyn Fn(&str) -> String, diff: bool) -> Plans {
    let link = |name: &str, current| FileLink { name: say(name), href: format!("/plans/7d02?file={name}"), current };
    let version = |version: &str, minute, shown| Version {
        version: version.to_owned(),
        href: format!("/plans/{version}"),
        diff_href: format!("/plans/{version}?diff"),
        at: at(minute),
        by: say("mira@example.org"),
        shown,
    };
    let text = say(
        "rules:\n  - name: data-plane-anomaly\n    when: alert.class == 'intrusion'\n    class: data_breach\n    team: security\n",
    );
    let change = "--- routing.yaml\n+++ routing.yaml\n@@ -1,3 +1,3 @@\n rules:\n-    team: platform\n+    team: security\n";
    Plans {
        version: "7d02c1f4a9e3".to_owned(),
        current: true,
        applied_at: Some(at(-900)),
        applied_by: say("mira@example.org"),
        files: vec![link("routing.yaml", true), link("severity.yaml", false), link("generic/relay.yaml", false)],
        file: Some(File { name: say("routing.yaml"), lines: text.lines().map(str::to_owned).collect() }),
        versions: vec![version("7d02c1f4a9e3", -900, true), version("11aa02c1f4a9", -9_000, false)],
        diff: diff.then(|| diff_lines(change)),
    }
}

fn people(say: &dyn Fn(&str) -> String, one: bool) -> People {
    let row = |login: &str, name: &str, role, state| Person {
        login: login.to_owned(),
        name: say(name),
        role,
        state,
        time_zone: say("Europe/Berlin"),
        skills: vec![say("forensics"), say("kubernetes")],
        knowledge: vec![say("billing")],
        access: Vec::new(),
        teams: vec![("security".to_owned(), true)],
        changed_at: at(-300),
    };
    let mira = row("mira@example.org", "Mira Vell", "manager", "active");
    People {
        now: now(),
        one: one.then(|| mira.clone()),
        rows: vec![mira, row("tobin@example.org", "Tobin Ash", "restricted", "disabled")],
        text: say("vell"),
        tag: String::new(),
        team: "security".to_owned(),
        teams: vec![("security".to_owned(), say("Security"))],
        roles: vec!["restricted", "member", "manager", "owner"],
        may_administer: true,
        may_change: true,
        login: String::new(),
        failed: say("somebody has this login already"),
    }
}

fn teams(say: &dyn Fn(&str) -> String) -> Teams {
    let row = |id: &str, title: &str, gone, members: &[(&str, bool)]| Team {
        id: id.to_owned(),
        title: say(title),
        gone,
        members: members.iter().map(|(login, lead)| ((*login).to_owned(), *lead)).collect(),
        may_staff: true,
    };
    let rows = vec![
        row("security", "Security", false, &[("mira@example.org", true), ("tobin@example.org", false)]),
        row("old", "Old", true, &[]),
    ];
    Teams { rows, failed: say("it is already so") }
}

fn tokens(say: &dyn Fn(&str) -> String) -> Tokens {
    let row = |name: &str, kind: &str, role: &str, used, revoked| Token {
        id: name.to_owned(),
        name: say(name),
        kind: kind.to_owned(),
        role: role.to_owned(),
        created_at: at(-9_000),
        last_used_at: used,
        expires_at: Some(at(90_000)),
        revoked,
        ends_soon: name == "laptop",
        scopes: "read, act".to_owned(),
        owner: (kind == "service").then(|| say("ines@example.org")),
    };
    Tokens {
        now: now(),
        rows: vec![
            row("laptop", "personal", "owner", Some(at(-3)), false),
            row("ci-pipeline", "service", "member", None, false),
            row("old", "service", "member", None, true),
        ],
        fresh: Some((say("ci-pipeline"), "wft_EXAMPLEonlyEXAMPLEonlyEXAMPLEonlyEXAMPLEonly1".to_owned())),
        roles: vec!["restricted", "member", "manager", "owner"],
        may_administer: true,
        name: say(""),
        failed: String::new(),
    }
}

fn declare(say: &dyn Fn(&str) -> String) -> Declare {
    let values =
        Values { title: say("Checkout answers slowly"), severity: "sev3".to_owned(), text: say(""), ..Values::default() };
    Declare { classes: Class::ALL, severities: guidelines(say), values, failed: say("the class is none of the known ones") }
}

fn found(say: &dyn Fn(&str) -> String) -> search::Search {
    search::Search { now: now(), text: say("export"), incidents: vec![incident_line(say)], alerts: super::lists::alert_rows(say) }
}

fn fault(say: &dyn Fn(&str) -> String) -> Fault {
    Fault {
        title: "Not found".to_owned(),
        text: say("There is nothing here, or it is not for you."),
        id: "01JP7T".to_owned(),
        way: None,
    }
}

fn acknowledge(say: &dyn Fn(&str) -> String) -> Acknowledge {
    let shown = Shown {
        person: say(ME),
        short_id: "INC-7K3QX".to_owned(),
        codename: "quiet-heron".to_owned(),
        severity: Some(Severity::Sev2),
        done: false,
        over: false,
    };
    Acknowledge { shown: Some(shown), link: say("wfa_0123456789abcdefghij") }
}

fn contacts(say: &dyn Fn(&str) -> String) -> Contacts {
    let row = |id: &str, address: &str, verified_at| ContactRow {
        id: id.to_owned(),
        channel: say("mail"),
        address: say(address),
        verified_at,
    };
    Contacts {
        rows: vec![row("one", "mira@example.org", Some(at(-4_000))), row("two", "night@example.org", None)],
        channels: vec![say("mail"), say("chat")],
        quiet_from: "22:00".to_owned(),
        quiet_until: "07:00".to_owned(),
        zone: say("Europe/Berlin"),
        sound: true,
        failed: say("This is not the code that was sent"),
    }
}

fn page_row(say: &dyn Fn(&str) -> String) -> PageRow {
    PageRow {
        id: "0198c000-0000-7000-8000-000000000001".to_owned(),
        short_id: "INC-7K3QX".to_owned(),
        title: say("Outsider read client billing exports"),
        severity: Some(Severity::Sev2),
        status: "delivered",
        step: "step 1".to_owned(),
        why: say("rule severe of escalation.yaml"),
        people: say("mira@example.org, tobin@example.org"),
        created_at: at(-3),
        due_at: Some(at(2)),
        mine: true,
    }
}

fn pages(say: &dyn Fn(&str) -> String) -> Pages {
    let load = watchfire_engine::Load {
        person: say("mira@example.org"),
        pages: 9,
        per_week: 2.25,
        nights: 3,
        non_actionable: 4,
        worst_shift: 3,
        over_budget: true,
    };
    let suggestion = watchfire_engine::Suggestion {
        rule: say("monitoring"),
        pages: 6,
        non_actionable: 4,
        advice: say("4 of 6 pages by rule monitoring were for nothing"),
    };
    let budget = watchfire_engine::Budget {
        from: at(-40_000),
        until: now(),
        people: vec![load],
        pages: 9,
        non_actionable: 4,
        suggestion: Some(suggestion),
    };
    let ended = PageRow {
        id: "0198c000-0000-7000-8000-000000000002".to_owned(),
        status: "acknowledged",
        due_at: None,
        mine: false,
        ..page_row(say)
    };
    let views = vec![Choice { label: "All".to_owned(), href: "/pages".to_owned(), on: true, count: None }];
    Pages {
        now: now(),
        rows: vec![page_row(say), ended],
        views,
        pager: super::super::list::Pager { shown: 2, ..Default::default() },
        budget: Some(budget),
    }
}

fn page_in_full(say: &dyn Fn(&str) -> String) -> One {
    let told = Told {
        person: say(ME),
        step: "step 1".to_owned(),
        times: 1,
        told_at: at(-3),
        answer: "delivered",
        answered_at: Some(at(-1)),
    };
    let attempt =
        Attempt { at: at(-3), person: say(ME), channel: say("mail"), status: "sent", reply: say("250 2.0.0 queued as 4F2A") };
    let line = TraceLine { at: at(-3), kind: "page.told".to_owned(), words: say("mira@example.org, step 1") };
    One {
        now: now(),
        row: page_row(say),
        policy: say("urgent"),
        stops: "incident",
        begun_by: say("intake"),
        plan_version: "7d02c1f4a9e3".to_owned(),
        told: vec![told],
        attempts: vec![attempt],
        trace: vec![line],
    }
}
