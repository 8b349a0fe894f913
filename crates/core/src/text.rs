//! Hostile text made harmless to store and show.

/// Returns one line: controls and line ends become a space, runs of spaces one, bidirectional overrides and other
/// invisible format characters vanish, and what is longer than `chars` is cut with an ellipsis.
pub fn line(text: &str, chars: usize) -> String {
    let mut out = String::with_capacity(text.len().min(chars.saturating_mul(4)));
    let mut count = 0;
    let mut gap = false;
    for char in text.chars() {
        if is_invisible(char) {
            continue;
        }
        if char.is_whitespace() || char.is_control() {
            gap = !out.is_empty();
            continue;
        }
        if count + usize::from(gap) + 1 > chars {
            out.push('…');
            return out;
        }
        if gap {
            out.push(' ');
            count += 1;
            gap = false;
        }
        out.push(char);
        count += 1;
    }
    out
}

/// Returns prose: as [`line`], but line ends stay and tabs become spaces.
pub fn prose(text: &str, chars: usize) -> String {
    let mut out = String::with_capacity(text.len().min(chars.saturating_mul(4)));
    let kept = text.chars().filter(|char| !is_invisible(*char) && *char != '\r');
    let plain = kept.map(|char| if char == '\n' || !(char.is_control() || char.is_whitespace()) { char } else { ' ' });
    // What becomes a space may stand at either end: trimming comes after cleaning.
    for (count, char) in plain.skip_while(|char| char.is_whitespace()).enumerate() {
        if count >= chars {
            out.push('…');
            break;
        }
        out.push(char);
    }
    out.truncate(out.trim_end().len());
    out
}

/// Tells whether a text is an absolute http(s) link without spaces, quotes or controls.
pub fn is_web_link(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    text.len() <= 2_048
        && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !text.chars().any(|char| char.is_control() || char.is_whitespace() || is_invisible(char) || "\"'<>\\`".contains(char))
}

/// Writes bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// Reads hex of either case; `None` for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let nibble = |byte: u8| char::from(byte).to_digit(16);
    bytes.chunks_exact(2).map(|pair| Some((nibble(pair[0])? * 16 + nibble(pair[1])?) as u8)).collect()
}

/// Zero-width, bidirectional and other format characters: they let a text show as something that it is not.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
