use super::build::{at, board, layer, rota, schedule, wall, who, zone};
use crate::oncall::{Directory, Listed, Participant, Weekdays, Window};
use jiff::civil::Weekday;

fn time(text: &str) -> jiff::civil::Time {
    text.parse().expect("a time")
}

#[test]
fn nobody_is_on_call_before_the_first_hand_off_and_after_the_end() {
    let mut rota = rota("Etc/UTC", "2026-01-05T08:00", 24, &["ada", "bo"]);
    rota.layers[0].until = Some(wall("2026-01-07T08:00"));
    assert_eq!(
        board(&rota, "2026-01-05T00:00:00Z", "2026-01-08T00:00:00Z"),
        ["Mon 05 00:00 +00:00 8 h ", "Mon 05 08:00 +00:00 24 h ada", "Tue 06 08:00 +00:00 24 h bo", "Wed 07 08:00 +00:00 16 h "]
    );
}

#[test]
fn turns_of_any_length_go_round() {
    let rota = rota("Etc/UTC", "2026-01-05T08:00", 24 * 10, &["ada", "bo", "cy"]);
    assert_eq!(
        ["2026-01-15T07:59:59Z", "2026-01-15T08:00:00Z", "2026-01-25T08:00:00Z", "2026-02-04T08:00:00Z"].map(|at| who(&rota, at)),
        ["ada", "bo", "cy", "ada"]
    );
}

#[test]
fn a_later_layer_counts_over_an_earlier_one_where_it_counts() {
    let utc = zone("Etc/UTC");
    let base = layer(&utc, wall("2026-01-05T08:00"), 168, &["ada"]);
    let mut weekend = layer(&utc, wall("2026-01-05T08:00"), 168, &["bo"]);
    weekend.windows =
        vec![Window { days: Weekdays::of([Weekday::Saturday, Weekday::Sunday]), from: time("00:00"), until: time("00:00") }];
    let rota = schedule(&utc, vec![base, weekend]);
    assert_eq!(
        board(&rota, "2026-01-09T00:00:00Z", "2026-01-12T08:00:00Z"),
        ["Fri 09 00:00 +00:00 24 h ada", "Sat 10 00:00 +00:00 48 h bo", "Mon 12 00:00 +00:00 8 h ada"]
    );
}

#[test]
fn on_a_holiday_another_layer_holds() {
    let utc = zone("Etc/UTC");
    let christmas = wall("2026-12-25T00:00").date();
    let mut base = layer(&utc, wall("2026-12-21T00:00"), 24, &["ada"]);
    base.except.insert(christmas);
    let mut holiday = layer(&utc, wall("2026-12-21T00:00"), 24, &["bo"]);
    holiday.only = Some([christmas].into());
    let rota = schedule(&utc, vec![holiday, base]);
    let logins = ["2026-12-24T23:59:59Z", "2026-12-25T00:00:00Z", "2026-12-25T23:59:59Z", "2026-12-26T00:00:00Z"];
    assert_eq!(logins.map(|at| who(&rota, at)), ["ada", "bo", "bo", "ada"]);
}

#[test]
fn a_turn_of_nobody_leaves_the_layer_below_or_a_gap() {
    let utc = zone("Etc/UTC");
    let base = layer(&utc, wall("2026-01-05T00:00"), 168, &["ada"]);
    let mut above = layer(&utc, wall("2026-01-05T00:00"), 24, &["bo", "left"]);
    above.slots[1].clear();
    let rota = schedule(&utc, vec![base, above.clone()]);
    assert_eq!(["2026-01-05T12:00:00Z", "2026-01-06T12:00:00Z"].map(|at| who(&rota, at)), ["bo", "ada"]);
    assert_eq!(who(&schedule(&utc, vec![above]), "2026-01-06T12:00:00Z"), "");
}

#[test]
fn a_team_has_a_turn_for_each_member_and_the_disabled_have_none() {
    let person = |teams: &[&str], is_active| Listed {
        is_active,
        is_owner: false,
        teams: teams.iter().map(|team| (*team).to_owned()).collect(),
        is_reachable: true,
    };
    let mut people = Directory::default();
    people.0.insert("bo@example.org".to_owned(), person(&["security"], true));
    people.0.insert("ada@example.org".to_owned(), person(&["security", "platform"], true));
    people.0.insert("left@example.org".to_owned(), person(&["security"], false));
    people.0.insert("olga@example.org".to_owned(), Listed { is_owner: true, ..person(&[], true) });
    let words = |words: &[&str]| words.iter().map(|word| Participant::parse(word).expect("a word")).collect::<Vec<_>>();
    assert_eq!(
        people.slots(&words(&["team:security", "owners"])),
        [["ada@example.org"], ["bo@example.org"], ["olga@example.org"]]
    );
    assert_eq!(people.slots(&words(&["left@example.org", "Ada@Example.org"])), [vec![], vec!["ada@example.org".to_owned()]]);
    let both = Participant::Together(words(&["team:platform", "bo@example.org", "ada@example.org"]));
    assert_eq!(people.slots(&[both]), [["ada@example.org", "bo@example.org"]]);
    assert_eq!(["", "team:", "no login", "owner"].map(Participant::parse), [None, None, None, None]);
}

#[test]
fn the_next_hand_off_is_to_other_people() {
    let rota = rota("Etc/UTC", "2026-01-05T08:00", 24, &["ada", "ada", "bo"]);
    let next = rota.next_hand_off(at("2026-01-05T09:00:00Z")).expect("one comes");
    assert_eq!((next.at, next.from, next.to), (at("2026-01-07T08:00:00Z"), vec!["ada".to_owned()], vec!["bo".to_owned()]));
    let shift = rota.shift_at(at("2026-01-05T09:00:00Z"));
    assert_eq!((shift.from, shift.until), (at("2026-01-05T08:00:00Z"), at("2026-01-06T08:00:00Z")));
}

#[test]
fn one_person_alone_never_hands_off() {
    assert_eq!(rota("Etc/UTC", "2026-01-05T08:00", 168, &["ada"]).next_hand_off(at("2026-02-01T00:00:00Z")), None);
}
