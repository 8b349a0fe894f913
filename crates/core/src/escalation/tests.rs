use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).expect("within range")
}

/// A directory by hand: who stands behind a target, and how they can be reached.
#[derive(Clone, Debug, Default)]
struct People {
    schedules: BTreeMap<String, Vec<String>>,
    gone: BTreeSet<String>,
    quiet: BTreeMap<String, Timestamp>,
}

impl Directory for People {
    fn people(&self, target: &Target) -> Vec<String> {
        match target {
            Target::Person(login) => vec![login.clone()],
            Target::Schedule(id) => self.schedules.get(id).cloned().unwrap_or_default(),
            Target::Owners => vec!["owner".into()],
            Target::Team(_) | Target::Role(_) => Vec::new(),
        }
    }

    fn reach(&self, person: &str) -> Reach {
        if self.gone.contains(person) {
            return Reach::Gone;
        }
        self.quiet.get(person).map_or(Reach::Open, |until| Reach::QuietUntil(*until))
    }
}

fn person(login: &str) -> Target {
    Target::Person(login.into())
}

fn policy(steps: &[&[&str]], stops: Stops) -> Policy {
    Policy {
        name: "test".into(),
        steps: steps
            .iter()
            .map(|people| Step {
                targets: people.iter().map(|login| person(login)).collect(),
                wait: SignedDuration::from_mins(5),
            })
            .collect(),
        repeat: 0,
        stops,
        fallback: vec![Target::Owners],
        fallback_every: SignedDuration::from_mins(30),
    }
}

fn told(effects: &[Effect]) -> Vec<&str> {
    let told = |effect: &'_ Effect| matches!(effect, Effect::Tell { .. });
    effects
        .iter()
        .filter(|effect| told(effect))
        .map(|effect| match effect {
            Effect::Tell { person, .. } => person.as_str(),
            _ => "",
        })
        .collect()
}

fn time_out(policy: &Policy, page: Page, people: &People) -> (Page, Vec<Effect>, Timestamp) {
    let due_at = page.due_at.expect("an open page goes on by itself");
    let event = Event::TimedOut { turn: page.turn };
    let (page, effects) = advance(policy, page, &event, people, due_at);
    (page, effects, due_at)
}

#[test]
fn an_unanswered_page_goes_from_step_to_step_to_the_fallback_and_stays_there() {
    let (policy, people) = (policy(&[&["ann"], &["ben", "cleo"]], Stops::Incident), People::default());
    let (page, effects) = advance(&policy, Page::new(true), &Event::Begin, &people, at(0));
    assert_eq!((told(&effects), page.due_at), (vec!["ann"], Some(at(300))));
    let (page, effects, _) = time_out(&policy, page, &people);
    assert_eq!(told(&effects), ["ben", "cleo"]);
    assert!(effects.contains(&Effect::Escalated { to: Place::Step { round: 0, step: 1 } }));
    let (page, effects, _) = time_out(&policy, page, &people);
    assert_eq!((told(&effects), page.status), (vec!["owner"], Status::Exhausted));
    assert!(effects.contains(&Effect::Exhausted));
    let (page, effects, at) = time_out(&policy, page, &people);
    assert_eq!(told(&effects), ["owner"], "the fallback is told again");
    assert!(!effects.contains(&Effect::Exhausted), "it is exhausted once");
    let (page, effects) = advance(&policy, page, &Event::Acknowledged { by: "owner".into() }, &people, at);
    assert_eq!((page.status, page.due_at), (Status::Acknowledged, None));
    assert_eq!(effects, [Effect::Acknowledged { by: "owner".into(), ends: true }, Effect::Rest]);
}

#[test]
fn steps_are_repeated_as_often_as_the_policy_says() {
    let (mut policy, people) = (policy(&[&["ann"]], Stops::Anyone), People::default());
    policy.repeat = 2;
    let (mut page, _) = advance(&policy, Page::new(false), &Event::Begin, &people, at(0));
    for _ in 0..2 {
        let (next, effects, _) = time_out(&policy, page, &people);
        assert_eq!(told(&effects), ["ann"]);
        page = next;
    }
    assert_eq!(page.recipient("ann").map(|told| told.times), Some(3));
    let (page, _, _) = time_out(&policy, page, &people);
    assert_eq!(page.place, Place::Fallback);
}

