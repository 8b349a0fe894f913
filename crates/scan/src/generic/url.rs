//! Passwords and tokens in URLs.

use std::ops::Range;

use super::{reject, words};
use crate::rule;

/// What stands in a URL's user information.
pub(super) struct UrlSecret {
    pub(super) range: Range<usize>,
    /// Whether it is a token in the place of the user, as in `https://TOKEN@host/`.
    pub(super) is_token: bool,
    /// Whether it looks made by a machine or by a careful person.
    pub(super) is_strong: bool,
}

/// Longest scheme and longest user information, in bytes.
const SCHEME_BYTES_MAX: usize = 32;
const USER_BYTES_MAX: usize = 512;

/// Returns the secrets in the user information of the URLs of `text`.
pub(super) fn secrets(text: &[u8]) -> Vec<UrlSecret> {
    memchr::memmem::find_iter(text, b"://").filter_map(|at| secret_at(text, at)).collect()
}

/// Returns the secret of the URL whose `://` stands at `at`.
pub(super) fn secret_at(text: &[u8], at: usize) -> Option<UrlSecret> {
    let scheme = text
        .get(..at)?
        .iter()
        .rev()
        .take(SCHEME_BYTES_MAX)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'))
        .count();
    let scheme = text.get(at - scheme..at)?;
    let start = at + 3;
    let rest = text.get(start..)?;
    let rest = rest.get(..USER_BYTES_MAX.min(rest.len()))?;
    let end = rest
        .iter()
        .position(|byte| {
            byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\') || !byte.is_ascii()
        })
        .unwrap_or(rest.len());
    let whole = rest.get(..end)?;
    // Templates hold slashes and question marks of their own: they are refused below, not cut here.
    let authority_end = whole.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(whole.len());
    let mut sign = whole.get(..authority_end)?.iter().rposition(|byte| *byte == b'@');
    // Raw `/`, `?` and `#` in passwords: only where a port or host name follows the last `@`.
    if sign.is_none() && memchr::memchr(b':', whole.get(..authority_end)?).is_some() && !scheme.starts_with(b"http") {
        sign = whole
            .iter()
            .rposition(|byte| *byte == b'@')
            .filter(|sign| whole.get(sign + 1..).is_some_and(|host| host.first().is_some_and(u8::is_ascii_alphanumeric)));
    }
    let user_info = whole.get(..sign?)?;
    let host = whole.get(sign? + 1..)?;
    if host.is_empty() || user_info.is_empty() {
        return None;
    }
    match user_info.iter().position(|byte| *byte == b':') {
        Some(colon) => {
            let (user, password) = (user_info.get(..colon)?, user_info.get(colon + 1..)?);
            // `jdbc:sqlserver://host:1433;user=a;password=b@c`: pairs behind a port, with an `@` of their own.
            if password.contains(&b';') && password.contains(&b'=') && password.first().is_some_and(u8::is_ascii_digit) {
                return None;
            }
            // GitHub takes a token for the user and any word for the password.
            if matches!(password, b"" | b"x-oauth-basic") && is_token(user) {
                return Some(UrlSecret { range: start..start + colon, is_token: true, is_strong: true });
            }
            let range = start + colon + 1..start + user_info.len();
            let strong = judge_password(user, password)?;
            Some(UrlSecret { range, is_token: false, is_strong: strong })
        }
        None if scheme.starts_with(b"http") && is_token(user_info) && !is_public_dsn(user_info, host) => {
            Some(UrlSecret { range: start..start + user_info.len(), is_token: true, is_strong: true })
        }
        None => None,
    }
}

/// Returns whether a password is strong; `None` when it stands for another value.
pub(super) fn judge_password(user: &[u8], password: &[u8]) -> Option<bool> {
    let decoded = percent_decoded(password);
    let same = user.eq_ignore_ascii_case(password);
    if password.len() < 3 || same || decoded.iter().all(u8::is_ascii_punctuation) {
        return None;
    }
    if rule::is_marked(password) && !password.starts_with(b"AVNS_") {
        return None;
    }
    let reason = reject::reject_password(&decoded, user);
    if reason.is_some() {
        return None;
    }
    let word = decoded.iter().all(u8::is_ascii_alphabetic) && words::covered(&decoded) > 0.85;
    Some(!word && decoded.len() >= 6)
}

fn is_token(user: &[u8]) -> bool {
    let digits = user.iter().filter(|byte| byte.is_ascii_digit()).count();
    user.len() >= 20
        && digits >= 2
        && user.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && words::covered(user) < 0.5
        && !rule::is_placeholder(user)
        && !rule::is_marked(user)
}

/// `https://<32 hex digits>@host/number`: where a program sends its errors, as every visitor's page does.
fn is_public_dsn(user: &[u8], host: &[u8]) -> bool {
    let project = host.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let project = project.get(..project.iter().take_while(|byte| byte.is_ascii_digit()).count()).unwrap_or_default();
    user.len() == 32
        && user.iter().all(u8::is_ascii_hexdigit)
        && (!project.is_empty() && host.contains(&b'/') || memchr::memmem::find(host, b"sentry").is_some())
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let digits = text
            .get(at + 1..at + 3)
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (byte, digits) {
            // What stands for a control character is a plain percent sign.
            (b'%', Some(value)) if value >= b' ' => {
                plain.push(value);
                at += 3;
            }
            _ => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    plain
}
