//! Passwords in connection strings: `key=value;` lists, libpq's blanks, Go's `user:password@tcp(host)`, JDBC.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use super::{url::judge_password, words};

/// A password or key in a connection string, and whether it is strong.
pub(super) struct ConnectionSecret {
    pub(super) range: Range<usize>,
    pub(super) is_strong: bool,
}

/// Names whose value is the secret, lower case and without blanks.
const NAMES: &[&str] = &[
    "password",
    "pwd",
    "accountkey",
    "sharedaccesskey",
    "sharedsecretvalue",
    "accesskey",
    "sharedaccesssignature",
    "clientsecret",
    "token",
    "secretkey",
    "trustedpassword",
    "authtoken",
    "keystorepassword",
    "truststorepassword",
    "proxypassword",
    "sslpassword",
    "passphrase",
];
/// Names that show that a list of pairs is a connection string.
const COMPANIONS: &[&str] = &[
    "server=",
    "data source=",
    "datasource=",
    "host=",
    "hostname=",
    "database=",
    "initial catalog=",
    "user id=",
    "userid=",
    "uid=",
    "user=",
    "username=",
    "accountname=",
    "endpoint=",
    "sharedaccesskeyname=",
    "dbname=",
    "port=",
    "driver=",
    "addr=",
    "account=",
    "tenantid=",
    "clientid=",
    "abortconnect=",
    "ssl=",
    "sslmode=",
    "provider=",
    "warehouse=",
    "dsn=",
];

static PAIRS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasickBuilder::new().ascii_case_insensitive(true).build(COMPANIONS).expect("a short list of words fits an automaton")
});

static NETWORK: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(["@tcp(", "@unix(", "@//", "@(DESCRIPTION", ":1521"]).expect("a short list of words fits an automaton")
});

/// Returns the secrets in the connection strings of `text`.
pub(super) fn secrets(text: &[u8]) -> Vec<ConnectionSecret> {
    let mut found = Vec::new();
    // Two passes over the window instead of many searches per line: most windows have neither.
    let (has_pairs, has_network) = (PAIRS.is_match(text), NETWORK.is_match(text));
    if !has_pairs && !has_network {
        return found;
    }
    let mut start = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if line.len() <= 8192 && has_pairs {
            pairs(line, start, &mut found);
        }
        if line.len() <= 8192 && has_network {
            network(line, start, &mut found);
        }
        start += line.len();
    }
    found
}

/// Returns whether the name that ends at `at` may be given a value in a list of pairs.
pub(super) fn is_pair(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
    let value = rest.get(blanks + 1..).unwrap_or_default();
    if rest.get(blanks) != Some(&b'=') || value.first().is_none_or(|byte| matches!(byte, b'=' | b'~' | b'>' | b'\n')) {
        return false;
    }
    let start = memchr::memrchr(b'\n', text.get(..at).unwrap_or_default()).map_or(0, |place| place + 1);
    let end = memchr::memchr(b'\n', value).map_or(text.len(), |place| text.len() - value.len() + place);
    PAIRS.is_match(text.get(start..end).unwrap_or_default())
}

/// `Server=...;Password=...;` and `host=... password=...`.
fn pairs(line: &[u8], line_start: usize, found: &mut Vec<ConnectionSecret>) {
    if !line.contains(&b'=') {
        return;
    }
    let lower = line.to_ascii_lowercase();
    let mut at = 0;
    while let Some(equals) = lower.get(at..).and_then(|rest| memchr::memchr(b'=', rest)).map(|offset| at + offset) {
        at = equals + 1;
        let name_start = lower
            .get(..equals)
            .unwrap_or_default()
            .iter()
            .rposition(|byte| !(byte.is_ascii_alphabetic() || *byte == b' '))
            .map_or(0, |place| place + 1);
        let name: Vec<u8> =
            lower.get(name_start..equals).unwrap_or_default().iter().copied().filter(|byte| *byte != b' ').collect();
        let Some(word) = NAMES.iter().find(|word| name.ends_with(word.as_bytes())) else {
            continue;
        };
        let (open, close) = bounds(&lower, equals);
        let inside = String::from_utf8_lossy(lower.get(open..close).unwrap_or_default());
        let by_semicolon = inside.contains(';');
        let exact = name.len() == word.len()
            || name_start < equals && lower.get(name_start..equals).is_some_and(|text| text.contains(&b' '));
        if !exact || !COMPANIONS.iter().any(|companion| inside.contains(companion)) {
            continue;
        }
        let Some(range) = value_range(line, at, close, by_semicolon) else {
            continue;
        };
        let Some(value) = line.get(range.clone()) else {
            continue;
        };
        if is_expression(value, line.get(range.end).copied(), line.get(range.start.wrapping_sub(1)).copied()) {
            continue;
        }
        let user = user_of(&inside);
        let Some(strong) = judge_password(user.as_bytes(), value) else {
            continue;
        };
        found.push(ConnectionSecret { range: line_start + range.start..line_start + range.end, is_strong: strong });
    }
}

