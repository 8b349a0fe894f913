//! Texts that are almost a secret.

use super::{Example, Random, positive};
use crate::rule::{Rule, check};

/// Makes one kind of near miss of an example.
type Spoil = fn(&Example, &Rule, &mut Random) -> Option<String>;

/// Returns up to `count` near misses that `rule` does not find, each of another kind where it can be.
pub(crate) fn negatives(rule: &Rule, random: &mut Random, count: usize) -> Vec<String> {
    let kinds: [Spoil; 7] = [wrong_digit, too_short, foreign_byte, placeholder, filler, too_long, cut_prefix];
    let mut found: Vec<String> = Vec::new();
    for kind in kinds.iter().cycle().take(kinds.len() * 3) {
        if found.len() == count {
            break;
        }
        let Some(example) = positive(rule, random) else {
            break;
        };
        let Some(text) = kind(&example, rule, random) else {
            continue;
        };
        if !found.contains(&text) && !check::finds(rule, text.as_bytes()) {
            found.push(text);
        }
    }
    found
}

fn with_secret(example: &Example, secret: &str) -> String {
    format!("{}{}{}", &example.text[..example.start], secret, &example.text[example.end..])
}

fn secret(example: &Example) -> &str {
    &example.text[example.start..example.end]
}

/// One digit of a proven token is another one.
fn wrong_digit(example: &Example, rule: &Rule, random: &mut Random) -> Option<String> {
    rule.proof.as_ref()?;
    let mut bytes = secret(example).as_bytes().to_vec();
    let at = bytes.len() - 1 - random.below(bytes.len() / 3);
    let byte = bytes.get_mut(at)?;
    *byte = match *byte {
        b'0'..=b'8' | b'a'..=b'y' | b'A'..=b'Y' => *byte + 1,
        b'9' => b'0',
        b'z' => b'a',
        b'Z' => b'A',
        other => other,
    };
    Some(with_secret(example, std::str::from_utf8(&bytes).ok()?))
}

fn too_short(example: &Example, _rule: &Rule, _random: &mut Random) -> Option<String> {
    let text = secret(example);
    Some(with_secret(example, &text[..text.len() - 1]))
}

fn too_long(example: &Example, _rule: &Rule, _random: &mut Random) -> Option<String> {
    Some(with_secret(example, &format!("{}7a", secret(example))))
}

fn foreign_byte(example: &Example, _rule: &Rule, random: &mut Random) -> Option<String> {
    let text = secret(example);
    let at = text.len() / 2 + random.below(text.len() / 4);
    Some(with_secret(example, &format!("{}!{}", text.get(..at)?, text.get(at + 1..)?)))
}

/// The last two thirds are a word for a stand-in.
fn placeholder(example: &Example, _rule: &Rule, _random: &mut Random) -> Option<String> {
    let text = secret(example);
    let keep = text.len() / 3;
    let filler: String = "EXAMPLE".chars().cycle().take(text.len() - keep).collect();
    Some(with_secret(example, &format!("{}{filler}", text.get(..keep)?)))
}

/// The last two thirds are one byte over and over.
fn filler(example: &Example, _rule: &Rule, _random: &mut Random) -> Option<String> {
    let text = secret(example);
    let keep = text.len() / 3;
    Some(with_secret(example, &format!("{}{}", text.get(..keep)?, "x".repeat(text.len() - keep))))
}

/// The distinctive start is missing.
fn cut_prefix(example: &Example, rule: &Rule, _random: &mut Random) -> Option<String> {
    let keyword = rule.keywords.iter().find_map(|keyword| {
        let keyword = std::str::from_utf8(keyword).ok()?;
        example.text.to_lowercase().contains(&keyword.to_lowercase()).then_some(keyword)
    })?;
    let at = example.text.to_lowercase().find(&keyword.to_lowercase())?;
    let mut text = example.text.clone();
    text.replace_range(at..at + keyword.len(), "q");
    Some(text)
}
