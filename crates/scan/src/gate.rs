//! The first gate: finds the keywords of all rules and the literals of the generic scanner in one pass.
//!
//! Each keyword is known by its rarest run of three characters. A bit set of these runs fits the first-level cache, so a
//! byte costs a table look-up, a shift and a bit test; a dense automaton over a thousand keywords takes megabytes and waits
//! for memory at every byte. Only where a bit is set are whole keywords compared. Case is folded, but runs with and without
//! a capital have bits of their own: `ODE` of a token's start is not looked for in every `node`. Keywords may overlap.

use crate::{
    generic::{self, Wake},
    rule::RuleSet,
};
use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

/// One keyword at one position of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// The keyword's first byte.
    pub(crate) start: u32,
    /// Which keyword.
    pub(crate) keyword: u32,
}

/// What a keyword wakes.
#[derive(Debug, Default)]
pub(crate) struct Keyword {
    pub(crate) len: u32,
    /// Indices of the rules to run, with the exact bytes when the rule minds case.
    pub(crate) rules: Vec<(u32, Option<Box<[u8]>>)>,
    /// What wakes the generic scanner around it; `None` when it does not.
    pub(crate) wake: Option<Wake>,
    /// In lower case.
    text: Box<[u8]>,
    /// Where its rarest run starts.
    gram_at: usize,
    /// The spellings that count; empty when all do.
    exact: Vec<Box<[u8]>>,
}

/// All keywords.
pub(crate) struct Gate {
    keywords: Vec<Keyword>,
    len_max: usize,
    /// The runs that some keyword is known by.
    grams: Box<[u64; GRAM_WORDS]>,
    /// Runs and keywords, grouped by [`slot`].
    entries: Vec<Entry>,
    /// Where the entries of each slot start.
    slots: Vec<u32>,
    /// Keywords too short for a run.
    short: Vec<u32>,
}

/// A keyword at its run, with the characters beside the run: most places are refused by them, before the keyword's text is
/// fetched from memory.
struct Entry {
    gram: u32,
    keyword: u32,
    before: u8,
    after: u8,
}

/// No character stands there in the keyword.
const ANY: u8 = u8::MAX;

/// Bits of one character of a run, and of a run of three. One more bit tells whether the run has a capital.
const CHARACTER_BITS: u32 = 6;
const GRAM_BITS: u32 = 3 * CHARACTER_BITS;
const GRAM_MASK: u32 = (1 << GRAM_BITS) - 1;
const CAPITAL: u32 = 1 << GRAM_BITS;
const GRAM_WORDS: usize = 1 << (GRAM_BITS + 1 - 6);
const SLOT_BITS: u32 = 12;

/// Folds a byte to a character of 1 to 63; what stands in no keyword is 0.
const CHARACTER: [u8; 256] = {
    let mut table = [0; 256];
    let known = b"abcdefghijklmnopqrstuvwxyz0123456789_-:/.=\"@ $(){}[]*+,;!?#%&'<>|~";
    let mut at = 0;
    while at < known.len() {
        // The last few share a character: they stand in hardly any keyword.
        let character = if at < 62 { at as u8 + 1 } else { 63 };
        table[known[at] as usize] = character;
        table[known[at].to_ascii_uppercase() as usize] = character;
        at += 1;
    }
    table
};

/// Which bytes are capitals.
const IS_CAPITAL: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = b'A';
    while byte <= b'Z' {
        table[byte as usize] = 1;
        byte += 1;
    }
    table
};

/// The runs of three characters that stand most often in code, configuration and prose, counted over sources of several
/// languages, the most frequent first. All others are rarer.
const FREQUENT: &str = include_str!("gate/trigrams.txt");

/// How rare letters are in code and prose, from `a`; other characters come next.
const RARITY: [u8; 26] = [2, 5, 3, 3, 1, 4, 5, 4, 2, 9, 7, 3, 4, 2, 2, 4, 10, 2, 2, 1, 4, 6, 6, 7, 6, 9];

/// So many bytes are tested together before any is looked at closer.
const BLOCK: usize = 16;

