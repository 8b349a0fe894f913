//! Samples of the rooms that are lists.

use watchfire_core::Severity;
use watchfire_core::alert::Status;
use watchfire_core::incident::{Class, Incident, Phase, Postmortem};

use super::super::alerts::{self, Alerts};
use super::super::events::{self, Events};
use super::super::frame::Room;
use super::super::incidents::{Incidents, Row, bands};
use super::super::lines::Line;
use super::super::list::{Choice, Facet, Pager};
use super::super::query::Query;
use super::super::record::{self, Record};
use super::super::{due, sources};
use super::{at, frame, incident, now, page};

pub(super) fn all(say: &dyn Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let empty = Incidents { bands: Vec::new(), open: 0, worst: None, ..incidents(say) };
    let none = sources::Sources { now: now(), rows: Vec::new(), may_configure: true, shown: sources::Shown::Nothing };
    vec![
        ("incidents", page(frame("Incidents", Room::Incidents, "/incidents?state=open,resolved"), incidents(say))),
        ("incidents-empty", page(frame("Incidents", Room::Incidents, "/incidents"), empty)),
        ("alerts", page(frame("Alerts", Room::Alerts, "/alerts"), alerts(say))),
        ("events", page(frame("Events", Room::Events, "/events"), events(say))),
        ("record", page(frame("Record", Room::Record, "/record"), record(say))),
        ("sources-empty", page(frame("Sources", Room::Sources, "/sources"), none)),
    ]
}

fn pager() -> Pager {
    Pager { shown: 11, next: Some("?cursor=abc".to_owned()), first: None }
}

type Named<'a> = (&'a str, &'a str, Option<i64>);

fn facets(path: &str, groups: &[(&'static str, &str, &[Named<'_>])]) -> Vec<Facet> {
    let query = Query::parse("state=open,resolved&status=firing");
    let options = |options: &[(&str, &str, Option<i64>)]| -> Vec<(String, String, Option<i64>)> {
        options.iter().map(|(value, label, count)| ((*value).to_owned(), (*label).to_owned(), *count)).collect()
    };
    groups.iter().map(|(legend, name, choices)| Facet::new(legend, name, path, &query, options(choices))).collect()
}

fn views(labels: &[&str]) -> Vec<Choice> {
    let view =
        |(at, label): (usize, &&str)| Choice { label: (*label).to_owned(), href: "?".to_owned(), on: at == 0, count: None };
    labels.iter().enumerate().map(view).collect()
}

