//! Names that sound like secrets with values that are none.

use crate::rule::Random;

/// Names that promise a secret, with the values that programs, labels and examples give them.
const NAMES: [&[&str]; 2] = [
    &[
        "password",
        "secret",
        "token",
        "api_key",
        "auth",
        "client_secret",
        "db_password",
        "access_token",
        "pass",
        "key",
        "session",
        "private_key",
        "credentials",
        "auth_token",
        "cookie",
        "seed",
        "salt",
        "signature",
        "secret_key",
        "nonce",
    ],
    &[
        "passwd",
        "user_password",
        "app_secret",
        "refresh_token",
        "authorization",
        "encryption_key",
        "sid",
        "credential",
        "session_key",
        "login_token",
        "account_key",
        "bearer",
        "passphrase",
        "hash_key",
        "pin",
    ],
];
const WORDS: [&[&str]; 2] = [
    &[
        "user", "login", "service", "manager", "provider", "config", "client", "request", "session", "handler", "access",
        "account", "field", "value", "default", "storage", "prod", "main", "oauth", "model", "customer", "update", "store",
    ],
    &[
        "worker",
        "gateway",
        "header",
        "controller",
        "database",
        "password",
        "builder",
        "payment",
        "channel",
        "report",
        "order",
        "project",
        "secret",
        "remote",
        "driver",
        "queue",
        "template",
        "export",
        "metrics",
    ],
];
const FIXED: [&[&str]; 2] = [
    &[
        "required",
        "Authorization",
        "Bearer",
        "X-Auth-Token",
        "sessionid",
        "changeme",
        "your-api-key",
        "<your token>",
        "${DB_PASSWORD}",
        "{{ .Values.password }}",
        "********",
        "xxxxxxxxxxxx",
        "text/plain",
        "HS256",
        "aes-256-gcm",
        "client_credentials",
        "access_token",
        "application/json",
        "Password",
        "Invalid password",
        "en-US",
        "2023-11-04",
        "v1.2.3",
        "null",
        "localhost",
        "admin@example.com",
        "SHA256withRSA",
        "RSA/ECB/PKCS1Padding",
        "authorization_code",
        "urn:ietf:params:oauth",
        "utf8mb4_general_ci",
        "123456",
        "#ff00aa",
        "forgot_password",
        "accessTokenSecret",
        "/run/secrets/db",
        "0000-0000-0000",
        "ES256K",
        "PBKDF2WithHmacSHA1",
        "AES/CBC/PKCS5Padding",
        "x-amz-security-token",
        "A128CBC-HS256",
    ],
    &[
        "optional",
        "Proxy-Authorization",
        "JSESSIONID",
        "replace-me-please",
        "insert_token_here",
        "<password>",
        "$(cat /run/secret)",
        "%(password)s",
        "[redacted]",
        "not-a-real-secret",
        "application/x-www-form-urlencoded",
        "RS256",
        "ChaCha20-Poly1305",
        "refresh_token",
        "id_token token",
        "Enter password",
        "de-DE",
        "2024-02-29T10:00:00Z",
        "none",
        "test@example.org",
        "ed25519-sha512",
        "X-CSRF-Token",
        "urn:oasis:names:tc",
        "sha512-crypt",
        "654321",
        "reset_password",
        "secretAccessKey",
        "/etc/ssl/private/key",
        "ECDSA_P256_SHA256",
        "HMAC-SHA1",
        "oauth2.googleapis.com",
        "vault.hashicorp.com/agent",
    ],
];

pub(super) fn pair(random: &mut Random, held_out: bool) -> (String, String) {
    let side = usize::from(held_out);
    let (names, words) = (NAMES[side], WORDS[side]);
    let name = random.pick(names).to_owned();
    let join = |random: &mut Random, separator: &str, count: usize| -> String {
        (0..count).map(|_| random.pick(words)).collect::<Vec<_>>().join(separator)
    };
    let value = match random.below(12) {
        0..=3 => random.pick(FIXED[side]).to_owned(),
        4 => join(random, "_", 2),
        5 => join(random, "-", 3),
        6 => join(random, ".", 3),
        7 => camel(&join(random, "_", 3)),
        8 => format!("{}{}", join(random, "-", 2), random.below(30)),
        9 => format!("{}_{}_{}", random.pick(words), random.below(10), random.pick(words)),
        10 => format!("{}/{}/{}", random.pick(words), random.pick(words), random.pick(words)),
        _ => camel(&join(random, "_", 2)) + &format!("{}", random.below(4)),
    };
    (name, value)
}

fn camel(text: &str) -> String {
    text.split('_')
        .enumerate()
        .map(|(at, word)| if at == 0 { word.to_owned() } else { word[..1].to_uppercase() + &word[1..] })
        .collect()
}
