//! What words look like: a list of common ones and the letter pairs that they are made of.
//!
//! The list holds the words that documentation of programs uses most; the pairs are counted from it at the first use.

use std::{collections::HashSet, sync::LazyLock};

const LIST: &str = include_str!("data/words.txt");

static WORDS: LazyLock<HashSet<&'static [u8]>> = LazyLock::new(|| LIST.lines().map(str::as_bytes).collect());
static PAIRS: LazyLock<Box<[[f32; 27]; 27]>> = LazyLock::new(count_pairs);
const LONGEST: usize = 12;
/// Which three letters begin a word: most places of a text begin none, which a look here shows.
static STARTS: LazyLock<Box<[bool]>> = LazyLock::new(|| {
    let mut starts = vec![false; 27 * 27 * 27].into_boxed_slice();
    for word in LIST.lines().filter_map(|word| start_of(word.as_bytes())) {
        if let Some(start) = starts.get_mut(word) {
            *start = true;
        }
    }
    starts
});

/// Returns the share of the letters of `text` that stand in words of four letters and more; 0 without letters.
pub(super) fn covered(text: &[u8]) -> f32 {
    let lower = text.to_ascii_lowercase();
    let letters = lower.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    if letters == 0 {
        return 0.0;
    }
    let mut inside = 0;
    for run in lower.split(|byte| !byte.is_ascii_alphabetic()) {
        let mut at = 0;
        while at < run.len() {
            match longest_word(run.get(at..).unwrap_or_default()) {
                Some(length) => {
                    inside += length;
                    at += length;
                }
                None => at += 1,
            }
        }
    }
    inside as f32 / letters as f32
}

/// Returns whether `text` is one word of the list.
pub(super) fn is_word(text: &[u8]) -> bool {
    WORDS.contains(text.to_ascii_lowercase().as_slice())
}

fn longest_word(run: &[u8]) -> Option<usize> {
    if STARTS.get(start_of(run)?) != Some(&true) {
        return None;
    }
    (4..=run.len().min(LONGEST)).rev().find(|length| run.get(..*length).is_some_and(|part| WORDS.contains(part)))
}

/// Returns the place of the first three letters in [`STARTS`].
fn start_of(word: &[u8]) -> Option<usize> {
    word.get(..3).map(|letters| letters.iter().fold(0, |sum, letter| sum * 27 + place(*letter)))
}

/// Returns the mean surprise of the letter pairs of `text` in bits, digits and symbols being one letter of their own.
///
/// Words lie near 4, random letters near 7.
pub(super) fn surprise(text: &[u8]) -> f32 {
    let (mut sum, mut count) = (0.0, 0_u16);
    for pair in text.windows(2) {
        let [left, right] = pair else { continue };
        sum += PAIRS.get(place(*left)).and_then(|row| row.get(place(*right))).copied().unwrap_or_default();
        count = count.saturating_add(1);
    }
    if count == 0 { 0.0 } else { sum / f32::from(count) }
}

fn place(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a') + 1,
        b'A'..=b'Z' => usize::from(byte - b'A') + 1,
        _ => 0,
    }
}

fn count_pairs() -> Box<[[f32; 27]; 27]> {
    let mut pairs = Box::new([[0.5_f32; 27]; 27]);
    // Line ends count as the border symbol, so that word starts and ends are known.
    for pair in LIST.as_bytes().windows(2) {
        let [left, right] = pair else { continue };
        if let Some(cell) = pairs.get_mut(place(*left)).and_then(|row| row.get_mut(place(*right))) {
            *cell += 1.0;
        }
    }
    for row in pairs.iter_mut() {
        let total: f32 = row.iter().sum();
        for cell in row.iter_mut() {
            *cell = -(*cell / total).log2();
        }
    }
    // Runs of digits and symbols are neither surprising nor usual.
    if let Some(cell) = pairs.get_mut(0).and_then(|row| row.get_mut(0)) {
        *cell = 5.0;
    }
    pairs
}
