//! Measures rules and generic scanner together on secrets and near misses that no example file holds.

use std::fmt::Write as _;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use super::{
    RuleSet, check,
    synthesis::{Random, negatives, positive},
};
use crate::{
    finding::Confidence,
    generic::{self, FileContext, FileKind},
};

/// Every rule is tried with this many new secrets and near misses.
const EACH: usize = 2;

struct Engine {
    set: &'static RuleSet,
    gate: AhoCorasick,
    owners: Vec<usize>,
}

impl Engine {
    fn new() -> Self {
        let set = RuleSet::builtin();
        let words: Vec<(&[u8], usize)> = set
            .rules()
            .iter()
            .enumerate()
            .flat_map(|(at, rule)| rule.keywords.iter().map(move |word| (word.as_slice(), at)))
            .collect();
        let gate = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .build(words.iter().map(|(word, _)| word))
            .expect("the keywords of the rules fit an automaton");
        Self { set, gate, owners: words.into_iter().map(|(_, at)| at).collect() }
    }

    /// What is said of a text: by which rule, and the value.
    fn findings(&self, text: &str) -> Vec<(String, String)> {
        let mut hit: Vec<usize> =
            self.gate.find_overlapping_iter(text).map(|hit| self.owners[hit.pattern().as_usize()]).collect();
        hit.sort_unstable();
        hit.dedup();
        let mut found: Vec<(String, String)> = hit
            .into_iter()
            .filter_map(|at| {
                let rule = &self.set.rules()[at];
                let secret = check::first_secret(rule, text.as_bytes())?;
                Some((rule.id.clone(), String::from_utf8_lossy(secret).into_owned()))
            })
            .collect();
        let mut candidates = Vec::new();
        let file = FileContext { path: b"config/app.conf", kind: FileKind::of_path(b"config/app.conf") };
        generic::scan(text.as_bytes(), &file, &mut candidates);
        found.extend(
            candidates
                .iter()
                .filter(|candidate| candidate.confidence >= Confidence::Medium)
                .map(|candidate| (candidate.rule_id.to_owned(), text[candidate.start..candidate.end].to_owned())),
        );
        found
    }
}

#[test]
fn provider_formats_are_found_and_near_misses_are_not() {
    let engine = Engine::new();
    let (mut secrets, mut found, mut misses, mut said) = (0_u32, 0_u32, 0_u32, 0_u32);
    let mut log = String::new();
    for rule in engine.set.rules() {
        let mut random = Random::of(&format!("accuracy-{}", rule.id));
        for example in (0..EACH).filter_map(|_| positive(rule, &mut random)) {
            secrets += 1;
            let value = &example.text[example.start..example.end];
            let findings = engine.findings(&example.text);
            if findings.iter().any(|(id, secret)| secret == value && !id.starts_with("generic")) {
                found += 1;
            } else {
                let _ = writeln!(log, "missed {}: {} {findings:?}", rule.id, example.text);
            }
        }
        for text in negatives(rule, &mut random, EACH) {
            misses += 1;
            let findings = engine.findings(&text);
            if !findings.is_empty() {
                said += 1;
                let _ = writeln!(log, "said {}: {text} {findings:?}", rule.id);
            }
        }
    }
    let recall = f64::from(found) / f64::from(secrets);
    let false_rate = f64::from(said) / f64::from(misses);
    if std::env::var_os("WATCHFIRE_SHOW").is_some() {
        let page = format!("recall {recall:.4} near misses said {false_rate:.4} of {misses}\n{log}");
        std::fs::write(std::env::temp_dir().join("accuracy.txt"), page).expect("writable");
    }
    assert!(recall >= 0.97 && false_rate <= 0.05, "recall {recall:.3}, near misses said {false_rate:.3}");
}
