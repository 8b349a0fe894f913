//! How rule files carry examples without being findings themselves.
//!
//! A secret in an example is broken by `{{}}` after every sixth byte. The break is no part of any format, is read as
//! a template by scanners, and is removed here before the example is tested.

/// The break.
pub const BREAK: &str = "{{}}";

/// Returns the text of an example without its breaks.
pub fn join(written: &str) -> String {
    written.replace(BREAK, "")
}

/// Returns `text` with the bytes in `start..end` broken after every sixth character.
pub fn split(text: &str, start: usize, end: usize) -> String {
    let mut written = String::with_capacity(text.len() * 2);
    let mut run = 0;
    for (offset, character) in text.char_indices() {
        if (start..end).contains(&offset) {
            if run > 0 && run % 6 == 0 {
                written.push_str(BREAK);
            }
            run += 1;
        }
        written.push(character);
    }
    written
}
