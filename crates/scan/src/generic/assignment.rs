//! Finds names that promise a secret and the values that they are given.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use super::{
    FileKind,
    key::{KeyClass, classify},
    nodes::{default_of, inner_value, member, next_argument, next_element, pair},
    value::{self, Found},
};

/// How a value follows its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// `=`, `:=`, `=>`, `->` and friends.
    Assign,
    Colon,
    /// `==`, `!=`: a test, seldom a secret.
    Compare,
    /// `name("value")`.
    Call,
    /// `f("name", "value")`.
    Comma,
    /// `env(NAME) || "value"`.
    Fallback,
    /// `<name>value</name>` and `key="name" value="value"`.
    Element,
    /// `--name value`.
    Flag,
    /// `ENV name value`.
    Space,
    /// `name: NAME` and `value: value` in two lines.
    Pair,
    /// `?name=value&`.
    Query,
}

/// A name and its value.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    pub(super) key: Range<usize>,
    pub(super) class: KeyClass,
    pub(super) operator: Operator,
    pub(super) value: Range<usize>,
    pub(super) quoted: bool,
}

/// Parts of names that may promise a secret; [`classify`] decides.
const STEMS: &[&str] = &[
    "pass",
    "pwd",
    "psw",
    "secret",
    "token",
    "key",
    "cred",
    "auth",
    "pw",
    "salt",
    "seed",
    "phrase",
    "pat",
    "sid",
    "bearer",
    "cookie",
    "psk",
    "pepper",
    "senha",
    "contrasena",
    "mnemonic",
    "session",
    "signature",
    "nonce",
    "pin",
    "kennwort",
    "clave",
];

static STEM: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasickBuilder::new().ascii_case_insensitive(true).build(STEMS).expect("a short list of words"));

/// Longest distance from a name to the end of its value's line.
pub(super) const LINE_BYTES_MAX: usize = 4096;

/// Returns the assignments of `text` to names that promise a secret, in order of their names.
pub(super) fn assignments(text: &[u8], kind: FileKind) -> Vec<Assignment> {
    let mut found: Vec<Assignment> = Vec::new();
    let mut done = 0;
    for hit in STEM.find_iter(text) {
        if hit.start() < done {
            continue;
        }
        let (end, assignment) = at(text, hit.start(), hit.end(), kind);
        done = end;
        found.extend(assignment);
    }
    found
}

/// Returns where the name around the stem at `start..end` ends, and the assignment to it.
pub(super) fn at(text: &[u8], start: usize, end: usize, kind: FileKind) -> (usize, Option<Assignment>) {
    let Some(mut name) = name_around(text, start, end) else {
        return (end, None);
    };
    // `-Dpassword=value` of Java.
    if text.get(name.start.saturating_sub(1)..name.start + 1) == Some(b"-D") && name.start < start {
        name.start += 1;
    }
    let done = name.end.max(end);
    // `AWS::KMS::Key` names a type, but not `mysql::server::password` of Puppet; `checksum/secret` is a digest of a manifest.
    let lead = text.get(name.start.saturating_sub(9)..name.start).unwrap_or_default();
    let is_setting = kind == FileKind::Yaml && text.get(name.start).is_some_and(u8::is_ascii_lowercase);
    if lead.ends_with(b"::") && !is_setting || lead.ends_with(b"checksum/") {
        return (done, None);
    }
    // Most names are given no value, which is quicker to see than what they promise.
    let Some(value) = value_after(text, &name, kind) else {
        return (done, None);
    };
    let class = text.get(deciding_part(text, &name)).and_then(classify);
    let assignment =
        class.map(|class| Assignment { key: name, class, operator: value.operator, value: value.range, quoted: value.quoted });
    (done, assignment)
}

fn name_around(text: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let before = text.get(..start)?.iter().rev().take(120).take_while(|byte| part(byte)).count();
    let after = text.get(end..)?.iter().take(120).take_while(|byte| part(byte)).count();
    let (mut start, mut end) = (start - before, end + after);
    while text.get(start).is_some_and(|byte| matches!(byte, b'-' | b'.')) {
        start += 1;
    }
    while end > start && text.get(end - 1).is_some_and(|byte| matches!(byte, b'-' | b'.')) {
        end -= 1;
    }
    (end > start).then_some(start..end)
}