#[test]
fn everyone_must_acknowledge_and_only_the_missing_are_told_again() {
    let (mut policy, people) = (policy(&[&["ann", "ben"]], Stops::Everyone), People::default());
    policy.repeat = 1;
    let (page, _) = advance(&policy, Page::new(true), &Event::Begin, &people, at(0));
    let (page, effects) = advance(&policy, page, &Event::Acknowledged { by: "ann".into() }, &people, at(10));
    assert!(page.status.is_open(), "one of two stops nothing");
    assert_eq!(effects, [Effect::Acknowledged { by: "ann".into(), ends: false }]);
    let (page, _) = advance(&policy, page, &Event::IncidentAcknowledged { by: "ben".into() }, &people, at(11));
    assert!(page.status.is_open(), "taking up the incident is not an answer to this page");
    let (page, effects, now) = time_out(&policy, page, &people);
    assert_eq!(told(&effects), ["ben"]);
    let (page, _) = advance(&policy, page, &Event::Acknowledged { by: "ben".into() }, &people, now);
    assert_eq!(page.status, Status::Acknowledged);
}

#[test]
fn the_fallback_takes_over_for_those_who_do_not_answer() {
    let (policy, mut people) = (policy(&[&["owner", "ben"]], Stops::Everyone), People::default());
    let (page, _) = advance(&policy, Page::new(true), &Event::Begin, &people, at(0));
    let (page, _) = advance(&policy, page, &Event::Acknowledged { by: "owner".into() }, &people, at(10));
    let (page, effects, now) = time_out(&policy, page, &people);
    assert_eq!(told(&effects), ["owner"], "who has answered for themselves is asked to take over");
    people.gone.insert("nobody".into());
    let (page, _) = advance(&policy, page, &Event::Acknowledged { by: "owner".into() }, &people, now);
    assert_eq!(page.status, Status::Acknowledged);
}

#[test]
fn only_who_was_paged_stops_a_page_of_anyone() {
    let (policy, people) = (policy(&[&["ann"]], Stops::Anyone), People::default());
    let (page, _) = advance(&policy, Page::new(true), &Event::Begin, &people, at(0));
    let (page, effects) = advance(&policy, page, &Event::Acknowledged { by: "stranger".into() }, &people, at(1));
    assert_eq!((page.status, effects), (Status::Pending, Vec::new()));
    let (page, _) = advance(&policy, page, &Event::IncidentAcknowledged { by: "ann".into() }, &people, at(1));
    assert!(page.status.is_open());
    let (page, _) = advance(&policy, page, &Event::Acknowledged { by: "ann".into() }, &people, at(2));
    assert_eq!(page.status, Status::Acknowledged);
}

#[test]
fn who_left_is_passed_over_at_once() {
    let (policy, mut people) = (policy(&[&["ann"], &["ben"], &["cleo"]], Stops::Incident), People::default());
    people.gone.insert("ann".into());
    let (page, effects) = advance(&policy, Page::new(true), &Event::Begin, &people, at(0));
    assert_eq!(told(&effects), ["ben"]);
    assert!(effects.contains(&Effect::Skipped {
        person: "ann".into(),
        place: Place::Step { round: 0, step: 0 },
        why: Skip::Gone
    }));
    people.gone.insert("ben".into());
    let (page, effects) = advance(&policy, page, &Event::Gone { person: "ben".into() }, &people, at(20));
    assert_eq!(told(&effects), ["cleo"], "the next step comes at once, not after the wait");
    let (page, _) = advance(&policy, page, &Event::Unreachable { person: "cleo".into() }, &people, at(21));
    assert_eq!(page.status, Status::Exhausted, "nobody left to answer: the fallback");
}

