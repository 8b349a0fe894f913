//! Time as an argument.

pub use jiff::Timestamp;

/// Tells the present instant; handed in by the wiring, moved by hand in tests.
pub trait Clock: Send + Sync {
    /// Returns the present instant of the wall clock, UTC.
    fn now(&self) -> Timestamp;
}

/// Writes an instant as RFC 3339 in UTC with exactly microseconds: `2026-01-02T03:04:05.678901Z`.
///
/// One width, so that texts sort as instants do; the form that the record and the API use.
pub fn rfc3339(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// Returns the instant as microseconds since 1970, the form in which the store keeps it.
pub fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// Reads the store's form back; instants outside of jiff's range become the nearest that it holds.
pub fn from_micros(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// Reads a number of unknown unit (seconds, milliseconds, microseconds or nanoseconds since 1970) as an instant.
///
/// The unit is told by magnitude: a plausible event lies between 1973 and 5138, and in that span the four
/// units do not overlap. Returns `None` for numbers outside of it.
pub fn from_epoch_number(number: f64) -> Option<Timestamp> {
    const LEAST: f64 = 1e8; // 1973 in seconds
    const MOST: f64 = 1e11; // 5138 in seconds
    if !number.is_finite() || number < LEAST {
        return None;
    }
    let mut seconds = number;
    for _ in 0..4 {
        if seconds < MOST {
            return Timestamp::from_microsecond((seconds * 1e6).round() as i64).ok();
        }
        seconds /= 1e3;
    }
    None
}