/// Of a dotted name the last part decides, or the last two where the last alone says nothing.
fn deciding_part(text: &[u8], name: &Range<usize>) -> Range<usize> {
    let whole = text.get(name.clone()).unwrap_or_default();
    let Some(dot) = whole.iter().rposition(|byte| *byte == b'.') else {
        return name.clone();
    };
    let last = whole.get(dot + 1..).unwrap_or_default().to_ascii_lowercase();
    if matches!(last.as_slice(), b"key" | b"value" | b"default" | b"prod" | b"dev" | b"id" | b"equals") {
        let earlier = whole.get(..dot).unwrap_or_default().iter().rposition(|byte| *byte == b'.');
        return earlier.map_or(name.start, |at| name.start + at + 1)..name.end;
    }
    name.start + dot + 1..name.end
}

/// A value that stands behind a name.
pub(super) struct After {
    pub(super) operator: Operator,
    pub(super) range: Range<usize>,
    pub(super) quoted: bool,
}

fn value_after(text: &[u8], name: &Range<usize>, kind: FileKind) -> Option<After> {
    let rest = text.get(name.end..)?;
    let line_end = memchr::memchr(b'\n', rest.get(..LINE_BYTES_MAX.min(rest.len()))?).unwrap_or(rest.len().min(LINE_BYTES_MAX));
    let line_end = name.end + line_end;
    let before = name.start.checked_sub(1).and_then(|at| text.get(at)).copied().unwrap_or(b'\n');
    let before = if before == b'D' && text.get(..name.start)?.ends_with(b"-D") { b'-' } else { before };
    let line = Line { text, end: line_end };
    let mut at = name.end;
    if matches!(before, b'?' | b'&') && line.byte(at) == Some(b'=') {
        let found = value::until(line.text, at + 1..line.end, b"&\"'`<>)\\ \t\r#,;")?;
        return Some(After { operator: Operator::Query, range: found, quoted: false });
    }
    // `${NAME:-value}`: what a shell or a framework takes when the name has none.
    if before == b'{' && name.start.checked_sub(2).and_then(|at| text.get(at)) == Some(&b'$') {
        let sign = [&b":-"[..], b":=", b":", b"-", b"="].into_iter().find(|sign| line.rest(at).starts_with(sign))?;
        let start = at + sign.len();
        let found = value::until(line.text, start..line.end, b"}\"'`$ \t\r")?;
        return (line.byte(found.end) == Some(b'}')).then_some(After {
            operator: Operator::Fallback,
            range: found,
            quoted: true,
        });
    }
    // Element: `<name ...>value<`.
    if before == b'<' {
        let close = memchr::memchr(b'>', line.rest(at))? + at + 1;
        if let Some(found) = inner_value(text, close) {
            return Some(found);
        }
        if let Some(found) = cdata(text, close) {
            return Some(found);
        }
        let end = memchr::memchr(b'<', line.rest(close))? + close;
        // `<SID>Name(` of editors is no element.
        if line.byte(end + 1) != Some(b'/') {
            return None;
        }
        return Some(After { operator: Operator::Element, range: trimmed(text, close..end)?, quoted: true });
    }
    if before == b'>' && line.rest(at).starts_with(b"</") {
        return next_element(text, at);
    }
    let in_quotes = matches!(before, b'"' | b'\'' | b'`');
    let mut closers = 0;
    while closers < 4 && line.byte(at).is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'`' | b']' | b')' | b'\\')) {
        at += 1;
        closers += 1;
    }
    // `char name[32] = "..."`.
    if line.byte(at) == Some(b'[') {
        at += memchr::memchr(b']', line.rest(at).get(..12.min(line.rest(at).len()))?)? + 1;
    }
    let gap = line.blanks(at);
    at += gap;
    // `string Name { get; set; } = "..."`.
    if line.rest(at).starts_with(b"{ get") {
        at += memchr::memchr(b'}', line.rest(at))? + 1;
        at += line.blanks(at);
    }
    // `<setting name="NAME" type="String"><value>`.
    if in_quotes
        && matches!(kind, FileKind::Xml | FileKind::Unknown)
        && let Some(close) = memchr::memchr(b'>', line.rest(at))
        && !line.rest(at).get(..close).is_some_and(|attributes| attributes.ends_with(b"/"))
        && let Some(found) = inner_value(text, at + close + 1)
    {
        return Some(found);
    }
    if in_quotes && line.byte(at) == Some(b'>') {
        let end = memchr::memchr(b'<', line.rest(at + 1))? + at + 1;
        let closed = line.byte(end + 1) == Some(b'/');
        return closed.then(|| trimmed(text, at + 1..end)).flatten().map(|range| After {
            operator: Operator::Element,
            range,
            quoted: true,
        });
    }
    if in_quotes && kind == FileKind::Terraform && line.rest(at).trim_ascii().starts_with(b"{") {
        return default_of(text, line_end);
    }
    if in_quotes
        && line.byte(at) == Some(b',')
        && let Some(found) = pair(text, name, line_end, kind)
    {
        return Some(found);
    }
    let flag = before == b'-';
    // `'NAME=value'` of `putenv` and of lists of variables: one text.
    if in_quotes
        && closers == 0
        && line.byte(at) == Some(b'=')
        && !kind.has_bare_values()
        && let Some(found) = value::until(line.text, at + 1..line.end, b"\"'` \t&;<>\\")
        && line.byte(found.end) == Some(before)
    {
        return Some(After { operator: Operator::Assign, range: found, quoted: true });
    }
    if (flag || before == b'#') && closers > 0 && line.byte(at) == Some(b',') {
        return next_argument(text, at, kind);
    }
    let (operator, width) = match operator_at(line.rest(at)) {
        Some(found) => found,
        None if [&b"value="[..], b"value =", b"default=", b"content="].iter().any(|word| line.rest(at).starts_with(word)) => {
            let equals = memchr::memchr(b'=', line.rest(at))?;
            (Operator::Element, equals + 1)
        }
        None if line.byte(at) == Some(b',') && in_quotes || matches!(line.byte(at), None | Some(b'\r')) => {
            return pair(text, name, line_end, kind);
        }
        None if gap > 0 && (flag || is_space_assignment(text, name, kind)) => (Operator::Space, 0),
        // "The password is `value`."
        None if gap > 0
            && line.rest(at).starts_with(b"is ")
            && matches!(line.byte(at + 3), Some(b'`' | b'"' | b'\''))
            && matches!(kind, FileKind::Docs | FileKind::Unknown) =>
        {
            (Operator::Space, 3)
        }
        None if gap > 0 => {
            // In prose two words before `=` are no name and type: `pass comments=x`.
            let (operator, width) = typed(&line, at)?;
            let is_text =
                line.rest(at + width).trim_ascii_start().first().is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'`'));
            if matches!(kind, FileKind::Unknown | FileKind::Docs) && !is_text {
                return None;
            }
            (operator, width)
        }
        None => return None,
    };
    let operator = if flag && matches!(operator, Operator::Assign | Operator::Space) { Operator::Flag } else { operator };
    let is_symbol =
        matches!(before, b':' | b'{') && closers == 0 || text.get(..name.start).is_some_and(|head| head.ends_with(b"strcpy("));
    if matches!(operator, Operator::Comma) && !in_quotes && !is_symbol || matches!(operator, Operator::Call) && in_quotes {
        return None;
    }
    let kind = if is_plain_line(text, name, kind) { FileKind::Unknown } else { kind };
    read_value(&line, at + width, operator, kind)
}

