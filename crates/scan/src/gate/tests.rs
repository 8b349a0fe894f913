use super::*;
use proptest::prelude::*;

fn found(gate: &Gate, text: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    gate.find(text, 0..text.len(), &mut hits);
    hits.sort_unstable();
    hits
}

/// What the gate must find, by comparing every keyword everywhere.
fn expected(gate: &Gate, text: &[u8]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for start in 0..text.len() {
        for (number, keyword) in (0_u32..).zip(&gate.keywords) {
            let there = text.get(start..start + keyword.text.len());
            if there.is_some_and(|there| keyword.is_spelled(there)) {
                hits.push(Hit { start: start as u32, keyword: number });
            }
        }
    }
    hits
}

fn gate() -> &'static Gate {
    static GATE: std::sync::LazyLock<Gate> = std::sync::LazyLock::new(|| Gate::new(RuleSet::builtin(), true));
    &GATE
}

#[test]
fn every_keyword_is_found_in_either_case_and_beside_itself() {
    for (number, keyword) in (0_u32..).zip(&gate().keywords).filter(|(_, keyword)| keyword.exact.is_empty()) {
        let text = [&*keyword.text, &keyword.text.to_ascii_uppercase(), b" ", &keyword.text].concat();
        let starts = found(gate(), &text).into_iter().filter(|hit| hit.keyword == number).count();
        assert!(starts >= 3, "{:?}", String::from_utf8_lossy(&keyword.text));
    }
}

#[test]
fn a_keyword_that_minds_case_is_found_in_its_own_spellings_alone() {
    for (number, keyword) in (0_u32..).zip(&gate().keywords).filter(|(_, keyword)| !keyword.exact.is_empty()) {
        let is_found = |text: &[u8]| found(gate(), text).iter().any(|hit| hit.keyword == number && hit.start == 2);
        for spelling in &keyword.exact {
            assert!(is_found(&[b"x ", &**spelling].concat()), "{:?}", String::from_utf8_lossy(spelling));
        }
        let other: Vec<u8> = keyword.text.iter().map(|byte| byte ^ if byte.is_ascii_alphabetic() { 0x20 } else { 0 }).collect();
        let counts = keyword.exact.iter().any(|spelling| **spelling == *other);
        assert_eq!(is_found(&[b"x ", &*other].concat()), counts, "{:?}", String::from_utf8_lossy(&other));
    }
}

#[test]
fn a_keyword_across_the_end_of_the_range_is_left_out() {
    let text = b"xx secret yy";
    for (range, count) in [(0..8, 0), (4..9, 0), (3..9, 1), (0..12, 1)] {
        let mut hits = Vec::new();
        gate().find(text, range.clone(), &mut hits);
        let secrets = hits.iter().filter(|hit| hit.start == 3 && gate().keyword(**hit).is_some_and(|it| it.len == 6));
        assert_eq!(secrets.count(), count, "{range:?}");
    }
}

#[test]
fn keywords_of_one_and_two_bytes_are_found_too() {
    let table = ["k", "ab"].map(|word| (word.as_bytes().to_vec(), Keyword::default()));
    let gate = Gate::of(table.into());
    assert_eq!(found(&gate, b"abKab").len(), 3);
}

proptest! {
    #[test]
    fn the_gate_finds_what_a_comparison_everywhere_finds(
        words in prop::collection::vec(("[a-z_]{0,4}", any::<prop::sample::Index>(), any::<bool>()), 0..12)
    ) {
        let mut text = Vec::new();
        for (filler, index, upper) in words {
            text.extend_from_slice(filler.as_bytes());
            let keyword = index.get(&gate().keywords);
            let spelled = keyword.exact.first().filter(|_| upper).map_or(&*keyword.text, |spelling| spelling);
            let word = if upper && keyword.exact.is_empty() { keyword.text.to_ascii_uppercase() } else { spelled.to_vec() };
            text.extend_from_slice(&word);
        }
        prop_assert_eq!(found(gate(), &text), expected(gate(), &text));
    }
}
