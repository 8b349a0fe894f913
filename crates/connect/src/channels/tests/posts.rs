//! Channels that make one call.

use serde_json::{Value, json};
use std::time::Duration;
use watchfire_core::channel::{Kind, Message, Outcome, Room, Target};
use watchfire_testkit::{HttpFake, Reply};

use super::{at, attempt, channel, page, reference, send, settings};

const KEY: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn a_pager_triggers_acknowledges_and_resolves_under_one_key() {
    let fake =
        HttpFake::start(|_| Reply::json(202, &json!({ "status": "success", "message": "Event processed", "dedup_key": "k" })))
            .await;
    let with = settings(&[("routing_key", KEY), ("base_url", &fake.url())]);
    for kind in [Kind::Page, Kind::Acknowledge, Kind::Resolve] {
        let outcome = send("pagerduty", &with, &Message { kind, ..page() }).await;
        assert_eq!(outcome.reply(), "202 Event processed");
        assert_eq!(reference(&outcome), page().matter);
    }
    let events: Vec<Value> = fake.requests().iter().map(watchfire_testkit::Recorded::json).collect();
    let actions: Vec<&str> = events.iter().filter_map(|event| event["event_action"].as_str()).collect();
    assert_eq!(actions, ["trigger", "acknowledge", "resolve"]);
    assert!(events.iter().all(|event| event["dedup_key"] == json!(page().matter) && event["routing_key"] == KEY));
    assert_eq!(events[0]["payload"]["severity"], "critical");
    assert_eq!(events[0]["payload"]["summary"], "The payment database is gone");
    assert_eq!(events[0]["links"][0]["text"], "Acknowledge");
    assert!(fake.requests().iter().all(|request| request.path == "/v2/enqueue"));
}

#[tokio::test]
async fn an_alert_service_creates_acknowledges_and_closes_by_alias() {
    let fake = HttpFake::start(|_| Reply::json(202, &json!({ "result": "Request will be processed", "requestId": "r-1" }))).await;
    let with = settings(&[("api_key", "genie-key-1"), ("base_url", &fake.url())]);
    for kind in [Kind::Page, Kind::Acknowledge, Kind::Resolve] {
        assert_eq!(reference(&send("opsgenie", &with, &Message { kind, ..page() }).await), "r-1");
    }
    let requests = fake.requests();
    let alias = page().matter;
    let paths: Vec<&str> = requests.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/v2/alerts".to_owned(),
            format!("/v2/alerts/{alias}/acknowledge?identifierType=alias"),
            format!("/v2/alerts/{alias}/close?identifierType=alias"),
        ]
    );
    assert!(requests.iter().all(|request| request.header("authorization") == "GenieKey genie-key-1"));
    assert_eq!(requests[0].json()["priority"], "P1");
    assert_eq!(requests[0].json()["alias"], json!(alias));
}

#[tokio::test]
async fn a_card_is_posted_with_its_links_as_actions() {
    let fake = HttpFake::start(|_| Reply::new(202, "")).await;
    let with = settings(&[("url", &format!("{}/workflows/secret-path", fake.url()))]);
    assert_eq!(send("teams", &with, &page()).await, Outcome::delivered("answered 202"));
    let card = &fake.requests()[0].json()["attachments"][0];
    assert_eq!(card["contentType"], "application/vnd.microsoft.card.adaptive");
    let actions = card["content"]["actions"].as_array().expect("actions");
    assert_eq!(actions[0]["url"], "https://watchfire.example/pages/0198f2c4/acknowledge");
    assert_eq!(actions[1]["url"], "https://watchfire.example/incidents/INC-7K3QX");
}

#[tokio::test]
async fn a_webhook_of_a_chat_is_posted_in_the_form_of_its_vendor() {
    let fake = HttpFake::start(|_| Reply::new(200, "ok")).await;
    let url = format!("{}/services/T0/B0/secret", fake.url());
    assert_eq!(send("slack_webhook", &settings(&[("url", &url)]), &page()).await, Outcome::delivered("200 ok"));
    assert_eq!(
        send("slack_webhook", &settings(&[("url", &url), ("form", "mattermost")]), &page()).await,
        Outcome::delivered("200 ok")
    );
    let requests = fake.requests();
    assert_eq!(requests[0].json()["blocks"][0]["text"]["type"], "plain_text");
    let markdown = requests[1].json()["text"].as_str().expect("text").to_owned();
    assert!(markdown.starts_with("**The payment database is gone**\n"), "{markdown}");
    assert!(markdown.contains("[Acknowledge](<https://watchfire.example/pages/0198f2c4/acknowledge>)"), "{markdown}");
}

