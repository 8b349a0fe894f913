//! What was put aside at the vendor and is taken up again there, and what orders deliveries.

use watchfire_core::alert::Signal;

use super::*;

/// Reads a sample with some of its fields changed, each named by its JSON pointer.
fn with(kind: &str, name: &str, changes: &[(&str, Value)]) -> Observation {
    let sample = sample(kind, name);
    let mut body: Value = serde_json::from_slice(&sample.body).expect("JSON");
    for (place, value) in changes {
        let (parent, field) = place.rsplit_once('/').expect("a pointer");
        body.pointer_mut(parent).expect("there")[field] = value.clone();
    }
    Sample { body: body.to_string().into_bytes(), ..sample }.only()
}

#[test]
fn what_the_vendor_takes_up_again_is_told_from_a_repeat() {
    let open = [("/alert/state", json!("open"))];
    for (name, action, change) in [
        ("dependabot_dismissed", "reopened", &open[..]),
        ("dependabot_dismissed", "auto_reopened", &open),
        ("code_scanning_dismissed", "reopened_by_user", &open),
        ("code_scanning_dismissed", "reopened", &open),
        ("secret_false_positive", "reopened", &[("/alert/state", json!("open")), ("/alert/resolution", json!(null))]),
    ] {
        let aside = sample("github", name).only();
        let mut changes = change.to_vec();
        changes.push(("/action", json!(action)));
        let back = with("github", name, &changes);
        assert_eq!((aside.signal, back.signal), (Signal::Acknowledged, Signal::Reopened), "{name} {action}");
        assert_eq!(aside.dedup_key, back.dedup_key);
    }
    assert_eq!(with("github", "code_scanning_alert", &[("/action", json!("appeared_in_branch"))]).signal, Signal::Firing);
    assert_eq!(with("sentry", "issue_archived", &[("/action", json!("unresolved"))]).signal, Signal::Reopened);
    assert_eq!(sample("sentry", "event_alert").only().signal, Signal::Firing, "an event of it says nothing of that");
}

#[test]
fn a_whole_state_says_so_each_time() {
    assert_eq!(with("eventbridge", "guardduty_archived", &[("/detail/service/archived", json!(false))]).signal, Signal::Reopened);
    assert_eq!(with("eventbridge", "guardduty", &[("/detail/service/archived", json!(null))]).signal, Signal::Firing);
    let finding = |status: Value| {
        let changes = [("/Workflow", json!({ "Status": status })), ("/WorkflowState", json!(null))];
        with("eventbridge", "security_hub_finding", &changes).signal
    };
    assert_eq!(finding(json!("NEW")), Signal::Reopened);
    assert_eq!(finding(json!("SUPPRESSED")), Signal::Acknowledged);
    assert_eq!(finding(json!(null)), Signal::Firing);
    assert_eq!(with("ocsf", "new", &[("/status_id", json!(1))]).signal, Signal::Reopened);
    assert_eq!(with("ocsf", "new", &[("/status_id", json!(0))]).signal, Signal::Firing);
}

#[test]
fn the_word_reopened_takes_back_and_other_words_do_not() {
    let says = |status: &str| Sample::json("generic", &json!({"title": "t", "status": status})).only().signal;
    assert_eq!((says("reopened"), says("open")), (Signal::Reopened, Signal::Firing));
}

#[test]
fn pagerdutys_time_is_told_and_orders_nothing() {
    let trigger = with("pagerduty", "trigger", &[("/payload/timestamp", json!("2020-01-01T00:00:00Z"))]);
    assert_eq!((trigger.occurred_at, trigger.ordered_by_arrival), ("2020-01-01T00:00:00Z".parse().ok(), true));
    assert!(!sample("alertmanager", "firing").only().ordered_by_arrival);
}

#[test]
fn what_has_no_time_of_its_own_has_that_of_its_envelope() {
    let bare = [("/time", json!("2024-05-01T00:00:00Z")), ("/detail/newEvaluationResult/resultRecordedTime", json!(null))];
    let bare = [&bare[..], &[("/detail/notificationCreationTime", json!(null))]].concat();
    let at = "2024-05-01T00:00:00Z".parse().ok();
    assert_eq!(with("eventbridge", "config_non_compliant", &bare).occurred_at, at);
    assert_eq!(with("eventbridge", "config_compliant", &bare).ended_at, at);
    assert_ne!(with("eventbridge", "config_non_compliant", &bare[..1]).occurred_at, at, "its own time comes first");
}
