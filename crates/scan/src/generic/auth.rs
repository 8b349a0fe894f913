//! Credentials in headers and on command lines.

use aho_corasick::AhoCorasick;
use std::ops::Range;
use std::sync::LazyLock;

use super::{calls, url::judge_password, words};
use crate::rule::{self, Proof, Verdict};

/// A credential and what it is.
pub(super) struct AuthSecret {
    pub(super) range: Range<usize>,
    pub(super) what: &'static str,
    pub(super) is_strong: bool,
}

/// Command options whose argument is `user:password`.
const USER_OPTIONS: &[&[u8]] = &[
    b" -u ",
    b" --user ",
    b" --user=",
    b" -U ",
    b" --proxy-user ",
    b" --creds ",
    b" --dest-creds ",
    b" --src-creds ",
    b"curl -u",
];
/// Commands and the option that takes a password.
const PASSWORD_OPTIONS: &[(&[u8], &[u8])] = &[
    (b"sshpass", b"-p"),
    (b"mysql", b"-p"),
    (b"mysqldump", b"-p"),
    (b"mysqladmin", b"-p"),
    (b"redis-cli", b"-a "),
    (b"docker login", b"-p "),
    (b"docker login", b"--password "),
    (b"podman login", b"-p "),
    (b"mongo", b"-p "),
    (b"mongosh", b"-p "),
    (b"sqlcmd", b"-P "),
    (b"ldapsearch", b"-w "),
    (b"ldapadd", b"-w "),
    (b"ldapmodify", b"-w "),
    (b"smbclient", b"-P "),
    (b"az login", b"-p "),
    (b"oc login", b"-p "),
    (b"helm registry login", b"-p "),
    (b"openssl", b"pass:"),
    (b"unzip", b"-P "),
    (b"zip", b"-P "),
    (b"7z", b"-p"),
    (b"htpasswd", b"-b"),
    (b"cf login", b"-p "),
    (b"influx", b"-password "),
    (b"keytool", b"-storepass "),
    (b"keytool", b"-keypass "),
    (b"jarsigner", b"-storepass "),
    (b"wget", b"--password="),
    (b"ssh-keygen", b"-N "),
    (b"twine upload", b"-p "),
    (b"openssl enc", b"-k "),
    (b"gpg", b"--passphrase "),
    (b"ConvertTo-SecureString", b" "),
    (b"ConvertTo-SecureString", b" -String "),
];

/// Commands that read a password, or `user:password`, which `echo` hands them.
const PIPED: &[&[u8]] = &[b"chpasswd", b"--password-stdin", b"sudo -S"];

/// Everything that a command line needs to be looked at.
static COMMANDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = PASSWORD_OPTIONS.iter().map(|(command, _)| *command);
    AhoCorasick::new(USER_OPTIONS.iter().copied().chain(words).chain(PIPED.iter().copied()))
        .expect("a short list of words fits an automaton")
});

/// How far before `IDENTIFIED BY` its statement may begin.
const STATEMENT_BYTES: usize = 120;

/// Returns the credentials of headers and commands in `text`.
pub(super) fn secrets(text: &[u8]) -> Vec<AuthSecret> {
    let mut found = Vec::new();
    headers(text, &mut found);
    calls::secrets(text, &mut found);
    statements(text, &mut found);
    // One pass over the window instead of a search per command and line: most windows have no command.
    if !COMMANDS.is_match(text) {
        return found;
    }
    let mut start = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if line.len() <= 8192 && line.windows(2).any(|pair| pair == b" -" || pair == b"s:" || pair == b"| ") {
            commands(line, start, &mut found);
        }
        start += line.len();
    }
    found
}

fn headers(text: &[u8], found: &mut Vec<AuthSecret>) {
    for at in memchr::memchr_iter(b' ', text) {
        // The last letters of `basic`, `bearer` and `token`.
        if at.checked_sub(1).and_then(|at| text.get(at)).is_some_and(|last| b"cCrRnN".contains(last)) {
            found.extend(header_at(text, at));
        }
    }
}

