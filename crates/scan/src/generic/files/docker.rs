//! `"auth": "<base64 of user:password>"` of container registries.

use super::FileSecret;
use crate::rule::{Proof, Verdict};

pub(super) fn secrets(text: &[u8], found: &mut Vec<FileSecret>) {
    for at in memchr::memmem::find_iter(text, b"auth\"") {
        found.extend(secret_behind(text, at + 5));
    }
}

/// Returns the credential of the entry whose name ends, with its quote, at `at`.
pub(super) fn secret_behind(text: &[u8], at: usize) -> Option<FileSecret> {
    let rest = text.get(at..)?;
    let skip = rest.iter().take(8).take_while(|byte| matches!(byte, b' ' | b':' | b'\\')).count();
    if rest.get(skip) != Some(&b'"') {
        return None;
    }
    let start = at + skip + 1;
    let tail = text.get(start..)?.iter().take(4096);
    let length = tail.take_while(|byte| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte)).count();
    let value = text.get(start..start + length)?;
    (length >= 8 && Proof::BasicAuth.verdict(value, value) != Verdict::Broken).then_some(FileSecret {
        range: start..start + length,
        rule_id: "generic-docker-auth",
        what: "it is base64 of a registry's user and password",
    })
}
