//! A span of a schedule as segments in each of which nothing changes.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::wall::day_begins;
use super::{Holder, Layer, Schedule};

/// How far ahead and back an end is looked for, in days, in growing steps: most lie near.
const REACH_DAYS: [i64; 3] = [8, 64, 400];

/// A span in which the same people are on call for the same reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shift {
    pub from: Timestamp,
    /// From here on another one holds.
    pub until: Timestamp,
    /// Empty is a gap.
    pub holders: Vec<Holder>,
}

impl Shift {
    /// Returns who is on call, by login.
    pub fn logins(&self) -> Vec<&str> {
        self.holders.iter().map(|holder| holder.login.as_str()).collect()
    }
}

/// A change of who is on call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HandOff {
    pub at: Timestamp,
    pub from: Vec<String>,
    pub to: Vec<String>,
}

impl Schedule {
    /// Returns the shifts of a span: they touch, leave nothing out, and two that touch differ.
    ///
    /// Turns of the same person are shifts of their own. An empty span has none.
    pub fn shifts(&self, from: Timestamp, until: Timestamp) -> Vec<Shift> {
        let mut shifts: Vec<Shift> = Vec::new();
        if from >= until {
            return shifts;
        }
        let mut marks = self.marks(from, until);
        marks.insert(from);
        for mark in marks {
            let holders = self.holders(mark);
            if let Some(last) = shifts.last_mut() {
                if last.holders == holders {
                    continue;
                }
                last.until = mark;
            }
            shifts.push(Shift { from: mark, until, holders });
        }
        shifts
    }

    /// Returns the shift at an instant with its ends; an end that is more than 400 days away is put there.
    pub fn shift_at(&self, at: Timestamp) -> Shift {
        let mut found = Shift { from: at, until: at, holders: self.holders(at) };
        for days in REACH_DAYS {
            let reach = SignedDuration::from_hours(24 * days);
            let (begin, end) = (at.saturating_sub(reach).unwrap_or(at), at.saturating_add(reach).unwrap_or(at));
            if let Some(shift) = self.shifts(begin, end).into_iter().find(|shift| shift.from <= at && at < shift.until) {
                let (begins, ends) = (shift.from > begin, shift.until < end);
                found = shift;
                if begins && ends {
                    break;
                }
            }
        }
        found
    }

    /// Returns the next instant at which other people are on call; `None` if that is more than 400 days away.
    pub fn next_hand_off(&self, at: Timestamp) -> Option<HandOff> {
        REACH_DAYS.iter().find_map(|days| {
            let end = at.saturating_add(SignedDuration::from_hours(24 * days)).ok()?;
            let shifts = self.shifts(at, end);
            let first = shifts.first()?.logins();
            let next = shifts.iter().find(|shift| shift.logins() != first)?;
            let owned = |logins: Vec<&str>| logins.into_iter().map(str::to_owned).collect();
            Some(HandOff { at: next.from, to: owned(next.logins()), from: owned(first) })
        })
    }

    /// Collects every instant within the span at which anything may change.
    fn marks(&self, from: Timestamp, until: Timestamp) -> BTreeSet<Timestamp> {
        let mut marks = BTreeSet::new();
        for layer in &self.layers {
            layer.marks(from, until, &mut marks);
        }
        for change in &self.overrides {
            marks.extend([change.from, change.until]);
        }
        marks.retain(|mark| from < *mark && *mark < until);
        marks
    }
}

impl Layer {
    fn marks(&self, from: Timestamp, until: Timestamp, marks: &mut BTreeSet<Timestamp>) {
        let first = self.turn_at(from).unwrap_or(0);
        marks.extend((first..).map(|turn| self.hand_off(turn)).take_while(|mark| *mark < until));
        marks.extend(self.until.map(|wall| super::first_shown(&self.zone, wall)));
        let dated = self.except.iter().chain(self.only.iter().flatten());
        for date in dated {
            marks.insert(day_begins(&self.zone, *date));
            marks.extend(date.tomorrow().ok().map(|next| day_begins(&self.zone, next)));
        }
        if self.windows.is_empty() {
            return;
        }
        // A day back for what began yesterday, another for clocks that were set back by a day.
        let mut date = self.zone.to_datetime(from).date().saturating_sub(SignedDuration::from_hours(48));
        let last = self.zone.to_datetime(until).date().saturating_add(SignedDuration::from_hours(24));
        while date <= last {
            for (begin, end) in self.windows.iter().filter_map(|window| window.span(&self.zone, date)) {
                marks.extend([begin, end]);
            }
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
    }
}
