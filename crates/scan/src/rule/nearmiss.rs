//! Values that belong to a provider's format but do not fulfil it.
//!
//! The generic scanner must not report what a provider's rule has looked at and refused: a token with a wrong checksum
//! is no password either.

use std::{collections::BTreeMap, sync::LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use regex_automata::{meta::Regex, util::syntax};

use super::{Context, Rule, RuleSet, prefix, rule::compile};

/// Shortest literal that marks a token wherever it stands in it.
const MARK_BYTES_MIN: usize = 4;
/// Shortest value in which a literal behind the start is taken for a mark rather than for chance.
const MARKED_BYTES_MIN: usize = 24;
/// Shorter values are no tokens whose prefix is compared.
const FORMAT_BYTES_MIN: usize = 16;
/// A value behind a format's prefix that is by so many bytes too short or too long is a damaged one.
const FORMAT_BYTES_OFF: usize = 6;
/// A short mark stands within the first bytes of a value.
const SHORT_MARK_BYTES_BEFORE: usize = 14;
/// Widest range of lengths that still tells a vendor's values from others.
const LENGTH_RANGE_MAX: usize = 120;

/// Prefixes of many vendors' tokens: what one of them does not make may be another's.
const SHARED: [&[u8]; 8] = [b"sk_", b"sk-", b"pk_", b"rk_", b"key_", b"key-", b"api_", b"pat_"];

/// Names of rules that name no vendor: values of any other shape stand there too.
const OWNERLESS: [&str; 2] = ["app_secret", "master_key"];

static MARKS: LazyLock<AhoCorasick> = LazyLock::new(marks);
/// Keywords of three bytes with the least and greatest length of their rule's matches.
static SHORT_MARKS: LazyLock<Vec<Mark>> = LazyLock::new(short_marks);
/// What the values of rules begin with.
static FORMATS: LazyLock<Vec<Format>> = LazyLock::new(formats);
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

type Compile = Box<dyn Fn() -> Option<Regex> + Send + Sync>;

/// A prefix of a rule's values, with their least and greatest length.
struct Format {
    prefix: Vec<u8>,
    least: usize,
    most: usize,
    whole: LazyLock<Option<Regex>, Compile>,
}

impl Format {
    fn fits(&self, value: &[u8]) -> bool {
        self.whole.as_ref().is_some_and(|whole| whole.is_match(value))
    }
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
        || is_damaged(value)
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

/// A token's prefix with one byte wrong, missing or too many, before a rest of the token's length; or a right one before a rest
/// that is none of the token's.
fn is_damaged(value: &[u8]) -> bool {
    FORMATS.iter().any(|format| {
        let near = |by: usize| (format.least.saturating_sub(by)..=format.most + by).contains(&value.len());
        if value.starts_with(&format.prefix) {
            return !SHARED.contains(&format.prefix.as_slice()) && near(FORMAT_BYTES_OFF) && !format.fits(value);
        }
        near(1) && is_one_edit_away(&format.prefix, value)
    })
}

/// Returns whether `text` starts with `mark`, but for one byte.
fn is_one_edit_away(mark: &[u8], text: &[u8]) -> bool {
    let same = mark.iter().zip(text).take_while(|(left, right)| left == right).count();
    let starts =
        |at: usize, rest: usize| text.get(at..).is_some_and(|text| mark.get(rest..).is_some_and(|mark| text.starts_with(mark)));
    let is_missing = same + 1 < mark.len() && starts(same, same + 1);
    starts(same + 1, same + 1) || is_missing || starts(same + 1, same)
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
    let shape = |rule: &'static Rule| {
        let (least, most) = lengths_of(rule.source.pattern.as_deref()?)?;
        (least >= FORMAT_BYTES_MIN).then_some(Shape { rule, least, most })
    };
    RuleSet::builtin().rules().iter().filter_map(shape).collect()
}

fn formats() -> Vec<Format> {
    let mut found = Vec::new();
    for rule in RuleSet::builtin().rules() {
        let pattern = rule.source.pattern.as_deref().or(rule.context().map(|context| context.value.as_str())).unwrap_or_default();
        let Some((least, most)) = lengths_of(pattern).filter(|(least, _)| *least >= FORMAT_BYTES_MIN) else { continue };
        for prefix in prefix::prefixes(pattern).into_iter().filter(|prefix| is_mark(prefix)) {
            let whole = LazyLock::new(Box::new(move || compile(&format!("^(?:{pattern})$")).ok()) as Compile);
            found.push(Format { prefix, least, most, whole });
        }
    }
    found
}

/// A prefix of letters alone needs four of them, or random text would hold it by chance.
fn is_mark(prefix: &[u8]) -> bool {
    prefix.len() >= MARK_BYTES_MIN
        || prefix.len() == MARK_BYTES_MIN - 1 && prefix.iter().any(|byte| !byte.is_ascii_alphanumeric())
}

/// Returns the least and greatest length of the matches of a pattern, when there is one.
fn lengths_of(pattern: &str) -> Option<(usize, usize)> {
    let config = syntax::Config::new().unicode(false).utf8(false);
    let parsed = syntax::parse_with(pattern, &config).ok()?;
    Some((parsed.properties().minimum_len()?, parsed.properties().maximum_len()?))
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
    // Only narrow shapes: an open range would swallow every other secret of that vendor.
    let (least, most) = lengths_of(&context.value)?;
    (least >= 10 && most - least <= LENGTH_RANGE_MAX).then_some((least, most))
}