/// Whether a line of program text sets a variable of a shell, or notes a password in a comment: values have no quotes there.
fn is_plain_line(text: &[u8], name: &Range<usize>, kind: FileKind) -> bool {
    if !matches!(kind, FileKind::Code | FileKind::Terraform) {
        return false;
    }
    let line_start = memchr::memrchr(b'\n', text.get(..name.start).unwrap_or_default()).map_or(0, |at| at + 1);
    let lead = text.get(line_start..name.start).unwrap_or_default().trim_ascii();
    let word = text.get(name.clone()).unwrap_or_default();
    match lead {
        b"export" => !word.iter().any(u8::is_ascii_lowercase),
        b"//" | b"#" | b"*" | b"/*" | b"--" | b";" => {
            word.eq_ignore_ascii_case(b"password") || word.eq_ignore_ascii_case(b"passwd") || word.eq_ignore_ascii_case(b"pwd")
        }
        _ => false,
    }
}

/// Reads what stands behind the operator.
fn read_value(line: &Line<'_>, start: usize, operator: Operator, kind: FileKind) -> Option<After> {
    let at = start + line.blanks(start);
    if operator == Operator::Colon && line.byte(at) == Some(b'{') {
        return member(line.text, at, kind).or_else(|| argument_of(line, at, operator, kind));
    }
    if operator == Operator::Colon
        && kind == FileKind::Yaml
        && line.byte(at).is_some_and(|byte| matches!(byte, b'>' | b'|' | b'&'))
    {
        return block_value(line, at);
    }
    argument_of(line, at, operator, kind)
}

