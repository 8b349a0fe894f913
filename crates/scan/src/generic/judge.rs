//! Turns an assignment into a candidate, or drops it.

use std::collections::VecDeque;

use super::{
    Candidate, FileContext, Reason,
    assignment::{Assignment, Operator},
    features::{self, Around, Features},
    key::KeyClass,
    kind, reject, score,
};
use crate::{
    finding::{Confidence, Severity},
    rule,
};

/// Below this probability nothing is said.
const SAID_FROM: f32 = 0.35;
const MEDIUM_FROM: f32 = 0.6;
const HIGH_FROM: f32 = 0.9;
/// Passwords of generators hold fewer, with a chance of a thousand to one.
const RECORD_COLONS: usize = 3;

/// Judges the assignments of one file, each time a name and its value repeat only once.
#[derive(Default)]
pub(crate) struct Judge(VecDeque<Judged>);

/// So many different assignments are remembered: those of a block of lines that repeats.
const REMEMBERED: usize = 8;

struct Judged {
    name: Box<[u8]>,
    value: Box<[u8]>,
    class: KeyClass,
    operator: Operator,
    quoted: bool,
    candidate: Option<Candidate>,
}

impl Judge {
    /// Returns the candidate that `found` is; `None` when its value is no secret.
    pub(super) fn judge(&mut self, text: &[u8], found: &Assignment, file: &FileContext<'_>) -> Option<Candidate> {
        let (name, value) = (text.get(found.key.clone())?, text.get(found.value.clone())?);
        let known = self.0.iter().find(|known| {
            *known.value == *value
                && *known.name == *name
                && (known.class, known.operator, known.quoted) == (found.class, found.operator, found.quoted)
        });
        if let Some(known) = known {
            return known.candidate.clone().map(|one| Candidate { start: found.value.start, end: found.value.end, ..one });
        }
        let candidate = candidate(text, found, file);
        self.0.truncate(REMEMBERED - 1);
        self.0.push_front(Judged {
            name: name.into(),
            value: value.into(),
            class: found.class,
            operator: found.operator,
            quoted: found.quoted,
            candidate: candidate.clone(),
        });
        candidate
    }
}

fn candidate(text: &[u8], found: &Assignment, file: &FileContext<'_>) -> Option<Candidate> {
    let features = measured(text, found, file)?;
    let (confidence, probability) = confidence(text, found, file, &features)?;
    let mut reasons = vec![Reason::new(&format!("it looks like a secret with probability {probability:.2}"), 0.0)];
    reasons.extend(score::reasons(&features));
    Some(Candidate {
        rule_id: match found.class {
            KeyClass::Password => "generic-password",
            KeyClass::Token | KeyClass::Weak => "generic-secret",
        },
        service: "generic",
        start: found.value.start,
        end: found.value.end,
        confidence,
        severity: if found.class == KeyClass::Weak { Severity::Medium } else { Severity::High },
        reasons: reasons.into(),
    })
}

/// Returns how sure the features make, and their probability; `None` when nothing is to be said.
fn confidence(text: &[u8], found: &Assignment, file: &FileContext<'_>, features: &Features) -> Option<(Confidence, f32)> {
    let value = text.get(found.value.clone())?;
    if features::is_uuid(value) && found.class == KeyClass::Weak {
        return None;
    }
    let probability = score::probability(features);
    // A name that often means something else needs a value that speaks for itself.
    if found.class == KeyClass::Weak && probability < HIGH_FROM {
        return None;
    }
    // Words and numbers under a password's name in a file that sets passwords: people choose such ones.
    let is_chosen = found.class == KeyClass::Password
        && file.kind.is_config()
        && value.len() >= 8
        && value.iter().filter(|byte| byte.is_ascii_digit()).count() >= 2
        && value.iter().filter(|byte| byte.is_ascii_alphabetic()).count() >= 4
        && !value.iter().any(|byte| matches!(byte, b'/' | b':'))
        && !kind::is_sample_path(file.path);
    let probability = if is_chosen || is_phrase(found, value, file) { probability.max(MEDIUM_FROM) } else { probability };
    let confidence = match probability {
        _ if found.class == KeyClass::Weak => Confidence::Medium,
        p if p >= HIGH_FROM => Confidence::High,
        p if p >= MEDIUM_FROM => Confidence::Medium,
        p if p >= SAID_FROM => Confidence::Low,
        _ => return None,
    };
    Some((confidence, probability))
}

/// `granite-Maple044` in quotes under a password's name: two words, a capital in one, and digits at the end.
fn is_phrase(found: &Assignment, value: &[u8], file: &FileContext<'_>) -> bool {
    let digits = value.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let words: Vec<&[u8]> =
        value.get(..value.len() - digits).unwrap_or_default().split(|byte| !byte.is_ascii_alphabetic()).collect();
    found.class == KeyClass::Password
        && found.quoted
        && matches!(found.operator, Operator::Assign | Operator::Colon | Operator::Call | Operator::Comma | Operator::Fallback)
        && (2..=4).contains(&digits)
        && words.len() == 2
        && words.iter().all(|word| word.len() >= 4)
        && value.iter().any(u8::is_ascii_uppercase)
        && value.iter().any(u8::is_ascii_lowercase)
        && !kind::is_sample_path(file.path)
}

/// Returns the features of an assignment that no hard rule drops.
pub(super) fn measured(text: &[u8], found: &Assignment, file: &FileContext<'_>) -> Option<Features> {
    let value = text.get(found.value.clone())?;
    let name = text.get(found.key.clone())?;
    if reject::reject(value, name, found.class, found.quoted, file.kind).is_some()
        || rule::is_marked(value)
        || (found.class != KeyClass::Password && rule::is_vendors_shape(name, value))
    {
        return None;
    }
    // `PASS: case 7` of a test's log, `pass("...")` of a test.
    if name.rsplit(|byte| *byte == b'.').next().is_some_and(|last| last.eq_ignore_ascii_case(b"pass"))
        && (found.operator == Operator::Call || found.operator == Operator::Colon && !found.quoted && !file.kind.is_config())
    {
        return None;
    }
    // `name:password:UID:GID:...`: the fields of a record.
    if found.class == KeyClass::Password && value.iter().filter(|byte| **byte == b':').count() >= RECORD_COLONS {
        return None;
    }
    // Badges and links carry short tokens that open nothing.
    if found.operator == Operator::Query && value.len() < 16 {
        return None;
    }
    if found.operator == Operator::Compare && found.class == KeyClass::Weak {
        return None;
    }
    let around = Around {
        class: found.class,
        operator: found.operator,
        quoted: found.quoted,
        kind: file.kind,
        is_sample: kind::is_sample_path(file.path),
    };
    Some(features::measure(value, around))
}
