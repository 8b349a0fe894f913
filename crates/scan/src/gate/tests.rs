use super::*;

fn starts(gate: &Gate, text: &[u8]) -> Vec<usize> {
    let mut hits = Vec::new();
    gate.find(text, 0..text.len(), &mut hits);
    hits.iter().map(|hit| hit.start as usize).collect()
}

#[test]
fn both_automata_find_the_same_keywords() {
    let gate = Gate::new(RuleSet::builtin(), true);
    let text = b"my PassWord = x; token://ghp_ AKIA akia secret".repeat(3);
    let sparse = starts(&gate, &text);
    gate.warm();
    assert!(sparse.len() > 9);
    assert_eq!(sparse, starts(&gate, &text));
}

#[test]
fn a_keyword_across_the_end_of_the_range_is_left_out() {
    let gate = Gate::new(RuleSet::builtin(), true);
    let mut hits = Vec::new();
    gate.find(b"xx ghp_ yy", 0..6, &mut hits);
    assert!(hits.is_empty());
    gate.find(b"xx ghp_ yy", 3..7, &mut hits);
    assert!(hits.iter().any(|hit| hit.start == 3));
}
