use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::span::{Days, Width, field, length, read, when};

fn oslo() -> TimeZone {
    TimeZone::get("Europe/Oslo").expect("a zone that ships")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[test]
fn a_week_begins_on_monday_at_midnight_of_the_zone_and_may_be_an_hour_shorter() {
    let week = Days::around(&oslo(), date(2026, 3, 29), Width::Week);
    assert_eq!(week.span(), (at("2026-03-22T23:00:00Z"), at("2026-03-29T22:00:00Z")));
    assert_eq!(week.title(), "Week 13, 23 to 29 March 2026");
    assert_eq!(week.step(1), date(2026, 3, 30));
    let day = Days::around(&oslo(), date(2026, 3, 29), Width::Day);
    assert_eq!(day.span().1.duration_since(day.span().0), SignedDuration::from_hours(23));
    assert_eq!(day.title(), "Sunday 29 March 2026");
    assert_eq!(Days::around(&oslo(), date(2026, 1, 1), Width::Week).title(), "Week 1, 29 December 2025 to 4 January 2026");
    assert_eq!(Days::around(&oslo(), date(2026, 3, 29), Width::FourWeeks).dates().len(), 29);
}

#[test]
fn times_are_told_in_the_zone_and_as_far_as_needed() {
    let now = at("2026-03-12T02:14:00Z");
    let told = |text: &str| when(&oslo(), now, at(text));
    assert_eq!(told("2026-03-12T06:00:00Z"), "07:00");
    assert_eq!(told("2026-03-14T19:00:00Z"), "Sat 20:00");
    assert_eq!(told("2026-03-22T19:00:00Z"), "22 March");
    assert_eq!(told("2027-03-22T19:00:00Z"), "22 March 2027");
    assert_eq!(
        ["2 d 17 h", "3 h 46 min", "5 min", "1 d"],
        [3_900, 226, 5, 1_440].map(|minutes| length(SignedDuration::from_mins(minutes))).as_slice()
    );
}

#[test]
fn what_a_field_says_is_wall_time_and_a_skipped_time_begins_at_the_jump() {
    assert_eq!(read(&oslo(), "2026-03-29T02:30"), Ok(Some(at("2026-03-29T01:00:00Z"))));
    assert_eq!(read(&oslo(), ""), Ok(None));
    assert!(read(&oslo(), "tomorrow").is_err());
    assert_eq!(field(&oslo(), at("2026-03-12T02:14:20Z")), "2026-03-12T03:14");
}