#[test]
fn quiet_hours_pass_over_at_sev3_and_never_at_sev1() {
    let (policy, mut people) = (policy(&[&["ann"], &["ben"]], Stops::Incident), People::default());
    people.quiet.insert("ann".into(), at(3_600));
    let (page, effects) = advance(&policy, Page::new(false), &Event::Begin, &people, at(0));
    assert_eq!(told(&effects), ["ben"]);
    people.quiet.insert("ben".into(), at(3_600));
    let (_, effects) = advance(&policy, page, &Event::BecameUrgent, &people, at(60));
    assert_eq!(told(&effects), ["ben"], "raised to SEV1: told again where it stands, whatever the hour");
    let (_, effects) = advance(&policy, Page::new(true), &Event::Begin, &people, at(0));
    assert_eq!(told(&effects), ["ann"]);
}

#[test]
fn when_everybody_is_quiet_the_fallback_is_told_when_the_first_wakes() {
    let (policy, mut people) = (policy(&[&["ann"]], Stops::Incident), People::default());
    people.quiet.insert("ann".into(), at(7_200));
    people.quiet.insert("owner".into(), at(900));
    let (page, effects) = advance(&policy, Page::new(false), &Event::Begin, &people, at(0));
    assert_eq!((told(&effects).len(), page.due_at), (0, Some(at(900))));
    people.quiet.clear();
    let (page, effects, _) = time_out(&policy, page, &people);
    assert_eq!((told(&effects), page.status), (vec!["owner"], Status::Exhausted));
}

#[test]
fn a_timer_of_an_older_turn_or_before_its_instant_does_nothing() {
    let (policy, people) = (policy(&[&["ann"], &["ben"]], Stops::Incident), People::default());
    let (page, _) = advance(&policy, Page::new(true), &Event::Begin, &people, at(0));
    let old = Event::TimedOut { turn: page.turn };
    let (same, effects) = advance(&policy, page.clone(), &old, &people, at(-3_000));
    assert_eq!((&same, effects), (&page, vec![Effect::Wake { at: at(300), turn: page.turn }]), "the clock went back");
    let (page, _, _) = time_out(&policy, page, &people);
    let (same, effects) = advance(&policy, page.clone(), &old, &people, at(9_000));
    assert_eq!((same, effects), (page, Vec::new()));
}

#[test]
fn a_schedule_without_a_holder_costs_no_time() {
    let mut policy = policy(&[&["ann"]], Stops::Incident);
    policy.steps.insert(0, Step { targets: vec![Target::Schedule("empty".into())], wait: SignedDuration::from_mins(5) });
    let (page, effects) = advance(&policy, Page::new(false), &Event::Begin, &People::default(), at(0));
    assert_eq!((told(&effects), page.place), (vec!["ann"], Place::Step { round: 0, step: 1 }));
}

const NAMES: [&str; 5] = ["ann", "ben", "cleo", "dov", "owner"];

#[derive(Clone, Debug)]
enum Act {
    Hear(Event),
    Wait,
    Jump(i64),
    Leave(String),
    Quiet(String, i64),
    Wake(String),
}

fn acts() -> impl Strategy<Value = Act> {
    let name = prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned);
    prop_oneof![
        6 => Just(Act::Wait),
        1 => (-4_000_i64..4_000).prop_map(Act::Jump),
        1 => name.clone().prop_map(Act::Leave),
        1 => (name.clone(), 0_i64..9_000).prop_map(|(name, second)| Act::Quiet(name, second)),
        1 => name.clone().prop_map(Act::Wake),
        2 => name.clone().prop_map(|person| Act::Hear(Event::Sent { person })),
        1 => name.clone().prop_map(|person| Act::Hear(Event::Delivered { person })),
        1 => name.clone().prop_map(|person| Act::Hear(Event::Unreachable { person })),
        1 => name.clone().prop_map(|by| Act::Hear(Event::Acknowledged { by })),
        1 => name.prop_map(|by| Act::Hear(Event::IncidentAcknowledged { by })),
        1 => Just(Act::Hear(Event::BecameUrgent)),
        1 => (0_u32..6).prop_map(|turn| Act::Hear(Event::TimedOut { turn })),
    ]
}

