//! The console's words for time and number (docs/guide: times are UTC, 24 hours; nothing is "just now" or "about").

use std::borrow::Borrow;

use jiff::Timestamp;

/// Writes how long ago something was: `20 s`, `6 min`, `3 h`, `11 d`. What lies ahead counts as `0 s`.
pub(crate) fn ago(now: Timestamp, at: Timestamp) -> String {
    span(now.as_second().saturating_sub(at.as_second()))
}

/// Writes a length in seconds by its greatest unit: `20 s`, `6 min`, `3 h`, `11 d`.
pub(crate) fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", count(seconds / 86_400)),
    }
}

/// Writes a length in seconds by its two greatest units: `2 min 48 s`, `2 h 11 min`, `3 d 4 h`.
pub(crate) fn exact(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let two = |great: i64, unit: &str, small: i64, part: &str| {
        if small == 0 { format!("{} {unit}", count(great)) } else { format!("{} {unit} {small} {part}", count(great)) }
    };
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => two(seconds / 60, "min", seconds % 60, "s"),
        3_600..86_400 => two(seconds / 3_600, "h", seconds % 3_600 / 60, "min"),
        _ => two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h"),
    }
}

/// Writes an age with its second unit: `22 min`, `2 h 11 min`, `11 d`.
pub(crate) fn age(now: Timestamp, at: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(at.as_second()).max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h {:02} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d", count(seconds / 86_400)),
    }
}

/// Writes a countdown: `04:12` below one hour, `22 h 37 min` to three days, `4 d` to a week, then the date;
/// `06:31 over` when the time has passed.
pub(crate) fn countdown(now: Timestamp, due: Timestamp) -> String {
    let left = due.as_second().saturating_sub(now.as_second());
    if left < 0 {
        return format!("{} over", short(left.saturating_neg()));
    }
    if left > 604_800 { due.strftime("%-d %b %Y").to_string() } else { short(left) }
}

/// Writes a number with thousands commas.
pub(crate) fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Writes the time of day to the second: `02:04:10`.
pub(crate) fn second(at: impl Borrow<Timestamp>) -> String {
    at.borrow().strftime("%H:%M:%S").to_string()
}

/// Writes the time of day to the minute: `02:04`.
pub(crate) fn minute(at: impl Borrow<Timestamp>) -> String {
    at.borrow().strftime("%H:%M").to_string()
}

/// Writes the day: `Thursday 12 March 2026`.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%A %-d %B %Y").to_string()
}

/// Writes day and time in full, for titles: `Thu 12 Mar 2026 02:04:10 UTC`.
pub(crate) fn full(at: impl Borrow<Timestamp>) -> String {
    at.borrow().strftime("%a %-d %b %Y %H:%M:%S UTC").to_string()
}

/// Writes a time near to now by its minute, another day's with the day: `02:18`, `13 Mar 02:18`.
pub(crate) fn near(now: Timestamp, at: Timestamp) -> String {
    let same = now.strftime("%F").to_string() == at.strftime("%F").to_string();
    at.strftime(if same { "%H:%M" } else { "%-d %b %H:%M" }).to_string()
}

/// Writes day and minute: `12 Mar 2026 02:04`.
pub(crate) fn stamp(at: Timestamp) -> String {
    at.strftime("%-d %b %Y %H:%M").to_string()
}

fn short(seconds: i64) -> String {
    match seconds {
        0..3_600 => format!("{:02}:{:02}", seconds / 60, seconds % 60),
        3_600..259_200 => format!("{} h {:02} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d", count(seconds / 86_400)),
    }
}

#[cfg(test)]
mod tests;