/// `args.password`, `user_password`, `TOKEN_FORMAT`: a name of a program, handed on as an argument or put into a text.
///
/// `after` and `before` are the bytes around it; in braces, or where arguments end, a name without a digit is one too.
fn is_expression(value: &[u8], after: Option<u8>, before: Option<u8>) -> bool {
    let is_name = value.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_')
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    let has_digit = value.iter().any(u8::is_ascii_digit);
    let joined = value.iter().any(|byte| matches!(byte, b'_' | b'.'));
    let is_argument = matches!(after, Some(b',' | b')' | b' ')) || before == Some(b'{');
    is_name && (!has_digit && (joined || is_argument && words::covered(value) > 0.5) || joined && words::covered(value) > 0.6)
}

/// The quotes around a place, or the line.
fn bounds(lower: &[u8], at: usize) -> (usize, usize) {
    let quote = |byte: &u8| matches!(byte, b'"' | b'`' | b'<' | b'>');
    let open = lower.get(..at).and_then(|before| before.iter().rposition(quote)).map_or(0, |place| place + 1);
    let close = lower
        .get(at..)
        .and_then(|after| after.iter().position(|byte| quote(byte) || matches!(byte, b'\n' | b'\r')))
        .map_or(lower.len(), |place| at + place);
    (open, close)
}

fn value_range(line: &[u8], at: usize, close: usize, by_semicolon: bool) -> Option<Range<usize>> {
    let rest = line.get(at..close)?;
    if let Some(quote) = rest.first().filter(|byte| matches!(byte, b'\'' | b'{')) {
        let last = if *quote == b'{' { b'}' } else { b'\'' };
        let end = memchr::memchr(last, rest.get(1..)?)?;
        return (end > 0 && rest.get(1) != Some(&b'{')).then_some(at + 1..at + 1 + end);
    }
    let is_query = memchr::memchr(b'?', line.get(..at)?).is_some() || is_query(rest);
    let ends: &[u8] = match (by_semicolon, is_query) {
        (true, _) => b";'",
        (false, true) => b" \t&,)'",
        (false, false) => b" \t,)'",
    };
    let length = rest.iter().take_while(|byte| !ends.contains(byte)).count();
    let value = rest.get(..length)?;
    // Entities of XML end in `;` themselves.
    let kept = value.trim_ascii_end().len();
    (kept > 0).then_some(at..at + kept)
}

/// Returns whether `&` parts the pair whose value `rest` starts with from the next one: only there it ends a value.
fn is_query(rest: &[u8]) -> bool {
    let end = rest.iter().position(|byte| matches!(byte, b' ' | b',' | b'=')).unwrap_or_default();
    rest.get(end) == Some(&b'=') && rest.get(..end).is_some_and(|value| value.contains(&b'&'))
}

fn user_of(inside: &str) -> String {
    ["user id=", "userid=", "uid=", "user=", "username="]
        .iter()
        .find_map(|name| inside.find(name).map(|at| inside.get(at + name.len()..).unwrap_or_default()))
        .map(|rest| rest.chars().take_while(|mark| !"; &".contains(*mark)).collect())
        .unwrap_or_default()
}

/// `user:password@tcp(host)` and `jdbc:oracle:thin:user/password@host`.
fn network(line: &[u8], line_start: usize, found: &mut Vec<ConnectionSecret>) {
    for (sign, separator) in
        [(&b"@tcp("[..], b':'), (b"@unix(", b':'), (b"@//", b'/'), (b"@(DESCRIPTION", b'/'), (b":1521", b'/')]
    {
        for hit in memchr::memmem::find_iter(line, sign) {
            // The port mark stands behind host and `@`.
            let at = if sign == b":1521" {
                line.get(..hit).and_then(|before| before.iter().rposition(|byte| *byte == b'@'))
            } else {
                Some(hit)
            };
            let Some(at) = at.filter(|at| hit - at < 80) else {
                continue;
            };
            let before = line.get(..at).unwrap_or_default();
            let start = before
                .iter()
                .rposition(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'='))
                .map_or(0, |place| place + 1);
            let info = before.get(start..).unwrap_or_default();
            // `jdbc:oracle:thin:` stands before the user.
            let scheme = memchr::memmem::find(info, b"thin:").map_or(0, |place| place + 5);
            let user_info = info.get(scheme..).unwrap_or_default();
            let Some(middle) = user_info.iter().position(|byte| *byte == separator) else {
                continue;
            };
            let (user, password) = (user_info.get(..middle).unwrap_or_default(), user_info.get(middle + 1..).unwrap_or_default());
            if user.is_empty() || user.contains(&b':') {
                continue;
            }
            let Some(strong) = judge_password(user, password) else {
                continue;
            };
            let from = line_start + start + scheme + middle + 1;
            found.push(ConnectionSecret { range: from..from + password.len(), is_strong: strong });
        }
    }
}
