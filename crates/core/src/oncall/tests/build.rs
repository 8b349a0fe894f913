//! Short ways to say a schedule.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::oncall::{Layer, Override, Participant, Schedule};

/// Returns a zone of the database that ships with the program, so that tests do not depend on the machine's.
pub(super) fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).expect("a zone that ships")
}

pub(super) fn wall(text: &str) -> DateTime {
    text.parse().expect("a wall time")
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// A rotation of single people that always counts.
pub(super) fn layer(zone: &TimeZone, first: DateTime, turn_hours: u32, logins: &[&str]) -> Layer {
    let slots: Vec<Vec<String>> = logins.iter().map(|login| vec![(*login).to_owned()]).collect();
    Layer {
        name: "base".to_owned(),
        zone: zone.clone(),
        first_hand_off: first,
        turn_hours,
        participants: logins.iter().map(|login| Participant::Person((*login).to_owned())).collect(),
        slots,
        until: None,
        windows: Vec::new(),
        except: Default::default(),
        only: None,
    }
}

pub(super) fn schedule(zone: &TimeZone, layers: Vec<Layer>) -> Schedule {
    Schedule { id: "seoc".to_owned(), title: "Security".to_owned(), zone: zone.clone(), layers, overrides: Vec::new() }
}

/// A schedule of one layer.
pub(super) fn rota(name: &str, first: &str, turn_hours: u32, logins: &[&str]) -> Schedule {
    let zone = zone(name);
    let layer = layer(&zone, wall(first), turn_hours, logins);
    schedule(&zone, vec![layer])
}

pub(super) fn cover(id: &str, login: &str, instead_of: Option<&str>, from: &str, until: &str) -> Override {
    Override {
        id: id.to_owned(),
        login: login.to_owned(),
        instead_of: instead_of.map(str::to_owned),
        from: at(from),
        until: at(until),
        is_swap: false,
    }
}

/// The logins on call at an instant, joined; empty is a gap.
pub(super) fn who(schedule: &Schedule, instant: &str) -> String {
    schedule.holders(at(instant)).into_iter().map(|holder| holder.login).collect::<Vec<_>>().join("+")
}

/// The shifts of a span, a line each: beginning in local time, length in hours, who.
pub(super) fn board(schedule: &Schedule, from: &str, until: &str) -> Vec<String> {
    let shifts = schedule.shifts(at(from), at(until));
    let line = |shift: &crate::oncall::Shift| {
        let begins = shift.from.to_zoned(schedule.zone.clone()).strftime("%a %d %H:%M %:z").to_string();
        let hours = shift.until.duration_since(shift.from).as_secs_f64() / 3600.0;
        format!("{begins} {hours} h {}", shift.logins().join("+"))
    };
    shifts.iter().map(line).collect()
}