fn incidents(say: &dyn Fn(&str) -> String) -> Incidents {
    let row = |id: &str, code: &str, title: &str, class, level, phase, commander: Option<&str>, age: i64| {
        let mut incident = Incident { class, severity: Severity::from_level(level), phase, ..incident() };
        incident.postmortem = if phase == Phase::Resolved { Postmortem::Due } else { Postmortem::NotDue };
        match commander {
            Some(holder) => incident.roles.iter_mut().for_each(|held| holder.clone_into(&mut held.holder)),
            None => incident.roles.clear(),
        }
        Row {
            short_id: id.to_owned(),
            codename: code.to_owned(),
            title: say(title),
            class,
            severity: incident.severity,
            phase,
            restricted: class == Class::DataBreach,
            practice: false,
            gone: phase > Phase::Declared,
            due: due::in_list(&incident, None, None, "mira@example.org"),
            open_tasks: 3,
            stalled_since: (id == "INC-7K3QX").then(|| at(-47)),
            crowded: if id == "INC-7K3QX" { 9 } else { 0 },
            masked: class == Class::Account,
            commander: commander.map(say),
            team: say("security"),
            since: at(-age),
        }
    };
    let me = Some("mira@example.org");
    let rows = vec![
        row("INC-M2D8W", "slate-plover", "Impossible travel on a finance account", Class::Account, 3, Phase::Triaged, me, 22),
        row(
            "INC-7K3QX",
            "quiet-heron",
            "Outsider read client billing exports",
            Class::DataBreach,
            1,
            Phase::Contained,
            Some("tobin@example.org"),
            131,
        ),
        row(
            "INC-9PZ4C",
            "brisk-lantern",
            "Checkout latency above 4 s in eu-north",
            Class::Reliability,
            2,
            Phase::Declared,
            None,
            47,
        ),
        row("INC-K0V7E", "late-fern", "disk_pressure on build-runner-17", Class::Other, 0, Phase::Reported, None, 4),
        row(
            "INC-4HTR8",
            "dry-harbour",
            "Deploy of search-indexer failed twice",
            Class::FailedDeploy,
            4,
            Phase::Declared,
            Some("dana@example.org"),
            70,
        ),
        row(
            "INC-R0K7B",
            "pale-juniper",
            "Expired certificate on the staging gateway",
            Class::Misconfiguration,
            5,
            Phase::Eradicated,
            Some("tobin@example.org"),
            540,
        ),
        row("INC-W8E3F", "iron-magpie", "Ransom note on a print server", Class::Malware, 1, Phase::Resolved, me, 16_000),
        row(
            "INC-Y7G0S",
            "amber-quail",
            "Vendor token seen in a build log",
            Class::LeakedSecret,
            4,
            Phase::Resolved,
            Some("nadia@example.org"),
            2_900,
        ),
    ];
    let class = |class: Class| -> Named<'_> { (class.as_str(), class.title(), None) };
    let classes = [class(Class::DataBreach), class(Class::Account), class(Class::Reliability), class(Class::FailedDeploy)];
    Incidents {
        now: now(),
        open: 6,
        worst: Some(Severity::Sev1),
        views: views(&["All open", "Mine", "SEV1 and SEV2", "Without a commander"]),
        facets: facets(
            "/incidents",
            &[
                (
                    "State",
                    "state",
                    &[("open", "Open", Some(6)), ("resolved", "Resolved", Some(2)), ("closed", "Closed", Some(1_212))],
                ),
                (
                    "Severity",
                    "severity",
                    &[("sev1", "SEV1", Some(2)), ("sev2", "SEV2", Some(1)), ("unknown", "Unknown", Some(1))],
                ),
                ("Class", "class", &classes),
            ],
        ),
        text: say(""),
        kept: vec![("state".to_owned(), say("open"))],
        bands: bands(rows),
        pager: pager(),
        last_event: Some(at(0)),
        sources: 9,
    }
}

pub(super) fn alert_rows(say: &dyn Fn(&str) -> String) -> Vec<alerts::Row> {
    let row = |title: &str, level, status, source: &str, resource: &str, count, age: i64| alerts::Row {
        id: title.to_lowercase().replace(' ', "-"),
        title: say(title),
        severity: Severity::from_level(level),
        status,
        flapping: count == 41,
        sample: false,
        silenced: count == 22,
        source: say(source),
        resource: say(resource),
        count,
        occurred_at: at(-age * 3),
        last_at: at(-age),
    };
    vec![
        row("Unusual read volume by export-reader", 1, Status::Firing, "aws-prod", "arn:aws:s3:::ledger-exports", 14, 2),
        row("CheckoutLatencyHigh in eu-north, 9 series", 2, Status::Firing, "prometheus-eu", "checkout", 41, 0),
        row("disk_pressure on build-runner-17", 0, Status::Firing, "build-metrics", "build-runner-17", 6, 4),
        row("search-indexer deploy failed: migration 0212", 4, Status::Acknowledged, "github-org", "search/indexer", 2, 61),
        row("Falco heartbeat missing from node pool b", 3, Status::Unknown, "falco", "pool-b", 1, 38),
        row("Queue depth above 500 during replay", 5, Status::Firing, "prometheus-eu", "", 22, 12),
        row("Port scan from 198.51.100.23", 3, Status::Resolved, "edge-ids", "198.51.100.23", 7_120, 122),
    ]
}

