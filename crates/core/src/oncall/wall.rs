//! Wall time to instants: the one law by which hand-offs, windows and days begin.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// Returns the first instant at which the clocks of a zone show this wall time or a later one.
///
/// A wall time that is skipped begins when the clock has jumped over it, one that is shown twice when it is shown for
/// the first time. The law never turns back: of two wall times the later one never begins before the earlier one.
/// What lies outside of the range of instants becomes its end.
pub fn first_shown(zone: &TimeZone, wall: DateTime) -> Timestamp {
    let end = || if wall.year() > 0 { Timestamp::MAX } else { Timestamp::MIN };
    match zone.to_ambiguous_timestamp(wall).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(wall).unwrap_or_else(|_| end()),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(wall).unwrap_or_else(|_| end()),
        AmbiguousOffset::Gap { after, .. } => {
            // Read with the later offset, a skipped time lies before the jump: the next jump past it is the one.
            let Ok(early) = after.to_timestamp(wall) else { return end() };
            let mut jumps = zone.following(early).map(|jump| jump.timestamp());
            jumps.find(|jump| zone.to_datetime(*jump) >= wall).unwrap_or(early)
        }
    }
}

/// Tells whether the clocks of a zone never show this wall time.
pub fn is_skipped(zone: &TimeZone, wall: DateTime) -> bool {
    matches!(zone.to_ambiguous_timestamp(wall).offset(), AmbiguousOffset::Gap { .. })
}

/// Returns the instant at which a date begins.
pub(super) fn day_begins(zone: &TimeZone, date: Date) -> Timestamp {
    first_shown(zone, date.to_datetime(Time::midnight()))
}

/// Returns the date that has begun last; while the clock shows a date for the second time, the one after it.
pub(super) fn day_at(zone: &TimeZone, at: Timestamp) -> Date {
    let mut date = zone.to_datetime(at).date();
    while let Ok(next) = date.tomorrow()
        && day_begins(zone, next) <= at
    {
        date = next;
    }
    date
}
