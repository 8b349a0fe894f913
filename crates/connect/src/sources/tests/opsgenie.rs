//! What Opsgenie's addresses ask for.

use watchfire_core::Severity;
use watchfire_core::alert::Signal;

use super::*;

fn asks(method: &str, path: &str, query: &str, body: &Value) -> Sample {
    let sample = Sample::json("opsgenie", body).header("x-watchfire-method", method).header("x-watchfire-path", path);
    sample.header("x-watchfire-query", query)
}

#[test]
fn opsgenie_tells_by_the_address_what_is_asked() {
    assert_eq!(sample("opsgenie", "create").only().signal, Signal::Firing);
    assert_eq!(sample("opsgenie", "acknowledge").only().signal, Signal::Acknowledged);
    assert_eq!(sample("opsgenie", "note").only().signal, Signal::Note);
    assert_eq!(asks("POST", "/v2/alerts/a/unacknowledge", "", &json!({})).only().signal, Signal::Unacknowledged);
    assert_eq!(sample("opsgenie", "message").only().title, "[FIRING:2] RedisMemoryHigh production checkout-api");
    assert_eq!(sample("opsgenie", "acknowledge").only().dedup_key.value(), "search/latency");
    let bare = Sample::of("opsgenie", "").header("x-watchfire-method", "POST").header("x-watchfire-path", "/v2/alerts/a%2/close");
    assert!(bare.refused().contains("percent-encoding"));
    let bare = bare.header("x-watchfire-path", "/v2/alerts/a/close");
    assert_eq!(bare.only().signal, Signal::Resolved);
}

#[test]
fn a_deleted_alert_is_over() {
    let deleted = asks("DELETE", "/v2/alerts/search%2Flatency", "identifierType=alias&source=me", &json!({})).only();
    assert_eq!(deleted.signal, Signal::Resolved);
    assert_eq!(deleted.dedup_key, sample("opsgenie", "acknowledge").only().dedup_key);
}

#[test]
fn an_operation_or_a_kind_of_name_that_opsgenie_has_not_is_refused() {
    let refused = |method: &str, path: &str, query: &str| asks(method, path, query, &json!({})).refused();
    assert!(refused("PUT", "/v2/alerts/ua/bogus", "").contains("\"bogus\""));
    assert!(refused("GET", "/v2/alerts/ua/close", "").contains("no GET"));
    assert!(refused("POST", "/v2/alerts/ua/close", "a=b&identifierType=bogus").starts_with("identifierType: "));
    assert!(refused("POST", "/v2/alerts/7/close", "identifierType=tiny").contains("\"tiny\""));
    for (method, action) in [("POST", "tags"), ("DELETE", "tags"), ("POST", "actions/restart"), ("POST", "escalate")] {
        let nothing = asks(method, &format!("/v2/alerts/ua/{action}"), "", &json!({})).parsed();
        assert!(nothing.observations.is_empty() && nothing.remark.is_some(), "{method} {action}");
    }
}

#[test]
fn without_a_priority_that_opsgenie_knows_it_is_p3() {
    let created = |body: Value| asks("POST", "/v2/alerts", "", &body);
    assert_eq!(created(json!({"message": "m"})).only().severity, Some(Severity::Sev3));
    assert_eq!(created(json!({"message": "m", "priority": "P1"})).only().severity, Some(Severity::Sev1));
    assert_eq!(created(json!({"message": "m", "details": {"severity": "critical"}})).only().severity, Some(Severity::Sev1));
    for wrong in [json!("urgent"), json!(1), json!(["P1"])] {
        let sample = created(json!({"message": "m", "priority": wrong}));
        assert_eq!(sample.only().severity, Some(Severity::Sev3), "{wrong}");
        assert!(sample.remark().starts_with("priority: expected P1, P2, P3, P4 or P5, found "), "{}", sample.remark());
    }
}

#[test]
fn a_new_priority_is_a_new_severity() {
    let put = |priority: &str| asks("PUT", "/v2/alerts/a/priority", "", &json!({"priority": priority}));
    let edited = put("P1").only();
    assert_eq!((edited.signal, edited.severity), (Signal::Note, Some(Severity::Sev1)));
    assert_eq!(edited.labels.get("edited").map(String::as_str), Some("priority"));
    assert!(put("P9").refused().contains("\"P9\""));
}
