//! One group, many senders (N17).

use watchfire_core::alert::Signal;

use super::*;

#[test]
fn the_three_receivers_of_one_alertmanager_group_name_the_same_group() {
    let webhook = sample("alertmanager", "firing").only();
    let pagerduty = sample("pagerduty", "alertmanager_group").only();
    let opsgenie = sample("opsgenie", "alertmanager_group").only();
    assert!(webhook.group.is_some());
    assert_eq!(webhook.group, pagerduty.group);
    assert_eq!(webhook.group, opsgenie.group);
    assert!(!webhook.speaks_for_group, "a webhook names each alert");
    assert!(pagerduty.speaks_for_group && opsgenie.speaks_for_group);
}

#[test]
fn what_follows_names_the_group_too() {
    let group = sample("alertmanager", "resolved").only().group;
    for name in ["close", "message", "description"] {
        let observation = sample("opsgenie", name).only();
        assert_eq!(observation.group, group, "{name}");
        assert!(observation.speaks_for_group, "{name}");
    }
    assert_eq!(sample("opsgenie", "close").only().signal, Signal::Resolved);
}

#[test]
fn a_key_that_is_no_hash_names_no_group() {
    assert_eq!(sample("pagerduty", "trigger").only().group, None);
    assert_eq!(sample("opsgenie", "acknowledge").only().group, None);
}

#[test]
fn two_groups_with_the_same_summary_stay_two_alerts() {
    let one = sample("alertmanager", "firing");
    let mut other: Value = serde_json::from_slice(&one.body).expect("JSON");
    other["groupKey"] = json!("{}/{}:{alertname=\"Other\"}");
    other["alerts"][0]["fingerprint"] = json!("0000000000000001");
    let (one, other) = (one.only(), Sample::json("alertmanager", &other).only());
    assert_eq!(one.title, other.title);
    assert_ne!(one.dedup_key, other.dedup_key);
    assert_ne!(one.group, other.group);
}

#[test]
fn a_changed_summary_is_still_the_same_alert() {
    let firing = sample("alertmanager", "firing");
    let mut resolved: Value = serde_json::from_slice(&sample("alertmanager", "resolved").body).expect("JSON");
    resolved["alerts"][0]["annotations"]["summary"] = json!("redis 127.0.0.1:29110 uses 60% of memory");
    let resolved = Sample::json("alertmanager", &resolved).only();
    assert_eq!(resolved.signal, Signal::Resolved);
    assert_eq!(resolved.dedup_key, firing.only().dedup_key);
}