/// Returns the credential behind the blank at `at`, when a header's scheme stands before it.
pub(super) fn header_at(text: &[u8], at: usize) -> Option<AuthSecret> {
    let before = text.get(at.saturating_sub(6)..at)?;
    let ends = |word: &[u8]| {
        let start = before.len().saturating_sub(word.len());
        before.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(word))
    };
    let basic = ends(b"basic");
    let bearer = ends(b"bearer") || (ends(b"token") && is_authorization(text, at));
    if !basic && !bearer {
        return None;
    }
    let rest = text.get(at + 1..)?;
    let length = rest.iter().take(2048).take_while(|byte| byte.is_ascii_alphanumeric() || b"+/=_-.~".contains(byte)).count();
    // Shorter values are words: `basic usage`.
    if length < 8 {
        return None;
    }
    let value = rest.get(..length)?;
    // Any other sign with a letter behind it belongs to the value: `abc!def` is no header's.
    let is_cut = rest.get(length).is_some_and(|byte| b"!#%@*".contains(byte))
        && rest.get(length + 1).is_some_and(u8::is_ascii_alphanumeric);
    if is_cut {
        return None;
    }
    let range = at + 1..at + 1 + length;
    if bearer {
        let what = "it is a token behind `Bearer`";
        return is_bearer(value).then_some(AuthSecret { range, what, is_strong: true });
    }
    let decoded = rule::decode_base64(value).filter(|_| !rule::is_published(value))?;
    let password = decoded.splitn(2, |byte| *byte == b':').nth(1)?;
    let holds = judge_password(b"", password).is_some() && (Proof::BasicAuth).verdict(value, value) != Verdict::Broken;
    let what = "it is base64 of a user and a password behind `Basic`";
    holds.then_some(AuthSecret { range, what, is_strong: true })
}

/// Whether `Authorization` stands shortly before `at`.
fn is_authorization(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(24)..at).unwrap_or_default().to_ascii_lowercase();
    memchr::memmem::find(&before, b"authorization").is_some()
}

/// `IDENTIFIED BY 'password'` of SQL.
fn statements(text: &[u8], found: &mut Vec<AuthSecret>) {
    for words in [&b"IDENTIFIED BY "[..], b"identified by ", b"_password BY ", b"_password by "] {
        for at in memchr::memmem::find_iter(text, words) {
            let start = at + words.len();
            let is_quoted = text.get(start).is_some_and(|byte| matches!(byte, b'"' | b'\''));
            let Some(range) = argument(text, start).filter(|range| is_quoted && range.len() <= 200) else { continue };
            if !is_about_accounts(text, at) {
                continue;
            }
            let Some(is_strong) = judge_password(b"", text.get(range.clone()).unwrap_or_default()) else { continue };
            found.push(AuthSecret { range, what: "it is the password of an account that SQL makes", is_strong });
        }
    }
}

/// `CREATE USER name IDENTIFIED BY` and its like, not "columns identified by".
fn is_about_accounts(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(STATEMENT_BYTES)..at).unwrap_or_default().to_ascii_lowercase();
    [&b"user"[..], b"role", b"grant", b"alter", b"create"].iter().any(|word| memchr::memmem::find(&before, word).is_some())
}

fn is_bearer(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    value.len() >= 16
        && digits >= 2
        && words::covered(value) < 0.5
        && rule::shannon_bits(value) > 3.0
        && !rule::is_placeholder(value)
        && !rule::is_published(value)
        && !rule::is_marked(value)
}

/// `echo 'password' | command`.
fn piped(line: &[u8], line_start: usize) -> Option<AuthSecret> {
    let command = PIPED.iter().find_map(|command| memchr::memmem::find(line, command))?;
    let head = line.get(..command)?;
    memchr::memchr(b'|', head)?;
    let echo = memchr::memmem::find(head, b"echo ")? + 5;
    let echo = if line.get(echo..).is_some_and(|rest| rest.starts_with(b"-n ")) { echo + 3 } else { echo };
    let range = argument(line, echo)?;
    let value = line.get(range.clone())?;
    let colon = if line.get(command..)?.starts_with(b"chpasswd") { memchr::memchr(b':', value)? + 1 } else { 0 };
    let (user, password) = (value.get(..colon)?, value.get(colon..)?);
    let user = user.strip_suffix(b":").unwrap_or(user);
    let is_strong = judge_password(user, password).filter(|_| !password.contains(&b' ') && !password.starts_with(b"$"))?;
    let range = line_start + range.start + colon..line_start + range.end;
    Some(AuthSecret { range, what: "it is the password that a command is handed", is_strong })
}

