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
fn what_its_sender_put_aside_its_sender_takes_back_in_the_same_episode() {
    for back in [Signal::Reopened, Signal::Unacknowledged] {
        let (current, changes) =
            fold(&[says(Signal::Firing, Some(0), None), says(Signal::Acknowledged, None, None), says(back, Some(0), None)]);
        assert_eq!((current.status, current.episode, changes[2]), (Status::Firing, 1, Change::Fired), "{back:?}");
    }
    let (current, changes) = fold(&[says(Signal::Reopened, Some(0), None), says(Signal::Reopened, Some(0), None)]);
    assert_eq!((current.status, changes.as_slice()), (Status::Firing, &[Change::Fired, Change::Repeated][..]));
}

#[test]
fn what_a_person_has_in_hand_here_its_sender_takes_back_only_after_it_put_it_aside_too() {
    let (mut current, _) = fold(&[says(Signal::Firing, None, None), says(Signal::Acknowledged, None, None)]);
    current.acknowledged_here = true;
    let then = |current: &Current, signal| apply(Some(current), &says(signal, None, None), at(20_000), Flapping::default());
    for back in [Signal::Firing, Signal::Reopened, Signal::Unacknowledged] {
        let (next, change) = then(&current, back);
        assert_eq!((next.status, next.acknowledged_here, change), (Status::Acknowledged, true, Change::Repeated), "{back:?}");
    }
    let (dismissed, _) = then(&current, Signal::Acknowledged);
    let (next, change) = then(&dismissed, Signal::Reopened);
    assert_eq!((next.status, next.acknowledged_here, change), (Status::Firing, false, Change::Fired));
    // A new episode belongs to nobody yet.
    let (over, _) = then(&current, Signal::Resolved);
    assert!(!then(&over, Signal::Firing).0.acknowledged_here);
}

#[test]
fn what_is_over_comes_back_by_a_reopening_and_not_by_a_returned_acknowledgement() {
    let over = [says(Signal::Firing, Some(0), None), says(Signal::Resolved, None, Some(60))];
    let (current, changes) = fold(&[over[0].clone(), over[1].clone(), says(Signal::Reopened, Some(90), None)]);
    assert_eq!((current.status, current.episode, changes[2]), (Status::Firing, 2, Change::FiredAgain));
    let (_, changes) = fold(&[over[0].clone(), over[1].clone(), says(Signal::Reopened, Some(30), None)]);
    assert_eq!(changes[2], Change::Stale);
    let (current, changes) = fold(&[over[0].clone(), over[1].clone(), says(Signal::Unacknowledged, None, None)]);
    assert_eq!((current.status, changes[2]), (Status::Resolved, Change::Repeated));
}

#[test]
fn a_sender_whose_times_tell_no_order_fires_anew_with_an_old_time() {
    let mut trigger = says(Signal::Firing, Some(0), None);
    trigger.ordered_by_arrival = true;
    let (current, changes) = fold(&[trigger.clone(), says(Signal::Resolved, None, None), trigger]);
    assert_eq!((current.status, current.episode, changes[2]), (Status::Firing, 2, Change::FiredAgain));
}

#[test]
fn an_end_alone_is_told_from_an_end_after_a_fire() {
    assert!(fold(&[says(Signal::Resolved, None, Some(60))]).0.is_end_alone());
    assert!(fold(&[says(Signal::Resolved, None, Some(60)), says(Signal::Firing, Some(0), None)]).0.is_end_alone());
    assert!(!fold(&[says(Signal::Firing, Some(0), None), says(Signal::Resolved, None, Some(60))]).0.is_end_alone());
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
    fn any_order_of_one_episode_ends_resolved(order in Just(vec![0, 0, 2, 2, 1, 1]).prop_shuffle()) {
        let observations: Vec<_> = order
            .into_iter()
            .map(|kind| match kind {
                0 => says(Signal::Firing, Some(0), None),
                2 => says(Signal::Reopened, Some(0), None),
                _ => says(Signal::Resolved, Some(0), Some(60)),
            })
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
