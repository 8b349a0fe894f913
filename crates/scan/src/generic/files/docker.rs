//! `"auth": "<base64 of user:password>"` of container registries.

use super::FileSecret;
use crate::rule::{Proof, Verdict};

pub(super) fn secrets(text: &[u8], found: &mut Vec<FileSecret>) {
    for at in memchr::memmem::find_iter(text, b"auth\"") {
        let rest = text.get(at + 5..).unwrap_or_default();
        let skip = rest.iter().take(8).take_while(|byte| matches!(byte, b' ' | b':' | b'\\')).count();
        if rest.get(skip) != Some(&b'"') {
            continue;
        }
        let start = at + 5 + skip + 1;
        let length = text
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take(4096)
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte))
            .count();
        let value = text.get(start..start + length).unwrap_or_default();
        if length >= 8 && Proof::BasicAuth.verdict(value, value) != Verdict::Broken {
            found.push(FileSecret {
                range: start..start + length,
                rule_id: "generic-docker-auth",
                what: "it is base64 of a registry's user and password",
            });
        }
    }
}