/// `password: >-` with the value on the next line, `password: &anchor "value"`.
fn block_value(line: &Line<'_>, at: usize) -> Option<After> {
    let rest = line.rest(at);
    if rest.starts_with(b"&") {
        let name = rest.iter().take_while(|byte| !matches!(byte, b' ' | b'\r')).count();
        let start = at + name + line.blanks(at + name);
        let found = value::read(line.text, start..line.end, FileKind::Yaml, true)?;
        return Some(After { operator: Operator::Colon, range: found.range, quoted: found.quoted });
    }
    let sign = rest.trim_ascii_end();
    if sign.len() > 3 || !sign.iter().skip(1).all(|byte| matches!(byte, b'-' | b'+' | b'0'..=b'9')) {
        return None;
    }
    let next = line.text.get(line.end + 1..(line.end + 1 + LINE_BYTES_MAX).min(line.text.len()))?;
    let length = memchr::memchr(b'\n', next).unwrap_or(next.len());
    let range = trimmed(line.text, line.end + 1..line.end + 1 + length)?;
    // One line alone: more of them are a script or a certificate.
    let indent = |text: &[u8]| text.iter().take_while(|byte| **byte == b' ').count();
    let after = next.get(length + 1..).unwrap_or_default();
    let goes_on = !after.is_empty() && after.first() != Some(&b'\n') && indent(after) >= indent(next);
    (!goes_on && indent(next) > 0).then_some(After { operator: Operator::Colon, range, quoted: false })
}

/// `<![CDATA[value]]>`.
fn cdata(text: &[u8], at: usize) -> Option<After> {
    let inner = text.get(at..(at + LINE_BYTES_MAX).min(text.len()))?.strip_prefix(b"<![CDATA[")?;
    let length = memchr::memmem::find(inner, b"]]>")?;
    Some(After { operator: Operator::Element, range: trimmed(text, at + 9..at + 9 + length)?, quoted: true })
}

fn argument_of(line: &Line<'_>, start: usize, operator: Operator, kind: FileKind) -> Option<After> {
    let mut at = start;
    // `name: Type = value` of typed languages.
    if operator == Operator::Colon
        && !line.byte(at).is_some_and(|byte| matches!(byte, b'"' | b'\'' | b'`'))
        && !matches!(kind, FileKind::Yaml | FileKind::Json)
        && let Some((_, skip)) = typed(line, at)
    {
        at += skip;
        at += line.blanks(at);
    }
    // `password = (` with the text on the next line.
    if line.rest(at).trim_ascii() == b"(" && operator == Operator::Assign {
        let rest = line.text.get(line.end..(line.end + LINE_BYTES_MAX).min(line.text.len()))?;
        let from = line.end + rest.len() - rest.trim_ascii_start().len();
        let length = memchr::memchr(b'\n', line.text.get(from..)?).unwrap_or(line.text.len() - from);
        let found = value::read(line.text, from..from + length, kind, false)?;
        return Some(After { operator, range: found.range, quoted: true });
    }
    let bare = kind.has_bare_values() || operator == Operator::Flag;
    let bare = bare && !matches!(operator, Operator::Call | Operator::Comma | Operator::Compare);
    let found = value::read(line.text, at..line.end, kind, bare)?;
    let Found { range, quoted, fallback } = found;
    // `password value` is a setting; with more words behind it is a sentence.
    if operator == Operator::Space && !quoted && !matches!(kind, FileKind::Dockerfile | FileKind::Shell) && !line.ends(range.end)
    {
        return None;
    }
    Some(After { operator: if fallback { Operator::Fallback } else { operator }, range, quoted })
}

