//! Values of Kubernetes Secrets and private keys of kubeconfig files.

use super::FileSecret;
use crate::{generic::url::judge_password, rule};

/// Names whose values are no secrets.
const OPEN: &[&str] = &[
    "username",
    "user",
    "host",
    "hostname",
    "port",
    "database",
    "dbname",
    "db",
    "tls.crt",
    "ca.crt",
    "cert",
    "certificate",
    "namespace",
    "url",
    "endpoint",
    "region",
    "bucket",
    "email",
    "name",
    "type",
    "server",
    "address",
    "client-id",
    "client_id",
    "clientid",
    "account",
    "project",
    "config.yaml",
    "config",
    "issuer",
    "schema",
];

pub(super) fn secrets(text: &[u8], found: &mut Vec<FileSecret>) {
    key_data(text, found);
    for at in memchr::memmem::find_iter(text, b"kind: Secret") {
        // Not `kind: SecretStore` and the like.
        if !text.get(at + 12).is_none_or(u8::is_ascii_whitespace) {
            continue;
        }
        let start = memchr::memmem::rfind(text.get(..at).unwrap_or_default(), b"\n---").map_or(0, |place| place + 4);
        let end = memchr::memmem::find(text.get(at..).unwrap_or_default(), b"\n---").map_or(text.len(), |place| at + place);
        document(text, start, end, found);
    }
}

/// The pairs below `data:` and `stringData:` of one document.
fn document(text: &[u8], start: usize, end: usize, found: &mut Vec<FileSecret>) {
    let mut at = start;
    let mut inside: Option<(usize, bool)> = None;
    for line in text.get(start..end).unwrap_or_default().split_inclusive(|byte| *byte == b'\n') {
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        let body = line.trim_ascii();
        match body {
            b"data:" => inside = Some((indent, true)),
            b"stringData:" => inside = Some((indent, false)),
            [] => {}
            _ => match inside {
                Some((outer, _)) if indent <= outer => inside = None,
                Some((_, encoded)) => entry(line, at, encoded, found),
                None => {}
            },
        }
        at += line.len();
    }
}

fn entry(line: &[u8], line_start: usize, encoded: bool, found: &mut Vec<FileSecret>) {
    let Some(colon) = memchr::memmem::find(line, b": ") else {
        return;
    };
    let name = String::from_utf8_lossy(line.get(..colon).unwrap_or_default()).trim().trim_matches('"').to_lowercase();
    if name.starts_with('#')
        || OPEN.iter().any(|open| name == *open || name.ends_with(&format!("_{open}")) || name.ends_with(&format!("-{open}")))
    {
        return;
    }
    let rest = line.get(colon + 2..).unwrap_or_default();
    let skip = rest.iter().take_while(|byte| matches!(byte, b' ' | b'"' | b'\'')).count();
    let value = rest.get(skip..).unwrap_or_default();
    let length = value.iter().take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'')).count();
    let value = value.get(..length).unwrap_or_default();
    let is_secret = if encoded {
        is_encoded_secret(value)
    } else {
        value.len() >= 6 && value.iter().any(u8::is_ascii_digit) && judge_password(b"", value).is_some()
    };
    if is_secret && (encoded || !rule::is_marked(value)) {
        let from = line_start + colon + 2 + skip;
        found.push(FileSecret {
            range: from..from + length,
            rule_id: "generic-kubernetes-secret",
            what: "it is a value of a Kubernetes Secret",
        });
    }
}

fn is_encoded_secret(value: &[u8]) -> bool {
    let Some(plain) = rule::decode_base64(value).filter(|_| value.len() >= 4) else {
        return false;
    };
    if !rule::looks_like_text(&plain) {
        return plain.len() >= 16;
    }
    let plain = plain.trim_ascii();
    plain.len() >= 4
        && (judge_password(b"", plain).is_some() || plain.len() > 40)
        && !plain.starts_with(b"-----BEGIN CERT")
        && !rule::is_placeholder(plain.get(..64.min(plain.len())).unwrap_or_default())
}

/// `client-key-data:` of a kubeconfig.
fn key_data(text: &[u8], found: &mut Vec<FileSecret>) {
    for at in memchr::memmem::find_iter(text, b"client-key-data:") {
        let start =
            at + 16 + text.get(at + 16..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b' ' | b'"')).count();
        let length = text
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte))
            .count();
        if length >= 64 {
            found.push(FileSecret {
                range: start..start + length,
                rule_id: "generic-kubeconfig-key",
                what: "it is the private key of a kubeconfig user",
            });
        }
    }
}
