//! Shifts as an iCalendar feed (RFC 5545).

use jiff::Timestamp;

/// Octets of a line at most, without its end (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

/// One shift in a calendar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// The same for the same shift each time that the feed is read.
    pub uid: String,
    pub from: Timestamp,
    pub until: Timestamp,
    pub summary: String,
    /// Empty is left out.
    pub description: String,
}

/// Writes a calendar; `stamp` is when it was made. Instants are UTC, lines are folded and end in CR LF.
pub fn write(name: &str, events: &[Event], stamp: Timestamp) -> String {
    let mut out = String::new();
    let mut put = |line: &str| fold(line, &mut out);
    put("BEGIN:VCALENDAR");
    put("VERSION:2.0");
    put("PRODID:-//Watchfire//On call//EN");
    put("CALSCALE:GREGORIAN");
    put("METHOD:PUBLISH");
    put(&format!("X-WR-CALNAME:{}", escape(name)));
    put("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    put("X-PUBLISHED-TTL:PT1H");
    for event in events {
        put("BEGIN:VEVENT");
        put(&format!("UID:{}", escape(&event.uid)));
        put(&format!("DTSTAMP:{}", instant(stamp)));
        put(&format!("DTSTART:{}", instant(event.from)));
        put(&format!("DTEND:{}", instant(event.until)));
        put(&format!("SUMMARY:{}", escape(&event.summary)));
        if !event.description.is_empty() {
            put(&format!("DESCRIPTION:{}", escape(&event.description)));
        }
        // On call is no meeting: the hours stay free for others to book.
        put("TRANSP:TRANSPARENT");
        put("END:VEVENT");
    }
    put("END:VCALENDAR");
    out
}

/// `20260131T220000Z`: form 2 of DATE-TIME; parts of a second are cut.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Escapes TEXT (RFC 5545, 3.3.11); control characters other than line ends vanish.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\\' | ';' | ',' => out.extend(['\\', char]),
            '\n' => out.push_str("\\n"),
            char if char.is_control() => {}
            char => out.push(char),
        }
    }
    out
}

/// Adds a content line, folded between characters so that no physical line has more than 75 octets.
fn fold(line: &str, out: &mut String) {
    let mut octets = 0;
    for char in line.chars() {
        if octets + char.len_utf8() > LINE_OCTETS {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(char);
        octets += char.len_utf8();
    }
    out.push_str("\r\n");
}
