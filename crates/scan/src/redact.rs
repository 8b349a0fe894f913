//! Makes values and paths safe to show.

/// Shows so little of `value` that nobody can use it: at most four bytes of its start, never more than a sixth.
pub fn redact(value: &[u8]) -> String {
    let shown = (value.len() / 6).min(4);
    let mut text = escape(value.get(..shown).unwrap_or_default());
    text.push_str("******");
    text
}

/// Shows a value as text; line feeds and tabs stay, other control characters and invalid UTF-8 are escaped as `\xNN`.
pub fn escape(value: &[u8]) -> String {
    escaped(value, |character| character.is_control() && !matches!(character, '\n' | '\t' | '\r'))
}

/// Shows a path on one line; every control character and invalid UTF-8 is escaped as `\xNN`.
pub fn escape_path(path: &[u8]) -> String {
    // Direction overrides and line separators would let a path disguise itself on a terminal.
    escaped(path, |character| {
        character.is_control() || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

fn escaped(bytes: &[u8], unsafe_character: impl Fn(char) -> bool) -> String {
    let mut text = String::with_capacity(bytes.len());
    let hex = |text: &mut String, bytes: &[u8]| {
        for byte in bytes {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    };
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if unsafe_character(character) {
                hex(&mut text, character.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                text.push(character);
            }
        }
        hex(&mut text, chunk.invalid());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_value_shows_nothing_of_itself() {
        assert_eq!(redact(b"hunte"), "******");
        assert_eq!(redact(b"ghp_0123456789abcdefghijABCDEFGHIJABCD"), "ghp_******");
    }

    #[test]
    fn control_characters_and_broken_utf8_in_paths_are_escaped() {
        assert_eq!(escape_path(b"a\x1b[31m\n\xff.txt"), r"a\x1b[31m\x0a\xff.txt");
        assert_eq!(escape_path("a\u{202e}b".as_bytes()), r"a\xe2\x80\xaeb");
    }
}
