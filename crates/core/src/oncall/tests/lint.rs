use super::build::{at, rota};
use crate::oncall::{Directory, Flaw, Listed, Participant, Schedule, lint};

fn people(logins: &[(&str, bool, bool)]) -> Directory {
    let listed = |(login, is_active, is_reachable): &(&str, bool, bool)| {
        ((*login).to_owned(), Listed { is_active: *is_active, is_reachable: *is_reachable, ..Listed::default() })
    };
    Directory(logins.iter().map(listed).collect())
}

fn flaws(rota: &Schedule, people: &Directory) -> Vec<String> {
    let found = lint(rota, people, at("2026-03-23T00:00:00Z"), at("2026-04-20T00:00:00Z"));
    found.into_iter().map(|finding| format!("{}: {}", finding.flaw.word(), finding.flaw)).collect()
}

#[test]
fn a_sound_schedule_has_no_fault() {
    let rota = rota("Europe/Oslo", "2026-01-05T08:00", 168, &["ada", "bo"]);
    assert!(flaws(&rota, &people(&[("ada", true, true), ("bo", true, true)])).is_empty());
}

#[test]
fn gaps_unknown_disabled_and_unreachable_people_and_skipped_hand_offs_are_found() {
    let mut rota = rota("Europe/Oslo", "2026-03-22T02:30", 168, &["ada", "bo", "cy", "dee"]);
    rota.layers[0].slots[1].clear();
    rota.layers[0].slots[2].clear();
    rota.layers[0].participants.push(Participant::Team("night".to_owned()));
    assert_eq!(
        flaws(&rota, &people(&[("ada", true, true), ("bo", false, true), ("dee", true, false)])),
        [
            "gap: nobody is on call from 2026-03-29T01:00:00Z to 2026-04-12T00:30:00Z",
            "disabled_person: bo of layer base is disabled: the turn is nobody's",
            "unknown_person: cy of layer base is no person here",
            "empty_group: team:night of layer base has no member",
            "skipped_hand_off: the hand-off of layer base at 2026-03-29T02:30:00 is skipped by the clocks; it takes place at 2026-03-29T01:00:00Z",
            "unreachable_person: dee has no verified contact: no page reaches them outside the console",
        ]
    );
}

#[test]
fn a_schedule_that_nobody_can_fill_is_one_fault() {
    let mut rota = rota("Europe/Oslo", "2026-01-05T08:00", 168, &["ada"]);
    rota.layers[0].slots[0].clear();
    let found = lint(&rota, &Directory::default(), at("2026-03-23T00:00:00Z"), at("2026-04-20T00:00:00Z"));
    assert_eq!(found[0].flaw, Flaw::Nobody);
    assert_eq!(found.len(), 2, "{found:?}");
}
