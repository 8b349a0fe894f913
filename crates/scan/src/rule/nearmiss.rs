//! Values that belong to a provider's format but do not fulfil it.
//!
//! The generic scanner must not report what a provider's rule has looked at and refused: a token with a wrong checksum
//! is no password either.

use std::{collections::BTreeMap, sync::LazyLock};

use regex_automata::util::syntax;

use super::{Context, RuleSet};

/// Distinctive starts of tokens, ordered, so that the one before a value is its only possible prefix or contains it.
static PREFIXES: LazyLock<Vec<&'static [u8]>> = LazyLock::new(prefixes);
static VENDORS: LazyLock<Vec<Vendor>> = LazyLock::new(vendors);

struct Vendor {
    /// Lower-case name without separators.
    name: String,
    lengths: Vec<(usize, usize)>,
}

/// Returns whether `value`, given to `key`, is of a form that a provider's rule judges alone.
pub(crate) fn is_judged_by_rule(key: &[u8], value: &[u8]) -> bool {
    starts_like_token(value) || is_vendors_shape(key, value)
}

fn starts_like_token(value: &[u8]) -> bool {
    PREFIXES.iter().any(|prefix| value.starts_with(prefix)) || (value.starts_with(b"eyJ") && value.contains(&b'.'))
}

fn is_vendors_shape(key: &[u8], value: &[u8]) -> bool {
    let name: String =
        key.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    VENDORS.iter().any(|vendor| {
        name.contains(&vendor.name)
            && vendor.lengths.iter().any(|(least, most)| (least.saturating_sub(2)..=most + 2).contains(&value.len()))
    })
}

fn prefixes() -> Vec<&'static [u8]> {
    let mut found: Vec<&[u8]> = Vec::new();
    for rule in RuleSet::builtin().rules() {
        let Some(pattern) = &rule.source.pattern else {
            continue;
        };
        let plain = pattern.replace('\\', "");
        found.extend(
            rule.keywords.iter().map(Vec::as_slice).filter(|keyword| keyword.len() >= 4 && plain.as_bytes().starts_with(keyword)),
        );
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn vendors() -> Vec<Vendor> {
    let mut lengths: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for context in RuleSet::builtin().rules().iter().filter_map(|rule| rule.context()) {
        let Some(length) = length_of(context) else {
            continue;
        };
        for name in &context.names {
            lengths.entry(name.replace('_', "")).or_default().push(length);
        }
    }
    lengths.into_iter().map(|(name, lengths)| Vendor { name, lengths }).collect()
}

fn length_of(context: &Context) -> Option<(usize, usize)> {
    let config = syntax::Config::new().unicode(false).utf8(false);
    let parsed = syntax::parse_with(&context.value, &config).ok()?;
    // Only fixed shapes: an open range would swallow every other secret of that vendor.
    let (least, most) = (parsed.properties().minimum_len()?, parsed.properties().maximum_len()?);
    (least >= 16 && most - least <= 8).then_some((least, most))
}
