use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{all, egress, settings};

#[test]
fn every_file_of_the_folder_is_in_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/channels");
    let besides = ["exchange", "mod", "tests", "words"];
    let files: BTreeSet<String> = fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .filter(|name| !besides.contains(&name.as_str()))
        .collect();
    let listed: BTreeSet<String> = all(&egress(Vec::new())).keys().map(|kind| (*kind).to_owned()).collect();
    assert_eq!(files, listed);
}

#[test]
fn every_channel_describes_itself_completely() {
    for (kind, channel) in all(&egress(Vec::new())) {
        let about = channel.about();
        assert_eq!(about.kind, kind);
        assert!(about.summary.ends_with('.') && about.reference.starts_with("https://"), "{kind}");
        assert!(about.setup.contains("1. ") && about.setup.contains("test message"), "{kind}: the set-up ends with a test");
        assert!(!about.capabilities.words().is_empty(), "{kind}");
        assert!(about.fields.iter().any(|field| field.secret), "{kind} has no credential");
        for field in about.fields {
            assert!(field.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{kind}: {}", field.name);
            assert!(!field.title.is_empty() && !field.help.is_empty(), "{kind}: {}", field.name);
            assert!(!field.required || field.default.is_empty(), "{kind}: {} needs no default", field.name);
        }
    }
}

#[test]
fn settings_that_cannot_work_are_refused_before_they_are_kept() {
    for (kind, with, told) in [
        ("smtp", vec![("host", "mail.example.com")], "from: is needed"),
        ("smtp", vec![("host", "https://mail.example.com"), ("from", "a@example.com")], "host: is no host name"),
        ("smtp", vec![("host", "mail.example.com"), ("from", "a@example.com>\u{20}x")], "from: is no plain mail address"),
        ("smtp", vec![("host", "m.example"), ("from", "a@b.example"), ("port", "70000")], "port: is no port"),
        (
            "smtp",
            vec![("host", "m.example"), ("from", "a@b.example"), ("tls", "none"), ("username", "u"), ("password", "p")],
            "tls: a password crosses no network in the clear",
        ),
        ("pagerduty", vec![("routing_key", "short")], "routing_key: is not the 32"),
        ("slack", vec![("bot_token", "xoxp-1")], "bot_token: does not begin with xoxb-"),
        ("slack_webhook", vec![("url", "javascript:alert(1)")], "url: is no address"),
        ("teams", vec![("url", "https://user:pw@example.com/hook")], "url: holds a user name"),
        ("webhook", vec![("url", "https://example.com"), ("secret", "plain")], "secret: is neither"),
        ("matrix", vec![("base_url", "https://m.example"), ("room", "#public:m.example"), ("access_token", "t")], "room: is no"),
        ("zoom", vec![("nonsense", "1")], "nonsense: zoom has no such setting"),
    ] {
        let channel = all(&egress(Vec::new())).remove(kind).expect("in the list");
        let error = channel.check(&settings(&with)).expect_err(told).to_string();
        assert!(error.starts_with(told), "{kind}: {error}");
    }
}
