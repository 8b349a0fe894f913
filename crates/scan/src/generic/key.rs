//! What a name says about the value that it is given.

use super::lists;

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyClass {
    /// A password or passphrase: also short, word-like values are secrets.
    Password,
    /// A key, token or secret that a machine made.
    Token,
    /// A word that often, but not always, names a secret.
    Weak,
}

/// Returns what `name` promises; `None` when it names no secret or something about one.
pub(super) fn classify(name: &[u8]) -> Option<KeyClass> {
    if name.len() > 120 {
        return None;
    }
    let words = split(name);
    // What decides is the last word that names a secret, unless words about it follow.
    let (at, class) = (0..words.len()).rev().find_map(|at| class_of(&words, at).map(|class| (at, class)))?;
    let after = words.get(at + 1..).unwrap_or_default();
    if after.iter().any(|word| lists::names("about", word)) {
        return None;
    }
    // `SECRET_ID`, `KEY_ID`: only the former is a secret.
    if after.first().is_some_and(|word| word == "id" || word == "ids") && words.get(at).is_none_or(|word| word != "secret") {
        return None;
    }
    let before = at.checked_sub(1).and_then(|place| words.get(place));
    let before = if is_key_phrase(&words, at) { at.checked_sub(2).and_then(|place| words.get(place)) } else { before };
    // `__RequestVerificationToken`: a form's own; that of a service is called `verification_token` alone.
    let earlier = at.checked_sub(2).and_then(|place| words.get(place)).map(String::as_str);
    if matches!((earlier, before.map(String::as_str)), (Some("request"), Some("verification"))) {
        return None;
    }
    // `publicKeyToken`: the key is public, and the token a short name of it.
    let of_public_key = matches!(before.map(String::as_str), Some("key"))
        && at.checked_sub(2).and_then(|place| words.get(place)).is_some_and(|word| lists::names("public", word));
    if of_public_key {
        return None;
    }
    // `primary_access_key` is one of two; a `primary_key` is a column.
    let is_one_of_two = before.is_some_and(|word| word == "primary") && is_key_phrase(&words, at);
    if !is_one_of_two
        && before.is_some_and(|word| lists::names("public", word))
        && !(class == KeyClass::Password && before.is_some_and(|word| matches!(word.as_str(), "user" | "current" | "storage")))
    {
        return None;
    }
    Some(class)
}

fn class_of(words: &[String], at: usize) -> Option<KeyClass> {
    let word = words.get(at)?.as_str();
    let bare = word.trim_end_matches(|last: char| last.is_ascii_digit());
    if lists::names("passwords", bare) {
        return Some(KeyClass::Password);
    }
    if is_key_phrase(words, at) || lists::names("tokens", bare) {
        return Some(KeyClass::Token);
    }
    // `db_pass`, `MYSQL_PASS`: the word before it makes `pass` a password; `should_pass` is none.
    if bare == "pass" {
        let owner = at.checked_sub(1).and_then(|place| words.get(place));
        let named = owner.map_or(words.len() == 1, |word| lists::names("before pass", word));
        return named.then_some(KeyClass::Password);
    }
    if matches!(bare, "phrase" | "word")
        && at.checked_sub(1).and_then(|place| words.get(place)).is_some_and(|before| before == "pass")
    {
        return Some(KeyClass::Password);
    }
    lists::names("weak", bare).then_some(KeyClass::Weak)
}

fn is_key_phrase(words: &[String], at: usize) -> bool {
    let key = words.get(at).is_some_and(|word| matches!(word.as_str(), "key" | "keys" | "key1" | "key2"));
    let before = at.checked_sub(1).and_then(|place| words.get(place));
    key && before.is_some_and(|word| lists::names("before key", word))
}

/// Returns the lower-case words of a name in camel, snake, kebab or dotted case.
pub(super) fn split(name: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut last = b'_';
    for (place, byte) in name.iter().enumerate() {
        let next_is_lower = name.get(place + 1).is_some_and(u8::is_ascii_lowercase);
        let starts = byte.is_ascii_uppercase()
            && (last.is_ascii_lowercase() || last.is_ascii_digit() || (last.is_ascii_uppercase() && next_is_lower));
        if (!byte.is_ascii_alphanumeric() || starts) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if byte.is_ascii_alphanumeric() {
            word.push(char::from(byte.to_ascii_lowercase()));
        }
        last = *byte;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