fn alerts(say: &dyn Fn(&str) -> String) -> Alerts {
    let statuses = [
        ("firing", "Firing", Some(4)),
        ("acknowledged", "Acknowledged", Some(12)),
        ("unknown", "No data", Some(1)),
        ("resolved", "Resolved", Some(1_138)),
    ];
    Alerts {
        now: now(),
        firing: 4,
        acknowledged: 12,
        unknown: 1,
        quarantined: 1,
        views: views(&["Not resolved", "Firing", "SEV1 and SEV2", "Everything"]),
        facets: facets(
            "/alerts",
            &[
                ("State", "status", &statuses),
                ("Severity", "severity", &[("sev1", "SEV1", None), ("sev2", "SEV2", None), ("unknown", "Unknown", None)]),
                ("Source", "source", &[("1", "prometheus-eu", None), ("2", "aws-prod", None)]),
            ],
        ),
        text: say(""),
        kept: Vec::new(),
        may_act: true,
        address: "/alerts".to_owned(),
        rows: alert_rows(say),
        pager: pager(),
    }
}

fn events(say: &dyn Fn(&str) -> String) -> Events {
    let row = |minute: i64, source: &str, kind: &str, status: &str, reason: &str, alerts| events::Row {
        id: format!("01957e90-0000-7000-8000-00000000{:04}", -minute),
        source: say(source),
        kind: kind.to_owned(),
        at: at(minute),
        status: status.to_owned(),
        reason: if reason.is_empty() { String::new() } else { say(reason) },
        trust: "Signature".to_owned(),
        alerts,
    };
    Events {
        quarantined: 1,
        views: views(&["All", "Quarantine"]),
        facets: facets(
            "/events",
            &[("State", "status", &[("quarantined", "Quarantined", Some(1)), ("processed", "Processed", None)])],
        ),
        rows: vec![
            row(0, "prometheus-eu", "alertmanager", "processed", "", 9),
            row(-2, "aws-prod", "sns", "processed", "", 1),
            row(-6, "vendor-relay", "generic", "quarantined", "unclosed string at line 3, column 12", 0),
            row(-7, "github-org", "github", "pending", "", 0),
        ],
        pager: pager(),
    }
}

fn record(say: &dyn Fn(&str) -> String) -> Record {
    let row = |seq, icon, who: &str, text: &str, says: &str, kind: &str| record::Row {
        line: Line {
            fields: Vec::new(),
            open: false,
            seq,
            at: at(-seq),
            icon,
            class: "",
            who: if who.is_empty() { String::new() } else { say(who) },
            login: String::new(),
            text: say(text),
            link: None,
            says: if says.is_empty() { String::new() } else { say(says) },
            sub: Vec::new(),
            kind: kind.to_owned(),
        },
        recorded_at: at(seq - 1_300),
        incident: (icon != "source").then(|| "INC-7K3QX".to_owned()),
        masked: false,
        hash: "9c41d0f27a55e7a29c41d0f27a55e7a29c41d0f27a55e7a29c41d0f27a55e7a2".to_owned(),
    };
    Record {
        of: None,
        actor: say("mira@example.org"),
        kind: say("incident.noted"),
        from: say("2026-03-01"),
        until: String::new(),
        views: views(&["Everything", "Incidents", "Alerts", "Sources", "Plans", "Access"]),
        incident: say(""),
        kept: Vec::new(),
        rows: vec![
            row(1_290, "task", "nadia@example.org", "finished T-1 “List objects read by client”.", "", "incident.task_changed"),
            row(
                1_289,
                "note",
                "tobin@example.org",
                "",
                "The token came from a build workstation, not from the runner.",
                "incident.noted",
            ),
            row(
                1_288,
                "decision",
                "mira@example.org",
                "raised severity from SEV3 to SEV2.",
                "Exfiltration is proven for two clients.",
                "incident.severity_changed",
            ),
            row(1_287, "alert", "", "Source aws-prod fired the alert.", "", "alert.fired"),
            row(1_286, "source", "mira@example.org", "source added: kind sns, name aws-prod.", "", "source.added"),
        ],
        pager: pager(),
    }
}
