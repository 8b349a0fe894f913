//! A channel from its set-up to a command from the chat, on the built program.

use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use watchfire_testkit::{Answer, Client, Database, Server, ServerOptions, SlackFake, eventually};

use crate::support::{PROGRAM, on_both_databases};

on_both_databases!(a_chat_is_set_up_tested_linked_commanded_from_and_burned);

const SIGNING: &str = "CANARY-signing-secret";
const WAIT: Duration = Duration::from_secs(30);

async fn a_chat_is_set_up_tested_linked_commanded_from_and_burned(database: Database) {
    let slack = SlackFake::start().await;
    let arguments = ["--egress-permit", "http://127.0.0.1"].map(str::to_owned).to_vec();
    let server = Server::start_with(PROGRAM, database, ServerOptions { arguments, ..ServerOptions::default() }).await;
    let (client, stranger) = (server.client(), server.stranger());
    let settings = json!({
        "bot_token": "xoxb-CANARY-token", "signing_secret": SIGNING, "channel": "C900", "base_url": slack.api(),
        "rooms": "declare", "announce": "C-SECURITY",
    });
    let added = post(&client, "/api/v1/channels", json!({ "kind": "slack", "name": "chat", "settings": settings })).await;
    assert!(!added.to_string().contains("CANARY"), "{added}");
    assert_eq!(added["secrets"], json!(["bot_token", "signing_secret"]));
    assert_eq!(post(&client, "/api/v1/channels/chat/test", json!({})).await["outcome"], "delivered");
    assert_eq!(slack.messages().len(), 1);

    let told = said(&stranger, "status", 0).await;
    assert!(told.text().contains("is not linked"), "{}", told.text());
    let code = post(&client, "/api/v1/chat-links/code", json!({})).await["code"].as_str().expect("a code").to_owned();
    assert!(said(&stranger, &format!("link {code}"), 0).await.text().contains("You are "));
    assert!(said(&stranger, &format!("link {code}"), 2).await.text().contains("wrong, used"));

    let declared = said(&stranger, "declare checkout fails sev2", 0).await;
    assert!(declared.text().contains("Declared as INC-"), "{}", declared.text());
    // The same bytes with the same signature are a replay, an old time is stale, another secret a forgery.
    let (stamp, body) = (now(), form("declare checkout fails again sev2"));
    let first = send(&stranger, &stamp, &signature(SIGNING, &stamp, &body), &body).await;
    assert_eq!(first.status, 200);
    assert_eq!(send(&stranger, &stamp, &signature(SIGNING, &stamp, &body), &body).await.status, 401);
    assert_eq!(said(&stranger, "declare late sev2", -301).await.status, 401);
    assert_eq!(send(&stranger, &stamp, &signature("another", &stamp, &body), &body).await.status, 401);
    assert_eq!(client.list("/api/v1/incidents").await.len(), 2);

    let seen = &slack;
    eventually("both incidents have their channels", WAIT, || async move { seen.channels().len() == 2 }).await;
    let seen = &slack;
    let announced = || async move { seen.messages().iter().filter(|message| message.channel == "C-SECURITY").count() == 2 };
    eventually("the department is told of both", WAIT, announced).await;

    let page = page(&stranger, server.token(), "/channels/chat").await;
    assert!(page.contains("Trusted: carries everything.") && !page.contains("CANARY"), "{page}");
    let burned = json!({ "trust": "burned", "reason": "the attacker posted in it" });
    assert_eq!(post(&client, "/api/v1/channels/chat/trust", burned).await["trust"], "burned");
    assert_eq!(said(&stranger, "status", 0).await.status, 401);
    let kinds: Vec<String> =
        client.list("/api/v1/record").await.iter().filter_map(|entry| entry["kind"].as_str().map(str::to_owned)).collect();
    for kind in ["channel.added", "channel.tested", "chat.linked", "room.opened", "message.delivered", "channel.trust_changed"] {
        assert!(kinds.iter().any(|known| known == kind), "{kind} is not in {kinds:?}");
    }
}

async fn post(client: &Client, path: &str, body: Value) -> Value {
    let answer = client.post(path, &body).await.expect("an answer");
    assert!(answer.is_success(), "{path}: {} {}", answer.status, answer.text());
    answer.json()
}

/// Reads a page of the console as whoever has the token.
async fn page(client: &Client, token: &str, path: &str) -> String {
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    let signed_in = client.call("POST", "/sign-in", &headers, format!("token={token}")).await.expect("an answer");
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let answer = client.call("GET", path, &[("cookie", &cookie)], "").await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

/// Sends a command as a member does, signed, with a time so many seconds from now.
async fn said(client: &Client, text: &str, seconds: i64) -> Answer {
    let stamp = (now().parse::<i64>().expect("a number") + seconds).to_string();
    let body = form(text);
    send(client, &stamp, &signature(SIGNING, &stamp, &body), &body).await
}

async fn send(client: &Client, stamp: &str, signature: &str, body: &str) -> Answer {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-slack-request-timestamp", stamp),
        ("x-slack-signature", signature),
    ];
    client.call("POST", "/hooks/slack/commands", &headers, body.to_owned()).await.expect("an answer")
}

fn form(text: &str) -> String {
    format!("team_id=T1&user_id=U1&channel_id=C900&command=%2Fwf&text={}", text.replace(' ', "+"))
}

fn now() -> String {
    let text = watchfire_testkit::now_rfc3339();
    text.parse::<jiff::Timestamp>().expect("an instant").as_second().to_string()
}

/// HMAC-SHA-256 (RFC 2104), written out: the oracle shares no code with the program.
fn signature(secret: &str, stamp: &str, body: &str) -> String {
    let mut key = [0_u8; 64];
    key[..secret.len()].copy_from_slice(secret.as_bytes());
    let pad = |byte: u8| key.map(|part| part ^ byte);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(format!("v0:{stamp}:{body}")).finalize();
    let outer = Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize();
    format!("v0={}", outer.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}
