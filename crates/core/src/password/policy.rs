//! The check of a new password.

use super::common::{WORDS, runs_along};

/// The fewest characters of a password that opens an account alone.
pub const SHORTEST: usize = 15;
/// The most characters; a passphrase has room, and hashing stays bounded.
pub const LONGEST: usize = 256;

/// Characters that have to be left of a password when all that is easily guessed is taken out.
const LEFT: usize = 6;
/// Characters of a run that is taken out: `aaaa`, `1234`, `qwer`.
const RUN: usize = 4;
/// Characters of a part that makes nothing longer by being repeated.
const PART: usize = 8;
/// Letters of a context word that count; shorter ones are in half of all passwords by chance.
const CONTEXT: usize = 4;

/// Why a password is not taken, in words for the person who chose it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Weakness {
    #[error("it has {has} characters and needs at least {SHORTEST}; a few unrelated words in a row are easy to keep in mind")]
    Short { has: usize },
    #[error("it has more than {LONGEST} characters")]
    Long,
    #[error("it holds a control character, which not every keyboard can type")]
    Control,
    #[error(
        "it is made of a password that many people use, of a row of the keyboard or of one repeated part; choose something of your own"
    )]
    Common,
    #[error(
        "apart from your name, your address or the name of this service little is left of it; choose something that is not written here"
    )]
    Context,
}

/// Checks a new password. `context` is what an attacker knows too: the address, the name, the organisation, the service.
///
/// Every character counts as it is, also blanks and letters of any script; nothing is cut off.
///
/// # Errors
/// [`Weakness`] says what is wrong and what to do.
pub fn check(password: &str, context: &[&str]) -> Result<(), Weakness> {
    let has = password.chars().count();
    if has < SHORTEST {
        return Err(Weakness::Short { has });
    }
    if has > LONGEST {
        return Err(Weakness::Long);
    }
    if password.chars().any(char::is_control) {
        return Err(Weakness::Control);
    }
    let plain = as_guessed(&without_years(password));
    if distinct(&without_common(&plain)) < LEFT || repeats(&plain) {
        return Err(Weakness::Common);
    }
    let words: Vec<String> =
        context.iter().flat_map(|text| text.split(|char: char| !char.is_alphanumeric())).map(as_guessed).collect();
    let mut rest = plain;
    for word in words.iter().filter(|word| word.chars().count() >= CONTEXT) {
        rest = rest.replace(word.as_str(), "\n");
    }
    if distinct(&without_common(&rest)) < LEFT { Err(Weakness::Context) } else { Ok(()) }
}

/// Writes a password as those who guess see it: small letters, and letters for the figures that stand for them.
fn as_guessed(password: &str) -> String {
    let letter = |char| match char {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    password.chars().flat_map(char::to_lowercase).map(letter).collect()
}

/// Takes years out: the first thing that is put behind a word.
fn without_years(password: &str) -> String {
    let chars: Vec<char> = password.chars().collect();
    let mut out = String::with_capacity(password.len());
    let mut at = 0;
    while let Some(char) = chars.get(at) {
        let year = matches!(chars.get(at..at + 4), Some(['1', '9', a, b] | ['2', '0', a, b]) if a.is_ascii_digit() && b.is_ascii_digit());
        out.push(if year { '\n' } else { *char });
        at += if year { 4 } else { 1 };
    }
    out
}

/// Takes common passwords and runs out; a line end stands where something was, so that no new word comes to be.
fn without_common(plain: &str) -> String {
    let mut rest = plain.to_owned();
    for word in WORDS.lines().filter(|word| !word.is_empty()) {
        if rest.contains(word) {
            rest = rest.replace(word, "\n");
        }
    }
    let chars: Vec<char> = rest.chars().collect();
    let mut out = String::with_capacity(rest.len());
    let mut at = 0;
    while let Some(char) = chars.get(at) {
        let run = chars.get(at..).map_or(0, runs_along);
        if run >= RUN {
            out.push('\n');
            at += run;
        } else {
            out.push(*char);
            at += 1;
        }
    }
    out
}

/// Counts what is left to guess: letters and figures; of one that comes again and again three count.
fn distinct(rest: &str) -> usize {
    let mut seen: Vec<(char, usize)> = Vec::new();
    for char in rest.chars().filter(|char| char.is_alphanumeric()) {
        match seen.iter_mut().find(|(known, _)| *known == char) {
            Some((_, times)) => *times += 1,
            None => seen.push((char, 1)),
        }
    }
    seen.iter().map(|(_, times)| (*times).min(3)).sum()
}

/// Tells whether it is one part over and over, such as `tulip tulip tulip`.
fn repeats(plain: &str) -> bool {
    let chars: Vec<char> = plain.chars().filter(|char| char.is_alphanumeric()).collect();
    (1..=chars.len() / 2).any(|length| {
        let (first, rest) = chars.split_at(length);
        length <= PART && rest.chunks(length).all(|part| first.starts_with(part))
    })
}
