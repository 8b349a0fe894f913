//! The literals that wake the generic scanner, and whether one is worth waking it for.
//!
//! Most literals stand where no value can follow: `token.kind()`, a link, prose. A look at the few bytes around each costs a
//! hundredth of a scan of its window, and is done by the same code that the scan would run.

use super::{FileContext, FileKind, Judge, assignment, auth, connection, files, url};
use memchr::memmem;
use std::ops::Range;

/// What the bytes around a literal must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wake {
    /// A name that is given a value.
    Name,
    /// A URL with a user.
    Url,
    /// A header's value.
    Header,
    /// A call with text arguments.
    Call,
    /// A command's `user:password`.
    Command,
    /// A registry's entry.
    Docker,
    /// Nothing: it is rare and tells enough.
    Always,
}

/// How much of a text a literal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Nothing,
    /// The lines around it.
    Lines,
    /// The whole document of a manifest.
    Document,
}

/// A decision looks at no more than these bytes before and behind its literal.
pub(crate) const BEFORE_BYTES: usize = 256;
pub(crate) const AFTER_BYTES: usize = 1536;

/// Literals of which one must occur in a window, whatever its case, before the scanner runs on that window.
pub(crate) const GATE: &[(&str, Wake)] = &[
    ("pass", Wake::Name),
    ("pwd", Wake::Name),
    ("secret", Wake::Name),
    ("token", Wake::Name),
    ("credential", Wake::Name),
    ("creds", Wake::Name),
    ("api_key", Wake::Name),
    ("apikey", Wake::Name),
    ("api-key", Wake::Name),
    ("access_key", Wake::Name),
    ("accesskey", Wake::Name),
    ("access-key", Wake::Name),
    ("auth_key", Wake::Name),
    ("authkey", Wake::Name),
    ("auth-key", Wake::Name),
    ("account_key", Wake::Name),
    ("accountkey", Wake::Name),
    ("private_key", Wake::Name),
    ("privatekey", Wake::Name),
    ("private-key", Wake::Name),
    ("encryption_key", Wake::Name),
    ("encryptionkey", Wake::Name),
    ("encryption-key", Wake::Name),
    ("signing_key", Wake::Name),
    ("signingkey", Wake::Name),
    ("signing-key", Wake::Name),
    ("master_key", Wake::Name),
    ("masterkey", Wake::Name),
    ("shared_key", Wake::Name),
    ("sharedkey", Wake::Name),
    ("sharedaccesskey", Wake::Name),
    ("app_key", Wake::Name),
    ("appkey", Wake::Name),
    ("app-key", Wake::Name),
    ("service_key", Wake::Name),
    ("servicekey", Wake::Name),
    ("crypto_key", Wake::Name),
    ("aes_key", Wake::Name),
    ("aeskey", Wake::Name),
    ("hmac_key", Wake::Name),
    ("hmackey", Wake::Name),
    ("license_key", Wake::Name),
    ("licensekey", Wake::Name),
    ("subscription_key", Wake::Name),
    ("subscriptionkey", Wake::Name),
    ("subscription-key", Wake::Name),
    ("deploy_key", Wake::Name),
    ("session_key", Wake::Name),
    ("cipher_key", Wake::Name),
    ("jwt_key", Wake::Name),
    ("storage_key", Wake::Name),
    ("client_key", Wake::Name),
    ("client-key", Wake::Name),
    ("admin_key", Wake::Name),
    ("server_key", Wake::Name),
    ("security_key", Wake::Name),
    ("encrypt_key", Wake::Name),
    ("write_key", Wake::Name),
    ("user_key", Wake::Name),
    ("merchant_key", Wake::Name),
    ("_auth", Wake::Name),
    ("\"auth\"", Wake::Docker),
    ("basic ", Wake::Header),
    ("account-key", Wake::Name),
    ("fernet_key", Wake::Name),
    ("vapid_", Wake::Name),
    ("unseal_key", Wake::Name),
    ("cosmosdb_key", Wake::Name),
    ("cosmos_key", Wake::Name),
    ("search_key", Wake::Name),
    ("validationkey", Wake::Name),
    ("decryptionkey", Wake::Name),
    ("kennwort", Wake::Name),
    ("mot_de_passe", Wake::Name),
    ("clave", Wake::Name),
    ("pw =", Wake::Name),
    ("pw=", Wake::Name),
    ("pw:", Wake::Name),
    ("getconnection(", Wake::Call),
    ("mysqli_connect(", Wake::Call),
    ("mysql_connect(", Wake::Call),
    ("new mysqli(", Wake::Call),
    ("new pdo(", Wake::Call),
    ("dbi->connect(", Wake::Call),
    ("networkcredential(", Wake::Call),
    ("sequelize(", Wake::Call),
    ("superuser(", Wake::Call),
    ("createhmac(", Wake::Call),
    ("jwt.sign(", Wake::Call),
    ("jwt.verify(", Wake::Call),
    ("jwt.encode(", Wake::Call),
    ("curlopt_userpwd", Wake::Always),
    ("basic_auth ", Wake::Call),
    ("_password by ", Wake::Always),
    ("mysql -u", Wake::Command),
    ("mysqldump -u", Wake::Command),
    ("mysqladmin -u", Wake::Command),
    ("curl -u", Wake::Command),
    ("ldapsearch ", Wake::Command),
    ("ssh-keygen ", Wake::Command),
    ("twine upload", Wake::Command),
    ("openssl enc", Wake::Command),
    ("smbclient ", Wake::Command),
    ("7z a -p", Wake::Always),
    ("zip -p ", Wake::Always),
    ("sudo -s", Wake::Always),
    ("chpasswd", Wake::Always),
    ("password-stdin", Wake::Always),
    ("auth=(", Wake::Call),
    (".login(", Wake::Call),
    ("auth(", Wake::Call),
    ("bearer ", Wake::Header),
    ("authorization", Wake::Name),
    ("psk", Wake::Name),
    ("mnemonic", Wake::Name),
    ("sshpass", Wake::Always),
    ("htpasswd -", Wake::Always),
    ("redis-cli", Wake::Always),
    ("-securestring ", Wake::Always),
    ("identified by ", Wake::Always),
    ("@tcp(", Wake::Always),
    (":1521", Wake::Always),
    (" -u ", Wake::Command),
    ("--user", Wake::Command),
    ("_pw", Wake::Name),
    ("bindpw", Wake::Name),
    ("rootpw", Wake::Name),
    ("senha", Wake::Name),
    ("contrasena", Wake::Name),
    ("masterauth", Wake::Name),
    ("://", Wake::Url),
];