fn policies() -> impl Strategy<Value = Policy> {
    let step = prop::collection::vec(prop::sample::select(NAMES[..4].to_vec()), 0..3);
    let stops = prop::sample::select(vec![Stops::Incident, Stops::Anyone, Stops::Everyone]);
    (prop::collection::vec(step, 0..4), 0_u32..3, stops).prop_map(|(steps, repeat, stops)| {
        let steps: Vec<_> = steps.iter().map(Vec::as_slice).collect();
        Policy { repeat, ..policy(&steps, stops) }
    })
}

proptest! {
    /// Invariant 15, whatever happens in whatever order: a page that is not over goes on by itself; after its end nothing
    /// more leaves; nobody is told twice under one number; who is gone is never told; quiet hours never hold when urgent;
    /// an acknowledgement stops what the policy says.
    #[test]
    fn an_open_page_always_goes_on_and_a_closed_one_never(
        policy in policies(), urgent in any::<bool>(), acts in prop::collection::vec(acts(), 1..60),
    ) {
        let (mut people, mut now) = (People::default(), at(0));
        let (mut page, mut effects) = advance(&policy, Page::new(urgent), &Event::Begin, &people, now);
        let mut numbers = BTreeSet::new();
        for act in acts {
            for effect in &effects {
                match effect {
                    Effect::Tell { person, times, .. } => {
                        prop_assert!(numbers.insert((person.clone(), *times)), "told twice under one number");
                        prop_assert!(!people.gone.contains(person));
                    }
                    Effect::Skipped { why: Skip::QuietHours, .. } => prop_assert!(!page.urgent),
                    _ => {}
                }
            }
            prop_assert_eq!(page.status.is_open(), page.due_at.is_some());
            let before = page.clone();
            let event = match act {
                Act::Wait => {
                    now = now.max(page.due_at.unwrap_or(now));
                    Event::TimedOut { turn: page.turn }
                }
                Act::Jump(seconds) => {
                    now = now.checked_add(SignedDuration::from_secs(seconds)).expect("within range");
                    Event::TimedOut { turn: page.turn }
                }
                Act::Leave(person) => {
                    people.gone.insert(person.clone());
                    Event::Gone { person }
                }
                Act::Quiet(person, second) => {
                    people.quiet.insert(person.clone(), at(second));
                    Event::Sent { person }
                }
                Act::Wake(person) => {
                    people.quiet.remove(&person);
                    Event::Sent { person }
                }
                Act::Hear(event) => event,
            };
            (page, effects) = advance(&policy, page, &event, &people, now);
            if !before.status.is_open() {
                prop_assert_eq!(&before, &page);
                prop_assert!(effects.is_empty());
            }
            if let (true, Event::Acknowledged { by }) = (before.status.is_open(), &event) {
                let paged = before.recipient(by).is_some_and(|told| told.answer != Answer::Acknowledged);
                match policy.stops {
                    Stops::Incident => prop_assert!(!page.status.is_open()),
                    Stops::Anyone => prop_assert_eq!(!page.status.is_open(), paged),
                    Stops::Everyone => {
                        let missing = page.recipients.iter().any(|told| !matches!(told.answer, Answer::Acknowledged | Answer::Gone));
                        let took_over = before.recipient(by).is_some_and(|told| paged && told.place == Place::Fallback);
                        prop_assert_eq!(!page.status.is_open(), paged && (took_over || !missing));
                    }
                }
            }
        }
        // Left alone from here on, it reaches the fallback within its steps, and tells it unless all are gone.
        people.quiet.clear();
        let turns = policy.steps.len() * (policy.repeat as usize + 1) + 2;
        let mut fallback = false;
        for _ in 0..turns {
            if !page.status.is_open() {
                break;
            }
            now = now.max(page.due_at.expect("an open page goes on by itself"));
            (page, effects) = advance(&policy, page.clone(), &Event::TimedOut { turn: page.turn }, &people, now);
            fallback |= effects.iter().any(|effect| matches!(effect, Effect::Tell { place: Place::Fallback, .. }));
        }
        if page.status.is_open() {
            prop_assert_eq!(page.status, Status::Exhausted);
            prop_assert!(fallback || people.gone.contains("owner"));
        }
    }
}
