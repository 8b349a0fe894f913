//! Every case of `docs/reference/on-call-time.md`, under the number that it has there.

use super::build::{board, rota, who, zone};
use crate::oncall::{Weekdays, Window, first_shown, is_skipped};

const TWO: [&str; 2] = ["ada", "bo"];

fn shown(name: &str, wall: &str) -> String {
    first_shown(&zone(name), super::build::wall(wall)).to_string()
}

#[test]
fn case_1_hand_offs_stay_at_the_same_wall_time_through_both_changes() {
    let daily = rota("Europe/Oslo", "2026-03-01T08:00", 24, &TWO);
    assert_eq!(
        board(&daily, "2026-03-28T07:00:00Z", "2026-03-31T06:00:00Z"),
        ["Sat 28 08:00 +01:00 23 h bo", "Sun 29 08:00 +02:00 24 h ada", "Mon 30 08:00 +02:00 24 h bo"]
    );
    let weekly = rota("Europe/Oslo", "2026-10-05T08:00", 168, &TWO);
    assert_eq!(
        board(&weekly, "2026-10-19T06:00:00Z", "2026-11-02T07:00:00Z"),
        ["Mon 19 08:00 +02:00 169 h ada", "Mon 26 08:00 +01:00 168 h bo"]
    );
}