fn commands(line: &[u8], line_start: usize, found: &mut Vec<AuthSecret>) {
    found.extend(piped(line, line_start));
    for option in USER_OPTIONS {
        for at in memchr::memmem::find_iter(line, option) {
            let Some(range) = argument(line, at + option.len()) else {
                continue;
            };
            let value = line.get(range.clone()).unwrap_or_default();
            let Some(colon) = value.iter().position(|byte| *byte == b':') else {
                continue;
            };
            let (user, password) = (value.get(..colon).unwrap_or_default(), value.get(colon + 1..).unwrap_or_default());
            let plain_user = user.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._@%+-\\".contains(byte));
            if !plain_user
                || password.contains(&b':')
                || password.contains(&b'/')
                || user.contains(&b'/')
                || password.iter().all(u8::is_ascii_digit)
            {
                continue;
            }
            let Some(strong) = judge_password(user, password) else {
                continue;
            };
            let range = line_start + range.start + colon + 1..line_start + range.end;
            found.push(AuthSecret { range, what: "it is the password of a command's `user:password`", is_strong: strong });
        }
    }
    for (command, option) in PASSWORD_OPTIONS {
        let Some(begin) = memchr::memmem::find(line, command) else {
            continue;
        };
        if begin > 0 && line.get(begin - 1).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        {
            continue;
        }
        let from = begin + command.len();
        let rest = line.get(from..).unwrap_or_default();
        let Some(at) = memchr::memmem::find_iter(rest, option)
            .find(|at| *at == 0 || rest.get(at - 1).is_some_and(|byte| matches!(byte, b' ' | b'"' | b'\'')))
        else {
            continue;
        };
        let mut place = from + at + option.len();
        if *option == b"-p" && *command == b"sshpass" {
            place += line.get(place..).unwrap_or_default().iter().take_while(|byte| **byte == b' ').count();
        }
        let range = if *command == b"htpasswd" { last_argument(line, place) } else { argument(line, place) };
        let Some(range) = range else {
            continue;
        };
        let value = line.get(range.clone()).unwrap_or_default();
        // `pass:env:NAME`, `pass:file:PATH`: where openssl finds it.
        if value.starts_with(b"-")
            || [&b"env:"[..], b"file:", b"fd:"].iter().any(|source| value.starts_with(source))
            || value.iter().all(u8::is_ascii_digit) && value.len() < 6
            || value.contains(&b'/') && value.starts_with(b"/")
        {
            continue;
        }
        let Some(strong) = judge_password(b"", value) else {
            continue;
        };
        found.push(AuthSecret {
            range: line_start + range.start..line_start + range.end,
            what: "it is the password option of a command",
            is_strong: strong,
        });
    }
}

/// The third argument of a command: `htpasswd -bc FILE USER PASSWORD`; the first stands behind the rest of an option.
fn last_argument(line: &[u8], at: usize) -> Option<Range<usize>> {
    let mut place = at + line.get(at..)?.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let mut found = None;
    for _ in 0..3 {
        place += line.get(place..)?.iter().take_while(|byte| **byte == b' ').count();
        let Some(range) = argument(line, place) else { break };
        let is_quoted = line.get(place).is_some_and(|byte| matches!(byte, b'"' | b'\''));
        place = range.end + usize::from(is_quoted);
        found = Some(range);
    }
    found
}

/// A command's argument: in quotes, or up to the next blank.
pub(super) fn argument(line: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = line.get(at..)?;
    let quote = rest.first().copied().filter(|byte| matches!(byte, b'"' | b'\''));
    if let Some(quote) = quote {
        let length = memchr::memchr(quote, rest.get(1..)?)?;
        return (length > 0).then_some(at + 1..at + 1 + length);
    }
    let length = rest.iter().take_while(|byte| !byte.is_ascii_whitespace() && !b"\"'`;|&)\\<>".contains(byte)).count();
    (length > 0).then_some(at..at + length)
}
