//! What single sources promise about states, severities and keys.

use watchfire_core::alert::{NO_TITLE, Signal};
use watchfire_core::{Severity, limits};

use super::*;

fn signals(kind: &str, name: &str) -> Vec<Signal> {
    sample(kind, name).parsed().observations.iter().map(|observation| observation.signal).collect()
}

fn assert_pair(kind: &str, firing: &str, resolved: &str) {
    let (before, after) = (sample(kind, firing).only(), sample(kind, resolved).only());
    assert_eq!(before.signal, Signal::Firing, "{kind}/{firing}");
    assert_eq!(after.signal, Signal::Resolved, "{kind}/{resolved}");
    assert_eq!(before.dedup_key, after.dedup_key, "{kind}: {firing} and {resolved}");
}

#[test]
fn what_resolves_has_the_key_of_what_fired() {
    for (kind, firing, resolved) in [
        ("alertmanager", "firing", "resolved"),
        ("datadog", "triggered", "recovered"),
        ("eventbridge", "config_non_compliant", "config_compliant"),
        ("github", "workflow_failure", "workflow_success"),
        ("github", "deployment_failure", "deployment_success"),
        ("github", "secret_created", "secret_revoked"),
        ("github", "dependabot_created", "dependabot_fixed"),
        ("gitlab", "deployment_failed", "deployment_success"),
        ("gitlab", "pipeline_failed_merge_request", "pipeline"),
        ("pagerduty", "trigger", "resolve"),
        ("opsgenie", "alertmanager_group", "close"),
        ("sentry", "issue_created", "issue_resolved"),
        ("sentry", "event_alert", "issue_resolved"),
        ("sentry", "metric_critical", "metric_resolved"),
        ("sns", "alarm_v2", "ok"),
        ("sonarqube", "quality_gate", "passed"),
        ("sonarqube", "failed_analysis", "passed"),
        ("wazuh", "vulnerability", "vulnerability_solved"),
        ("cloudevents", "structured", "resolved"),
    ] {
        assert_pair(kind, firing, resolved);
    }
}

#[test]
fn the_status_of_a_group_does_not_speak_for_its_alerts() {
    assert_eq!(signals("alertmanager", "mixed_group"), [Signal::Firing, Signal::Resolved, Signal::Firing]);
}

#[test]
fn no_data_is_neither_firing_nor_resolved() {
    for (kind, name) in [
        ("alertmanager", "grafana_no_data"),
        ("datadog", "no_data"),
        ("eventbridge", "config_insufficient"),
        ("sns", "insufficient_data"),
    ] {
        assert_eq!(signals(kind, name), [Signal::Unknown], "{kind}/{name}");
    }
}

#[test]
fn dismissed_is_not_fixed() {
    for (kind, name) in [
        ("github", "code_scanning_dismissed"),
        ("github", "dependabot_dismissed"),
        ("github", "secret_false_positive"),
        ("sentry", "issue_archived"),
        ("eventbridge", "guardduty_archived"),
    ] {
        assert_eq!(signals(kind, name), [Signal::Acknowledged], "{kind}/{name}");
    }
    assert_eq!(
        signals("eventbridge", "security_hub_states"),
        [
            Signal::Reopened,
            Signal::Resolved,
            Signal::Acknowledged,
            Signal::Acknowledged,
            Signal::Resolved,
            Signal::Resolved,
            Signal::Reopened,
            Signal::Unknown,
        ]
    );
}

#[test]
fn vendors_samples_are_marked() {
    for sample in all_samples() {
        let expected = [
            ("alertmanager", "grafana_test"),
            ("datadog", "default_payload"),
            ("eventbridge", "guardduty_sample"),
            ("falco", "lines"),
            ("sentry", "event_alert"),
        ]
        .contains(&(sample.kind.as_str(), sample.name.as_str()));
        let marked = sample.parsed().observations.iter().any(|observation| observation.sample);
        assert_eq!(marked, expected, "{}/{}", sample.kind, sample.name);
    }
}

#[test]
fn an_unknown_severity_is_not_low() {
    let alert = json!({"alerts": [{"status": "firing", "labels": {"alertname": "A", "severity": "spicy"}}]});
    let observation = Sample::json("alertmanager", &alert).only();
    assert_eq!(observation.severity, None);
    assert_eq!(observation.source_severity.as_deref(), Some("spicy"));
}

#[test]
fn severities_run_as_each_vendor_counts() {
    let of = |kind: &str, name: &str| sample(kind, name).parsed().observations[0].severity;
    assert_eq!(of("suricata", "lines"), Some(Severity::Sev2)); // 1 is the worst
    assert_eq!(of("suricata", "eve_alert"), Some(Severity::Sev4)); // 3
    assert_eq!(of("wazuh", "brute_force"), Some(Severity::Sev3)); // 10 of 15
    assert_eq!(of("eventbridge", "guardduty"), Some(Severity::Sev3)); // 5 of 10
    assert_eq!(of("zap", "report"), Some(Severity::Sev2)); // "3"
    assert_eq!(of("falco", "event"), Some(Severity::Sev4)); // Notice
    assert_eq!(of("ocsf", "new"), Some(Severity::Sev2)); // 4 of 6
    assert_eq!(of("alertmanager", "firing"), Some(Severity::Sev3));
    assert_eq!(of("alertmanager", "no_fingerprint_no_severity"), None);
    assert_eq!(of("trivy", "report"), Some(Severity::Sev2));
    assert_eq!(of("github", "secret_public"), Some(Severity::Sev1));
    assert_eq!(of("sns", "alarm_v2"), None);
}