#[tokio::test]
async fn a_room_gets_the_same_transaction_again_and_waits_as_long_as_asked() {
    let fake = HttpFake::start(|_| {
        Reply::json(429, &json!({ "errcode": "M_LIMIT_EXCEEDED", "error": "slow down", "retry_after_ms": 2_500 }))
    })
    .await;
    let with = settings(&[("base_url", &fake.url()), ("room", "!abc:example.org"), ("access_token", "syt_secret")]);
    let outcome = send("matrix", &with, &page()).await;
    let after = Some(Duration::from_millis(2_500));
    assert_eq!(outcome, Outcome::Retry { reason: "answered 429: M_LIMIT_EXCEEDED".into(), after });
    let again = attempt("matrix", &with, &page(), 2).await;
    assert_eq!(outcome, again);
    let requests = fake.requests();
    assert_eq!(requests[0].method, "PUT");
    let path = format!("/_matrix/client/v3/rooms/%21abc%3Aexample.org/send/m.room.message/{}", page().key);
    assert!(requests.iter().all(|request| request.path == path && request.header("authorization") == "Bearer syt_secret"));
}

#[tokio::test]
async fn a_call_is_made_once_and_found_again_after_an_answer_that_never_came() {
    let made = std::sync::Arc::new(std::sync::Mutex::new(Vec::<Value>::new()));
    let kept = std::sync::Arc::clone(&made);
    let fake = HttpFake::start(move |request| match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/oauth/token") => Reply::json(200, &json!({ "access_token": "zoom-access", "expires_in": 3600 })),
        ("POST", "/v2/users/ops%40example.com/meetings") => {
            let mut meeting = request.json();
            meeting["join_url"] = json!("https://zoom.example/j/1");
            let mut kept = kept.lock().expect("no panic");
            kept.push(meeting.clone());
            let reply = Reply::json(201, &meeting);
            if kept.len() == 1 { reply.never() } else { reply }
        }
        ("GET", _) => Reply::json(200, &json!({ "meetings": *kept.lock().expect("no panic") })),
        _ => Reply::new(404, ""),
    })
    .await;
    let with = settings(&[
        ("account_id", "acc"),
        ("client_id", "id"),
        ("client_secret", "client-secret"),
        ("host", "ops@example.com"),
        ("base_url", &fake.url()),
        ("oauth_url", &fake.url()),
    ]);
    let zoom = channel("zoom");
    let act = Room::Call { topic: "quiet-heron".into(), key: "k-1".into() };
    let first = zoom.room(Target { settings: &with, at: at(), attempt: 1 }, &act).await;
    assert!(matches!(first, Outcome::Unknown { .. }), "{first:?}");
    let second = zoom.room(Target { settings: &with, at: at(), attempt: 2 }, &act).await;
    assert_eq!(reference(&second), "https://zoom.example/j/1");
    assert_eq!(made.lock().expect("no panic").len(), 1, "one meeting was made");
    assert_eq!(fake.requests()[0].header("authorization"), "Basic aWQ6Y2xpZW50LXNlY3JldA==");
}

#[tokio::test]
async fn answers_are_told_apart_by_what_is_known_after_them() {
    for (status, kind) in [(400, "refused"), (401, "refused"), (404, "refused"), (429, "retry"), (500, "retry"), (503, "retry")] {
        let fake = HttpFake::start(move |_| Reply::new(status, "").header("retry-after", "7")).await;
        let with = settings(&[("routing_key", KEY), ("base_url", &fake.url())]);
        let outcome = send("pagerduty", &with, &page()).await;
        assert_eq!(outcome.as_str(), kind, "{status}: {outcome:?}");
        if let Outcome::Retry { after, .. } = outcome {
            assert_eq!(after, Some(Duration::from_secs(7)));
        }
    }
    let silent = HttpFake::start(|_| Reply::new(200, "ok").never()).await;
    let key = settings(&[("routing_key", KEY), ("base_url", &silent.url())]);
    assert_eq!(send("pagerduty", &key, &page()).await.as_str(), "retry", "the key makes repeating harmless");
    let hook = settings(&[("url", &format!("{}/hook", silent.url()))]);
    for kind in ["teams", "slack_webhook"] {
        assert_eq!(send(kind, &hook, &page()).await.as_str(), "unknown", "{kind} has no key");
    }
    let nobody = settings(&[("url", "http://127.0.0.1:9/hook")]);
    assert_eq!(send("teams", &nobody, &page()).await.as_str(), "retry", "nobody was there, so nothing happened");
}

#[tokio::test]
async fn a_target_inside_that_nobody_permitted_is_not_called() {
    let fake = HttpFake::start(|_| Reply::new(200, "ok")).await;
    let strict = crate::egress::Egress::new(crate::egress::Settings::default()).expect("the defaults are valid");
    for (kind, channel) in super::all(&strict) {
        let url = fake.url();
        let with = settings(&[
            ("url", &url),
            ("base_url", &url),
            ("oauth_url", &url),
            ("host", "127.0.0.1"),
            ("from", "a@example.com"),
            ("to", "b@example.com"),
            ("channel", "C1"),
            ("room", "!r:x"),
            ("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ]);
        let outcome = channel.send(Target { settings: &with, at: at(), attempt: 1 }, &page()).await;
        assert_eq!(outcome.as_str(), "refused", "{kind}: {outcome:?}");
    }
    assert!(fake.requests().is_empty());
}
