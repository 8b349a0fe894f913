//! What is wrong in a body and keeps no alert from being raised is told.

use watchfire_core::alert::Signal;

use super::*;

fn generic(body: Value) -> Sample {
    Sample::json("generic", &body)
}

#[test]
fn a_field_of_the_wrong_kind_is_named_and_its_alert_raised() {
    for (body, remark) in [
        (json!({"title": "t", "severity": {"a": 1}}), "severity: expected a word or number, found an object"),
        (json!({"title": "t", "status": "weird"}), "status: expected a word for a state, found \"weird\""),
        (json!({"title": "t", "status": [1]}), "status: expected a word for a state, found a list"),
        (json!({"title": "t", "timestamp": "foo"}), "timestamp: expected a time, found a string of 3 characters"),
        (json!({"title": ["a"], "id": "k"}), "title: expected a text, found a list"),
        (json!([{"title": "t"}, {"title": "t", "time": true}]), "[1].time: expected a time, found true"),
    ] {
        let sample = generic(body);
        assert_eq!(sample.remark(), remark);
        assert!(sample.parsed().observations.iter().all(|observation| observation.signal == Signal::Firing));
    }
    assert_eq!(generic(json!({"title": ["a"]})).refused(), "title: expected a string or number, found a list");
}

#[test]
fn what_another_field_tells_or_means_nothing_is_no_fault() {
    for body in [
        json!({"title": "t", "name": ["a"], "severity": {"a": 1}, "priority": "high"}),
        json!({"title": "t", "status": "weird", "state": "open", "timestamp": "foo", "time": "2024-05-01T00:00:00Z"}),
        json!({"title": "t", "action": "blocked", "timestamp": "0001-01-01T00:00:00Z"}),
        json!({"title": "t", "timestamp": 0}),
        json!({"title": "t", "time": "", "severity": null}),
    ] {
        assert_eq!(generic(body.clone()).parsed().remark, None, "{body}");
    }
}

#[test]
fn a_mapped_time_or_severity_that_is_none_is_named() {
    let mapping = "each: body.events\ntitle: item.name\ntime: item.at\nseverity: item.level\n";
    let body = json!({"events": [{"name": "a", "at": "foo", "level": 3}, {"name": "b", "level": {"x": 1}}]});
    let sample = generic(body).setting("mapping", mapping);
    assert_eq!(sample.parsed().observations.len(), 2);
    assert_eq!(
        sample.remark(),
        "item 0, time: is no time; the arrival counts; item 1, severity: is neither word nor number, and unknown therefore"
    );
}

#[test]
fn alertmanagers_wrong_fields_are_named() {
    let alert = json!({"status": "firing", "labels": {"alertname": "A", "a": 1}, "startsAt": "yesterday"});
    let sample = Sample::json("alertmanager", &json!({"version": "9", "alerts": [alert]}));
    assert_eq!(sample.only().labels.get("a").map(String::as_str), Some("1"));
    assert_eq!(
        sample.remark(),
        "version: expected \"4\" or \"1\", found \"9\"; alerts[0].labels: \"a\" is no text and was kept as one; \
         alerts[0].startsAt: expected a time, found a string of 9 characters"
    );
}

#[test]
fn datadogs_wrong_date_is_named() {
    let sample = Sample::json("datadog", &json!({"title": "CPU", "date": "abc"}));
    assert_eq!((sample.only().occurred_at, sample.remark().starts_with("date: expected a time")), (None, true));
}

#[test]
fn many_faults_are_counted_and_no_value_is_repeated() {
    let events: Vec<_> = (0..5).map(|_| json!({"title": "t", "timestamp": "hunter2"})).collect();
    let remark = generic(json!(events)).remark();
    assert!(remark.ends_with("; and 2 more") && !remark.contains("hunter2"), "{remark}");
}

#[test]
fn no_sample_of_a_vendor_has_a_fault() {
    for sample in all_samples() {
        let parsed = sample.parsed();
        assert!(
            parsed.observations.is_empty() || parsed.remark.is_none(),
            "{}/{}: {:?}",
            sample.kind,
            sample.name,
            parsed.remark
        );
    }
}
