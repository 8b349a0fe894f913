//! Hostile text on its way out: cleaned, bounded, and without anything that a reader's client would make a link of.

use watchfire_core::Severity;
use watchfire_core::channel::Message;
use watchfire_core::text;

/// Characters of a subject.
const SUBJECT_CHARS: usize = 200;
/// Characters of a text.
const TEXT_CHARS: usize = 2_800;

/// Returns the subject as one inert line, never empty.
pub(super) fn subject(message: &Message) -> String {
    let line = inert(&text::line(&message.subject, SUBJECT_CHARS));
    if line.is_empty() { "Watchfire has something for you".to_owned() } else { line }
}

/// Returns the text, inert; empty if there is none.
pub(super) fn body(message: &Message) -> String {
    inert(&text::prose(&message.text, TEXT_CHARS))
}

/// Returns what the message is about in one line, such as `SEV1, INC-7K3QX QUIET HARBOR`; empty if that is nothing.
pub(super) fn about(message: &Message) -> String {
    let severity = message.severity.map(Severity::label).map(str::to_owned);
    let incident =
        message.incident.as_ref().map(|named| inert(&text::line(&format!("{} {}", named.short_id, named.codename), 80)));
    severity.into_iter().chain(incident).collect::<Vec<_>>().join(", ")
}

/// Returns the links of the message with their labels: acknowledging first. What is no web link is left out.
pub(super) fn links(message: &Message) -> Vec<(&'static str, &str)> {
    let all = [("Acknowledge", &message.acknowledge), ("Open in the console", &message.link)];
    all.into_iter().filter_map(|(label, link)| Some((label, link.as_deref().filter(|link| text::is_web_link(link))?))).collect()
}

/// Takes from a text what clients make links of: `https://evil.example` reads `https[:]//evil.example` afterwards.
pub(super) fn inert(words: &str) -> String {
    let mut out = words.replace("://", "[:]//");
    for (live, dead) in [("www.", "www[.]"), ("mailto:", "mailto[:]"), ("tel:", "tel[:]")] {
        out = replace_any_case(&out, live, dead);
    }
    out
}

/// Breaks mentions: a zero-width space stands after every `@`, so that `@channel` names nobody.
pub(super) fn without_mentions(words: &str) -> String {
    words.replace('@', "@\u{200b}")
}

fn replace_any_case(text: &str, from: &str, to: &str) -> String {
    // ASCII lower case keeps every byte's place.
    let lower = text.to_ascii_lowercase();
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (at, _) in lower.match_indices(from) {
        out.push_str(text.get(done..at).unwrap_or_default());
        out.push_str(to);
        done = at + from.len();
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}
