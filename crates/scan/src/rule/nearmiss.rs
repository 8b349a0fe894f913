//! Values that belong to a provider's format but do not fulfil it.
//!
//! The generic scanner must not report what a provider's rule has looked at and refused: a token with a wrong checksum
//! is no password either.

use std::{collections::BTreeMap, sync::LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use regex_automata::util::syntax;

use super::{Context, Rule, RuleSet};

/// Shortest literal that marks a token wherever it stands in it.
const MARK_BYTES_MIN: usize = 4;
/// Shortest value in which a literal behind the start is taken for a mark rather than for chance.
const MARKED_BYTES_MIN: usize = 24;
/// Widest range of lengths that still tells a vendor's values from others.
const LENGTH_RANGE_MAX: usize = 120;

static MARKS: LazyLock<AhoCorasick> = LazyLock::new(marks);
/// Keywords of three bytes with the least and greatest length of their rule's matches.
static SHORT_MARKS: LazyLock<Vec<(&'static [u8], usize, usize)>> = LazyLock::new(short_marks);
static VENDORS: LazyLock<Vendors> = LazyLock::new(vendors);

struct Vendors {
    /// Lower-case names without separators.
    names: AhoCorasick,
    /// Least and greatest lengths of each name's values.
    lengths: Vec<Vec<(usize, usize)>>,
}

/// Returns whether `value` holds a literal that only a provider's tokens hold, so that a provider's rule judges it alone.
pub(crate) fn is_marked(value: &[u8]) -> bool {
    let dotted = value.starts_with(b"eyJ") && value.contains(&b'.');
    dotted
        || MARKS
            .find_overlapping_iter(value)
            .any(|mark| mark.start() == 0 || (value.len() >= MARKED_BYTES_MIN && is_rare(value.get(mark.range()))))
        || has_short_mark(value)
}

/// Three bytes mark a token only together with its length.
fn has_short_mark(value: &[u8]) -> bool {
    SHORT_MARKS.iter().any(|(mark, least, most)| {
        (least.saturating_sub(3)..=most + 3).contains(&value.len())
            && (value.starts_with(mark)
                || (mark.iter().any(|byte| !byte.is_ascii_alphanumeric()) && value.get(3..6) == Some(mark)))
    })
}

/// Returns whether `value`, given to `name`, has nearly the length of the secrets of the vendor that the name holds.
pub(crate) fn is_vendors_shape(name: &[u8], value: &[u8]) -> bool {
    let flat: Vec<u8> = name.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
    VENDORS.names.find_overlapping_iter(&flat).any(|found| {
        let lengths = VENDORS.lengths.get(found.pattern().as_usize()).map(Vec::as_slice).unwrap_or_default();
        lengths.iter().any(|(least, most)| (least.saturating_sub(2)..=most + 2).contains(&value.len()))
    })
}

/// A word in lower case may stand in any text; a mark of mixed bytes does not.
fn is_rare(mark: Option<&[u8]>) -> bool {
    mark.is_some_and(|mark| mark.iter().any(|byte| !byte.is_ascii_lowercase()))
}

fn marks() -> AhoCorasick {
    let rules = RuleSet::builtin().rules().iter().filter(|rule| rule.source.pattern.is_some() && !rule.keywords_ignore_case);
    let words = rules.flat_map(|rule| rule.keywords.iter()).filter(|word| word.len() >= MARK_BYTES_MIN);
    AhoCorasickBuilder::new().match_kind(MatchKind::Standard).build(words).expect("the keywords of the rules fit an automaton")
}

fn short_marks() -> Vec<(&'static [u8], usize, usize)> {
    let config = syntax::Config::new().unicode(false).utf8(false);
    let mut found = Vec::new();
    for rule in RuleSet::builtin().rules() {
        let Some(pattern) = rule.source.pattern.as_ref() else {
            continue;
        };
        let short = rule.keywords.iter().filter(|word| word.len() < MARK_BYTES_MIN);
        let Ok(parsed) = syntax::parse_with(pattern, &config) else {
            continue;
        };
        let lengths = parsed.properties().minimum_len().zip(parsed.properties().maximum_len());
        if let Some((least, most)) = lengths.filter(|(least, _)| *least >= 16) {
            found.extend(short.map(|word| (word.as_slice(), least, most)));
        }
    }
    found
}

fn vendors() -> Vendors {
    let mut lengths: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for rule in RuleSet::builtin().rules() {
        let Some((context, length)) = rule.context().and_then(|context| Some((context, length_of(rule, context)?))) else {
            continue;
        };
        for name in &context.names {
            lengths.entry(name.replace('_', "")).or_default().push(length);
        }
    }
    let names = AhoCorasickBuilder::new().match_kind(MatchKind::Standard).build(lengths.keys());
    Vendors { names: names.expect("the names of the rules fit an automaton"), lengths: lengths.into_values().collect() }
}

fn length_of(rule: &Rule, context: &Context) -> Option<(usize, usize)> {
    if rule.stated_length().is_some() {
        return rule.stated_length();
    }
    let config = syntax::Config::new().unicode(false).utf8(false);
    let parsed = syntax::parse_with(&context.value, &config).ok()?;
    // Only narrow shapes: an open range would swallow every other secret of that vendor.
    let (least, most) = (parsed.properties().minimum_len()?, parsed.properties().maximum_len()?);
    (least >= 10 && most - least <= LENGTH_RANGE_MAX).then_some((least, most))
}