impl Gate {
    /// Builds the gate of `rules`, with the generic scanner's literals when `generic` is set.
    pub(crate) fn new(rules: &RuleSet, generic: bool) -> Self {
        let mut table: BTreeMap<Vec<u8>, Keyword> = BTreeMap::new();
        for (index, rule) in rules.rules().iter().enumerate() {
            for word in rule.keywords.iter().filter(|word| !word.is_empty()) {
                let exact = (!rule.keywords_ignore_case).then(|| word.clone().into_boxed_slice());
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                let keyword = table.entry(word.to_ascii_lowercase()).or_default();
                keyword.rules.push((index, exact));
            }
        }
        if generic {
            for (word, wake) in generic::GATE {
                let keyword = table.entry(word.as_bytes().to_ascii_lowercase()).or_default();
                keyword.wake = Some(*wake);
            }
        }
        Self::of(table)
    }

    fn of(table: BTreeMap<Vec<u8>, Keyword>) -> Self {
        let mut gate = Self {
            keywords: Vec::with_capacity(table.len()),
            len_max: 0,
            grams: Box::new([0; GRAM_WORDS]),
            entries: Vec::with_capacity(table.len()),
            slots: vec![0; (1 << SLOT_BITS) + 1],
            short: Vec::new(),
        };
        let ranks: HashMap<u32, u32> = FREQUENT.split_ascii_whitespace().map(|run| fold(run.as_bytes())).zip(0..).collect();
        for (number, (text, mut keyword)) in (0_u32..).zip(table) {
            gate.len_max = gate.len_max.max(text.len());
            keyword.len = u32::try_from(text.len()).unwrap_or(u32::MAX);
            if keyword.wake.is_none() && keyword.rules.iter().all(|(_, exact)| exact.is_some()) {
                keyword.exact = keyword.rules.iter().filter_map(|(_, exact)| exact.clone()).collect();
                keyword.exact.sort_unstable();
                keyword.exact.dedup();
            }
            match rarest(&text, &ranks) {
                Some((at, gram)) => {
                    keyword.gram_at = at;
                    let has_capital = |spelling: &[u8]| spelling.iter().skip(at).take(3).any(u8::is_ascii_uppercase);
                    let any = keyword.exact.is_empty();
                    if any || keyword.exact.iter().any(|spelling| has_capital(spelling)) {
                        gate.mark(gram | CAPITAL);
                    }
                    if any || keyword.exact.iter().any(|spelling| !has_capital(spelling)) {
                        gate.mark(gram);
                    }
                    let beside =
                        |at: Option<usize>| at.and_then(|at| text.get(at)).map_or(ANY, |&byte| CHARACTER[usize::from(byte)]);
                    let (before, after) = (beside(at.checked_sub(1)), beside(Some(at + 3)));
                    gate.entries.push(Entry { gram, keyword: number, before, after });
                }
                None => gate.short.push(number),
            }
            keyword.text = text.into_boxed_slice();
            gate.keywords.push(keyword);
        }
        gate.entries.sort_unstable_by_key(|entry| (slot(entry.gram), entry.gram, entry.keyword));
        for (at, start) in gate.slots.iter_mut().enumerate() {
            let first = gate.entries.partition_point(|entry| slot(entry.gram) < at);
            *start = u32::try_from(first).unwrap_or(u32::MAX);
        }
        gate
    }

    /// Notes that some keyword is known by a run.
    fn mark(&mut self, run: u32) {
        if let Some(word) = self.grams.get_mut((run >> 6) as usize) {
            *word |= 1 << (run & 63);
        }
    }

    /// Returns the keyword of a hit.
    pub(crate) fn keyword(&self, hit: Hit) -> Option<&Keyword> {
        self.keywords.get(hit.keyword as usize)
    }

    /// Returns the length of the longest keyword.
    pub(crate) fn len_max(&self) -> usize {
        self.len_max
    }