#[test]
fn errors_name_the_place_and_what_was_expected() {
    let mut group: Value = serde_json::from_slice(&sample("alertmanager", "mixed_group").body).expect("JSON");
    group["alerts"][2]["status"] = json!(7);
    assert_eq!(Sample::json("alertmanager", &group).refused(), "alerts[2].status: expected \"firing\" or \"resolved\", found 7");
    group["alerts"][2]["status"] = json!("fring");
    assert_eq!(
        Sample::json("alertmanager", &group).refused(),
        "alerts[2].status: expected \"firing\" or \"resolved\", found \"fring\""
    );
    group["alerts"][2].as_object_mut().expect("an object").remove("status");
    assert_eq!(Sample::json("alertmanager", &group).refused(), "alerts[2].status: missing");
    assert_eq!(Sample::of("alertmanager", "{}").refused(), "alerts: missing");
    assert_eq!(Sample::json("pagerduty", &json!({"event_action": "resolve"})).refused(), "dedup_key: missing");
    assert_eq!(Sample::of("github", "{}").refused(), "the header X-GitHub-Event is missing");
}

#[test]
fn unknown_fields_are_no_fault() {
    for sample in all_samples() {
        let Ok(Value::Object(mut body)) = serde_json::from_slice::<Value>(&sample.body) else {
            continue;
        };
        let before = sample.parsed();
        body.insert("a_field_of_next_year".to_owned(), json!({"a": [1]}));
        let mut later = sample.clone();
        later.body = Value::Object(body).to_string().into_bytes();
        assert_eq!(later.parsed(), before, "{}/{}", sample.kind, sample.name);
    }
}

#[test]
fn titles_are_cut_and_invisible_characters_vanish() {
    let alert = json!({"alerts": [{"status": "firing", "labels": {"alertname": "A"},
        "annotations": {"summary": format!("a\u{202e}b\r\n\u{0}{}", "x".repeat(1_000))}}]});
    let title = Sample::json("alertmanager", &alert).only().title;
    assert!(title.starts_with("ab x"), "{title}");
    assert_eq!(title.chars().count(), limits::TITLE_CHARS + 1);
}

#[test]
fn times_in_four_units_are_the_same_instant() {
    let at = |value: Value| Sample::json("generic", &json!({"title": "t", "timestamp": value})).only().occurred_at;
    let expected = "2024-02-01T10:20:05Z".parse().ok();
    for value in [
        json!(1_706_782_805),
        json!(1_706_782_805_000_u64),
        json!(1_706_782_805_000_000_u64),
        json!(1_706_782_805_000_000_000_u64),
        json!("1706782805"),
        json!("2024-02-01T11:20:05+01:00"),
    ] {
        assert_eq!(at(value), expected);
    }
}

#[test]
fn a_pagerduty_event_without_key_can_be_resolved_by_the_key_of_the_answer() {
    let trigger = sample("pagerduty", "no_dedup_key").only();
    let answered = trigger.dedup_key.value().to_owned();
    let resolve = json!({"event_action": "resolve", "dedup_key": answered});
    let resolve = Sample::json("pagerduty", &resolve).only();
    assert_eq!(resolve.dedup_key, trigger.dedup_key);
    assert_eq!(resolve.title, NO_TITLE);
}

#[test]
fn a_change_event_alerts_nobody() {
    let parsed = sample("pagerduty", "change").parsed();
    assert!(parsed.observations.is_empty());
    assert_eq!(parsed.remark.as_deref(), Some("change event, kept as context: Build success: search 1.4"));
}

#[test]
fn a_sarif_level_falls_back_to_the_rule_and_then_to_warning() {
    let parsed = sample("sarif", "levels").parsed();
    let by_title = |title: &str| {
        parsed.observations.iter().find(|observation| observation.title.starts_with(title)).unwrap_or_else(|| panic!("{title}"))
    };
    assert_eq!(by_title("This query").severity, Some(Severity::Sev2)); // security-severity 8.8
    assert_eq!(by_title("Unused variable x.").severity, Some(Severity::Sev4)); // the rule's note
    assert_eq!(by_title("no level anywhere").severity, Some(Severity::Sev3));
    assert_eq!(by_title("level none").severity, Some(Severity::Sev5));
    assert_eq!(by_title("suppression under review").severity, Some(Severity::Sev2));
    for absent in ["suppressed in source", "passed", "gone", "same place twice"] {
        assert!(!parsed.observations.iter().any(|observation| observation.title == absent), "{absent}");
    }
    assert_eq!(parsed.observations.len(), 6);
}

