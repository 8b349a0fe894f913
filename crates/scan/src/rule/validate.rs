//! What a match must hold beyond its pattern.

use super::{
    Rule, is_placeholder, is_published,
    placeholder::shannon_bits,
    proof::{Proof, Verdict},
};
use crate::finding::Confidence;

/// Returns the confidence of `secret` under `rule`, or `None` when it cannot be one.
pub(super) fn validate(rule: &Rule, secret: &[u8], whole: &[u8]) -> Option<Confidence> {
    let (least, most) = rule.source.length.unwrap_or((1, usize::MAX));
    if secret.len() < least || secret.len() > most {
        return None;
    }
    if is_published(secret) {
        return None;
    }
    let body = strip_keyword(rule, secret);
    // Structured data holds long runs of `A` and dashes of its own; its proof knows better.
    let is_structure = rule.proof.as_ref().is_some_and(Proof::is_structure);
    if if is_structure { memchr::memmem::find(body, b"EXAMPLE").is_some() } else { is_placeholder(body) } {
        return None;
    }
    if !rule.source.requires.iter().all(|class| has_class(body, class)) {
        return None;
    }
    let least_bits = rule.source.entropy.unwrap_or_else(|| default_bits(body.len()));
    if least_bits > 0.0 && shannon_bits(body) < least_bits {
        return None;
    }
    match rule.proof.as_ref().map(|proof| proof.verdict(secret, whole)) {
        Some(Verdict::Broken) => None,
        Some(Verdict::Holds) => Some(Confidence::Certain),
        Some(Verdict::Silent) | None => Some(rule.confidence),
    }
}

/// Cuts the distinctive prefix off, so that `sk_test_` is not itself taken for a placeholder.
fn strip_keyword<'a>(rule: &Rule, secret: &'a [u8]) -> &'a [u8] {
    rule.keywords
        .iter()
        .filter_map(|keyword| secret.strip_prefix(keyword.as_slice()))
        .filter(|rest| rest.len() >= 8)
        .min_by_key(|rest| rest.len())
        .unwrap_or(secret)
}

fn has_class(text: &[u8], class: &str) -> bool {
    text.iter().any(|byte| match class {
        "digit" => byte.is_ascii_digit(),
        "upper" => byte.is_ascii_uppercase(),
        "lower" => byte.is_ascii_lowercase(),
        "letter" => byte.is_ascii_alphabetic(),
        _ => false,
    })
}

/// Random text of 20 bytes over sixteen symbols has 3.2 bits per byte on average; words repeat more.
fn default_bits(length: usize) -> f32 {
    match length {
        0..=9 => 1.5,
        10..=19 => 2.2,
        _ => 2.7,
    }
}
