//! The sender's own id of a delivery, by which the same again is read once.

use super::*;

#[test]
fn a_deliverys_own_id_is_told() {
    for (kind, name) in [
        ("github", "workflow_failure"),
        ("gitlab", "pipeline_failed"),
        ("sns", "alarm_v2"),
        ("sentry", "issue_created"),
        ("eventbridge", "guardduty"),
        ("wazuh", "brute_force"),
        ("falco", "sidekick_pod"),
        ("cloudevents", "structured"),
        ("datadog", "triggered"),
        ("datadog", "default_payload"),
        ("sonarqube", "quality_gate"),
    ] {
        assert!(sample(kind, name).parsed().delivery_id.is_some(), "{kind}/{name}");
    }
}

#[test]
fn a_cloudevent_counts_once_by_source_and_id() {
    let parsed = sample("cloudevents", "batch").parsed();
    assert_eq!(parsed.observations.len(), 3);
    let again = sample("cloudevents", "batch").parsed();
    assert_eq!(parsed.delivery_id, again.delivery_id);
    assert_ne!(parsed.delivery_id, sample("cloudevents", "binary").parsed().delivery_id);
    let moved = json!({"specversion": "1.0", "id": "C234-1234-1234", "source": "/elsewhere", "type": "t"});
    assert_ne!(
        Sample::json("cloudevents", &moved).parsed().delivery_id,
        sample("cloudevents", "structured").parsed().delivery_id
    );
    let old = json!({"specversion": "0.3", "id": "1", "source": "s", "type": "t"});
    assert_eq!(Sample::json("cloudevents", &old).refused(), "specversion: expected \"1.0\", found \"0.3\"");
}

#[test]
fn a_signed_delivery_is_known_by_its_signed_id_and_a_webhooks_name_is_no_delivery() {
    let event = Sample::json("generic", &json!({"title": "t"})).header("webhook-id", "mm1");
    assert_eq!(event.parsed().delivery_id, None, "unsigned: some senders name the webhook itself");
    let signed = event.header("webhook-signature", "v1,").header("idempotency-key", "k");
    assert_eq!(signed.parsed().delivery_id.as_deref(), Some("mm1"));
    let keyed = Sample::json("generic", &json!({"title": "t"})).header("idempotency-key", "k");
    assert_eq!(keyed.parsed().delivery_id.as_deref(), Some("k"));
    let mapped = signed.setting("mapping", "title: item.title\n");
    assert_eq!(mapped.parsed().delivery_id.as_deref(), Some("mm1"));
    let own = mapped.setting("mapping", "title: item.title\ndelivery_id: item.title\n");
    assert_eq!(own.parsed().delivery_id.as_deref(), Some("t"), "what the mapping says comes first");
    let nothing = own.setting("mapping", "title: item.title\nwhen: 'false'\n");
    assert_eq!(nothing.parsed().delivery_id.as_deref(), Some("mm1"));
}

#[test]
fn each_notification_of_datadog_has_an_id_of_its_own() {
    let id = |name: &str| sample("datadog", name).parsed().delivery_id;
    assert_ne!(id("triggered"), id("recovered"));
    let with = |event_id: &str, transition: &str| {
        let body = json!({"event_id": event_id, "title": "CPU", "transition": transition, "aggregation_key": "a"});
        Sample::json("datadog", &body).parsed().delivery_id
    };
    assert_ne!(with("7", "Triggered"), with("7", "Recovered"), "an id of something longer-lived hides no recovery");
    for none in ["$ID", "0", "", "null"] {
        assert_eq!(with(none, "Triggered"), None, "{none:?}");
    }
}

#[test]
fn what_is_repeated_on_purpose_has_no_id() {
    for (kind, name) in [("alertmanager", "firing"), ("pagerduty", "trigger"), ("opsgenie", "create"), ("ocsf", "new")] {
        assert_eq!(sample(kind, name).parsed().delivery_id, None, "{kind}/{name}");
    }
}

#[test]
fn a_cloudevents_headers_are_decoded_as_the_binding_says() {
    let with = |subject: &str| {
        let sample = sample("cloudevents", "binary").header("ce-subject", subject);
        sample.only()
    };
    let plain = json!({"specversion": "1.0", "id": "9", "source": "/monitor/probe-7", "type": "com.example.check.failed",
        "subject": "sub \"one\" \u{fc}", "data": {"title": "Probe failed"}});
    let structured = Sample::json("cloudevents", &plain).only();
    for header in ["sub%20%22one%22%20%C3%BC", "\"sub \\\"one\\\" %c3%bc\""] {
        assert_eq!(with(header).resource.as_deref(), Some("sub \"one\" \u{fc}"), "{header}");
        assert_eq!(with(header).dedup_key, structured.dedup_key, "{header}");
    }
    assert_eq!(with("100%").resource.as_deref(), Some("100%"), "what is no encoding stands for itself");
}

#[test]
fn a_cloudevents_packed_data_is_unpacked() {
    use base64::Engine as _;
    let with = |data: &str, kind: Value| {
        let packed = base64::engine::general_purpose::STANDARD.encode(data);
        let event =
            json!({"specversion": "1.0", "id": "9", "source": "s", "type": "t", "datacontenttype": kind, "data_base64": packed});
        Sample::json("cloudevents", &event)
    };
    let data = r#"{"title": "Probe failed", "severity": "high", "status": "resolved"}"#;
    for kind in [json!(null), json!("application/json"), json!("application/vnd.x+json")] {
        let read = with(data, kind.clone()).only();
        assert_eq!((read.title.as_str(), read.source_severity.as_deref()), ("Probe failed", Some("high")), "{kind}");
    }
    assert_eq!(with("words\nmore", json!("text/plain")).only().title, "words");
    assert_eq!(with("words", json!(null)).only().title, "words");
    assert!(with("{", json!("application/json")).remark().starts_with("data_base64: "));
    let broken = json!({"specversion": "1.0", "id": "9", "source": "s", "type": "t", "data_base64": "%"});
    let broken = Sample::json("cloudevents", &broken);
    assert_eq!((broken.only().title.as_str(), broken.remark().starts_with("data_base64: no base64")), ("t", true));
}
