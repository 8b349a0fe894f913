//! What people write where a secret would stand.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Words that no generated secret contains by chance and that mark an example.
const WORDS: &[&str] = &[
    "example",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "redacted",
    "dummy",
    "sample",
    "yourkey",
    "your_",
    "your-",
    "yourtoken",
    "yourapi",
    "yoursecret",
    "mytoken",
    "my_token",
    "my-token",
    "mysecret",
    "insert",
    "replace",
    "notreal",
    "not_real",
    "not-real",
    "fakekey",
    "fake_",
    "fake-",
    "faketoken",
    "goes_here",
    "goeshere",
    "goes-here",
    "here_",
    "_here",
    "-here",
    "todo",
    "foobar",
    "deadbeef",
    "xxxx",
    "****",
    "....",
    "____",
    "----",
    "abcdefgh",
    "00010203",
    "00112233",
    "aabbccdd",
    "cafebabe",
    "12345678",
    "01234567",
    "98765432",
    "qwerty",
    "lorem",
    "testtest",
    "secret_key",
    "api_key",
];

static WORD: LazyLock<AhoCorasick> = LazyLock::new(|| AhoCorasick::new(WORDS).expect("a short list of words fits an automaton"));

/// Returns whether `secret` is a stand-in: a word for one, one byte over and over, or a plain sequence.
pub fn is_placeholder(secret: &[u8]) -> bool {
    let lower = secret.to_ascii_lowercase();
    WORD.is_match(&lower) || has_long_run(&lower) || is_cycle(&lower) || is_template(secret)
}

/// Returns the Shannon entropy of `text` in bits per byte; 0 for an empty text.
pub fn shannon_bits(text: &[u8]) -> f32 {
    let mut counts = [0_u32; 256];
    for byte in text {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let total = text.len() as f32;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = *count as f32 / total;
            -share * share.log2()
        })
        .sum()
}

/// Bytes that may stand before a text that repeats: a token's prefix.
const CYCLE_PREFIX_BYTES: usize = 12;
/// Shortest text behind a prefix that counts as one that repeats.
const CYCLE_BYTES_MIN: usize = 16;
/// Two sequences that take turns, as in `1a2b3c4d5e`, are this long at least.
const TWIN_RUN_BYTES: usize = 10;

/// Six equal bytes, or seven that climb or fall by one each, side by side; or two sequences that take turns.
fn has_long_run(text: &[u8]) -> bool {
    let (mut equal, mut rising, mut falling) = (1, 1, 1);
    for pair in text.windows(2) {
        let [left, right] = pair else { continue };
        equal = if left == right { equal + 1 } else { 1 };
        rising = if left.wrapping_add(1) == *right { rising + 1 } else { 1 };
        falling = if right.wrapping_add(1) == *left { falling + 1 } else { 1 };
        if equal >= 6 || rising >= 7 || falling >= 7 {
            return true;
        }
    }
    has_twin_run(text)
}

/// `1a2b3c4d5e`: every second byte climbs by one, and so do those between.
fn has_twin_run(text: &[u8]) -> bool {
    let mut rising = 2;
    for three in text.windows(3) {
        let [left, _, right] = three else { continue };
        rising = if left.wrapping_add(1) == *right { rising + 1 } else { 2 };
        if rising >= TWIN_RUN_BYTES {
            return true;
        }
    }
    false
}

/// The same one to six bytes repeated through a text of at least twelve, or behind a token's prefix.
fn is_cycle(text: &[u8]) -> bool {
    let repeats = |text: &[u8]| (1..=6).any(|period| text.iter().zip(text.iter().skip(period)).all(|(a, b)| a == b));
    text.len() >= 12 && repeats(text)
        || (1..=CYCLE_PREFIX_BYTES).any(|prefix| {
            text.get(prefix..).is_some_and(|rest| rest.len() >= CYCLE_BYTES_MIN && rest.len() >= prefix && repeats(rest))
        })
}

fn is_template(text: &[u8]) -> bool {
    text.windows(2).any(|pair| matches!(pair, b"${" | b"{{" | b"<%" | b"%(" | b"#{" | b"$("))
        || (text.first() == Some(&b'<') && text.last() == Some(&b'>'))
}
