//! Values that are no secret whatever their name says.

use std::{net::IpAddr, sync::LazyLock};

use aho_corasick::AhoCorasick;

use super::{
    FileKind, features,
    key::{self, KeyClass},
    lists, public, words,
};
use crate::rule;

/// Returns why `value` is no secret; `None` when it may be one.
pub(super) fn reject(value: &[u8], name: &[u8], class: KeyClass, quoted: bool, kind: FileKind) -> Option<&'static str> {
    let least = if class == KeyClass::Password { 4 } else { 8 };
    if value.len() < least || value.len() > 1024 {
        return Some("the length is no secret's");
    }
    if !value.iter().all(u8::is_ascii_graphic) {
        return Some("it holds blanks or control characters");
    }
    let lower = String::from_utf8_lossy(value).to_lowercase();
    if lists::is_common(lower.trim_matches(|mark: char| !mark.is_alphanumeric())) {
        return Some("it is a common stand-in");
    }
    if is_reference(value, &lower, quoted) {
        return Some("it refers to a value that is elsewhere");
    }
    if rule::is_placeholder(value) || is_spelled_placeholder(&lower) {
        return Some("it is a placeholder");
    }
    if is_name_like(value, &lower, name, class, quoted, kind) {
        return Some("it is a name, a path or a word");
    }
    if is_expression(value) {
        return Some("it is an expression");
    }
    let hex = value.iter().all(u8::is_ascii_hexdigit);
    let names_access =
        || key::split(name).iter().any(|word| matches!(word.as_str(), "auth" | "authorization" | "bearer" | "cred" | "creds"));
    if class == KeyClass::Weak && hex && !names_access() {
        return Some("a name that seldom means a secret has hex digits: a digest or test data");
    }
    if features::is_uuid(value) && !is_uuid_name(name) {
        return Some("it is a UUID under a name that need not mean a secret");
    }
    if rule::is_published(value) {
        return Some("documentation prints it");
    }
    if is_public(value, &lower) || is_public_id(value, name) {
        return Some("it is a hash, a public key or other public data");
    }
    if public::is_encrypted(value) || public::is_encoded_stand_in(value) {
        return Some("it is encrypted, or an encoded stand-in");
    }
    if public::is_algorithm(value) || public::is_validation(&lower) {
        return Some("it names an algorithm or rules of validation");
    }
    None
}

/// `0x` and 40 hex digits name an account of a block chain; 64 under a device's name are where its messages go.
fn is_public_id(value: &[u8], name: &[u8]) -> bool {
    let hex = |digits: &[u8], count: usize| digits.len() == count && digits.iter().all(u8::is_ascii_hexdigit);
    value.strip_prefix(b"0x").is_some_and(|digits| hex(digits, 40))
        || hex(value, 64) && key::split(name).iter().any(|word| word == "device")
}

fn is_reference(value: &[u8], lower: &str, quoted: bool) -> bool {
    if lists::has_mark(lower) {
        return true;
    }
    let (Some(first), Some(last)) = (value.first(), value.last()) else {
        return true;
    };
    let inner_word = |from: usize| {
        value.get(from..value.len() - 1).is_some_and(|part| {
            part.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ' | b':'))
        })
    };
    match (first, last) {
        (b'$', _) if value.get(1..).is_some_and(is_identifier) => true,
        (b'%', b'%') | (b'<', b'>') | (b'{', b'}') | (b'[', b']') | (b'@', b'@') | (b'(', b')') | (b'_', b'_') => inner_word(1),
        (b'*' | b'&' | b'!' | b'[', _) if !quoted => true,
        (_, b')' | b'(' | b'{') if !quoted => true,
        (b'%', b's' | b'd' | b'v') | (b'#', b'#') => true,
        _ => !quoted && (memchr::memmem::find(value, b"(").is_some() || memchr::memmem::find(value, b"->").is_some()),
    }
}

/// How stand-ins begin.
const SPELLED_STARTS: &[&str] = &[
    "your",
    "my-",
    "my_",
    "some-",
    "some_",
    "changeme",
    "placeholder",
    "insert",
    "enter",
    "example",
    "dummy",
    "fake",
    "replace",
    "redact",
    "<",
    "todo",
    "fixme",
    "xxx",
    "***",
    "not-a",
    "not_a",
    "notasecret",
    "foobar",
    "blah",
    "secret-here",
    "put-",
    "put_",
    "fill",
];
/// How stand-ins end, or parts of them before a `-` or `_`.
const SPELLED_ENDS: &[&str] = &[
    "-here",
    "_here",
    "example",
    "placeholder",
    "goeshere",
    "...",
    "***",
    "xxx",
    "redacted",
    "changeme",
    "dummy",
    "fake",
    "not-real",
    "notreal",
    "sample",
];

