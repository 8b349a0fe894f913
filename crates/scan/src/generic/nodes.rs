//! Names and values that stand in separate nodes: pairs of manifests, elements of XML, objects of JSON, blocks of Terraform.

use std::ops::Range;

use super::{
    FileKind,
    assignment::{After, LINE_BYTES_MAX, Operator, trimmed},
    value,
};

/// A manifest's `name: NAME` with `value: value` on the same or the next line.
pub(super) fn pair(text: &[u8], name: &Range<usize>, line_end: usize, kind: FileKind) -> Option<After> {
    // Far into a line, looking back to its start for each name would take the square of its length.
    let window = name.start.saturating_sub(LINE_BYTES_MAX);
    let line_start = match memchr::memrchr(b'\n', text.get(window..name.start)?) {
        Some(at) => window + at + 1,
        None if window == 0 => 0,
        None => return None,
    };
    let lead = text.get(line_start..name.start)?.to_ascii_lowercase();
    let lead = lead.trim_ascii();
    let named = [
        &b"name:"[..],
        b"key:",
        b"\"name\":",
        b"\"key\":",
        b"name =",
        b"name=",
        b"parametername:",
        b"variable:",
        b"\"parameterkey\":",
        b"parameterkey:",
    ]
    .iter()
    .any(|word| memchr::memmem::find(lead, word).is_some_and(|at| lead.len() - at <= word.len() + 4));
    // `name  = "NAME"`, aligned with the lines around it.
    let quote = |byte: &u8| matches!(byte, b'"' | b'\'' | b' ');
    let head = lead.get(..lead.iter().rposition(|byte| !quote(byte)).map_or(0, |at| at + 1)).unwrap_or_default();
    let is_aligned = head.strip_suffix(b"=").is_some_and(|head| head.trim_ascii() == b"name");
    if !named && !is_aligned {
        return None;
    }
    let from = text
        .get(name.end..line_end)
        .and_then(|rest| memchr::memmem::find(rest, b"alue"))
        .map_or(line_end, |at| name.end + at - 1);
    let rest = text.get(from..)?;
    let skip = rest.iter().take_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'')).count();
    let word = rest.get(skip..)?;
    let lower = word.get(..12.min(word.len()))?.to_ascii_lowercase();
    let length =
        [&b"parametervalue"[..], b"value", b"default"].iter().find(|word| lower.starts_with(word)).map(|word| word.len())?;
    let mut at = from + skip + length;
    while text.get(at).is_some_and(|byte| matches!(byte, b'"' | b'\'' | b' ' | b'\t')) {
        at += 1;
    }
    if !text.get(at).is_some_and(|byte| matches!(byte, b':' | b'=')) {
        return None;
    }
    at += 1;
    let tail = text.get(at..)?;
    let end = at + memchr::memchr(b'\n', tail).unwrap_or(tail.len()).min(LINE_BYTES_MAX);
    at += text.get(at..end)?.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let found = value::read(text, at..end, kind, kind.has_bare_values())?;
    Some(After { operator: Operator::Pair, range: found.range, quoted: found.quoted })
}

/// `<Value>` as the first element inside of another, as in answer files of Windows; `from` is where the outer one begins.
pub(super) fn inner_value(text: &[u8], from: usize) -> Option<After> {
    element(text, from, &[b"<value>"])
}

/// `<name>NAME</name><value>value</value>` and its like: an element with the name, then one with the value. `at` is the first
/// byte behind the name.
pub(super) fn next_element(text: &[u8], at: usize) -> Option<After> {
    const VALUES: &[&[u8]] =
        &[b"<value>", b"<string>", b"<param-value>", b"<env-entry-value>", b"<config-property-value>", b"<parametervalue>"];
    let rest = text.get(at..(at + LINE_BYTES_MAX).min(text.len()))?;
    let close = rest.strip_prefix(b"</").and_then(|rest| memchr::memchr(b'>', rest.get(..40.min(rest.len()))?))? + 3;
    // The type of an entry may stand between its name and its value.
    let skip = rest.get(close..).and_then(|rest| {
        let blanks = rest.len() - rest.trim_ascii_start().len();
        let inner = rest.get(blanks..)?;
        let is_type = inner.get(..40.min(inner.len())).is_some_and(|start| start.starts_with(b"<env-entry-type>"));
        is_type.then(|| memchr::memmem::find(inner, b"</env-entry-type>").map_or(0, |end| blanks + end + 17))
    });
    element(text, at + close + skip.unwrap_or_default(), VALUES)
}

