//! The hours of the week to which a layer is bound.

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

use super::wall::{day_at, first_shown};

/// Days of the week.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Weekdays([bool; 7]);

impl Weekdays {
    /// All seven days.
    pub const ALL: Self = Self([true; 7]);

    /// Collects days.
    pub fn of(days: impl IntoIterator<Item = Weekday>) -> Self {
        let mut set = [false; 7];
        for day in days {
            set[day.to_monday_zero_offset() as usize] = true;
        }
        Self(set)
    }

    /// Tells whether a day is among them.
    pub fn contains(self, day: Weekday) -> bool {
        self.0[day.to_monday_zero_offset() as usize]
    }
}

/// A span of wall time on some days of the week, from `from` up to but without `until`.
///
/// An end at or before the beginning lies on the next day; the days are those on which the window begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    pub days: Weekdays,
    pub from: Time,
    pub until: Time,
}

impl Window {
    /// Tells whether an instant lies within the window.
    pub(super) fn contains(&self, zone: &TimeZone, at: Timestamp) -> bool {
        let today = day_at(zone, at);
        let dates = [today.yesterday().ok(), Some(today), today.tomorrow().ok()];
        dates.into_iter().flatten().filter_map(|date| self.span(zone, date)).any(|(from, until)| from <= at && at < until)
    }

    /// Returns the instants between which the window of a date lies; both are the same where the clock jumps over it.
    pub(super) fn span(&self, zone: &TimeZone, date: Date) -> Option<(Timestamp, Timestamp)> {
        if !self.days.contains(date.weekday()) {
            return None;
        }
        let last = if self.until > self.from { date } else { date.tomorrow().ok()? };
        Some((first_shown(zone, date.to_datetime(self.from)), first_shown(zone, last.to_datetime(self.until))))
    }
}
