//! What senders write into alerts ends as text: the request has the same structure as that of a harmless message.

use serde_json::Value;
use watchfire_core::channel::{Message, Outcome, Target};
use watchfire_core::text;
use watchfire_testkit::{HttpFake, Manners, Recorded, Reply, SlackFake, SmtpFake};

use super::{all, at, egress, page, settings};
use crate::channels::smtp::letter;
use crate::channels::words;

/// Header injection, mentions, markup, links, templates, controls and bidirectional overrides.
const CORPUS: &[&str] = &[
    "x\r\nBcc: victim@example.com",
    "x\nSubject: second",
    "x\r\n\r\n<script>alert(1)</script>",
    "x\r\n.\r\nMAIL FROM:<evil@example.com>",
    ".\r\n.",
    "..",
    "=?utf-8?B?QmNjOiB4?=",
    "<!channel> wake up",
    "<!here|here> <!everyone>",
    "<@U012AB3CD> <#C1> <!subteam^S1>",
    "@channel @here @all @room",
    "<https://evil.example|click>",
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "https://evil.example/phish http://evil.example www.evil.example WWW.EVIL.EXAMPLE",
    "mailto:x@evil.example tel:+1900 javascript:alert(1)",
    "*bold* _it_ ~no~ `code` ```block```",
    "# heading\n> quote\n- list\n1. one\n---",
    "| a | b |\n|---|---|",
    "<at>everyone</at> <b>x</b> <img src=x onerror=alert(1)>",
    "\u{202e}gnp.exe\u{202c} \u{2066}x\u{2069} \u{200b}zero\u{feff}",
    "nul\0 bell\u{7} esc\u{1b}[31m tab\t",
    "{{7*7}} ${jndi:ldap://evil.example} #{x} <%= x %>",
    "\"},\"blocks\":[{\"type\":\"divider\"}],\"x\":{\"y\":\"",
    "😀 ünïcödé 漢字 \u{1F468}\u{200D}\u{1F469}",
    "",
];

fn hostile() -> impl Iterator<Item = Message> {
    let long = "A".repeat(100_000);
    let all: Vec<String> = CORPUS.iter().map(|text| (*text).to_owned()).chain([long]).collect();
    all.into_iter().map(|text| Message { subject: text.clone(), text: format!("first line\n{text}"), ..page() })
}

/// What a body is made of: names and kinds of values, without the values.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::String(_) => Value::from("text"),
        other => other.clone(),
    }
}

fn structure(request: &Recorded) -> (String, String, Vec<String>, Value) {
    let names = request.headers.keys().filter(|name| *name != "content-length").cloned().collect();
    (request.method.clone(), request.path.clone(), names, shape(&request.json()))
}

