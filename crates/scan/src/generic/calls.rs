//! Passwords that well-known calls take by their position.

use std::{ops::Range, sync::LazyLock};

use aho_corasick::AhoCorasick;

use super::{auth::AuthSecret, url::judge_password};

/// The start of a call, and which of its arguments is the password, counted from 0.
const CALLS: &[(&str, usize)] = &[
    ("auth=(", 1),
    (".login(", 1),
    ("BasicAuth(", 1),
    ("basic_auth(", 1),
    ("basic_auth ", 1),
    ("basicAuth(", 1),
    ("UsernamePassword(", 1),
    ("PlainAuth(", 2),
    ("UsernamePasswordCredentials(", 1),
    ("BasicAWSCredentials(", 1),
    ("AwsBasicCredentials.create(", 1),
    ("Credentials(", 1),
    (" Credentials(", 3),
    ("NetworkCredential(", 1),
    ("PasswordAuthentication(", 1),
    ("DriverManager.getConnection(", 2),
    ("mysqli_connect(", 2),
    ("mysql_connect(", 2),
    ("new mysqli(", 2),
    ("new PDO(", 2),
    ("DBI->connect(", 2),
    ("Sequelize(", 2),
    ("create_superuser(", 2),
    ("create_user(", 2),
    ("keyring.set_password(", 2),
    ("createHmac(", 1),
    ("jwt.sign(", 1),
    ("jwt.verify(", 1),
    ("jwt.encode(", 1),
    ("CURLOPT_USERPWD, ", 0),
];

/// The longest password, and the longest call before it, in bytes.
const PASSWORD_BYTES_MAX: usize = 200;
const CALL_BYTES_MAX: usize = 400;

static STARTS: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(CALLS.iter().map(|(start, _)| *start)).expect("a short list of words fits an automaton"));

/// Appends the passwords of the calls in `text`.
pub(super) fn secrets(text: &[u8], found: &mut Vec<AuthSecret>) {
    for hit in STARTS.find_overlapping_iter(text) {
        let Some((start, place)) = CALLS.get(hit.pattern().as_usize()) else { continue };
        // An SQL user's name may be what a call's first argument is; text before a blank is no call.
        let Some((range, user)) = argument(text, hit.end(), *place) else { continue };
        let user = text.get(user).unwrap_or_default();
        let value = text.get(range.clone()).unwrap_or_default();
        let (user, range) = match memchr::memchr(b':', value).filter(|_| start.starts_with("CURLOPT")) {
            Some(colon) => (value.get(..colon).unwrap_or_default(), range.start + colon + 1..range.end),
            None => (user, range),
        };
        let value = text.get(range.clone()).unwrap_or_default();
        let is_strong = judge_password(user, value).unwrap_or_default() && value.iter().any(u8::is_ascii_digit);
        if is_strong && !value.contains(&b' ') {
            found.push(AuthSecret { range, what: "it is the password argument of a call", is_strong });
        }
    }
}

/// Returns the text of the argument number `place` behind `at`, and that of the one before it, which is the user's name.
fn argument(text: &[u8], at: usize, place: usize) -> Option<(Range<usize>, Range<usize>)> {
    let text = text.get(..(at + CALL_BYTES_MAX).min(text.len()))?;
    let (mut at, mut before) = (at, at..at);
    for number in 0..=place {
        at += text.get(at..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        // `Some("password")` hands its text on.
        let open = if text.get(at..)?.starts_with(b"Some(") { at + 5 } else { at };
        let quote = text.get(open).copied().filter(|byte| matches!(byte, b'"' | b'\''));
        let range = match quote {
            Some(quote) => open + 1..open + 1 + memchr::memchr(quote, text.get(open + 1..)?)?,
            None if number == place => return None,
            // Another value: up to its comma, when it is no call.
            None => {
                let length = text.get(at..)?.iter().position(|byte| matches!(byte, b',' | b'(' | b')' | b';' | b'\n'))?;
                at..at + length
            }
        };
        if number == place {
            return (!range.is_empty() && range.len() <= PASSWORD_BYTES_MAX).then_some((range, before));
        }
        at = range.end + usize::from(quote.is_some());
        at += text.get(at..)?.iter().take_while(|byte| **byte == b' ').count();
        if text.get(at) != Some(&b',') {
            return None;
        }
        at += 1;
        before = range;
    }
    None
}
