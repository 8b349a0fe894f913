//! Samples of the rooms about sources.

use watchfire_core::Severity;

use super::super::{setup, sources};
use super::{at, now};

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

pub(super) fn source(say: &dyn Fn(&str) -> String) -> sources::Sources {
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

pub(super) fn kinds() -> sources::Sources {
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

pub(super) fn new_source(say: &dyn Fn(&str) -> String) -> sources::Sources {
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
