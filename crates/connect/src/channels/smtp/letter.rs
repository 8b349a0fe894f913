//! A message as mail: RFC 5322 headers and one part of text/plain.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use watchfire_core::channel::{Kind, Message};
use watchfire_core::text;

use crate::channels::words;

/// Characters of a line of quoted-printable.
const LINE_CHARS: usize = 76;
/// Bytes of text in one encoded word: 45 become 60 characters of base64.
const WORD_BYTES: usize = 45;

/// A letter ready to be sent: who from, who to, and everything between DATA and the final dot.
#[derive(Clone, Debug)]
pub(in crate::channels) struct Letter {
    pub(super) from: String,
    pub(super) to: String,
    /// `<key@domain>`: the same for every attempt, so that mailboxes and people recognise a second copy.
    pub(in crate::channels) message_id: String,
    /// Lines end with CR LF, nothing is longer than 998 bytes, all of it is ASCII.
    pub(in crate::channels) raw: String,
}

/// Writes the letter. Both addresses have passed [`is_address`].
pub(in crate::channels) fn letter(message: &Message, from: &str, name: &str, to: &str, at: Timestamp) -> Letter {
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let message_id = format!("<{}@{domain}>", token(&message.key));
    let mut raw = String::new();
    let mut header = |name: &str, value: &str| {
        raw.push_str(name);
        raw.push_str(": ");
        raw.push_str(value);
        raw.push_str("\r\n");
    };
    header("Date", &jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default());
    header("From", &format!("{} <{from}>", phrase(name)));
    header("To", &format!("<{to}>"));
    header("Subject", &unstructured(&words::subject(message)));
    header("Message-ID", &message_id);
    if let Some(thread) = message.thread.as_deref().filter(|thread| is_message_id(thread)) {
        header("In-Reply-To", thread);
        header("References", thread);
    }
    if message.kind == Kind::Page {
        header("Importance", "high");
    }
    header("Auto-Submitted", "auto-generated");
    header("X-Auto-Response-Suppress", "All");
    header("MIME-Version", "1.0");
    header("Content-Type", "text/plain; charset=utf-8");
    header("Content-Transfer-Encoding", "quoted-printable");
    raw.push_str("\r\n");
    raw.push_str(&quoted_printable(&body(message)));
    Letter { from: from.to_owned(), to: to.to_owned(), message_id, raw }
}

/// Tells whether a text is an address that can stand in an envelope: ASCII, one `@`, and nothing that needs quoting.
pub(super) fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let fits = |part: &str, more: &[u8]| {
        !part.is_empty()
            && !part.starts_with(['.', '-'])
            && !part.ends_with('.')
            && !part.contains("..")
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-' || more.contains(&byte))
    };
    text.len() <= 254 && local.len() <= 64 && fits(local, b"!#$%&'*+/=?^_`{|}~") && fits(domain, b"")
}

fn body(message: &Message) -> String {
    let mut parts: Vec<String> =
        [words::about(message), words::body(message)].into_iter().filter(|part| !part.is_empty()).collect();
    parts.extend(words::links(message).into_iter().map(|(label, link)| format!("{label}:\n{link}")));
    parts.push(format!("-- \nWatchfire at {}. Nobody reads answers to this mail.", text::line(&message.console, 200)));
    parts.join("\n\n")
}

/// Leaves letters, digits and three marks of a key; what else there may be becomes a hyphen.
fn token(key: &str) -> String {
    let fits = |char: char| if char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.') { char } else { '-' };
    key.chars().take(100).map(fits).collect()
}

fn is_message_id(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    text.len() <= 250
        && inner.is_some_and(|inner| {
            inner.contains('@') && inner.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>'))
        })
}

/// A header's free text: as it is if it is plain ASCII, in encoded words (RFC 2047) otherwise.
fn unstructured(words: &str) -> String {
    let line = text::line(words, 250);
    let plain = line.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') && !line.contains("=?");
    if plain { line } else { encoded_words(&line) }
}

/// A display name: quoted, or in encoded words.
fn phrase(name: &str) -> String {
    let line = text::line(name, 60);
    if line.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') && !line.contains("=?") {
        format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        encoded_words(&line)
    }
}

fn encoded_words(text: &str) -> String {
    let mut chunks = vec![String::new()];
    for char in text.chars() {
        if chunks.last().is_some_and(|chunk| chunk.len() + char.len_utf8() > WORD_BYTES) {
            chunks.push(String::new());
        }
        if let Some(chunk) = chunks.last_mut() {
            chunk.push(char);
        }
    }
    chunks.iter().map(|chunk| format!("=?utf-8?B?{}?=", STANDARD.encode(chunk))).collect::<Vec<_>>().join("\r\n ")
}

/// RFC 2045, section 6.7: printable ASCII as it is, the rest as `=XX`, lines broken softly.
fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split('\n') {
        let mut width = 0;
        let bytes = line.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let ends = at + 1 == bytes.len();
            let plain = (byte.is_ascii_graphic() && *byte != b'=') || (*byte == b' ' && !ends);
            let piece = if plain { char::from(*byte).to_string() } else { format!("={byte:02X}") };
            if width + piece.len() > LINE_CHARS - 1 {
                out.push_str("=\r\n");
                width = 0;
            }
            out.push_str(&piece);
            width += piece.len();
        }
        out.push_str("\r\n");
    }
    out
}
