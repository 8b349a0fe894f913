//! Which days the board shows, in the zone in which it is read.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use watchfire_core::oncall::first_shown;

/// How much the board shows at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Width {
    Day,
    Week,
    FourWeeks,
}

impl Width {
    /// All widths.
    pub(crate) const ALL: [Self; 3] = [Self::Day, Self::Week, Self::FourWeeks];

    /// Returns the word in addresses.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::FourWeeks => "4-weeks",
        }
    }

    /// Returns the word for people.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::Week => "Week",
            Self::FourWeeks => "4 weeks",
        }
    }

    /// Reads the word back.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|width| width.word() == word)
    }

    fn days(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::FourWeeks => 28,
        }
    }
}

/// The days of a board: whole ones, in a zone.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Days {
    pub(crate) zone: TimeZone,
    pub(crate) first: Date,
    pub(crate) width: Width,
}

impl Days {
    /// Returns the days around a date: weeks begin on Monday.
    pub(crate) fn around(zone: &TimeZone, date: Date, width: Width) -> Self {
        let back = if width == Width::Day { 0 } else { i64::from(date.weekday().to_monday_zero_offset()) };
        Self { zone: zone.clone(), first: date.saturating_sub(back.days()), width }
    }

    /// Returns the dates, and one more: where the board ends.
    pub(crate) fn dates(&self) -> Vec<Date> {
        (0..=self.width.days()).map(|day| self.first.saturating_add(day.days())).collect()
    }

    /// Returns the instants between which the board lies.
    pub(crate) fn span(&self) -> (Timestamp, Timestamp) {
        (self.begins(self.first), self.begins(self.first.saturating_add(self.width.days().days())))
    }

    /// Returns the instant at which a date begins.
    pub(crate) fn begins(&self, date: Date) -> Timestamp {
        first_shown(&self.zone, date.to_datetime(jiff::civil::Time::midnight()))
    }

    /// Returns the first date of the board before or after.
    pub(crate) fn step(&self, by: i64) -> Date {
        self.first.saturating_add((by * self.width.days()).days())
    }

    /// Says the days: `Week 11, 9 to 15 March 2026`.
    pub(crate) fn title(&self) -> String {
        let last = self.first.saturating_add((self.width.days() - 1).days());
        let from = match (self.first.month() == last.month(), self.first.year() == last.year()) {
            (true, true) => self.first.strftime("%-d"),
            (false, true) => self.first.strftime("%-d %B"),
            (_, false) => self.first.strftime("%-d %B %Y"),
        };
        match self.width {
            Width::Day => self.first.strftime("%A %-d %B %Y").to_string(),
            Width::Week => format!("Week {}, {from} to {}", self.first.iso_week_date().week(), last.strftime("%-d %B %Y")),
            Width::FourWeeks => format!("{from} to {}", last.strftime("%-d %B %Y")),
        }
    }
}

/// Writes a time for somebody who reads it at `now`: `07:00`, `Sat 20:00`, `22 March`, `22 March 2027`.
pub(crate) fn when(zone: &TimeZone, now: Timestamp, at: Timestamp) -> String {
    let (here, there) = (zone.to_datetime(now), zone.to_datetime(at));
    let days = there.date().duration_since(here.date()).as_hours() / 24;
    let form = match days {
        0 => "%H:%M",
        -6..=6 => "%a %H:%M",
        _ if here.year() == there.year() => "%-d %B",
        _ => "%-d %B %Y",
    };
    there.strftime(form).to_string()
}

/// Reads the value of a `datetime-local` field; empty is `None`.
pub(crate) fn read(zone: &TimeZone, text: &str) -> Result<Option<Timestamp>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let wall = text.parse::<DateTime>().map_err(|_| format!("{text:?} is no time; write 2026-03-12T08:00"))?;
    Ok(Some(first_shown(zone, wall)))
}

/// Writes the value of a `datetime-local` field.
pub(crate) fn field(zone: &TimeZone, at: Timestamp) -> String {
    zone.to_datetime(at).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Writes how long from now: `3 h 46 min`, `2 d 17 h`.
pub(crate) fn length(length: SignedDuration) -> String {
    let minutes = length.as_mins().max(0);
    match (minutes / 1_440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes:02} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}
