//! The slow specification of on-call: a clock on the wall that is watched tick by tick.
//!
//! It shares no code with the implementation. It never turns wall time into an instant; it only reads what the clock
//! shows at an instant. Whoever watches the clock remembers the latest time it has ever shown: a hand-off takes place when
//! the clock shows its time or a later one for the first time, and is not taken back when the clock goes back.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};

use super::{Layer, Schedule};

/// The watcher of one layer.
struct Watch<'a> {
    layer: &'a Layer,
    /// The latest time that the clock has shown.
    shown: DateTime,
    /// The wall time of the next hand-off, and how many there were.
    next: DateTime,
    turns: usize,
}

/// Watches a schedule's clocks; ticks must come in order, from an instant at which no clock shows a time again.
pub(super) struct Oracle<'a> {
    schedule: &'a Schedule,
    watches: Vec<Watch<'a>>,
}

impl<'a> Oracle<'a> {
    pub(super) fn new(schedule: &'a Schedule) -> Self {
        let watch = |layer: &'a Layer| Watch { layer, shown: DateTime::MIN, next: layer.first_hand_off, turns: 0 };
        Self { schedule, watches: schedule.layers.iter().map(watch).collect() }
    }

    /// Returns the logins of those on call, sorted.
    pub(super) fn tick(&mut self, at: Timestamp) -> Vec<String> {
        let mut holders = Vec::new();
        for watch in &mut self.watches {
            if let Some(slot) = watch.tick(at)
                && !slot.is_empty()
            {
                holders = slot.to_vec();
            }
        }
        for change in &self.schedule.overrides {
            if at < change.from || at >= change.until {
                continue;
            }
            match &change.instead_of {
                None => holders = vec![change.login.clone()],
                Some(left) => {
                    for holder in &mut holders {
                        if holder == left {
                            *holder = change.login.clone();
                        }
                    }
                }
            }
        }
        holders.sort();
        holders.dedup();
        holders
    }
}

impl<'a> Watch<'a> {
    fn tick(&mut self, at: Timestamp) -> Option<&'a [String]> {
        self.shown = self.shown.max(self.layer.zone.to_datetime(at));
        while self.shown >= self.next {
            self.turns += 1;
            let turn = SignedDuration::from_hours(i64::from(self.layer.turn_hours));
            self.next = self.next.checked_add(turn).expect("within the calendar");
        }
        let date = self.shown.date();
        let ended = self.layer.until.is_some_and(|until| self.shown >= until);
        let dated = !self.layer.except.contains(&date) && self.layer.only.as_ref().is_none_or(|only| only.contains(&date));
        if self.turns == 0 || ended || !dated || !self.open(date) {
            return None;
        }
        Some(&self.layer.slots[(self.turns - 1) % self.layer.slots.len()])
    }

    /// Tells whether the shown time lies in a window of its own day or in one that began the day before.
    fn open(&self, date: Date) -> bool {
        let time = self.shown.time();
        let day_before = date.yesterday().expect("within the calendar");
        self.layer.windows.is_empty()
            || self.layer.windows.iter().any(|window| {
                let began_today = window.days.contains(date.weekday()) && time >= window.from;
                let over_midnight = window.until <= window.from;
                if over_midnight {
                    began_today || (window.days.contains(day_before.weekday()) && time < window.until)
                } else {
                    began_today && time < window.until
                }
            })
    }
}
