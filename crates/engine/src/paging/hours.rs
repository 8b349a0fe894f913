//! Quiet hours and nights, in the wall time of the person.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// Minutes of a day.
pub(super) const DAY_MINUTES: i64 = 24 * 60;
/// The night of the budget, in minutes after midnight.
const NIGHT: (i64, i64) = (22 * 60, 6 * 60);

/// Returns when quiet hours end that hold at an instant; `None` if none hold. Both ends are minutes after local midnight;
/// from later than until goes over midnight, and equal ends are no quiet hours.
pub(super) fn quiet_until(zone: &str, (from, until): (i64, i64), now: Timestamp) -> Option<Timestamp> {
    let local = local(zone, now);
    if !within(minute(&local), from, until) {
        return None;
    }
    let over_midnight = from > until && minute(&local) >= from;
    let date = if over_midnight { local.date().checked_add(1.day()).ok()? } else { local.date() };
    let end = date.to_datetime(time(until)).to_zoned(local.time_zone().clone()).ok()?.timestamp();
    // On the day on which clocks go back the wall time of the end may have passed once already.
    (end > now).then_some(end)
}

/// Tells whether it is night: from 22 to 6 o'clock.
pub(super) fn is_night(zone: &str, now: Timestamp) -> bool {
    within(minute(&local(zone, now)), NIGHT.0, NIGHT.1)
}

fn within(minute: i64, from: i64, until: i64) -> bool {
    if from <= until { (from..until).contains(&minute) } else { minute >= from || minute < until }
}

fn local(zone: &str, now: Timestamp) -> Zoned {
    now.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
}

fn minute(local: &Zoned) -> i64 {
    i64::from(local.hour()) * 60 + i64::from(local.minute())
}

fn time(minutes: i64) -> Time {
    let minutes = minutes.rem_euclid(DAY_MINUTES);
    Time::midnight().saturating_add(minutes.minutes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn quiet_hours_over_midnight_end_in_the_morning() {
        let quiet = (22 * 60, 7 * 60);
        let until = |text| quiet_until("Europe/Berlin", quiet, at(text));
        assert_eq!(until("2026-06-01T21:00:00Z"), Some(at("2026-06-02T05:00:00Z")), "23:00 in Berlin");
        assert_eq!(until("2026-06-02T04:59:00Z"), Some(at("2026-06-02T05:00:00Z")));
        assert_eq!(until("2026-06-02T05:00:00Z"), None);
        assert_eq!(until("2026-06-02T12:00:00Z"), None);
    }

    #[test]
    fn quiet_hours_keep_wall_time_when_the_clocks_change() {
        let quiet = (60, 4 * 60);
        // On 2026-03-29 Berlin goes from 2 to 3 o'clock: four in the morning is 2:00 UTC, not 3:00.
        assert_eq!(quiet_until("Europe/Berlin", quiet, at("2026-03-29T00:30:00Z")), Some(at("2026-03-29T02:00:00Z")));
    }

    #[test]
    fn equal_ends_are_no_quiet_hours_and_an_unknown_zone_is_utc() {
        assert_eq!(quiet_until("Nowhere/At-All", (600, 600), at("2026-06-01T10:00:00Z")), None);
        assert!(is_night("Nowhere/At-All", at("2026-06-01T23:00:00Z")));
        assert!(!is_night("America/New_York", at("2026-06-01T23:00:00Z")));
    }
}