fn is_spelled_placeholder(lower: &str) -> bool {
    let ends = |part: &str| SPELLED_ENDS.iter().any(|word| part.ends_with(word));
    SPELLED_STARTS.iter().any(|word| lower.starts_with(word))
        || ends(lower)
        || lower.match_indices(['-', '_']).any(|(at, _)| lower.get(..at).is_some_and(ends))
        || ["test", "mock", "stub"].iter().any(|word| {
            // `test-token`, `test_secret_1`: words around the mark, not a random text that holds it.
            lower.starts_with(word) && words::covered(lower.as_bytes()) > 0.75
        })
}

/// What markup, troff and regular expressions hold.
static EXPRESSION_MARK: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new([
        "\\x", "\\u", "\\[", "&lt;", "&gt;", "&quot;", "\\-", "\\&", "\\0", "\\s", "\\f", "\\w", "\\W", "\\d", "(?:", "(?=",
        "(?!", "(?P", "[a-z", "[A-Z", "[0-9", ")(",
    ])
    .expect("a short list of marks fits an automaton")
});

/// A call, escaped bytes, troff or markup.
fn is_expression(value: &[u8]) -> bool {
    let call = memchr::memchr(b'(', value).is_some_and(|at| {
        value.ends_with(b")")
            && value.get(..at).is_some_and(|name| {
                !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
            })
    });
    let option =
        value.strip_suffix(b"=").is_some_and(|name| name.iter().all(u8::is_ascii_alphabetic) && words::covered(name) > 0.3);
    let generic_type = value.ends_with(b">") && value.contains(&b'<');
    call || option || generic_type || is_format(value) || EXPRESSION_MARK.is_match(value)
}

/// Names under which even a UUID is a credential.
fn is_uuid_name(name: &[u8]) -> bool {
    let words = key::split(name);
    let about = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    about(&[
        "api",
        "apikey",
        "secret",
        "clientsecret",
        "password",
        "license",
        "auth",
        "access",
        "authtoken",
        "apitoken",
        "identitytoken",
    ]) && !about(&["request", "next", "lock", "client_request", "idempotency", "correlation"])
}

fn is_identifier(text: &[u8]) -> bool {
    !text.is_empty()
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        && !text.iter().all(u8::is_ascii_digit)
}

fn is_name_like(value: &[u8], lower: &str, name: &[u8], class: KeyClass, quoted: bool, kind: FileKind) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits == value.len() && (value.len() < 6 || class != KeyClass::Password || !kind.is_config()) {
        return true;
    }
    let flat = |text: &[u8]| -> Vec<u8> {
        text.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect()
    };
    let (plain, plain_name) = (flat(value), flat(name));
    if plain == plain_name || (plain.len() > 4 && plain_name.ends_with(&plain)) {
        return true;
    }
    if matches!(value.first(), Some(b'/' | b'.' | b'~')) && value.contains(&b'/') && words::covered(value) > 0.4 {
        return true;
    }
    if lower.contains("://") || lower.starts_with("www.") || lower.starts_with("localhost") {
        return true;
    }
    if lists::ends_like_file(lower) && digits * 3 < value.len() {
        return true;
    }
    // Expressions and markup.
    if [&b"=="[..], b"&&", b"=>", b"::", b"();", b"</", b"/>", b"\\n", b"%s", b"%d", b"[^", b"\\d", b"\\w", b".*", b"$)", b"(?"]
        .iter()
        .any(|mark| memchr::memmem::find(value, mark).is_some())
        && words::covered(value) > 0.3
    {
        return true;
    }
    let covered = words::covered(value);
    let letters_only = value.iter().all(|byte| byte.is_ascii_alphabetic() || b"_-.:/ ,#=()?&".contains(byte));
    if letters_only && (covered > 0.6 || words::is_word(value)) {
        // A bare word is a secret only as a password that is set in a configuration file.
        let plain_password =
            class == KeyClass::Password && kind.is_config() && value.iter().all(u8::is_ascii_alphabetic) && covered < 0.9;
        return !plain_password;
    }
    // Expressions without quotes: `config.token`, `self.password`, `getToken`.
    let set_password = class == KeyClass::Password && kind.is_config() && covered < 0.5;
    !quoted && letters_only && value.contains(&b'.') && !set_password
}

