//! The first gate: one automaton over the keywords of all rules and the literals of the generic scanner.
//!
//! The automaton folds ASCII case; a keyword that minds case is compared again when it is hit. Matches overlap, so
//! that a short keyword never hides a longer one.

use crate::{generic, rule::RuleSet};
use aho_corasick::{
    Anchored, MatchKind,
    automaton::Automaton,
    dfa,
    nfa::noncontiguous::{self, NFA},
};
use std::{collections::BTreeMap, ops::Range, sync::OnceLock};

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
    /// Whether the generic scanner runs around it.
    pub(crate) generic: bool,
}

/// The keyword automaton.
pub(crate) struct Gate {
    keywords: Vec<Keyword>,
    len_max: usize,
    small: NFA,
    large: OnceLock<dfa::DFA>,
}

/// Texts from this size on pay for the dense automaton, which is built once.
const DENSE_FROM_BYTES: usize = 256 * 1024;

impl Gate {
    /// Builds the gate of `rules`, with the generic scanner's literals when `generic` is set.
    pub(crate) fn new(rules: &RuleSet, generic: bool) -> Self {
        let mut table: BTreeMap<Vec<u8>, Keyword> = BTreeMap::new();
        for (index, rule) in rules.rules().iter().enumerate() {
            for word in rule.keywords.iter().filter(|word| !word.is_empty()) {
                let exact = (!rule.keywords_ignore_case).then(|| word.clone().into_boxed_slice());
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                table.entry(word.to_ascii_lowercase()).or_default().rules.push((index, exact));
            }
        }
        if generic {
            for word in generic::GATE {
                table.entry(word.as_bytes().to_ascii_lowercase()).or_default().generic = true;
            }
        }
        let words: Vec<Vec<u8>> = table.keys().cloned().collect();
        let mut keywords: Vec<Keyword> = table.into_values().collect();
        for (keyword, word) in keywords.iter_mut().zip(&words) {
            keyword.len = u32::try_from(word.len()).unwrap_or(u32::MAX);
        }
        let small = noncontiguous::Builder::new()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .prefilter(false)
            .build(&words)
            .expect("the keywords of a rule set fit an automaton");
        let len_max = words.iter().map(Vec::len).max().unwrap_or(0);
        Self { keywords, len_max, small, large: OnceLock::new() }
    }

    /// Returns the keyword of a hit.
    pub(crate) fn keyword(&self, hit: Hit) -> Option<&Keyword> {
        self.keywords.get(hit.keyword as usize)
    }

    /// Returns the length of the longest keyword.
    pub(crate) fn len_max(&self) -> usize {
        self.len_max
    }

    /// Builds the dense automaton now, for callers that will see many bytes.
    pub(crate) fn warm(&self) {
        self.dense();
    }

    /// Appends the keywords that lie wholly inside `range` of `text` to `hits`, ordered by their ends.
    pub(crate) fn find(&self, text: &[u8], range: Range<usize>, hits: &mut Vec<Hit>) {
        let Some(part) = text.get(range.clone()) else {
            return;
        };
        if self.large.get().is_some() || part.len() >= DENSE_FROM_BYTES {
            self.run(self.dense(), part, range.start, hits);
        } else {
            self.run(&self.small, part, range.start, hits);
        }
    }

    fn dense(&self) -> &dfa::DFA {
        self.large.get_or_init(|| {
            dfa::Builder::new()
                .match_kind(MatchKind::Standard)
                .prefilter(false)
                .build_from_noncontiguous(&self.small)
                .expect("the keywords of a rule set fit an automaton")
        })
    }

    fn run<A: Automaton>(&self, automaton: &A, part: &[u8], offset: usize, hits: &mut Vec<Hit>) {
        let mut state = automaton.start_state(Anchored::No).expect("the automaton is built for unanchored searches");
        for (at, &byte) in part.iter().enumerate() {
            state = automaton.next_state(Anchored::No, state, byte);
            if automaton.is_special(state) && automaton.is_match(state) {
                for index in 0..automaton.match_len(state) {
                    let keyword = automaton.match_pattern(state, index).as_usize();
                    let len = self.keywords.get(keyword).map_or(0, |keyword| keyword.len as usize);
                    hits.push(Hit {
                        start: u32::try_from(offset + at + 1 - len).unwrap_or(u32::MAX),
                        keyword: u32::try_from(keyword).unwrap_or(u32::MAX),
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