    /// Appends the keywords that lie wholly inside `range` of `text` to `hits`, in no order.
    pub(crate) fn find(&self, text: &[u8], range: Range<usize>, hits: &mut Vec<Hit>) {
        let Some(part) = text.get(range.clone()) else {
            return;
        };
        let (mut gram, mut capitals) = (0_u32, 0_u32);
        for (block, bytes) in part.chunks(BLOCK).enumerate() {
            let mut marked = 0_u32;
            for (at, &byte) in bytes.iter().enumerate() {
                gram = (gram << CHARACTER_BITS | u32::from(CHARACTER[usize::from(byte)])) & GRAM_MASK;
                // A bit for each of the last three bytes.
                capitals = (capitals << 1 | u32::from(IS_CAPITAL[usize::from(byte)])) & 7;
                let run = gram | u32::from(capitals != 0) << GRAM_BITS;
                marked |= (self.grams[(run >> 6) as usize] >> (run & 63) & 1) as u32 * (1 << at);
            }
            while marked != 0 {
                let end = block * BLOCK + marked.trailing_zeros() as usize + 1;
                marked &= marked - 1;
                if let Some(run) = end.checked_sub(3).and_then(|start| part.get(start..end)) {
                    self.compare(part, end - 3, fold(run), range.start, hits);
                }
            }
        }
        for &number in &self.short {
            self.find_short(part, number, range.start, hits);
        }
    }

    /// Compares the keywords that are known by `gram`, which stands at `at`.
    #[inline(never)]
    fn compare(&self, part: &[u8], at: usize, gram: u32, offset: usize, hits: &mut Vec<Hit>) {
        let slot = slot(gram);
        let ends = (self.slots.get(slot), self.slots.get(slot + 1));
        let (Some(&first), Some(&last)) = ends else {
            return;
        };
        let character = |at: Option<usize>| at.and_then(|at| part.get(at)).map_or(ANY, |&byte| CHARACTER[usize::from(byte)]);
        let (before, after) = (character(at.checked_sub(1)), character(Some(at + 3)));
        for entry in self.entries.get(first as usize..last as usize).into_iter().flatten() {
            let beside = (entry.before == ANY || entry.before == before) && (entry.after == ANY || entry.after == after);
            if entry.gram != gram || !beside {
                continue;
            }
            let number = entry.keyword;
            let Some(keyword) = self.keywords.get(number as usize) else {
                continue;
            };
            let Some(start) = at.checked_sub(keyword.gram_at) else {
                continue;
            };
            let there = part.get(start..start + keyword.text.len());
            if there.is_some_and(|there| keyword.is_spelled(there)) {
                hits.push(Hit { start: u32::try_from(offset + start).unwrap_or(u32::MAX), keyword: number });
            }
        }
    }

    /// Finds a keyword of one or two bytes, which only a user's rule has.
    fn find_short(&self, part: &[u8], number: u32, offset: usize, hits: &mut Vec<Hit>) {
        let Some(keyword) = self.keywords.get(number as usize) else {
            return;
        };
        for (at, there) in part.windows(keyword.text.len()).enumerate() {
            if keyword.is_spelled(there) {
                hits.push(Hit { start: u32::try_from(offset + at).unwrap_or(u32::MAX), keyword: number });
            }
        }
    }
}

impl Keyword {
    /// Says whether bytes of the keyword's length are a spelling that counts.
    fn is_spelled(&self, there: &[u8]) -> bool {
        if self.exact.is_empty() {
            there.eq_ignore_ascii_case(&self.text)
        } else {
            self.exact.iter().any(|spelling| **spelling == *there)
        }
    }
}

/// Returns the rarest run of three characters of a keyword in lower case, and where it stands.
fn rarest(text: &[u8], ranks: &HashMap<u32, u32>) -> Option<(usize, u32)> {
    let rarity = |byte: &u8| match byte {
        b'a'..=b'z' => u32::from(RARITY[usize::from(byte - b'a')]),
        // Blanks, quotes and signs within names are everywhere.
        b' ' | b'"' | b'_' | b'.' => 1,
        b'-' | b'/' | b':' | b'=' => 3,
        _ => 6,
    };
    let key = |at: usize, run: &[u8]| {
        let rank = ranks.get(&fold(run)).copied().unwrap_or(u32::MAX);
        (rank, run.iter().map(rarity).sum::<u32>(), std::cmp::Reverse(at))
    };
    let (at, run) = text.windows(3).enumerate().max_by_key(|(at, run)| key(*at, run))?;
    Some((at, fold(run)))
}

/// Folds three bytes to a run.
fn fold(run: &[u8]) -> u32 {
    run.iter().fold(0, |gram, &byte| gram << CHARACTER_BITS | u32::from(CHARACTER[usize::from(byte)]))
}

/// Spreads runs over the slots.
fn slot(gram: u32) -> usize {
    (gram.wrapping_mul(0x9e37_79b1) >> (32 - SLOT_BITS)) as usize
}

#[cfg(test)]
mod tests;
