//! ZIP, by its central directory (APPNOTE 6.3, sections 4.3.12 and 4.3.16).

use super::opener::Opener;
use flate2::bufread::DeflateDecoder;
use memchr::memmem;
use std::io::Read;

/// The end record without its comment, and the longest comment.
const END_BYTES: usize = 22;
const COMMENT_BYTES_MAX: usize = 65_535;

/// What the central directory says of a file.
struct Entry<'a> {
    name: &'a [u8],
    encrypted: bool,
    method: u16,
    compressed: usize,
    offset: usize,
}

pub(super) fn open(opener: &mut Opener, bytes: &[u8], path: &str, depth: u8, each: &mut dyn FnMut(&str, &[u8])) {
    let Some(mut at) = directory(bytes) else {
        return opener.skip(path, "the archive has no readable directory");
    };
    while bytes.get(at..at + 4) == Some(b"PK\x01\x02") {
        let Some((entry, next)) = entry(bytes, at) else {
            return opener.skip(path, "the archive's directory is damaged");
        };
        at = next;
        if entry.name.ends_with(b"/") {
            continue;
        }
        match content(opener, bytes, &entry) {
            Ok(content) => {
                opener.spend(content.len());
                if !opener.entry(path, entry.name, &content, depth, each) {
                    return;
                }
            }
            Err(why) => {
                let name = crate::redact::escape_path(entry.name);
                opener.skip(&if path.is_empty() { name } else { format!("{path}!{name}") }, why);
            }
        }
    }
}

fn directory(bytes: &[u8]) -> Option<usize> {
    let tail = bytes.len().saturating_sub(END_BYTES + COMMENT_BYTES_MAX);
    let end = tail + memmem::rfind(bytes.get(tail..)?, b"PK\x05\x06")?;
    Some(number(bytes, end + 16, 4)?).filter(|offset| *offset < bytes.len())
}

fn entry(bytes: &[u8], at: usize) -> Option<(Entry<'_>, usize)> {
    let name_len = number(bytes, at + 28, 2)?;
    let next = at + 46 + name_len + number(bytes, at + 30, 2)? + number(bytes, at + 32, 2)?;
    let entry = Entry {
        name: bytes.get(at + 46..at + 46 + name_len)?,
        encrypted: number(bytes, at + 8, 2)? & 1 != 0,
        method: u16::try_from(number(bytes, at + 10, 2)?).ok()?,
        compressed: number(bytes, at + 20, 4)?,
        offset: number(bytes, at + 42, 4)?,
    };
    Some((entry, next))
}

fn content(opener: &Opener, bytes: &[u8], entry: &Entry<'_>) -> Result<Vec<u8>, &'static str> {
    if entry.encrypted {
        return Err("is encrypted");
    }
    let damaged = "its place in the archive is damaged";
    let name_len = number(bytes, entry.offset.saturating_add(26), 2).ok_or(damaged)?;
    let extra_len = number(bytes, entry.offset + 28, 2).ok_or(damaged)?;
    let start = entry.offset + 30 + name_len + extra_len;
    let data = bytes.get(start..start.saturating_add(entry.compressed)).ok_or(damaged)?;
    let allowance = opener.allowance(data.len());
    match entry.method {
        0 if data.len() as u64 <= allowance => Ok(data.to_vec()),
        0 => Err("expands beyond the limit"),
        8 => {
            let mut content = Vec::new();
            let read = DeflateDecoder::new(data).take(allowance + 1).read_to_end(&mut content);
            if content.len() as u64 > allowance {
                return Err("expands beyond the limit");
            }
            read.map_err(|_| "its compressed data is damaged")?;
            Ok(content)
        }
        _ => Err("is compressed in a way that is not opened"),
    }
}

fn number(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    let field = bytes.get(at..at.checked_add(width)?)?;
    Some(field.iter().rev().fold(0, |value, &byte| value << 8 | usize::from(byte)))
}