fn is_public(value: &[u8], lower: &str) -> bool {
    [
        "ssh-rsa",
        "ssh-ed25519",
        "ecdsa-sha2",
        "sha256-",
        "sha384-",
        "sha512-",
        "sha256:",
        "sha1:",
        "sha512:",
        "md5:",
        "$2a$",
        "$2b$",
        "$2y$",
        "$argon2",
        "$pbkdf2",
        "pbkdf2_",
        "pbkdf2:",
        "scrypt:",
        "{ssha",
        "{sha",
        "{bcrypt}",
        "{noop}",
        "bcrypt$",
        "age1",
        "ssh-dss",
    ]
    .iter()
    .any(|mark| lower.starts_with(mark))
        || value.starts_with(b"MIIB") && value.len() > 300
        || value.starts_with(b"-----BEGIN")
        || value.starts_with(b"$1$")
        || value.starts_with(b"$5$")
        || value.starts_with(b"$6$")
        || value.starts_with(b"$apr1$")
        || is_date_or_version(value)
        || is_address(value)
        || is_public_der(value)
}

/// DER whose first element is a sequence: a public key or a certificate. Private keys begin with a version number.
fn is_public_der(value: &[u8]) -> bool {
    if !value.starts_with(b"M") || value.len() < 56 {
        return false;
    }
    let start = value.get(..value.len().min(64) / 4 * 4).unwrap_or_default();
    match rule::decode_base64(start).as_deref() {
        Some([0x30, 0x82, _, _, inner, ..] | [0x30, 0x81, _, inner, ..]) => *inner == 0x30,
        Some([0x30, length, inner, ..]) => *length < 0x80 && *inner == 0x30,
        _ => false,
    }
}

fn is_address(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(|text| text.parse::<IpAddr>().is_ok())
}

/// `%d,%d-%d`: hardly anything but what formats numbers and texts.
fn is_format(value: &[u8]) -> bool {
    let (mut directives, mut rest, mut at) = (0, 0, 0);
    while let Some(byte) = value.get(at) {
        if *byte == b'%' && value.get(at + 1).is_some_and(|kind| b"sdifxuvrc".contains(kind)) {
            directives += 1;
            at += 1;
        } else if byte.is_ascii_alphanumeric() {
            rest += 1;
        }
        at += 1;
    }
    directives >= 2 && rest < 2 * directives
}

fn is_date_or_version(value: &[u8]) -> bool {
    value.len() <= 32
        && value.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b':' | b'T' | b'Z' | b'+' | b'/' | b'v'))
}

/// Returns why `value`, which a structure shows to be a password, is none; for short and word-like values too.
pub(super) fn reject_password(value: &[u8], user: &[u8]) -> Option<&'static str> {
    let lower = String::from_utf8_lossy(value).to_lowercase();
    let bare = lower.trim_matches(|mark: char| !mark.is_alphanumeric());
    if bare.is_empty() || lists::is_common(bare) || bare == "port" || bare == "password" {
        return Some("it is a common stand-in");
    }
    if !value.iter().all(|byte| byte.is_ascii_graphic() || *byte >= 0x80 || *byte == b' ') {
        return Some("it holds control characters");
    }
    if is_reference(value, &lower, true) || value.contains(&b'$') && value.contains(&b'{') {
        return Some("it refers to a value that is elsewhere");
    }
    if rule::is_placeholder(value) || is_spelled_placeholder(&lower) {
        return Some("it is a placeholder");
    }
    if is_expression(value) || value.contains(&b'(') && !value.contains(&b')') {
        return Some("it is an expression");
    }
    // `user:userpass`, `admin:adminpassword`: names of names.
    let user = String::from_utf8_lossy(user).to_lowercase();
    let rest = if user.len() >= 3 { bare.strip_prefix(user.as_str()) } else { None };
    if rest.is_some_and(|rest| ["pass", "password", "pwd", "pw", "secret", "_pass", "_password", "-password"].contains(&rest)) {
        return Some("it is the user's name again");
    }
    None
}
