//! Instants as vendors write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use watchfire_core::time;

/// Reads an instant from text: RFC 3339, the same with spaces, with `+0100` or ` UTC`, without zone (then UTC),
/// RFC 2822, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970.
///
/// Returns `None` for anything else, and for Go's zero time (year 1), which stands for "none".
pub(crate) fn read_time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    if let Ok(number) = text.parse::<f64>() {
        return time::from_epoch_number(number);
    }
    // GitLab writes `2024-02-01 10:20:05 +0000`.
    let offset = text.rsplit_once(' ').filter(|(_, zone)| zone.starts_with(['+', '-']));
    let bare = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT"));
    let instant = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| offset.and_then(|(civil, zone)| format!("{civil}{zone}").parse().ok()))
        .or_else(|| in_utc(bare.unwrap_or(text).trim_end()))
        .or_else(|| rfc2822::parse(text).ok().map(|zoned| zoned.timestamp()))
        .or_else(|| {
            let text = format!("{} +0000", bare.unwrap_or(text).trim_end());
            rfc2822::parse(&text).ok().map(|zoned| zoned.timestamp())
        })?;
    let year = instant.to_zoned(TimeZone::UTC).year();
    (year > 1).then_some(instant)
}

fn in_utc(text: &str) -> Option<Timestamp> {
    let civil: DateTime = text.parse().ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