/// Returns what the literal at `at` of `text` asks for.
pub(crate) fn call(text: &[u8], at: Range<usize>, wake: Wake, file: &FileContext<'_>, judge: &mut Judge) -> Call {
    let Range { start, end } = at;
    let floor = start.saturating_sub(BEFORE_BYTES);
    let near = text.get(floor..(end + AFTER_BYTES).min(text.len())).unwrap_or_default();
    let (start, end) = (start - floor, end - floor);
    let live = match wake {
        Wake::Name => return name(near, start..end, file, judge),
        Wake::Url => url::secret_at(near, start).is_some(),
        Wake::Header => auth::header_at(near, end - 1).is_some(),
        Wake::Call => auth::argument(near, end).is_some(),
        Wake::Command => is_command(near, end),
        Wake::Docker => files::is_docker_entry(near, end),
        Wake::Always => true,
    };
    if live { Call::Lines } else { Call::Nothing }
}

fn name(text: &[u8], at: Range<usize>, file: &FileContext<'_>, judge: &mut Judge) -> Call {
    let Range { start, end } = at;
    // `pw = ` is told from other words by what follows, which is no part of the name.
    let sign =
        text.get(start..end).unwrap_or_default().iter().rev().take_while(|byte| matches!(byte, b' ' | b'=' | b':')).count();
    let end = end - sign;
    let rest = text.get(end..).unwrap_or_default();
    let word = rest.iter().take(24).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let after = rest.get(word..).unwrap_or_default();
    let next = after.first().copied().unwrap_or(b'\n');
    // `kind: Secret`, in YAML and in JSON.
    if word == 0
        && text.get(start.saturating_sub(8)..start).is_some_and(is_kind)
        && text.get(start..end) == Some(b"Secret")
        && (next.is_ascii_whitespace() || next == b'"')
    {
        return Call::Document;
    }
    let live = is_given_a_value(text, start..end, file, judge)
        || match next {
            b'=' => connection::is_pair(text, end + word),
            b' ' | b'\t' | b'\r' | b'\n' => {
                let before = text.get(..start).unwrap_or_default();
                is_flag(before)
                    || connection::is_pair(text, end + word)
                    || auth::header_at(text, end + word).is_some()
                    || memmem::find(before, b"login").is_some()
            }
            b':' => {
                after.get(1).is_some_and(u8::is_ascii_graphic)
                    && memmem::find(text.get(..start).unwrap_or_default(), b"openssl").is_some()
            }
            b'(' => auth::argument(text, end + word + 1).is_some_and(|first| text.get(first.end + 1) == Some(&b',')),
            b'-' => after.starts_with(b"-data"),
            _ => false,
        };
    if live { Call::Lines } else { Call::Nothing }
}

fn is_given_a_value(text: &[u8], at: Range<usize>, file: &FileContext<'_>, judge: &mut Judge) -> bool {
    if file.kind.is_silent() {
        return false;
    }
    assignment::at(text, at.start, at.end, file.kind).1.is_some_and(|found| judge.judge(text, &found, file).is_some())
}

/// `kind: ` or `"kind": "`.
fn is_kind(before: &[u8]) -> bool {
    before.ends_with(b"kind: ") || before.ends_with(b"kind\": \"") || before.ends_with(b"kind\":\"")
}

/// A literal right behind the dashes of a command's option.
fn is_flag(before: &[u8]) -> bool {
    let name = before.iter().rev().take(24).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    before.get(..before.len() - name).is_some_and(|head| head.ends_with(b"-"))
}

fn is_command(text: &[u8], end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
    let argument = line.get(..line.iter().take(200).skip(1).take_while(|byte| **byte != b' ').count() + 1).unwrap_or(line);
    argument.contains(&b':')
        || [&b" -p"[..], b" -P", b" -a ", b" -w ", b" -N ", b" -k ", b"pass", b"cred"]
            .iter()
            .any(|option| memmem::find(line, option).is_some())
}

/// Returns whether the files of this kind are small and scanned whole, whatever literals they hold.
pub(crate) fn is_scanned_whole(kind: FileKind) -> bool {
    matches!(kind, FileKind::Netrc | FileKind::Npmrc | FileKind::Pgpass | FileKind::Htpasswd | FileKind::GitCredentials)
}
