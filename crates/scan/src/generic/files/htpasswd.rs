//! `user:hash` lines; a hash can be tried offline.

use super::FileSecret;

const MARKS: &[&[u8]] = &[b"$apr1$", b"$2a$", b"$2b$", b"$2y$", b"{SHA}", b"{SSHA}", b"$5$", b"$6$", b"$1$"];

pub(super) fn secrets(text: &[u8], found: &mut Vec<FileSecret>) {
    let mut start = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if let Some(colon) = memchr::memchr(b':', line).filter(|_| !line.starts_with(b"#")) {
            let value = line.get(colon + 1..).unwrap_or_default().trim_ascii_end();
            let crypt = value.len() == 13 && value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/'));
            if crypt || MARKS.iter().any(|mark| value.starts_with(mark) && value.len() > mark.len() + 12) {
                let from = start + colon + 1;
                found.push(FileSecret {
                    range: from..from + value.len(),
                    rule_id: "generic-htpasswd",
                    what: "it is the password hash of an htpasswd line",
                });
            }
        }
        start += line.len();
    }
}
