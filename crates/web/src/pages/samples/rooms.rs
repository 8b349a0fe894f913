//! Samples of the rooms that show one thing.

use watchfire_core::Severity;
use watchfire_core::alert::Status;
use watchfire_core::incident::{Class, Phase, TaskState};

use super::super::alert::{AlertPage, Held, IncidentLine, Receipt, TraceStep};
use super::super::declare::{Declare, Values};
use super::super::event::{EventPage, Part};
use super::super::fault::Fault;
use super::super::frame::Room;
use super::super::incident::view::Failed;
use super::super::plans::{File, FileLink, Plans, Version, diff_lines};
use super::super::search;
use super::console::guidelines;
use super::{at, frame, incident, now, page, paging, people, plain, sources, task};

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
    let busy = incident::room(&incident(), &[done, soon, lost], None, say);
    let mut fresh = incident();
    fresh.phase = Phase::Triaged;
    fresh.roles.clear();
    fresh.severity = None;
    fresh.acknowledged_at = None;
    fresh.summary.clear();
    let failed = Failed { what: say("Severity"), message: say("a reason is needed") };
    let fresh = incident::room(&fresh, &[], Some(failed), say);
    let mut over = incident();
    over.phase = Phase::Closed;
    over.closed_at = Some(at(-1));
    let over = incident::room(&over, &[], None, say);
    vec![
        ("incident", page(frame("Outsider read client billing exports", Room::Incident, "/incidents/INC-7K3QX"), busy)),
        ("incident-new", page(frame("New", Room::Incident, "/incidents/INC-7K3QX"), fresh)),
        ("incident-closed", page(frame("Closed", Room::Incident, "/incidents/INC-7K3QX"), over)),
        ("alert", page(frame("Alert", Room::Alerts, "/alerts/1"), alert(say))),
        ("event", page(quiet("Event", Room::Events), event(say))),
        ("source", page(frame("Source", Room::Sources, "/sources/1"), sources::source(say))),
        ("source-kinds", page(quiet("New source", Room::Sources), sources::kinds())),
        ("source-new", page(quiet("New source", Room::Sources), sources::new_source(say))),
        ("plans", page(quiet("Plans", Room::Plans), plans(say, false))),
        ("plans-diff", page(quiet("Plans", Room::Plans), plans(say, true))),
        ("people", page(quiet("People", Room::People), people::people(say, false))),
        ("person", page(quiet("Person", Room::People), people::people(say, true))),
        ("teams", page(quiet("Teams", Room::Teams), people::teams(say))),
        ("acknowledge", plain(paging::acknowledge(say))),
        ("contacts", page(quiet("How I am reached", Room::Pages), paging::contacts(say))),
        ("page", page(quiet("Page", Room::Pages), paging::page_in_full(say))),
        ("pages", page(quiet("Pages", Room::Pages), paging::pages(say))),
        ("tokens", page(quiet("Tokens", Room::Tokens), people::tokens(say))),
        ("oncall", page(frame("On call", Room::OnCall, "/on-call"), super::oncall::room(say, false))),
        ("oncall-failed", page(quiet("On call", Room::OnCall), super::oncall::room(say, true))),
        ("oncall-feeds", page(quiet("Calendar feeds", Room::OnCall), super::oncall::feeds(say))),
        ("declare", page(quiet("Declare", Room::Incidents), declare(say))),
        ("search", page(quiet("Search", Room::Elsewhere), found(say))),
        ("fault", page(quiet("Not found", Room::Elsewhere), fault(say))),
    ]
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
        masked: false,
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
