//! What is measured of a name and its value.

use super::{FileKind, assignment::Operator, key::KeyClass, words};
use crate::rule::shannon_bits;

/// Number of features.
pub(super) const COUNT: usize = 26;

/// Names of the features, as people read them.
pub(super) const NAMES: [&str; COUNT] = [
    "any value",
    "the name is a password's",
    "the name is a token's or key's",
    "the name often names a secret",
    "the value stands in quotes",
    "the file is configuration",
    "the file is program text",
    "the path is of tests, examples or documents",
    "the length",
    "the entropy",
    "how unlike words the letter pairs are",
    "the share of letters in words",
    "it holds digits",
    "it holds upper and lower case",
    "it holds symbols",
    "it is hexadecimal",
    "changes between letters and digits",
    "separators between words",
    "the value is compared with",
    "the value is an argument",
    "the value is a fallback",
    "the value stands in markup or a pair of lines",
    "the value is a flag's or follows a blank",
    "it is a UUID",
    "it is short",
    "a password's name and a word-like value",
];

/// The measured features of one candidate.
pub(super) type Features = [f32; COUNT];

/// What is known around a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    pub(super) class: KeyClass,
    pub(super) operator: Operator,
    pub(super) quoted: bool,
    pub(super) kind: FileKind,
    pub(super) is_sample: bool,
}

/// Returns the features of `value`, each roughly between -1 and 1.
pub(super) fn measure(value: &[u8], around: Around) -> Features {
    let length = value.len() as f32;
    let share = |test: fn(&u8) -> bool| value.iter().filter(|byte| test(byte)).count() as f32 / length.max(1.0);
    let flag = |condition: bool| if condition { 1.0 } else { 0.0 };
    let digits = share(u8::is_ascii_digit);
    let symbols = share(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | b'.' | b'/' | b'+' | b'='));
    let separators = share(|byte| matches!(byte, b'_' | b'-' | b'.' | b'/' | b':'));
    let upper = value.iter().any(u8::is_ascii_uppercase);
    let lower = value.iter().any(u8::is_ascii_lowercase);
    let hex = value.iter().all(u8::is_ascii_hexdigit) && digits > 0.0 && !(upper && lower);
    let covered = words::covered(value);
    let surprise = words::surprise(value);
    let operator = around.operator;
    [
        1.0,
        flag(around.class == KeyClass::Password),
        flag(around.class == KeyClass::Token),
        flag(around.class == KeyClass::Weak),
        flag(around.quoted),
        flag(around.kind.is_config() || matches!(around.kind, FileKind::Shell)),
        flag(matches!(around.kind, FileKind::Code)),
        flag(around.is_sample),
        (length.min(64.0) / 16.0).ln_1p() - 0.8,
        (shannon_bits(value) - 3.2) / 1.5,
        (surprise - 5.0) / 2.0,
        covered - 0.3,
        flag(digits > 0.0),
        flag(upper && lower),
        (symbols * 5.0).min(1.0),
        flag(hex),
        (changes(value) as f32 / length.max(1.0)) * 2.0 - 0.3,
        (separators * 5.0).min(1.0),
        flag(operator == Operator::Compare),
        flag(matches!(operator, Operator::Call | Operator::Comma)),
        flag(operator == Operator::Fallback),
        flag(matches!(operator, Operator::Element | Operator::Pair)),
        flag(matches!(operator, Operator::Flag | Operator::Space | Operator::Query)),
        flag(is_uuid(value)),
        flag(length < 8.0),
        flag(around.class == KeyClass::Password) * covered,
    ]
}

/// Places where letters meet digits or the case changes within letters.
fn changes(value: &[u8]) -> usize {
    let class = |byte: u8| match byte {
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        b'0'..=b'9' => 3,
        _ => 4,
    };
    value.windows(2).filter(|pair| matches!(pair, [left, right] if class(*left) != class(*right))).count()
}

/// Returns whether `value` is a UUID as text.
pub(super) fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(
            |(at, byte)| {
                if matches!(at, 8 | 13 | 18 | 23) { *byte == b'-' } else { byte.is_ascii_hexdigit() }
            },
        )
}
