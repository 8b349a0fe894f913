//! What goes to the terminal: data to stdout, everything else to stderr.

use std::io::{self, IsTerminal, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;

use super::failure::Failure;

/// How a command speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Data as JSON, as the API gives it.
    pub(crate) json: bool,
}

impl Output {
    /// Prints a document for programs, or else what `people` makes of it.
    pub(crate) fn value(self, value: &Value, people: impl FnOnce(&Value) -> String) {
        if self.json {
            let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
            text.push('\n');
            write_out(text.as_bytes());
        } else {
            let mut text = people(value);
            if !text.ends_with('\n') {
                text.push('\n');
            }
            write_out(text.as_bytes());
        }
    }

    /// Says why a command failed; with `--json` the server's problem document goes to stdout besides.
    pub(crate) fn failure(self, failure: &Failure) {
        if self.json
            && let Some(problem) = &failure.problem
        {
            self.value(problem, |_| String::new());
        }
        let label = if colour(&io::stderr()) { "\u{1b}[1;31merror:\u{1b}[0m" } else { "error:" };
        write_err(&format!("{label} {}\n", safe_lines(&failure.message)));
        if let Some(hint) = &failure.hint {
            write_err(&format!("  {}\n", safe_lines(hint)));
        }
    }
}

/// Writes bytes to stdout as they are; a reader that has gone away is no fault.
pub(crate) fn write_out(bytes: &[u8]) {
    let mut out = io::stdout().lock();
    let _gone = out.write_all(bytes).and_then(|()| out.flush());
}

/// Prints lines to stdout.
pub(crate) fn say(lines: &[String]) {
    let text: String = lines.iter().map(|line| safe(line) + "\n").collect();
    write_out(text.as_bytes());
}

fn write_err(text: &str) {
    let mut err = io::stderr().lock();
    let _gone = err.write_all(text.as_bytes());
}

fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Builds a table from rows of texts; every cell is escaped. An empty list gives `none` alone.
pub(crate) fn table(heads: &[&str], rows: Vec<Vec<String>>, none: &str) -> String {
    if rows.is_empty() {
        return none.to_owned();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(heads.iter().map(|head| head.to_uppercase()));
    for row in rows {
        table.add_row(row.iter().map(|cell| safe(cell)));
    }
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// Builds a table from the objects of a list by their field names.
pub(crate) fn list(value: &Value, fields: &[(&str, &str)], none: &str) -> String {
    let items = value.get("items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let heads: Vec<&str> = fields.iter().map(|(head, _)| *head).collect();
    let rows = items.iter().map(|item| fields.iter().map(|(_, path)| at(item, path)).collect()).collect();
    let mut text = table(&heads, rows, none);
    if let Some(next) = value.get("next").and_then(Value::as_str) {
        text.push_str(&format!("more: --cursor {}\n", safe(next)));
    }
    text
}

/// Builds lines of `name  value` from an object's fields; fields without a value are left out.
pub(crate) fn facts(value: &Value, fields: &[(&str, &str)]) -> String {
    let width = fields.iter().map(|(head, _)| head.len()).max().unwrap_or(0);
    fields
        .iter()
        .map(|(head, path)| (head, at(value, path)))
        .filter(|(_, text)| !text.is_empty())
        .map(|(head, text)| format!("{head:<width$}  {}\n", safe_lines(&text)))
        .collect()
}

/// Returns a field by its dotted path as text; null and missing are empty.
pub(crate) fn at(value: &Value, path: &str) -> String {
    match path.split('.').try_fold(value, |value, name| value.get(name)) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Some(other) => other.to_string(),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Makes a text harmless on a terminal: control and format characters become their `\u{..}` form.
pub(crate) fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() || is_format(char) {
            out.extend(char.escape_unicode());
        } else {
            out.push(char);
        }
    }
    out
}

/// As [`safe`], but line ends stay.
pub(crate) fn safe_lines(text: &str) -> String {
    text.split('\n').map(safe).collect::<Vec<_>>().join("\n")
}

/// Zero-width, bidirectional and tag characters, which let a text show as something that it is not.
fn is_format(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
#[path = "output_tests.rs"]
mod tests;
