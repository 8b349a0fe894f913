//! Samples of the pages around an incident, of what people owe and of the figures.

use watchfire_core::Severity;
use watchfire_core::id::UpdateId;
use watchfire_core::incident::{Fact, StatusUpdate, TaskState, UpdateText, UsersImpacted};
use watchfire_core::metrics::{Figure, MTTA};
use watchfire_engine::{BoardRow, Report, ReportReceipt, UpdateDue};

use super::super::board::Board;
use super::super::chart::Chart;
use super::super::frame::Room;
use super::super::incident::briefing::Briefing;
use super::super::incident::document::{DocumentPage, Shown};
use super::super::incident::people::{Finder, Found};
use super::super::incident::triage::Triage;
use super::super::incident::update::{Offered, UpdateForm, Updates, Values};
use super::super::incident::view::RoomLine;
use super::super::list::Choice;
use super::super::metrics::{Group, Metrics, Table, Tally};
use super::super::report::ReportPage;
use super::super::settings::{Item, Settings};
use super::super::work::{Owed, WorkPage};
use super::{ME, at, frame, incident, now, page, paging, task};

pub(super) fn all(say: &dyn Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let around = |title: &str, path: &str| frame(title, Room::Incident, &format!("/incidents/INC-7K3QX/{path}"));
    vec![
        ("update", page(around("Update", "update"), update_form(say))),
        ("updates", page(around("Updates", "updates"), updates(say))),
        ("briefing", page(around("Briefing", "briefing"), briefing(say))),
        ("document", page(around("Document", "document"), document(say))),
        ("incident-people", page(around("People", "people"), finder(say))),
        ("triage", page(around("Triage", "report"), triage(say))),
        ("report", page(frame("Report", Room::Report, "/report"), report(say))),
        ("work", page(frame("My work", Room::Work, "/work"), work(say))),
        ("board", page(frame("Status board", Room::Board, "/board"), board(say))),
        ("figures", page(frame("Metrics", Room::Metrics, "/figures"), metrics(say))),
        ("settings", page(frame("Settings", Room::Settings, "/settings"), settings(say))),
    ]
}

pub(super) fn tabs(on: &str) -> Vec<Choice> {
    let tab =
        |label: &str| Choice { label: label.to_owned(), href: "/incidents/INC-7K3QX".to_owned(), on: label == on, count: None };
    ["Console", "Briefing", "Updates", "Document", "People", "Record"].map(tab).to_vec()
}

pub(super) fn guidelines(say: &dyn Fn(&str) -> String) -> Vec<(Severity, String)> {
    Severity::ALL.map(|level| (level, say("Limited harm that does not spread. The team works on it now."))).to_vec()
}

pub(super) fn update_due() -> UpdateDue {
    UpdateDue { due_at: at(4), from: at(-56) }
}

pub(super) fn said(say: &dyn Fn(&str) -> String) -> Fact {
    let text = text(say);
    Fact::UpdateWritten {
        number: 2,
        version: 1,
        users: text.users,
        next_due_at: Some(at(4)),
        risk: text.risk,
        timeline: text.timeline,
        mitigation: text.mitigation,
        status: text.status,
        next_steps: text.next_steps,
    }
}

fn text(say: &dyn Fn(&str) -> String) -> UpdateText {
    UpdateText {
        risk: say("Billing exports of an unknown number of clients were copied by an outsider."),
        users: UsersImpacted::Some,
        timeline: say("23:41 the first read.\n00:18 the session was revoked."),
        mitigation: say("The session is revoked and the export role denied."),
        status: say("We match the objects that were read to clients."),
        next_steps: say("Find out which objects were read; replace every credential of the export path."),
    }
}

fn update(say: &dyn Fn(&str) -> String) -> StatusUpdate {
    StatusUpdate {
        id: UpdateId::from_parts(1, [3; 10]),
        incident: incident().id,
        number: 2,
        version: 2,
        text: text(say),
        next_due_at: Some(at(4)),
        author: say(ME),
        written_at: at(-40),
    }
}