fn operator_at(rest: &[u8]) -> Option<(Operator, usize)> {
    const OPERATORS: &[(&[u8], Operator)] = &[
        (b"===", Operator::Compare),
        (b"!==", Operator::Compare),
        (b"==", Operator::Compare),
        (b"!=", Operator::Compare),
        (b"=~", Operator::Compare),
        (b":=", Operator::Assign),
        (b"=>", Operator::Assign),
        (b"->", Operator::Assign),
        (b"<-", Operator::Assign),
        (b"?=", Operator::Assign),
        (b"+=", Operator::Assign),
        (b"||=", Operator::Assign),
        (b"::", Operator::Call),
        (b":", Operator::Colon),
        (b"=", Operator::Assign),
        (b"(", Operator::Call),
        (b",", Operator::Comma),
    ];
    if rest.starts_with(b"::") {
        return None;
    }
    OPERATORS.iter().find(|(sign, _)| rest.starts_with(sign)).map(|(sign, operator)| (*operator, sign.len()))
}

/// Skips a type between a name and `=`: `: String =`, ` string =`.
fn typed(line: &Line<'_>, at: usize) -> Option<(Operator, usize)> {
    let rest = line.rest(at);
    let equals = memchr::memchr(b'=', rest.get(..60.min(rest.len()))?)?;
    let kind = rest.get(..equals)?;
    let count = |mark: u8| kind.iter().filter(|byte| **byte == mark).count();
    let ok =
        kind.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_&'<>[]?|. ,:*".contains(byte)) && count(b'<') == count(b'>');
    let next = rest.get(equals + 1);
    (ok && !kind.is_empty() && next != Some(&b'=') && next != Some(&b'>')).then_some((Operator::Assign, equals + 1))
}

/// `ENV NAME value`, `setenv NAME value`, `requirepass value`.
fn is_space_assignment(text: &[u8], name: &Range<usize>, kind: FileKind) -> bool {
    let line_start = memchr::memrchr(b'\n', text.get(..name.start).unwrap_or_default()).map_or(0, |at| at + 1);
    let lead = text.get(line_start..name.start).unwrap_or_default().trim_ascii();
    let upper = text.get(name.clone()).unwrap_or_default().iter().all(|byte| !byte.is_ascii_lowercase());
    let quoted =
        text.get(name.end..).and_then(|rest| rest.trim_ascii_start().first()).is_some_and(|byte| matches!(byte, b'"' | b'\''));
    match kind {
        // `#define NAME "value"`, a setting of a build script, `PASSWORD 'value'` of SQL.
        FileKind::Code => {
            let word = text.get(name.clone()).unwrap_or_default();
            quoted
                && (lead.is_empty()
                    || lead.ends_with(b"{")
                    || lead == b"#define"
                    || lead.ends_with(b":")
                    || lead.ends_with(b"set(")
                    || word.eq_ignore_ascii_case(b"password"))
        }
        FileKind::Dockerfile => matches!(lead, b"ENV" | b"ARG") || lead.ends_with(b"\\"),
        FileKind::Shell => matches!(lead, b"setenv" | b"set" | b"setx" | b"set -x" | b"set -gx"),
        FileKind::Ini | FileKind::Unknown => lead.is_empty() && !upper,
        _ => false,
    }
}

pub(super) fn trimmed(text: &[u8], range: Range<usize>) -> Option<Range<usize>> {
    let part = text.get(range.clone())?;
    let lead = part.len() - part.trim_ascii_start().len();
    let length = part.trim_ascii().len();
    (length > 0).then(|| range.start + lead..range.start + lead + length)
}

struct Line<'t> {
    text: &'t [u8],
    end: usize,
}

impl<'t> Line<'t> {
    fn byte(&self, at: usize) -> Option<u8> {
        if at < self.end { self.text.get(at).copied() } else { None }
    }

    fn rest(&self, at: usize) -> &'t [u8] {
        self.text.get(at..self.end).unwrap_or_default()
    }

    /// Says whether nothing but a comment follows.
    fn ends(&self, at: usize) -> bool {
        matches!(self.rest(at).trim_ascii_start().first(), None | Some(b'#' | b';'))
    }

    fn blanks(&self, at: usize) -> usize {
        self.rest(at).iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }
}
