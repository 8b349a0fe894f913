//! `machine NAME login USER password SECRET`, in one or several lines.

use super::{FileKind, FileSecret};
use crate::generic::url::judge_password;

/// Farthest that `password` may stand from its `machine`.
const ENTRY_BYTES_MAX: usize = 600;

pub(super) fn secrets(text: &[u8], kind: FileKind, found: &mut Vec<FileSecret>) {
    if memchr::memmem::find(text, b"machine").is_none() && memchr::memmem::find(text, b"default").is_none() {
        return;
    }
    for (at, _) in starts(text) {
        let entry = text.get(at..).unwrap_or_default();
        let entry = entry.get(..ENTRY_BYTES_MAX.min(entry.len())).unwrap_or_default();
        let mut words = words(entry);
        let (mut user, mut has_login) = (&b""[..], false);
        if words.next().is_some_and(|(word, _)| word == b"machine") {
            words.next();
        }
        // Pairs of a keyword and its value; any other word ends the entry, as in prose that names the keywords.
        while let (Some((word, _)), Some((value, place))) = (words.next(), words.next()) {
            match word {
                b"login" => {
                    has_login = true;
                    user = value;
                }
                b"account" | b"port" => {}
                b"password" | b"passwd" if has_login || kind == FileKind::Netrc => {
                    let (value, place) = unquoted(entry, value, place);
                    // Anonymous FTP takes any password.
                    if !matches!(user, b"anonymous" | b"ftp") && judge_password(user, value).is_some() {
                        let start = at + place;
                        let range = start..start + value.len();
                        found.push(FileSecret { range, rule_id: "generic-netrc", what: "it is the password of a netrc entry" });
                    }
                    break;
                }
                _ => break,
            }
        }
    }
}

/// The text between quotes, which may hold blanks; `value` itself when it has none.
fn unquoted<'t>(entry: &'t [u8], value: &'t [u8], place: usize) -> (&'t [u8], usize) {
    let inner = value.strip_prefix(b"\"").and_then(|_| {
        let rest = entry.get(place + 1..)?;
        let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len()))?;
        line.get(..memchr::memchr(b'"', line)?)
    });
    inner.filter(|inner| !inner.is_empty()).map_or((value, place), |inner| (inner, place + 1))
}

/// Places where an entry starts.
fn starts(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    words(text)
        .zip(words(text).skip(1))
        .filter(|((word, _), (next, _))| (*word == b"machine" && !next.is_empty()) || (*word == b"default" && *next == b"login"))
        .map(|((word, at), _)| (at, word))
}

fn words(text: &[u8]) -> impl Iterator<Item = (&[u8], usize)> {
    let base = text.as_ptr() as usize;
    text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(move |word| (word, word.as_ptr() as usize - base))
}
