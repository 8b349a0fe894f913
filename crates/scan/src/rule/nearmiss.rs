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
/// A short mark stands within the first bytes of a value.
const SHORT_MARK_BYTES_BEFORE: usize = 14;
/// Widest range of lengths that still tells a vendor's values from others.
const LENGTH_RANGE_MAX: usize = 120;

/// Names of rules that name no vendor: values of any other shape stand there too.
const OWNERLESS: [&str; 2] = ["app_secret", "master_key"];

static MARKS: LazyLock<AhoCorasick> = LazyLock::new(marks);
/// Keywords of three bytes with the least and greatest length of their rule's matches.
static SHORT_MARKS: LazyLock<Vec<Mark>> = LazyLock::new(short_marks);
/// Keywords that stand at the start of their rule's matches, with the least and greatest length of these.
static PREFIXES: LazyLock<Vec<Mark>> = LazyLock::new(prefixes);
static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(shapes);
static VENDORS: LazyLock<Vendors> = LazyLock::new(vendors);

/// A literal, and the least and greatest length of the values that it marks.
type Mark = (&'static [u8], usize, usize);

/// A rule with the least and greatest length of its matches.
struct Shape {
    rule: &'static Rule,
    least: usize,
    most: usize,
}

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
        || has_damaged_mark(value)
}

/// Three bytes mark a token only together with its length.
fn has_short_mark(value: &[u8]) -> bool {
    SHORT_MARKS.iter().any(|(mark, least, most)| {
        (least.saturating_sub(3)..=most + 3).contains(&value.len())
            && (value.starts_with(mark)
                || (mark.iter().any(|byte| !byte.is_ascii_alphanumeric())
                    && memchr::memmem::find(value.get(..SHORT_MARK_BYTES_BEFORE).unwrap_or_default(), mark).is_some()))
    })
}

/// A token's prefix with one byte wrong, missing or too many, before a rest of the token's length.
fn has_damaged_mark(value: &[u8]) -> bool {
    PREFIXES
        .iter()
        .any(|(mark, least, most)| (least.saturating_sub(1)..=most + 1).contains(&value.len()) && is_one_edit_away(mark, value))
}

/// Returns whether `text` starts with `mark`, but for one byte.
fn is_one_edit_away(mark: &[u8], text: &[u8]) -> bool {
    let same = mark.iter().zip(text).take_while(|(left, right)| left == right).count();
    let starts =
        |at: usize, rest: usize| text.get(at..).is_some_and(|text| mark.get(rest..).is_some_and(|mark| text.starts_with(mark)));
    starts(same + 1, same + 1) || starts(same, same + 1) || starts(same + 1, same)
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

/// The rules with a pattern of bounded length, which is parsed once.
fn shapes() -> Vec<Shape> {
    let config = syntax::Config::new().unicode(false).utf8(false);
    let shape = |rule: &'static Rule| {
        let parsed = syntax::parse_with(rule.source.pattern.as_ref()?, &config).ok()?;
        let (least, most) = (parsed.properties().minimum_len()?, parsed.properties().maximum_len()?);
        (least >= 16).then_some(Shape { rule, least, most })
    };
    RuleSet::builtin().rules().iter().filter_map(shape).collect()
}

fn prefixes() -> Vec<Mark> {
    let mut found = Vec::new();
    for Shape { rule, least, most } in SHAPES.iter().filter(|shape| !shape.rule.keywords_ignore_case) {
        // A mark of letters alone needs more of them, or random text would hold it by chance.
        let is_mark = |word: &[u8]| {
            word.len() > MARK_BYTES_MIN || word.len() == MARK_BYTES_MIN && word.iter().any(|byte| !byte.is_ascii_alphanumeric())
        };
        let pattern = rule.source.pattern.as_deref().unwrap_or_default();
        let words = rule.keywords.iter().map(Vec::as_slice).filter(|word| is_mark(word) && is_prefix(pattern, word));
        found.extend(words.map(|word| (word, *least, *most)));
    }
    found
}

/// Returns whether the first three bytes of `word` begin `pattern` too: a keyword that its alternatives spell is a prefix.
fn is_prefix(pattern: &str, word: &[u8]) -> bool {
    let plain = pattern.bytes().filter(|byte| *byte != b'\\');
    word.iter().zip(plain).take(3).all(|(left, right)| *left == right)
}

fn short_marks() -> Vec<Mark> {
    let short = |shape: &Shape| {
        let (least, most) = (shape.least, shape.most);
        let words = shape.rule.keywords.iter().filter(|word| word.len() < MARK_BYTES_MIN);
        words.map(|word| (word.as_slice(), least, most)).collect::<Vec<Mark>>()
    };
    SHAPES.iter().flat_map(short).collect()
}

fn vendors() -> Vendors {
    let mut lengths: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for rule in RuleSet::builtin().rules() {
        let Some((context, length)) = rule.context().and_then(|context| Some((context, length_of(rule, context)?))) else {
            continue;
        };
        for name in context.names.iter().filter(|name| !OWNERLESS.contains(&name.as_str())) {
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