#[test]
fn case_2_a_shift_is_23_or_25_hours_long_on_the_day_of_the_change() {
    let daily = rota("America/New_York", "2026-01-01T00:00", 24, &TWO);
    assert_eq!(board(&daily, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"), ["Sun 08 00:00 -05:00 23 h ada"]);
    assert_eq!(board(&daily, "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"), ["Sun 01 00:00 -04:00 25 h ada"]);
}

#[test]
fn case_3_a_skipped_hand_off_takes_place_when_the_clock_has_jumped() {
    let daily = rota("Europe/Oslo", "2026-03-01T02:30", 24, &TWO);
    assert!(is_skipped(&zone("Europe/Oslo"), super::build::wall("2026-03-29T02:30")));
    assert_eq!(
        board(&daily, "2026-03-28T01:30:00Z", "2026-03-31T00:30:00Z"),
        ["Sat 28 02:30 +01:00 23.5 h bo", "Sun 29 03:00 +02:00 23.5 h ada", "Mon 30 02:30 +02:00 24 h bo"]
    );
}

#[test]
fn case_4_a_repeated_hand_off_takes_place_once_when_the_time_is_first_shown() {
    let daily = rota("Europe/Oslo", "2026-10-01T02:30", 24, &TWO);
    assert_eq!(
        board(&daily, "2026-10-24T00:30:00Z", "2026-10-26T01:30:00Z"),
        ["Sat 24 02:30 +02:00 24 h bo", "Sun 25 02:30 +02:00 25 h ada"]
    );
    assert_eq!(who(&daily, "2026-10-25T01:29:00Z"), "ada", "the time is shown again, the hand-off is not taken back");
}

#[test]
fn case_5_a_turn_that_lies_within_a_skipped_hour_has_no_length() {
    let hourly = rota("Europe/Oslo", "2026-03-29T00:00", 1, &["ada", "bo", "cy", "dee"]);
    assert_eq!(
        board(&hourly, "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z"),
        ["Sun 29 01:00 +01:00 1 h bo", "Sun 29 03:00 +02:00 1 h dee"]
    );
}

#[test]
fn case_6_a_turn_that_lies_within_a_repeated_hour_lasts_through_both_showings() {
    let hourly = rota("Europe/Oslo", "2026-10-25T00:00", 1, &["ada", "bo", "cy", "dee"]);
    assert_eq!(
        board(&hourly, "2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z"),
        ["Sun 25 01:00 +02:00 1 h bo", "Sun 25 02:00 +02:00 2 h cy", "Sun 25 03:00 +01:00 1 h dee"]
    );
}

#[test]
fn case_7_day_and_night_turns_are_11_or_13_hours_long_in_the_night_of_the_change() {
    let shifts = rota("Europe/Oslo", "2026-03-01T07:00", 12, &TWO);
    assert_eq!(
        board(&shifts, "2026-03-28T18:00:00Z", "2026-03-29T17:00:00Z"),
        ["Sat 28 19:00 +01:00 11 h bo", "Sun 29 07:00 +02:00 12 h ada"]
    );
    assert_eq!(board(&shifts, "2026-10-24T17:00:00Z", "2026-10-25T06:00:00Z"), ["Sat 24 19:00 +02:00 13 h bo"]);
}

#[test]
fn case_8_where_midnight_is_skipped_the_day_begins_at_the_jump() {
    // Cairo's clocks went from 24:00 to 01:00 in the night to 2024-04-26.
    let daily = rota("Africa/Cairo", "2024-04-24T00:00", 24, &TWO);
    assert_eq!(
        board(&daily, "2024-04-24T22:00:00Z", "2024-04-26T21:00:00Z"),
        ["Thu 25 00:00 +02:00 24 h bo", "Fri 26 01:00 +03:00 23 h ada"]
    );
    let mut closed = daily;
    closed.layers[0].except.insert(super::build::wall("2024-04-26T00:00").date());
    assert_eq!(board(&closed, "2024-04-24T22:00:00Z", "2024-04-26T21:00:00Z")[1], "Fri 26 01:00 +03:00 23 h ");
}

#[test]
fn case_9_where_the_last_hour_of_a_day_is_repeated_the_next_day_begins_after_it() {
    // Santiago's clocks went from 24:00 back to 23:00 on 2026-04-04.
    let daily = rota("America/Santiago", "2026-04-01T00:00", 24, &TWO);
    assert_eq!(board(&daily, "2026-04-04T03:00:00Z", "2026-04-05T04:00:00Z"), ["Sat 04 00:00 -03:00 25 h bo"]);
}

#[test]
fn case_10_where_midnight_is_shown_twice_the_day_begins_when_it_is_first_shown() {
    // Havana's clocks go from 01:00 back to 00:00 on 2026-11-01.
    let daily = rota("America/Havana", "2026-10-31T00:00", 24, &TWO);
    assert_eq!(
        board(&daily, "2026-10-31T04:00:00Z", "2026-11-02T05:00:00Z"),
        ["Sat 31 00:00 -04:00 24 h ada", "Sun 01 00:00 -04:00 25 h bo"]
    );
}

#[test]
fn case_11_a_day_that_has_begun_is_not_taken_back_when_the_clock_returns_to_the_day_before() {
    // St. John's clocks went from 00:01 back to 23:01 of the day before on 2010-11-07.
    let daily = rota("America/St_Johns", "2010-11-06T00:00", 24, &TWO);
    assert_eq!(who(&daily, "2010-11-07T02:29:59Z"), "ada");
    assert_eq!(who(&daily, "2010-11-07T02:30:00Z"), "bo", "00:00 is shown for the first time");
    assert_eq!(who(&daily, "2010-11-07T02:45:00Z"), "bo", "the clock shows 23:15 of the day before");
    assert_eq!(board(&daily, "2010-11-07T02:30:00Z", "2010-11-08T03:30:00Z"), ["Sun 07 00:00 -02:30 25 h bo"]);
}

#[test]
fn case_12_the_turn_of_a_day_that_a_zone_skipped_has_no_length() {
    // Samoa crossed the date line: 2011-12-29 24:00 was 2011-12-31 00:00.
    let daily = rota("Pacific/Apia", "2011-12-28T09:00", 24, &["ada", "bo", "cy", "dee"]);
    assert_eq!(
        board(&daily, "2011-12-28T19:00:00Z", "2012-01-01T19:00:00Z"),
        [
            "Wed 28 09:00 -10:00 24 h ada",
            "Thu 29 09:00 -10:00 15 h bo",
            "Sat 31 00:00 +14:00 9 h cy",
            "Sat 31 09:00 +14:00 24 h dee",
            "Sun 01 09:00 +14:00 24 h ada",
        ]
    );
    let midnight = rota("Pacific/Apia", "2011-12-28T00:00", 24, &["ada", "bo", "cy", "dee"]);
    assert_eq!(
        board(&midnight, "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z"),
        ["Thu 29 00:00 -10:00 24 h bo", "Sat 31 00:00 +14:00 24 h dee"]
    );
    assert_eq!(shown("Pacific/Apia", "2011-12-30T12:00"), "2011-12-30T10:00:00Z");
}

#[test]
fn case_13_where_a_zone_lived_a_day_twice_the_turn_lasts_through_both() {
    // Kwajalein went the other way and skipped 1993-08-21.
    let daily = rota("Pacific/Kwajalein", "1993-08-19T00:00", 24, &["ada", "bo", "cy", "dee"]);
    assert_eq!(
        board(&daily, "1993-08-20T12:00:00Z", "1993-08-22T12:00:00Z"),
        ["Fri 20 00:00 -12:00 24 h bo", "Sun 22 00:00 +12:00 24 h dee"]
    );
    // Sitka went from the Asian to the American date on 1867-10-19: its clocks were set back by a day.
    let sitka = rota("America/Sitka", "1867-10-17T00:00", 24, &["ada", "bo", "cy", "dee"]);
    let zone = zone("America/Sitka");
    let jump = zone.following(super::build::at("1867-01-01T00:00:00Z")).next().expect("it jumped").timestamp();
    let day = jiff::SignedDuration::from_hours(24);
    let shift = sitka.shift_at(jump.saturating_sub(jiff::SignedDuration::from_secs(1)).expect("within range"));
    assert!(shift.until.duration_since(shift.from) >= day * 2 - jiff::SignedDuration::from_hours(1), "{shift:?}");
}

#[test]
fn case_14_a_change_of_half_an_hour_moves_a_shift_by_half_an_hour() {
    let daily = rota("Australia/Lord_Howe", "2026-04-01T08:00", 24, &TWO);
    assert_eq!(board(&daily, "2026-04-03T21:00:00Z", "2026-04-04T21:30:00Z"), ["Sat 04 08:00 +11:00 24.5 h bo"]);
    let hourly = rota("Australia/Lord_Howe", "2026-10-04T00:00", 1, &["ada", "bo", "cy", "dee"]);
    assert_eq!(
        board(&hourly, "2026-10-03T14:30:00Z", "2026-10-03T16:00:00Z"),
        ["Sun 04 01:00 +10:30 1 h bo", "Sun 04 02:30 +11:00 0.5 h cy"]
    );
}

#[test]
fn case_15_a_window_keeps_its_wall_times_and_loses_or_gains_what_the_clock_does() {
    let mut nights = rota("Europe/Oslo", "2026-01-05T08:00", 168, &TWO);
    nights.layers[0].windows = vec![Window {
        days: Weekdays::ALL,
        from: super::build::wall("2026-01-01T22:00").time(),
        until: super::build::wall("2026-01-01T06:00").time(),
    }];
    assert_eq!(
        board(&nights, "2026-03-28T20:00:00Z", "2026-03-29T06:00:00Z"),
        ["Sat 28 21:00 +01:00 1 h ", "Sat 28 22:00 +01:00 7 h bo", "Sun 29 06:00 +02:00 2 h "]
    );
    assert_eq!(board(&nights, "2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z"), ["Sat 24 22:00 +02:00 9 h bo"]);
}

#[test]
fn case_16_a_window_within_a_skipped_hour_is_not_held_that_day() {
    let mut early = rota("Europe/Oslo", "2026-01-05T08:00", 168, &TWO);
    let time = |text: &str| super::build::wall(&format!("2026-01-01T{text}")).time();
    early.layers[0].windows = vec![Window { days: Weekdays::ALL, from: time("02:15"), until: time("02:45") }];
    assert_eq!(board(&early, "2026-03-29T00:00:00Z", "2026-03-29T03:00:00Z"), ["Sun 29 01:00 +01:00 3 h "]);
    early.layers[0].windows[0].until = time("03:30");
    assert_eq!(board(&early, "2026-03-29T00:00:00Z", "2026-03-29T01:30:00Z")[1], "Sun 29 03:00 +02:00 0.5 h bo");
}

#[test]
fn case_17_follow_the_sun_hands_over_between_zones_that_change_on_different_days() {
    // New York is on summer time from 8 March, London only from 29 March: for three weeks the morning hand-over is early.
    let london = zone("Europe/London");
    let new_york = zone("America/New_York");
    let first = super::build::wall("2026-01-05T00:00");
    let time = |text: &str| super::build::wall(&format!("2026-01-01T{text}")).time();
    let mut night = super::build::layer(&london, first, 24, &["ada"]);
    night.windows = Vec::new();
    let mut day = super::build::layer(&new_york, first, 24, &["bo"]);
    day.windows = vec![Window { days: Weekdays::ALL, from: time("08:00"), until: time("20:00") }];
    let sun = super::build::schedule(&london, vec![night, day]);
    let begins = |from: &str, until: &str| {
        board(&sun, from, until).iter().filter(|line| line.ends_with("bo")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(begins("2026-03-02T06:00:00Z", "2026-03-03T06:00:00Z"), ["Mon 02 13:00 +00:00 12 h bo"]);
    assert_eq!(begins("2026-03-10T06:00:00Z", "2026-03-11T06:00:00Z"), ["Tue 10 12:00 +00:00 12 h bo"]);
    assert_eq!(begins("2026-04-01T06:00:00Z", "2026-04-02T06:00:00Z"), ["Wed 01 13:00 +01:00 12 h bo"]);
}

#[test]
fn case_18_a_zone_that_gives_up_its_changes_keeps_the_hand_off() {
    // Mexico City gave up daylight saving in 2022.
    let daily = rota("America/Mexico_City", "2022-10-01T08:00", 24, &TWO);
    assert_eq!(board(&daily, "2022-10-29T13:00:00Z", "2022-10-30T14:00:00Z"), ["Sat 29 08:00 -05:00 25 h ada"]);
    assert_eq!(board(&daily, "2023-04-02T14:00:00Z", "2023-04-03T14:00:00Z").len(), 1, "no change in spring any more");
}

#[test]
fn case_19_the_law_never_turns_back() {
    for name in ["Europe/Oslo", "Pacific/Apia", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca"] {
        let zone = zone(name);
        let mut wall = super::build::wall("2010-11-05T00:00");
        let mut last = jiff::Timestamp::MIN;
        while wall.year() < 2012 {
            let at = first_shown(&zone, wall);
            assert!(last <= at, "{name} at {wall}");
            (last, wall) = (at, wall.saturating_add(jiff::SignedDuration::from_mins(15)));
        }
    }
}
