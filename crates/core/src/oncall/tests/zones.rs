//! The implementation and the slow specification agree over all zones.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};

use super::build::{at, layer, schedule, wall};
use crate::oncall::oracle::Oracle;
use crate::oncall::{Override, Schedule, Weekdays, Window};

const PEOPLE: [&str; 3] = ["ada@example.org", "bo@example.org", "cy@example.org"];
const NIGHT: [&str; 2] = ["nia@example.org", "oz@example.org"];
/// Kinds of schedule that are tried around a transition.
const KINDS: usize = 5;

/// Whether every minute around every transition is looked at, instead of a sample.
fn thorough() -> bool {
    std::env::var_os("WATCHFIRE_TEST_ALL_INSTANTS").is_some()
}

/// Every zone that ships, once for each set of rules, with the instants at which its clocks jump within 2000 to 2040.
fn zones() -> Vec<(String, TimeZone, Vec<Timestamp>)> {
    let (from, until) = (at("2000-01-01T00:00:00Z"), at("2041-01-01T00:00:00Z"));
    let database = TimeZoneDatabase::bundled();
    let mut known: BTreeMap<Vec<(Timestamp, i32)>, (String, TimeZone)> = BTreeMap::new();
    for name in database.available() {
        let zone = database.get(name.as_str()).expect("a zone that ships");
        let mut offset = zone.to_offset(from).seconds();
        let mut rules = vec![(from, offset)];
        for jump in zone.following(from).take_while(|jump| jump.timestamp() < until) {
            if jump.offset().seconds() != offset {
                offset = jump.offset().seconds();
                rules.push((jump.timestamp(), offset));
            }
        }
        known.entry(rules).or_insert((name.to_string(), zone));
    }
    let jumps = |rules: Vec<(Timestamp, i32)>| rules.into_iter().skip(1).map(|(jump, _)| jump).collect();
    known.into_iter().map(|(rules, (name, zone))| (name, zone, jumps(rules))).collect()
}

fn hours(at: Timestamp, hours: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_hours(hours)).expect("within range")
}

/// The wall time that a jump begins at, moved by minutes: a skipped or repeated one, if it is a jump of a whole hour.
fn near(zone: &TimeZone, jump: Timestamp, minutes: i64) -> DateTime {
    let second = SignedDuration::from_secs(1);
    let last = zone.to_datetime(jump.saturating_sub(second).expect("within range"));
    let moved = last.saturating_add(second).saturating_add(SignedDuration::from_mins(minutes));
    moved.with().minute(moved.minute() / 15 * 15).second(0).build().expect("a quarter of an hour")
}

fn days_before(wall: DateTime, days: i64) -> DateTime {
    wall.saturating_sub(SignedDuration::from_hours(24 * days))
}

/// A schedule whose times lie where they hurt most around this jump.
fn around(zone: &TimeZone, jump: Timestamp, kind: usize) -> Schedule {
    let (begin, inside) = (near(zone, jump, 0), near(zone, jump, 30));
    let layers = match kind {
        // A day's turn at a time that is skipped or shown twice; a holiday; nights over it.
        0 => {
            let mut base = layer(zone, days_before(inside, 2), 24, &PEOPLE);
            base.except.insert(inside.date());
            let mut nights = layer(zone, days_before(begin, 1), 24, &NIGHT);
            let quarter = near(zone, jump, 15).time();
            nights.windows = vec![Window { days: Weekdays::ALL, from: inside.time(), until: quarter }];
            nights.only = Some(BTreeSet::from([inside.date(), begin.date().tomorrow().expect("a date")]));
            vec![base, nights]
        }
        // Day and night.
        1 => vec![layer(zone, days_before(begin, 2).date().to_datetime(jiff::civil::Time::midnight()), 12, &PEOPLE)],
        // Every hour.
        2 => vec![layer(zone, days_before(begin, 2), 1, &PEOPLE)],
        // A length that divides no day, with a window inside of the jump, on weekdays of its own.
        3 => {
            let mut base = layer(zone, days_before(inside, 2), 5, &PEOPLE);
            base.windows = vec![
                Window { days: Weekdays::ALL, from: begin.time(), until: inside.time() },
                Window {
                    days: Weekdays::of([inside.weekday()]),
                    from: near(zone, jump, 45).time(),
                    until: wall("2000-01-01T23:45").time(),
                },
            ];
            base.until = Some(inside.saturating_add(SignedDuration::from_hours(30)));
            vec![base]
        }
        // Two people at once, follow the sun, midnight windows.
        _ => {
            let mut base = layer(zone, days_before(begin, 2), 24, &PEOPLE);
            base.slots[1].push(NIGHT[0].to_owned());
            let mut east = layer(zone, days_before(inside, 2), 24 * 7, &NIGHT);
            let midnight = jiff::civil::Time::midnight();
            east.windows = vec![Window { days: Weekdays::of([begin.weekday()]), from: midnight, until: midnight }];
            vec![base, east]
        }
    };
    let mut made = schedule(zone, layers);
    let cover = |from: i64, until: i64, instead_of: Option<&str>| Override {
        id: "o".to_owned(),
        login: "eve@example.org".to_owned(),
        instead_of: instead_of.map(str::to_owned),
        from: hours(jump, from),
        until: hours(jump, until),
        is_swap: false,
    };
    made.overrides = vec![cover(-7, -3, Some(PEOPLE[0])), cover(3, 9, Some(PEOPLE[1])), cover(20, 21, None)];
    made
}

fn logins(schedule: &Schedule, at: Timestamp) -> Vec<String> {
    schedule.holders(at).into_iter().map(|holder| holder.login).collect()
}

