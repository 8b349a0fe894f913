//! Law: calls stay in their rooms: clocks at the rim, sockets in `connect`, SQL in `store`.

use anyhow::Result;

use super::scrub::{Keep, before_tests, scrub};
use super::tree::{Breach, File, Tree};

/// A text that may appear in some places only.
struct Ban {
    /// Any of these breaks it.
    texts: &'static [&'static str],
    /// Where it holds; a prefix of the path.
    within: &'static [&'static str],
    /// Where it does not; a prefix of the path.
    except: &'static [&'static str],
    keep: Keep,
    /// Whether it holds in test code too.
    in_tests: bool,
    reason: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        texts: &["Timestamp::now", "Zoned::now", "SystemTime::now", "Instant::now", "rand::", "thread_rng", "getrandom"],
        within: &["crates/core/"],
        except: &[],
        keep: Keep::Code,
        in_tests: true,
        reason: "core has no clock and no chance: `now` and random bytes are arguments",
    },
    Ban {
        texts: &["std::fs", "std::net", "std::env", "tokio::", "std::process", "std::thread"],
        within: &["crates/core/"],
        except: &[],
        keep: Keep::Code,
        in_tests: false,
        reason: "core does no IO",
    },
    Ban {
        texts: &["Timestamp::now", "Zoned::now", "SystemTime::now"],
        within: &["crates/"],
        except: &["crates/watchfire/src/world.rs"],
        keep: Keep::Code,
        in_tests: false,
        reason: "the wall clock is handed in as a `Clock`; the binary's world.rs is the only one that reads it",
    },
    Ban {
        texts: &["reqwest", "TcpStream::connect", "UnixStream::connect", "UdpSocket", "lookup_host", "to_socket_addrs"],
        within: &["crates/"],
        except: &["crates/connect/"],
        keep: Keep::Code,
        in_tests: false,
        reason: "only `connect` opens outgoing sockets, through the egress client",
    },
    Ban {
        texts: &["reqwest", "TcpStream::connect", "lookup_host", "to_socket_addrs"],
        within: &["crates/connect/"],
        except: &["crates/connect/src/egress/"],
        keep: Keep::Code,
        in_tests: false,
        reason: "everything goes through the one egress client",
    },
    Ban {
        texts: &["sqlx", "rusqlite"],
        within: &["crates/", "xtask/"],
        except: &["crates/store/"],
        keep: Keep::Code,
        in_tests: true,
        reason: "all SQL is in `store`",
    },
    Ban {
        texts: &["::Sqlite", "::Postgres", "SqlitePool", "PgPool", "SqliteConnection", "PgConnection"],
        within: &["crates/"],
        except: &["crates/store/src/db.rs", "crates/store/src/db/"],
        keep: Keep::Code,
        in_tests: false,
        reason: "only db.rs asks which database it is",
    },
    Ban {
        texts: &["println!", "print!(", "eprintln!", "eprint!(", "dbg!("],
        within: &["crates/"],
        except: &["crates/watchfire/", "crates/scan/build.rs"],
        keep: Keep::Code,
        in_tests: false,
        reason: "only the command line prints",
    },
    Ban {
        texts: &["#[allow(", "#![allow("],
        within: &["crates/", "xtask/", "bench/", "fuzz/"],
        except: &[],
        keep: Keep::Code,
        in_tests: true,
        reason: "`#[expect(.., reason)]` tells when it is no longer needed",
    },
    Ban {
        texts: &["todo!(", "unimplemented!(", "#[ignore"],
        within: &["crates/", "xtask/", "bench/", "fuzz/"],
        except: &[],
        keep: Keep::Code,
        in_tests: true,
        reason: "what is not there is not called, and a test runs or is not written",
    },
    Ban {
        texts: VENDORS,
        within: &["crates/engine/", "crates/core/"],
        except: &[],
        keep: Keep::CodeAndStrings,
        in_tests: false,
        reason: "the engine names no vendor: it sees what the wiring hands in",
    },
];

/// Names that belong to `connect` alone, in lower case; code and texts are compared without case.
const VENDORS: &[&str] = &[
    "alertmanager",
    "bitbucket",
    "cloudwatch",
    "datadog",
    "eventbridge",
    "falco",
    "gitguardian",
    "github",
    "gitlab",
    "grafana",
    "guardduty",
    "jira",
    "mattermost",
    "okta",
    "opsgenie",
    "pagerduty",
    "sentry",
    "slack",
    "sonarqube",
    "statuspage",
    "suricata",
    "trivy",
    "twilio",
    "wazuh",
];

