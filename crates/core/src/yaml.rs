//! Faults in YAML files that people write: where they are, and in plain words.

/// Returns where in a YAML file a character of a value stands.
///
/// `start` is the place of the value in the file, `value` the value as it was read, `at` the place in it; lines and
/// columns count from 1. Quotes, escapes, folded lines and block scalars are seen through: what is no white space stands
/// in the file in the same order as in the value. Where that is not so (`"\x41"`), the place of the whole value is told.
#[must_use]
pub fn place(file: &str, start: (usize, usize), value: &str, at: (usize, usize)) -> (usize, usize) {
    let mut file = Walk::to(file, start);
    // The quote, or the line that says `|` or `>-`, is not of the value.
    match file.rest.peek() {
        Some('"' | '\'') => drop(file.step()),
        Some('|' | '>') => while file.step().is_some_and(|c| c != '\n') {},
        _ => {}
    }
    let mut here = (1, 1);
    for wanted in value.chars() {
        let reached = here >= at;
        if reached || !wanted.is_whitespace() {
            while file.rest.peek().is_some_and(|c| *c != wanted) {
                file.step();
            }
            if file.rest.peek().is_none() {
                return start;
            }
            if reached {
                break;
            }
            file.step();
        }
        here = after(here, wanted);
    }
    file.at
}

/// Says in plain words, and without the place, what a YAML reader found at fault.
#[must_use]
pub fn words(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let message = message.split(" at line ").next().unwrap_or_default();
    let named = |rest: &str| rest.trim_matches('`').to_owned();
    if let Some((name, known)) = message.strip_prefix("unknown field ").and_then(|rest| rest.split_once(", expected one of ")) {
        return format!("unknown key {}; known are {known}", named(name));
    }
    if let Some((name, known)) = message.strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", expected one of ")) {
        return format!("{:?} is none of {known}", named(name));
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("the key {} is missing", named(name));
    }
    if let Some((_, rest)) = message.split_once("duplicate mapping key") {
        let name = rest.split(", set DuplicateKeyPolicy").next().unwrap_or_default();
        return format!("a key stands here twice{name}");
    }
    let found = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    if let Some((found, wanted)) = found.and_then(|rest| rest.split_once(", expected ")) {
        return format!("this must be {}, it is {}", kind(wanted), kind(found));
    }
    message.to_owned()
}

/// A file on the way from its start to its end.
struct Walk<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    at: (usize, usize),
}

impl<'a> Walk<'a> {
    fn to(file: &'a str, start: (usize, usize)) -> Self {
        let mut walk = Self { rest: file.chars().peekable(), at: (1, 1) };
        while walk.at < start && walk.step().is_some() {}
        walk
    }

    fn step(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        self.at = after(self.at, c);
        Some(c)
    }
}

/// Returns the place behind a character.
pub(crate) fn after((line, column): (usize, usize), c: char) -> (usize, usize) {
    if c == '\n' { (line + 1, 1) } else { (line, column + 1) }
}

/// Returns the word of YAML for one of the reader's.
fn kind(word: &str) -> &str {
    match word {
        "unit" | "unit value" => "empty",
        "sequence" | "a sequence" => "a list",
        "map" => "a map",
        "bool" | "a boolean" => "true or false",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number, which may be negative",
        "f32" | "f64" => "a number",
        "a string" => "a text",
        other if other.starts_with("struct ") => "a map",
        other => other,
    }
}