#[test]
fn a_later_report_of_the_same_tool_and_target_has_the_same_scope() {
    let scope = |kind: &str, name: &str| sample(kind, name).parsed().snapshot.map(|snapshot| snapshot.scope);
    assert_eq!(scope("sarif", "levels").as_deref(), Some("sarif/CodeQL/search/javascript"));
    assert_eq!(scope("sarif", "empty"), scope("sarif", "levels"));
    assert_eq!(scope("sarif", "failed_run"), None, "a run that failed closes nothing");
    assert_ne!(scope("sarif", "bandit"), scope("sarif", "levels"));
    assert_eq!(scope("trivy", "clean"), scope("trivy", "misconfigurations_and_secrets"));
    assert_ne!(scope("zap", "report"), scope("zap", "false_positive_and_two_sites"));
    let named = sample("trivy", "clean").setting("target", "search").parsed();
    assert_eq!(named.snapshot.map(|snapshot| snapshot.scope).as_deref(), Some("trivy/search"));
}

#[test]
fn findings_of_a_report_have_keys_of_their_own() {
    for sample in all_samples() {
        let parsed = sample.parsed();
        if parsed.snapshot.is_some() {
            let mut keys: Vec<_> = parsed.observations.iter().map(|observation| &observation.dedup_key).collect();
            keys.sort();
            let count = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), count, "{}/{}", sample.kind, sample.name);
        }
    }
}

#[test]
fn only_alerts_among_suricatas_events_count() {
    assert_eq!(sample("suricata", "lines").parsed().observations.len(), 2);
    assert!(sample("suricata", "no_alerts").parsed().observations.is_empty());
}

#[test]
fn a_subscription_is_confirmed_only_for_a_configured_topic_and_at_amazon() {
    let subscription = sample("sns", "subscription");
    let address = subscription.parsed().confirm.expect("an address");
    assert!(address.starts_with("https://sns.eu-west-1.amazonaws.com/"));
    assert!(subscription.clone().setting("topics", "").refused().contains("topics"));
    let mut body: Value = serde_json::from_slice(&subscription.body).expect("JSON");
    body["SubscribeURL"] = json!("https://evil.example/?Action=ConfirmSubscription");
    let mut elsewhere = subscription;
    elsewhere.body = body.to_string().into_bytes();
    assert!(elsewhere.refused().contains("SubscribeURL"));
}

#[test]
fn zaps_markup_becomes_text() {
    let parsed = sample("zap", "false_positive_and_two_sites").parsed();
    assert!(!parsed.observations.iter().any(|observation| observation.title.contains("SQL Injection")));
    let found = parsed.observations.iter().find(|observation| observation.title.contains("Anti-CSRF")).expect("the finding");
    assert_eq!(found.description, "No Anti-CSRF tokens were found in a HTML form & so on.");
}

#[test]
fn sarif_results_of_one_rule_and_file_stay_apart_whatever_their_fingerprints_are_worth() {
    let result = |line: u32, fingerprints: Value, partial: Value| {
        json!({"ruleId": "r", "message": {"text": "m"}, "fingerprints": fingerprints, "partialFingerprints": partial,
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": line}}}]})
    };
    let login = json!({"matchBasedId/v1": "requires login"});
    let author = json!({"author": "A. Tester", "commitSha": "0123456789", "email": "a@example.org"});
    let hash = json!({"matchBasedId/v1": "0f1e2d3c4b5a69788796a5b4c3d2e1f0_0"});
    let keys = |results: Value| {
        let report = json!({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "T"}}, "results": results}]});
        let observations = Sample::json("sarif", &report).parsed().observations;
        observations.into_iter().map(|observation| observation.dedup_key).collect::<Vec<_>>()
    };
    assert_eq!(keys(json!([result(1, login.clone(), json!({})), result(2, login, json!({}))])).len(), 2);
    assert_eq!(keys(json!([result(1, json!({}), author.clone()), result(2, json!({}), author)])).len(), 2);
    // A good fingerprint follows the finding when lines move.
    assert_eq!(keys(json!([result(1, hash.clone(), json!({}))])), keys(json!([result(9, hash, json!({}))])));
}

#[test]
fn what_comes_back_is_not_older_than_its_end() {
    let reopened = |name: &str, action: &str| {
        let mut body: Value = serde_json::from_slice(&sample("github", name).body).expect("JSON");
        body["action"] = json!(action);
        body["alert"]["updated_at"] = json!("2024-05-01T00:00:00Z");
        Sample { body: body.to_string().into_bytes(), ..sample("github", name) }.only().occurred_at
    };
    let later = "2024-05-01T00:00:00Z".parse().ok();
    assert_eq!(reopened("dependabot_created", "reopened"), later);
    assert_eq!(reopened("secret_created", "reopened"), later);
    assert_ne!(reopened("dependabot_created", "created"), later);
    let mut body: Value = serde_json::from_slice(&sample("sentry", "issue_created").body).expect("JSON");
    body["action"] = json!("unresolved");
    let regressed = Sample { body: body.to_string().into_bytes(), ..sample("sentry", "issue_created") }.only();
    assert_eq!((regressed.signal, regressed.occurred_at), (Signal::Reopened, None));
}
