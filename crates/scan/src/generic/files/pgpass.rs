//! `host:port:database:user:password` lines; `\:` is a colon within a field.

use super::FileSecret;
use crate::generic::url::judge_password;

pub(super) fn secrets(text: &[u8], found: &mut Vec<FileSecret>) {
    let mut start = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let colons: Vec<usize> = line
            .iter()
            .enumerate()
            .filter(|(at, byte)| **byte == b':' && at.checked_sub(1).and_then(|before| line.get(before)) != Some(&b'\\'))
            .map(|(at, _)| at)
            .collect();
        if let ([_, _, third, fourth, ..], false) = (colons.as_slice(), line.starts_with(b"#")) {
            let user = line.get(third + 1..*fourth).unwrap_or_default();
            let value = line.get(fourth + 1..).unwrap_or_default().trim_ascii_end();
            if judge_password(user, value).is_some() {
                let from = start + fourth + 1;
                found.push(FileSecret {
                    range: from..from + value.len(),
                    rule_id: "generic-pgpass",
                    what: "it is the password of a pgpass line",
                });
            }
        }
        start += line.len();
    }
}
