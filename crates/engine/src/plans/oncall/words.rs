//! The words of the file, one by one.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use serde_saphyr::Spanned;
use watchfire_core::oncall::Participant;

use crate::plans::TeamFile;
use crate::plans::fault::Faults;

/// Wall-clock hours of a turn at most: a year.
const TURN_HOURS: u32 = 24 * 366;
const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// Reads a zone's name.
pub(in crate::plans) fn zone(spot: &Spanned<String>, faults: &mut Faults) -> Option<TimeZone> {
    let name = spot.value.as_str();
    // The database takes any case and `UTC` alone; a plan says it in the database's own words.
    match TimeZone::get(name) {
        Ok(zone) if name.contains('/') || name == "UTC" => Some(zone),
        _ => {
            faults.at(spot, format!("{name:?} is no time zone; write one of the IANA database, such as Europe/Oslo or Etc/UTC"));
            None
        }
    }
}

/// Reads a wall time, to the minute.
pub(super) fn wall(spot: &Spanned<String>, faults: &mut Faults) -> Option<DateTime> {
    let read = spot.value.parse::<DateTime>().ok().filter(|wall| (1990..2200).contains(&wall.year()) && spot.value.contains('T'));
    if read.is_none() {
        faults.at(spot, format!("{:?} is no wall time; write 2026-01-05T08:00, without a zone", spot.value));
    }
    read
}

/// Reads a time of day.
pub(in crate::plans) fn time(spot: &Spanned<String>, faults: &mut Faults) -> Option<Time> {
    if spot.value == "24:00" {
        return Some(Time::midnight());
    }
    let read = Some(&spot.value).filter(|text| text.len() == 5).and_then(|text| text.parse::<Time>().ok());
    if read.is_none() {
        faults.at(spot, format!("{:?} is no time of day; write 08:00", spot.value));
    }
    read
}

/// Reads a date.
pub(super) fn date(spot: &Spanned<String>, faults: &mut Faults) -> Option<Date> {
    let read = Some(&spot.value).filter(|text| text.len() == 10).and_then(|text| text.parse::<Date>().ok());
    if read.is_none() {
        faults.at(spot, format!("{:?} is no date; write 2026-12-25", spot.value));
    }
    read
}

/// Reads the length of a turn as wall-clock hours.
pub(super) fn turn(spot: &Spanned<String>, faults: &mut Faults) -> Option<u32> {
    let hours = match spot.value.as_str() {
        "daily" => Some(24),
        "weekly" => Some(24 * 7),
        text => text.split_once(' ').and_then(|(count, unit)| {
            let unit = match unit {
                "hour" | "hours" => 1,
                "day" | "days" => 24,
                "week" | "weeks" => 24 * 7,
                _ => return None,
            };
            count.parse::<u32>().ok()?.checked_mul(unit)
        }),
    };
    let read = hours.filter(|hours| (1..=TURN_HOURS).contains(hours));
    if read.is_none() {
        faults.at(spot, format!("{:?} is no length of a turn; write daily, weekly, 12 hours, 3 days or 2 weeks", spot.value));
    }
    read
}

/// Reads days of the week; none is all.
pub(super) fn days(spots: &[Spanned<String>], faults: &mut Faults) -> Vec<Weekday> {
    let mut days = Vec::new();
    for spot in spots {
        match spot.value.as_str() {
            "weekdays" => days.extend(DAYS[..5].iter().map(|(_, day)| *day)),
            "weekend" => days.extend(DAYS[5..].iter().map(|(_, day)| *day)),
            word => match DAYS.iter().find(|(known, _)| *known == word) {
                Some((_, day)) => days.push(*day),
                None => faults.at(spot, format!("{word:?} is none of mon, tue, wed, thu, fri, sat, sun, weekdays, weekend")),
            },
        }
    }
    if spots.is_empty() { DAYS.iter().map(|(_, day)| *day).collect() } else { days }
}

/// Reads who takes part; a fault is told at the place of the turn.
pub(super) fn participant<T>(spot: &Spanned<T>, word: &str, teams: &[TeamFile], faults: &mut Faults) -> Option<Participant> {
    match Participant::parse(word) {
        Some(Participant::Team(team)) if !teams.is_empty() && !teams.iter().any(|known| known.id == team) => {
            faults.at(spot, format!("team {team:?} is not listed under teams of routing.yaml"));
            None
        }
        Some(participant) => Some(participant),
        None => {
            faults.at(spot, format!("{word:?} is neither a login, team:<id> nor owners"));
            None
        }
    }
}

/// Tells whether a word may name a schedule: it stands in addresses.
pub(super) fn is_id(word: &str) -> bool {
    let plain = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-' || char == '_';
    (1..=40).contains(&word.len()) && word.chars().all(plain) && word.starts_with(|char: char| char.is_ascii_lowercase())
}