#[tokio::test]
async fn hostile_text_changes_no_structure_of_any_request() {
    let fake = HttpFake::start(|_| Reply::new(200, "ok")).await;
    let slack = SlackFake::start().await;
    let url = fake.url();
    let per_kind: [(&str, Vec<(&str, &str)>); 7] = [
        ("matrix", vec![("base_url", &url), ("room", "!r:x"), ("access_token", "t")]),
        ("opsgenie", vec![("base_url", &url), ("api_key", "k")]),
        ("pagerduty", vec![("base_url", &url), ("routing_key", "0123456789abcdef0123456789abcdef")]),
        ("slack_webhook", vec![("url", &url)]),
        ("slack_webhook", vec![("url", &url), ("form", "mattermost")]),
        ("teams", vec![("url", &url)]),
        ("webhook", vec![("url", &url), ("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]),
    ];
    let channels = all(&egress(Vec::new()));
    for (kind, with) in per_kind {
        let (with, channel) = (settings(&with), &channels[kind]);
        let target = Target { settings: &with, at: at(), attempt: 1 };
        let before = fake.requests().len();
        channel.send(target, &page()).await;
        for message in hostile() {
            channel.send(target, &message).await;
        }
        let requests = fake.requests();
        let benign = structure(&requests[before]);
        for (number, request) in requests[before..].iter().enumerate() {
            assert_eq!(structure(request), benign, "{kind}, text {number}");
        }
        assert_eq!(requests.len() - before, CORPUS.len() + 2, "{kind}");
    }
    let with = settings(&[("bot_token", "xoxb-1"), ("channel", "C1"), ("base_url", &slack.api())]);
    let target = Target { settings: &with, at: at(), attempt: 1 };
    for message in std::iter::once(page()).chain(hostile()) {
        assert_eq!(channels["slack"].send(target, &message).await.as_str(), "delivered");
    }
    let requests = slack.http.requests();
    assert!(requests.iter().all(|request| structure(request) == structure(&requests[0])));
}

/// All texts of a body.
fn texts<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => fields.values().for_each(|value| texts(value, out)),
        Value::Array(items) => items.iter().for_each(|value| texts(value, out)),
        Value::String(text) => out.push(text),
        _ => {}
    }
}

#[tokio::test]
async fn hostile_text_becomes_no_mention_link_or_hidden_character() {
    let fake = HttpFake::start(|_| Reply::new(200, "ok")).await;
    let url = fake.url();
    let channels = all(&egress(Vec::new()));
    for form in ["slack", "mattermost"] {
        let with = settings(&[("url", &url), ("form", form)]);
        for message in hostile() {
            channels["slack_webhook"].send(Target { settings: &with, at: at(), attempt: 1 }, &message).await;
        }
    }
    for request in fake.requests() {
        let body = request.json();
        let mut all = Vec::new();
        texts(&body, &mut all);
        for text in all.iter().filter(|text| !text.starts_with("https://watchfire.example/")) {
            let ours = text.replace("<https://watchfire.example/", "");
            assert!(!ours.contains("://") && !ours.contains("www."), "a live link in {text}");
            assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{feff}', '\0', '\u{1b}']), "a hidden character in {text}");
        }
        // The notification's text and Mattermost's Markdown are the two places where a mention could work.
        let spoken = body["text"].as_str().expect("a text");
        for mention in ["@channel", "@here", "@all", "<!", "<@", "<#"] {
            assert!(!spoken.contains(mention), "{mention} in {spoken}");
        }
    }
}

#[test]
fn every_mark_of_a_dialect_is_inert() {
    assert_eq!(words::inert("see https://a.example or WWW.b.example"), "see https[:]//a.example or www[.]b.example");
    let message =
        Message { link: Some("https://x.example/\" onclick=".into()), acknowledge: Some("javascript:1".into()), ..page() };
    assert!(words::links(&message).is_empty(), "what is no web link is no link of ours");
}

#[test]
fn a_letter_has_the_headers_that_we_wrote_and_no_others() {
    let names = |raw: &str| -> Vec<String> {
        let head = raw.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ");
        head.split("\r\n").map(|line| line.split(':').next().unwrap_or_default().to_owned()).collect()
    };
    let benign = letter(&page(), "a@example.com", "Watchfire", "b@example.com", at());
    for message in hostile() {
        let message = Message { key: message.subject.clone(), thread: Some(message.subject.clone()), ..message };
        let hostile = letter(&message, "a@example.com", &message.subject, "b@example.com", at());
        assert_eq!(names(&hostile.raw), names(&benign.raw), "{:?}", message.subject);
        assert!(hostile.raw.is_ascii(), "{:?}", message.subject);
        assert!(!hostile.raw.replace("\r\n", "").contains(['\r', '\n']), "a bare line end in {:?}", hostile.raw);
        assert!(hostile.raw.split("\r\n").all(|line| line.len() <= 998), "a long line");
        assert!(hostile.raw.split("\r\n\r\n").nth(1).is_some_and(|body| body.split("\r\n").all(|line| line.len() <= 76)));
        assert!(!hostile.message_id.contains(['\r', '\n', ' ']), "{}", hostile.message_id);
    }
}

#[tokio::test]
async fn hostile_text_reaches_the_mailbox_as_one_letter_to_one_recipient() {
    let sink = SmtpFake::start(Manners::NoTls).await;
    let channel = all(&egress(Vec::new())).remove("smtp").expect("in the list");
    let port = sink.address.port().to_string();
    let with = settings(&[("host", "localhost"), ("port", &port), ("tls", "none"), ("from", "a@example.com")]);
    let mut sent = 0;
    for message in hostile() {
        let message = Message { to: Some("ada@example.com".into()), ..message };
        let outcome = channel.send(Target { settings: &with, at: at(), attempt: 1 }, &message).await;
        assert_eq!(outcome.as_str(), "delivered", "{outcome:?}");
        sent += 1;
    }
    let letters = sink.letters();
    assert_eq!(letters.len(), sent);
    assert!(letters.iter().all(|letter| letter.to == "ada@example.com" && letter.from == "a@example.com"));
    for to in CORPUS.iter().filter(|text| text.contains(['\r', '\n', ' ', '<', '@'])) {
        let message = Message { to: Some((*to).to_owned()), ..page() };
        let outcome = channel.send(Target { settings: &with, at: at(), attempt: 1 }, &message).await;
        assert!(matches!(outcome, Outcome::Refused { .. }), "{to:?}: {outcome:?}");
    }
    assert_eq!(sink.letters().len(), sent);
    assert_eq!(text::line("a\r\nb", 10), "a b");
}