/// Walks through the hours around a jump; returns how many instants were compared.
fn walk(name: &str, schedule: &Schedule, jump: Timestamp, reach: i64, step_minutes: i64, every: bool) -> usize {
    let mut oracle = Oracle::new(schedule);
    let (begin, end) = (hours(jump, -reach), hours(jump, reach));
    let step = SignedDuration::from_mins(step_minutes);
    let quarter = begin.as_second().div_euclid(900) * 900;
    let mut instant = Timestamp::from_second(quarter).expect("within range");
    let (mut before, mut compared) = (Vec::new(), 0);
    while instant < end {
        let expected = oracle.tick(instant);
        let close = instant.duration_since(jump).abs() <= SignedDuration::from_mins(75);
        if every || close || expected != before {
            assert_eq!(logins(schedule, instant), expected, "{name} at {instant}, jump at {jump}");
            compared += 1;
        }
        if expected != before && !before.is_empty() && step_minutes == 1 {
            let just_before = instant.saturating_sub(SignedDuration::from_secs(1)).expect("within range");
            assert_eq!(logins(schedule, just_before), before, "{name} just before {instant}, jump at {jump}");
        }
        before = expected;
        instant = instant.saturating_add(step).expect("within range");
    }
    compared
}

#[test]
fn at_every_jump_of_every_zone_exactly_the_expected_people_are_on_call() {
    let all = thorough();
    let (mut jumps, mut instants) = (0, 0);
    let zones = zones();
    for (name, zone, rules) in &zones {
        for jump in rules {
            jumps += 1;
            if all {
                for kind in 0..KINDS {
                    instants += walk(name, &around(zone, *jump, kind), *jump, 60, 1, true);
                }
            } else {
                instants += walk(name, &around(zone, *jump, jumps % KINDS), *jump, 60, 15, false);
            }
        }
    }
    report(&format!("{} zones, {jumps} jumps, {instants} instants", zones.len()));
    assert!(zones.len() > 150 && jumps > 5_000 && instants > 100_000, "{} {jumps} {instants}", zones.len());
}

#[test]
fn over_forty_years_of_every_zone_no_turn_is_lost_or_doubled() {
    let step = SignedDuration::from_hours(if thorough() { 5 } else { 24 * 9 + 5 });
    let (begin, end) = (at("2000-01-10T00:00:00Z"), at("2041-01-01T00:00:00Z"));
    let (mut zones_seen, mut instants) = (0, 0);
    for (name, zone, rules) in zones() {
        zones_seen += 1;
        let rota = schedule(&zone, vec![layer(&zone, wall("2000-01-03T02:30"), 24 * 7, &PEOPLE)]);
        let mut oracle = Oracle::new(&rota);
        // The moments beside each jump, so that the watcher sees the latest time that the clock showed.
        let beside =
            rules.iter().flat_map(|jump| [-1, 0, 5_400].map(|seconds| jump.saturating_add(SignedDuration::from_secs(seconds))));
        let mut ticks: BTreeSet<Timestamp> = beside.filter_map(Result::ok).filter(|tick| *tick >= begin).collect();
        let mut tick = begin;
        while tick < end {
            ticks.insert(tick);
            tick = tick.saturating_add(step).expect("within range");
        }
        for tick in ticks {
            assert_eq!(logins(&rota, tick), oracle.tick(tick), "{name} at {tick}");
            instants += 1;
        }
    }
    report(&format!("{zones_seen} zones, {instants} instants"));
    assert!(zones_seen > 150 && instants > 60_000, "{zones_seen} {instants}");
}

#[test]
fn shifts_of_every_zone_touch_and_say_what_each_instant_says() {
    let mut shifts_seen = 0;
    for (number, (name, zone, rules)) in zones().into_iter().enumerate() {
        let sample = rules.iter().enumerate().filter(|(at, _)| thorough() || at % 16 == number % 16);
        for (index, jump) in sample {
            let rota = around(&zone, *jump, index % KINDS);
            let (from, until) = (hours(*jump, -40), hours(*jump, 40));
            let shifts = rota.shifts(from, until);
            let mut expected = from;
            for shift in &shifts {
                assert!(shift.from == expected && shift.from < shift.until, "{name}: {shift:?}");
                expected = shift.until;
                for instant in [shift.from, shift.until.saturating_sub(SignedDuration::from_nanos(1)).expect("within range")] {
                    assert_eq!(rota.holders(instant), shift.holders, "{name} at {instant}");
                }
                shifts_seen += 1;
            }
            assert_eq!(expected, until, "{name}");
            assert!(shifts.windows(2).all(|pair| pair[0].holders != pair[1].holders), "{name}");
        }
    }
    report(&format!("{shifts_seen} shifts"));
    assert!(shifts_seen > 1_000, "{shifts_seen}");
}

/// A specification that nothing could contradict would show nothing: with the common mistake, a turn of elapsed hours,
/// the two must part.
#[test]
fn the_specification_contradicts_hand_offs_by_elapsed_time() {
    let zone = super::build::zone("Europe/Oslo");
    let rota = schedule(&zone, vec![layer(&zone, wall("2026-03-23T08:00"), 24, &PEOPLE)]);
    let mut oracle = Oracle::new(&rota);
    let first = at("2026-03-23T07:00:00Z");
    let wrong = (0..24 * 14).map(|hour| hours(first, hour)).filter(|instant| {
        let elapsed = instant.duration_since(first).as_hours() / 24;
        oracle.tick(*instant) != [PEOPLE[elapsed as usize % 3]]
    });
    assert_eq!(wrong.count(), 9, "an hour of each day after the clocks were put forward");
}

#[expect(clippy::print_stderr, reason = "how much was compared belongs into the output of the test")]
fn report(what: &str) {
    eprintln!("compared {what}");
}
