use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).expect("within range")
}

fn says(signal: Signal, occurred: Option<i64>, ended: Option<i64>) -> Observation {
    let mut observation = Observation::new(DedupKey::new("test", 1, "k"), signal, "t");
    observation.occurred_at = occurred.map(at);
    observation.ended_at = ended.map(at);
    observation
}

fn fold(observations: &[Observation]) -> (Current, Vec<Change>) {
    let mut current = None;
    let mut changes = Vec::new();
    for (second, observation) in observations.iter().enumerate() {
        let (next, change) = apply(current.as_ref(), observation, at(10_000 + second as i64), Flapping::default());
        changes.push(change);
        current = Some(next);
    }
    (current.expect("at least one"), changes)
}

#[test]
fn firing_repeats_then_resolves_then_fires_a_new_episode() {
    let (current, changes) = fold(&[
        says(Signal::Firing, Some(0), None),
        says(Signal::Firing, Some(0), None),
        says(Signal::Resolved, Some(0), Some(60)),
        says(Signal::Firing, Some(90), None),
    ]);
    assert_eq!(changes, [Change::Fired, Change::Repeated, Change::Resolved, Change::FiredAgain]);
    assert_eq!((current.episode, current.status, current.count), (2, Status::Firing, 4));
}

#[test]
fn a_resolve_that_arrives_before_its_fire_wins() {
    let (current, changes) = fold(&[says(Signal::Resolved, Some(0), Some(60)), says(Signal::Firing, Some(0), None)]);
    assert_eq!(changes, [Change::Resolved, Change::Stale]);
    assert_eq!(current.status, Status::Resolved);
}

#[test]
fn no_data_is_neither_firing_nor_resolved() {
    let (current, changes) = fold(&[says(Signal::Firing, Some(0), None), says(Signal::Unknown, None, None)]);
    assert_eq!((current.status, changes[1]), (Status::Unknown, Change::BecameUnknown));
    let (current, _) = fold(&[says(Signal::Resolved, None, None), says(Signal::Unknown, None, None)]);
    assert_eq!(current.status, Status::Resolved, "no data does not bring a resolved alert back");
}

#[test]
fn an_acknowledged_alert_stays_so_while_it_repeats() {
    let (current, changes) =
        fold(&[says(Signal::Firing, None, None), says(Signal::Acknowledged, None, None), says(Signal::Firing, None, None)]);
    assert_eq!((current.status, changes[2]), (Status::Acknowledged, Change::Repeated));
}

#[test]
fn what_begins_after_the_incident_ended_is_a_new_episode() {
    let (mut current, _) = fold(&[says(Signal::Firing, Some(0), None), says(Signal::Acknowledged, None, None)]);
    current.settled_at = Some(at(20_000));
    let (_, repeated) = apply(Some(&current), &says(Signal::Firing, Some(0), None), at(30_000), Flapping::default());
    assert_eq!(repeated, Change::Repeated, "the same beginning was judged");
    for observation in [says(Signal::Firing, Some(25_000), None), says(Signal::Firing, None, None)] {
        let (next, change) = apply(Some(&current), &observation, at(30_000), Flapping::default());
        assert_eq!((change, next.status, next.episode), (Change::FiredAgain, Status::Firing, 2));
        assert_eq!((next.settled_at, next.changed_at), (None, at(30_000)));
    }
}

#[test]
fn going_back_and_forth_is_flapping() {
    let mut observations = Vec::new();
    for _ in 0..5 {
        observations.push(says(Signal::Firing, None, None));
        observations.push(says(Signal::Resolved, None, None));
    }
    assert!(fold(&observations).0.flapping);
    assert!(!fold(&observations[..4]).0.flapping);
}

proptest! {
    /// Deliveries of one episode in any order and number end in the same status.
    #[test]
    fn any_order_of_one_episode_ends_resolved(order in Just(vec![0, 0, 0, 1, 1]).prop_shuffle()) {
        let observations: Vec<_> = order
            .into_iter()
            .map(|kind| if kind == 0 { says(Signal::Firing, Some(0), None) } else { says(Signal::Resolved, Some(0), Some(60)) })
            .collect();
        let (current, _) = fold(&observations);
        prop_assert_eq!(current.status, Status::Resolved);
        prop_assert_eq!(current.episode, 1);
    }
}

#[test]
fn keys_of_parts_are_unambiguous_and_long_ones_are_hashed() {
    assert_ne!(DedupKey::of_parts("s", 1, &["ab", "c"]), DedupKey::of_parts("s", 1, &["a", "bc"]));
    let long = DedupKey::new("s", 1, &"x".repeat(5_000));
    assert!(long.as_str().starts_with("s:1:sha256-") && long.as_str().len() < 100);
    assert_eq!(DedupKey::new("s", 2, "a:b").value(), "a:b");
}

#[test]
fn hostile_texts_are_cleaned_and_bounded() {
    let mut observation = says(Signal::Firing, None, None);
    observation.title = format!("a\u{202e}b\r\n\0c{}", "x".repeat(1_000));
    observation.link = Some("javascript:alert(1)".into());
    observation.label("k\nk", "v\u{7}v");
    let bounded = observation.bounded();
    assert!(bounded.title.starts_with("ab cxxx") && bounded.title.chars().count() <= 301);
    assert_eq!(bounded.link, None);
    assert_eq!(bounded.labels.get("k k").map(String::as_str), Some("v v"));
}
