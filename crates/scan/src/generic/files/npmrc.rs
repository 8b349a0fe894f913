//! `_auth`, `_password` and `_authToken` of npm and yarn.

use super::FileSecret;
use crate::{generic::url::judge_password, rule};

const NAMES: &[&[u8]] =
    &[b"_auth=", b"_auth =", b"_password=", b"_password =", b"_authToken=", b"_authToken =", b"npmAuthToken:", b"npmAuthIdent:"];

pub(super) fn secrets(text: &[u8], found: &mut Vec<FileSecret>) {
    for name in NAMES {
        for at in memchr::memmem::find_iter(text, name) {
            let rest = text.get(at + name.len()..).unwrap_or_default();
            let skip = rest.iter().take_while(|byte| matches!(byte, b' ' | b'"' | b'\'')).count();
            let length = rest
                .get(skip..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\''))
                .count();
            let start = at + name.len() + skip;
            let value = text.get(start..start + length).unwrap_or_default();
            if length >= 8 && judge_password(b"", value).is_some() && !rule::is_marked(value) {
                found.push(FileSecret {
                    range: start..start + length,
                    rule_id: "generic-npmrc",
                    what: "it is a credential of an npm registry",
                });
            }
        }
    }
}