/// Looks for every ban in every Rust file.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Breach>> {
    Ok(tree.rust().flat_map(|file| BANS.iter().flat_map(|ban| breaches(file, ban))).collect())
}

fn breaches(file: &File, ban: &Ban) -> Vec<Breach> {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| file.path.starts_with(prefix));
    if !starts(ban.within) || starts(ban.except) || (file.is_test() && !ban.in_tests) {
        return Vec::new();
    }
    let source = if ban.in_tests { &file.text } else { before_tests(&file.text) };
    let any_case = ban.keep == Keep::CodeAndStrings;
    let mut found = Vec::new();
    for (number, line) in scrub(source, ban.keep).lines().enumerate() {
        if let Some(text) = ban.texts.iter().find(|text| if any_case { names_any_case(line, text) } else { names(line, text) }) {
            found.push(Breach::error(format!("{}:{}", file.path, number + 1), format!("`{text}`: {}", ban.reason)));
        }
    }
    found
}

/// Says whether a line holds the text, not merely as the tail of a longer word.
fn names(line: &str, text: &str) -> bool {
    let wordy = text.starts_with(|first: char| first.is_alphanumeric());
    line.match_indices(text).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        !wordy || !before.is_some_and(|last| last.is_alphanumeric() || last == '_')
    })
}

/// Says the same of a word in any case: `GitHub`, `github` and `GithubAlert`, but not `falconry` for `falco`.
fn names_any_case(line: &str, word: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    lower.match_indices(word).any(|(at, _)| {
        let after = line.get(at + word.len()..).and_then(|tail| tail.chars().next());
        names(lower.get(..at + word.len()).unwrap_or_default(), word) && !after.is_some_and(|next| next.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::sample;
    use super::*;

    fn check_line(path: &str, line: &str, expected: bool) {
        let found = check(&sample(&[(path, line)])).expect("calls never fail to be read");
        assert_eq!(!found.is_empty(), expected, "{path}: {line}: {found:?}");
    }

    #[test]
    fn clocks_and_chance_stay_out_of_core() {
        check_line("crates/core/src/a.rs", "let now = Timestamp::now();", true);
        check_line("crates/core/src/a.rs", "let x = rand::random();", true);
        check_line("crates/core/src/a.rs", "// Timestamp::now() is banned", false);
        check_line("crates/engine/src/a.rs", "let now = jiff::Timestamp::now();", true);
        check_line("crates/engine/src/a.rs", "let start = Instant::now();", false);
        check_line("crates/watchfire/src/world.rs", "Timestamp::now()", false);
        check_line("crates/engine/src/a/tests.rs", "Timestamp::now()", false);
    }

    #[test]
    fn sockets_sql_and_printing_stay_in_their_rooms() {
        check_line("crates/web/src/a.rs", "reqwest::get(url)", true);
        check_line("crates/connect/src/sources/a.rs", "reqwest::get(url)", true);
        check_line("crates/connect/src/egress/a.rs", "reqwest::Client::builder()", false);
        check_line("crates/engine/src/a.rs", "sqlx::query(\"select\")", true);
        check_line("crates/store/src/a.rs", "match db { Db::Sqlite(x) => 1 }", true);
        check_line("crates/store/src/db.rs", "match db { Db::Sqlite(x) => 1 }", false);
        check_line("crates/web/src/a.rs", "println!(\"x\")", true);
        check_line("crates/watchfire/src/cli/a.rs", "println!(\"x\")", false);
    }

    #[test]
    fn stubs_and_allows_are_found_everywhere() {
        check_line("crates/web/src/a/tests.rs", concat!("#[al", "low(dead_code)]"), true);
        check_line("crates/web/src/a.rs", concat!("to", "do!()"), true);
    }

    #[test]
    fn the_engine_names_no_vendor_in_code_or_text() {
        check_line("crates/engine/src/a.rs", "if kind == \"GitHub\" {}", true);
        check_line("crates/engine/src/a.rs", "struct GithubAlert;", true);
        check_line("crates/engine/src/a.rs", "\"falcon\"", false);
        check_line("crates/engine/src/a.rs", "// as GitHub does", false);
        check_line("crates/connect/src/sources/github.rs", "const KIND: &str = \"github\";", false);
    }
}
