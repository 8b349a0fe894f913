//! The generic scanner: structures first, then names and values.

use super::{Candidate, FileContext, Judge, Reason, assignment, auth, connection, files, kind, url};
use crate::finding::{Confidence, Severity};
use std::sync::Arc;

/// Lines over this length are taken for generated text.
const MINIFIED_LINE_BYTES: usize = 1500;

/// Appends the candidates of `text` to `out`, ordered by position.
///
/// `text` may be any run of whole lines of a file. Values are never said twice: what a structure shows goes before what
/// a name promises.
pub fn scan(text: &[u8], file: &FileContext<'_>, out: &mut Vec<Candidate>) {
    if matches!(file.kind, super::FileKind::Lock | super::FileKind::Public) || memchr::memchr(0, text).is_some() {
        return;
    }
    let mut found = Vec::new();
    let sample = kind::is_sample_path(file.path);
    structures(text, file, sample, &mut found);
    if !file.kind.is_silent() {
        let mut judge = Judge::default();
        for assignment in assignment::assignments(text, file.kind) {
            if is_minified(text, assignment.key.start, file.kind)
                || overlaps(&found, assignment.value.start, assignment.value.end)
            {
                continue;
            }
            found.extend(judge.judge(text, &assignment, file));
        }
    }
    found.sort_by_key(|candidate| (candidate.start, candidate.end));
    found.dedup_by(|later, earlier| later.start < earlier.end);
    out.extend(found);
}

fn structures(text: &[u8], file: &FileContext<'_>, sample: bool, found: &mut Vec<Candidate>) {
    let high = if sample { Confidence::Medium } else { Confidence::High };
    let mut say = |range: std::ops::Range<usize>, rule_id: &'static str, what: &str, strong: bool| {
        if overlaps(found, range.start, range.end) || is_minified(text, range.start, file.kind) {
            return;
        }
        let confidence = match (strong, sample) {
            (true, _) => high,
            (false, false) => Confidence::Medium,
            (false, true) => Confidence::Low,
        };
        found.push(Candidate {
            rule_id,
            service: "generic",
            start: range.start,
            end: range.end,
            confidence,
            severity: Severity::High,
            reasons: Arc::new([Reason::new(what, 1.0)]),
        });
    };
    for secret in files::secrets(text, file) {
        say(secret.range, secret.rule_id, secret.what, true);
    }
    for secret in url::secrets(text) {
        let (id, what) = if secret.is_token {
            ("generic-url-token", "it is a token in a URL's user part")
        } else {
            ("generic-url-password", "it is the password of a URL")
        };
        say(secret.range, id, what, secret.is_strong);
    }
    for secret in connection::secrets(text) {
        say(secret.range, "generic-connection-string", "it is the password or key of a connection string", secret.is_strong);
    }
    for secret in auth::secrets(text) {
        say(secret.range, "generic-authorization", secret.what, secret.is_strong);
    }
}

fn overlaps(found: &[Candidate], start: usize, end: usize) -> bool {
    found.iter().any(|candidate| candidate.start < end && start < candidate.end)
}

/// Returns whether the line around `at` is that of generated text; one long line is usual for JSON.
fn is_minified(text: &[u8], at: usize, kind: super::FileKind) -> bool {
    if matches!(kind, super::FileKind::Json | super::FileKind::Xml | super::FileKind::Env) {
        return false;
    }
    let before = memchr::memrchr(b'\n', text.get(..at).unwrap_or_default()).map_or(0, |place| place + 1);
    let after = memchr::memchr(b'\n', text.get(at..).unwrap_or_default()).map_or(text.len(), |place| at + place);
    after - before > MINIFIED_LINE_BYTES
}