fn update_form(say: &dyn Fn(&str) -> String) -> UpdateForm {
    let entry = |seq, text: &str, technical: bool| Offered { seq, at: at(-seq), text: say(text), chosen: !technical, technical };
    UpdateForm {
        short_id: "INC-7K3QX".to_owned(),
        codename: "quiet-heron".to_owned(),
        tabs: tabs("Updates"),
        values: Values {
            risk: say("Billing exports were copied."),
            users: "some".to_owned(),
            timeline: say("23:41 the first read."),
            mitigation: say("The session is revoked."),
            status: say("We look."),
            next_steps: String::new(),
            next_due: say("in 60 min"),
        },
        entries: vec![entry(131, "mira declared the incident.", false), entry(120, "Source aws-prod says that it fires:", true)],
        hints: vec![("Current risk", say("one sentence has 31 words; make two of it"))],
        failed: Some(("next_steps".to_owned(), say("What comes next is missing"))),
        seen: 10,
        newer: 3,
        revises: None,
    }
}

fn updates(say: &dyn Fn(&str) -> String) -> Updates {
    Updates {
        short_id: "INC-7K3QX".to_owned(),
        codename: "quiet-heron".to_owned(),
        tabs: tabs("Updates"),
        may_act: true,
        rows: vec![update(say)],
        masked: false,
    }
}

fn briefing(say: &dyn Fn(&str) -> String) -> Briefing {
    let mut open = task(3, at(30));
    open.title = say("Match objects to the last three clients");
    Briefing {
        short_id: "INC-7K3QX".to_owned(),
        codename: "quiet-heron".to_owned(),
        title: say("Outsider read client billing exports"),
        masked: false,
        rooms: vec![RoomLine {
            channel: say("security-chat"),
            name: say("#inc-quiet-heron"),
            link: None,
            is_call: false,
            invited: 4,
        }],
        tabs: tabs("Briefing"),
        now: now(),
        severity: Some(Severity::Sev1),
        phase: incident().phase,
        detected_at: at(-131),
        summary: say("The session is revoked."),
        roles: vec![("Commander".to_owned(), say(ME))],
        last_update: Some(update(say)),
        update_due: Some(at(4)),
        links: vec![("call".to_owned(), "Call", say("https://call.example/1"))],
        decisions: Vec::new(),
        notes: Vec::new(),
        tasks: vec![open],
    }
}

fn document(say: &dyn Fn(&str) -> String) -> DocumentPage {
    DocumentPage {
        short_id: "INC-7K3QX".to_owned(),
        codename: "quiet-heron".to_owned(),
        tabs: tabs("Document"),
        may_act: true,
        document: Some(Shown {
            version: 3,
            old: false,
            template: "tracking".to_owned(),
            plan_version: "7d02c1f4a9e3".to_owned(),
            text: say("# INC-7K3QX\n\n## What happened"),
            author: say(ME),
            written_at: at(-10),
        }),
        masked: false,
        failed: say("It was changed meanwhile"),
    }
}

fn finder(say: &dyn Fn(&str) -> String) -> Finder {
    Finder {
        short_id: "INC-7K3QX".to_owned(),
        codename: "quiet-heron".to_owned(),
        tabs: tabs("People"),
        text: say("forensics"),
        may_act: true,
        rows: vec![Found {
            login: say("tobin@example.org"),
            name: say("Tobin Ashgrove"),
            teams: vec![say("security")],
            tags: vec![say("forensics"), say("aws-root")],
            holds: vec!["operations".to_owned()],
            on_call: vec![say("security primary")],
        }],
        roles: vec![("commander".to_owned(), "Commander".to_owned())],
    }
}

