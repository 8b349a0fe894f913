use super::build::at;
use crate::oncall::calendar::{Event, write};

fn event(summary: &str, description: &str) -> Event {
    Event {
        uid: "seoc-1@watchfire".to_owned(),
        from: at("2026-03-29T00:30:00Z"),
        until: at("2026-03-30T00:30:00.5Z"),
        summary: summary.to_owned(),
        description: description.to_owned(),
    }
}

#[test]
fn a_feed_has_the_properties_that_the_standard_demands() {
    let text = write("Security", &[event("On call: Security", "")], at("2026-03-01T12:00:00Z"));
    assert_eq!(
        text.split("\r\n").collect::<Vec<_>>(),
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Watchfire//On call//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "X-WR-CALNAME:Security",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
            "BEGIN:VEVENT",
            "UID:seoc-1@watchfire",
            "DTSTAMP:20260301T120000Z",
            "DTSTART:20260329T003000Z",
            "DTEND:20260330T003000Z",
            "SUMMARY:On call: Security",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    );
}

#[test]
fn hostile_text_stays_within_its_property() {
    let text = write("a", &[event("x\r\nEND:VCALENDAR\nBEGIN:VEVENT;,\\\u{0}", "")], at("2026-03-01T12:00:00Z"));
    assert!(text.contains("SUMMARY:x\\nEND:VCALENDAR\\nBEGIN:VEVENT\\;\\,\\\\\r\n"), "{text}");
    assert_eq!(text.matches("\r\nEND:VCALENDAR").count(), 1);
}

#[test]
fn lines_are_folded_at_75_octets_between_characters_and_unfold_to_what_was_written() {
    for char in ["a", "ø", "界", "🔥"] {
        let long = char.repeat(200);
        let text = write("a", &[event(&long, &long)], at("2026-03-01T12:00:00Z"));
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{long}\r\n")), "{text}");
    }
}