/// The text of the element that begins at `from`, blanks left out, when it is one of `names`.
fn element(text: &[u8], from: usize, names: &[&[u8]]) -> Option<After> {
    let rest = text.get(from..(from + LINE_BYTES_MAX).min(text.len()))?;
    let start = rest.len() - rest.trim_ascii_start().len();
    let inner = rest.get(start..)?;
    let open = names.iter().find(|name| inner.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))?.len();
    let length = memchr::memchr(b'<', inner.get(open..)?)?;
    let from = from + start + open;
    Some(After { operator: Operator::Element, range: trimmed(text, from..from + length)?, quoted: true })
}

/// `"name": {"value": "text"`: the value as the first member of an object; `at` is where the object opens.
pub(super) fn member(text: &[u8], at: usize, kind: FileKind) -> Option<After> {
    let rest = text.get(at..(at + LINE_BYTES_MAX).min(text.len()))?.strip_prefix(b"{")?;
    let blanks = |text: &[u8]| text.len() - text.trim_ascii_start().len();
    let mut place = blanks(rest);
    let word = [&b"\"value\""[..], b"\"Value\""]
        .into_iter()
        .find(|word| rest.get(place..).is_some_and(|rest| rest.starts_with(word)))?;
    place += word.len();
    place += blanks(rest.get(place..)?);
    if rest.get(place) != Some(&b':') {
        return None;
    }
    place += 1;
    place += blanks(rest.get(place..)?);
    let start = at + 1 + place;
    let tail = text.get(start..)?;
    let end = start + memchr::memchr(b'\n', tail).unwrap_or(tail.len()).min(LINE_BYTES_MAX);
    let found = value::read(text, start..end, kind, false)?;
    Some(After { operator: Operator::Pair, range: found.range, quoted: true })
}

/// `"--password", "value"`: the next argument of a list, or `default="value"` of a declared option; `at` is the comma.
pub(super) fn next_argument(text: &[u8], at: usize, kind: FileKind) -> Option<After> {
    let rest = text.get(at + 1..(at + LINE_BYTES_MAX).min(text.len()))?;
    let start = at + 1 + rest.len() - rest.trim_ascii_start().len();
    let tail = text.get(start..)?;
    let end = start + memchr::memchr(b'\n', tail).unwrap_or(tail.len()).min(LINE_BYTES_MAX);
    if !matches!(tail.first(), Some(b'"' | b'\'')) {
        let from = start + memchr::memmem::find(text.get(start..end)?, b"default=")? + 8;
        let found = value::read(text, from..end, kind, false)?;
        return Some(After { operator: Operator::Fallback, range: found.range, quoted: true });
    }
    let found = value::read(text, start..end, kind, false)?;
    Some(After { operator: Operator::Flag, range: found.range, quoted: true })
}

/// A Terraform variable's `default = "value"` within its block.
pub(super) fn default_of(text: &[u8], line_end: usize) -> Option<After> {
    let block = text.get(line_end..)?;
    let block = block.get(..memchr::memchr(b'}', block).unwrap_or(block.len()).min(LINE_BYTES_MAX))?;
    let at = memchr::memmem::find(block, b"default")? + 7;
    let skip = block.get(at..)?.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'=')).count();
    let start = line_end + at + skip;
    let end = start + memchr::memchr(b'\n', text.get(start..)?).unwrap_or(text.len() - start);
    let found = value::read(text, start..end, FileKind::Terraform, false)?;
    Some(After { operator: Operator::Pair, range: found.range, quoted: found.quoted })
}
