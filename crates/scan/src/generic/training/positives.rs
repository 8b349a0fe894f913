//! Names of secrets and values as machines and people make them.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

use crate::rule::Random;

const NAMES: [&[&str]; 2] = [
    &[
        "db_password",
        "password",
        "api_key",
        "secret_key",
        "client_secret",
        "auth_token",
        "access_token",
        "jwt_secret",
        "redis_password",
        "smtp_password",
        "admin_password",
        "encryption_key",
        "private_key",
        "user_pass",
        "session_secret",
        "api_token",
        "master_key",
        "signing_key",
        "ftp_passwd",
        "token",
        "secret",
        "mysql_root_password",
        "app_secret",
    ],
    &[
        "database_password",
        "passwd",
        "service_api_key",
        "oauth_client_secret",
        "webhook_secret",
        "bot_token",
        "ldap_bind_password",
        "cookie_secret",
        "account_key",
        "mail_pass",
        "passphrase",
        "keystore_password",
        "refresh_token",
        "consumer_secret",
        "access_key",
        "pgpassword",
        "deploy_token",
        "hmac_key",
        "root_pwd",
        "secret_key_base",
    ],
];
const WORDS: [&[&str]; 2] = [
    &[
        "Summer", "winter", "Dragon", "blue", "Falcon", "coffee", "Tiger", "admin", "Monkey", "prod", "Hunter", "secure",
        "Rocket", "Golden",
    ],
    &["Spring", "Castle", "ocean", "Wizard", "silver", "Panther", "server", "Orange", "Mountain", "Backup", "Thunder", "maple"],
];
const SYMBOLS: &[u8] = b"!@#%^*-_+=.?";
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

pub(super) fn pair(random: &mut Random, held_out: bool) -> (String, String) {
    let side = usize::from(held_out);
    let name = random.pick(NAMES[side]).to_owned();
    let is_password = name.contains("pass") || name.contains("pwd");
    let value = if is_password { password(random, side) } else { token(random) };
    (name, value)
}

fn password(random: &mut Random, side: usize) -> String {
    let words = WORDS[side];
    match random.below(6) {
        0 | 1 => {
            let mixed = [LETTERS, SYMBOLS].concat();
            let length = 8 + random.below(13);
            random.text(&mixed, length)
        }
        2 => format!("{}{}{}", random.pick(words), 10 + random.below(2015), random.text(SYMBOLS, 1)),
        3 => format!("{}{}{}{}", random.pick(words), random.text(SYMBOLS, 1), random.pick(words), random.below(1000)),
        4 => leet(random.pick(words), random),
        _ => {
            let length = 10 + random.below(8);
            random.text(LETTERS, length)
        }
    }
}

/// `Dragon` as `Dr4g0n` with a tail.
fn leet(word: &str, random: &mut Random) -> String {
    let swapped: String = word
        .chars()
        .map(|letter| match letter {
            'a' => '4',
            'e' => '3',
            'o' => '0',
            'i' => '1',
            other => other,
        })
        .collect();
    format!("{swapped}{}{}", random.text(SYMBOLS, 1), random.below(100))
}

fn token(random: &mut Random) -> String {
    let hex = b"0123456789abcdef";
    match random.below(9) {
        0 => random.text(hex, 32),
        1 => random.text(hex, 40),
        2 => random.text(hex, 64),
        3 => STANDARD.encode(random.bytes(32)),
        4 => URL_SAFE_NO_PAD.encode(random.bytes(24)),
        5 => {
            let length = 16 + random.below(32);
            random.text(LETTERS, length)
        }
        6 => {
            let length = 20 + random.below(24);
            random.text(&LETTERS[26..], length)
        }
        7 => {
            let length = 18 + random.below(16);
            random.text(&[LETTERS, b"-_"].concat(), length)
        }
        _ => {
            let count = 18 + random.below(30);
            STANDARD.encode(random.bytes(count))
        }
    }
}
