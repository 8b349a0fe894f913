//! One rotation of a schedule, and the times at which it counts.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::wall::{day_at, first_shown};
use super::{Participant, Window};

/// A rotation. It counts from its first hand-off on, within its windows, on its dates; elsewhere the layers below do.
#[derive(Clone, PartialEq, Debug)]
pub struct Layer {
    pub name: String,
    /// Whose wall time all of the layer's times are in.
    pub zone: TimeZone,
    /// The wall time at which the first turn begins; every further turn begins a whole number of turns after it.
    pub first_hand_off: DateTime,
    /// Wall-clock hours of one turn: a day is 24, however long it lasts.
    pub turn_hours: u32,
    /// The rotation's list as it is written.
    pub participants: Vec<Participant>,
    /// Who holds each turn, in order and from the start again. A slot without anybody is nobody's turn.
    pub slots: Vec<Vec<String>>,
    /// The wall time from which on the layer counts no more.
    pub until: Option<DateTime>,
    /// The hours of the week; none is always.
    pub windows: Vec<Window>,
    /// Dates on which the layer does not count.
    pub except: BTreeSet<Date>,
    /// The only dates on which the layer counts.
    pub only: Option<BTreeSet<Date>>,
}

impl Layer {
    /// Returns the number of the turn at an instant, from 0, wherever the layer counts or not; `None` before the first.
    pub fn turn_at(&self, at: Timestamp) -> Option<i64> {
        let passed = self.zone.to_datetime(at).duration_since(self.first_hand_off);
        let mut turn = passed.as_secs().div_euclid(i64::from(self.turn_hours.max(1)) * 3_600);
        // Wall time shown for the second time lies behind hand-offs that have taken place.
        while self.hand_off(turn + 1) <= at {
            turn += 1;
        }
        while turn >= 0 && self.hand_off(turn) > at {
            turn -= 1;
        }
        (turn >= 0).then_some(turn)
    }

    /// Returns the wall time at which a turn begins; `None` beyond the calendar.
    pub fn hand_off_wall(&self, turn: i64) -> Option<DateTime> {
        let hours = turn.checked_mul(i64::from(self.turn_hours.max(1)))?;
        self.first_hand_off.checked_add(SignedDuration::try_from_hours(hours)?).ok()
    }

    /// Returns the instant at which a turn begins.
    pub fn hand_off(&self, turn: i64) -> Timestamp {
        self.hand_off_wall(turn).map_or(Timestamp::MAX, |wall| first_shown(&self.zone, wall))
    }

    /// Says the rotation in a few words: `weekly, Mon 08:00`.
    pub fn rule(&self) -> String {
        let hours = self.turn_hours;
        let many = |count: u32, unit: &str| if count == 1 { format!("every {unit}") } else { format!("every {count} {unit}s") };
        let time = self.first_hand_off.strftime("%H:%M");
        match hours {
            24 => format!("daily, {time}"),
            168 => format!("weekly, {} {time}", self.first_hand_off.strftime("%a")),
            _ if hours.is_multiple_of(168) => {
                format!("{}, {} {time}", many(hours / 168, "week"), self.first_hand_off.strftime("%a"))
            }
            _ if hours.is_multiple_of(24) => format!("{}, {time}", many(hours / 24, "day")),
            _ => format!("{}, from {time}", many(hours, "hour")),
        }
    }

    /// Returns the slot of a turn.
    pub(super) fn slot(&self, turn: i64) -> &[String] {
        let count = self.slots.len().max(1) as i64;
        self.slots.get(turn.rem_euclid(count) as usize).map_or(&[], Vec::as_slice)
    }

    /// Returns the turn at an instant if the layer counts then and the turn is somebody's.
    pub(super) fn active(&self, at: Timestamp) -> Option<(i64, &[String])> {
        if self.until.is_some_and(|until| first_shown(&self.zone, until) <= at) {
            return None;
        }
        if !self.except.is_empty() || self.only.is_some() {
            let today = day_at(&self.zone, at);
            if self.except.contains(&today) || self.only.as_ref().is_some_and(|only| !only.contains(&today)) {
                return None;
            }
        }
        if !self.windows.is_empty() && !self.windows.iter().any(|window| window.contains(&self.zone, at)) {
            return None;
        }
        let turn = self.turn_at(at)?;
        Some((turn, self.slot(turn))).filter(|(_, slot)| !slot.is_empty())
    }
}