fn triage(say: &dyn Fn(&str) -> String) -> Triage {
    Triage {
        short_id: "INC-7K3QX".to_owned(),
        codename: "quiet-heron".to_owned(),
        tabs: tabs("Triage"),
        now: now(),
        may_act: true,
        report: reported(say),
        checks: vec![(say("Is it real?"), Some(say("Yes."))), (say("Does it still go on?"), None)],
        failed: String::new(),
    }
}

fn reported(say: &dyn Fn(&str) -> String) -> Report {
    Report {
        incident: incident().id,
        reporter: say("finn@example.org"),
        words: watchfire_engine::ReportWords {
            saw: say("A stranger asked for the admin password."),
            contact: say("extension 12"),
            checks: std::collections::BTreeMap::new(),
        },
        reported_at: at(-12),
        acknowledged_at: None,
        acknowledged_by: None,
    }
}

fn report(say: &dyn Fn(&str) -> String) -> ReportPage {
    let receipt = |acknowledged_at| ReportReceipt {
        short_id: "INC-7K3QX".to_owned(),
        saw: say("A stranger asked for the admin password."),
        reported_at: at(-12),
        acknowledged_at,
    };
    ReportPage {
        now: now(),
        thanks: say("Thank you."),
        receipts: vec![receipt(None), receipt(Some(at(-3)))],
        saw: say("A stranger"),
        contact: say("extension 12"),
        failed: say("say what you saw"),
        taken: true,
    }
}

fn work(say: &dyn Fn(&str) -> String) -> WorkPage {
    let owed = |what: &str, due_at, state, from: &str| Owed {
        short_id: "INC-7K3QX".to_owned(),
        title: say("Outsider read client billing exports"),
        severity: Some(Severity::Sev2),
        word: "3".to_owned(),
        what: say(what),
        from: from.to_owned(),
        state,
        due_at,
        since: at(-100),
    };
    WorkPage {
        now: now(),
        pages: vec![paging::page_row(say)],
        updates: vec![owed("Commander", Some(at(4)), None, "")],
        offers: vec![owed("Operations", None, None, "tobin@example.org")],
        roles: vec![owed("Commander", None, None, "")],
        tasks: vec![owed("Match objects", Some(at(-4)), Some(TaskState::Doing), "")],
    }
}

fn board(say: &dyn Fn(&str) -> String) -> Board {
    let mut open = incident();
    open.title = say("Checkout answers slowly");
    open.team = say("platform");
    let row = BoardRow { incident: open, last_update: Some(update(say)), update_due: Some(update_due()) };
    Board { now: now(), rows: vec![row] }
}

fn metrics(say: &dyn Fn(&str) -> String) -> Metrics {
    let figure = Figure::of(vec![60, 168, 300, 640]);
    let tally = Tally { name: "Acknowledge (MTTA)", definition: MTTA, figure, blank: 2 };
    let series: Vec<(String, Option<i64>)> =
        (0..13).map(|week| (format!("{week} Mar"), (week != 4).then_some(400 - week * 20))).collect();
    let choice = |label: &str, on| Choice { label: say(label), href: "/figures".to_owned(), on, count: None };
    Metrics {
        weeks: 13,
        kinds: vec![choice("Real", true), choice("Drills", false)],
        lengths: vec![choice("13 weeks", true)],
        teams: vec![choice("All teams", true), choice("platform", false)],
        csv: "/figures.csv".to_owned(),
        incidents: 96,
        drills: false,
        tally: vec![tally.clone()],
        charts: vec![(tally, Chart::of("Acknowledge, median", &series))],
        tables: vec![Table {
            title: "By team",
            column: "Team",
            rows: vec![Group { name: say("platform"), incidents: 34, figures: [figure; 4] }],
        }],
        budget: Some(paging::budget(say)),
    }
}

fn settings(say: &dyn Fn(&str) -> String) -> Settings {
    Settings {
        items: vec![Item { icon: "source", href: "/sources", title: "Sources", about: "Who sends alerts", now: say("3 set up") }],
    }
}
