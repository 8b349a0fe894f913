//! Nobody learns what they may not see, not even that it exists.

use serde_json::{Value, json};
use watchfire_testkit::{Client, Database, Server};

use crate::support::{PROGRAM, on_both_databases, text};

on_both_databases!(what_is_restricted_is_not_there_for_others_in_any_answer);

async fn token(server: &Server, role: &str) -> Client {
    let body = json!({ "name": role, "kind": "service", "role": role, "days": 1 });
    let made = server.client().post("/api/v1/tokens", &body).await.expect("the server answers");
    assert!(made.is_success(), "{} {}", made.status, made.text());
    server.client().with_token(made.json()["secret"].as_str())
}

async fn declare(server: &Server, title: &str, class: &str, visibility: &str) -> Value {
    let body = json!({ "title": title, "class": class, "severity": "sev2", "visibility": visibility });
    let made = server.client().post("/api/v1/incidents", &body).await.expect("the server answers");
    assert!(made.is_success(), "{} {}", made.status, made.text());
    made.json()
}

/// Everything that a client can read without naming an object.
async fn surfaces(client: &Client) -> Vec<(String, String)> {
    let paths = [
        "/api/v1/incidents",
        "/api/v1/incidents?text=quartz",
        "/api/v1/incidents?state=open",
        "/api/v1/alerts",
        "/api/v1/counts",
        "/api/v1/figures?from=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z",
        "/api/v1/record",
    ];
    let mut all = Vec::new();
    for path in paths {
        let answer = client.call("GET", path, &[], "").await.expect("the server answers");
        assert!(matches!(answer.status, 200 | 403), "{path}: {} {}", answer.status, answer.text());
        all.push((path.to_owned(), answer.text()));
    }
    all
}

async fn what_is_restricted_is_not_there_for_others_in_any_answer(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let open = declare(&server, "Checkout is slow", "reliability", "open").await;
    let (member, outsider) = (token(&server, "member").await, token(&server, "restricted").await);
    let before = (surfaces(&member).await, surfaces(&outsider).await);
    let hidden = declare(&server, "quartz heron takes the database", "data_breach", "restricted").await;
    let (id, uuid) = (text(&hidden, "id"), text(&hidden, "uuid"));
    let after = (surfaces(&member).await, surfaces(&outsider).await);
    assert_eq!(before.0, after.0, "a member sees no difference in lists and counts");
    assert_eq!(before.1, after.1, "a restricted token sees no difference in lists and counts");

    for (name, client) in [("member", &member), ("restricted", &outsider)] {
        for present in [id, uuid] {
            for (method, tail, body) in [
                ("GET", "", Value::Null),
                ("GET", "/timeline", Value::Null),
                ("GET", "/tasks", Value::Null),
                ("POST", "/notes", json!({ "text": "x" })),
                ("POST", "/severity", json!({ "severity": "sev1" })),
            ] {
                let absent = if present == id { "INC-00000" } else { "01939c5e-0000-7000-8000-000000000000" };
                let ask = async |which: &str| {
                    let path = format!("/api/v1/incidents/{which}{tail}");
                    let body = if body.is_null() { String::new() } else { body.to_string() };
                    let answer = client
                        .call(method, &path, &[("content-type", "application/json")], body)
                        .await
                        .expect("the server answers");
                    (answer.status, answer.text().replace(which, "ID"))
                };
                let (there, not_there) = (ask(present).await, ask(absent).await);
                assert_eq!(there, not_there, "{name} {method} {tail}: \"not yours\" and \"not there\" are one answer");
                assert!(there.0 == 404 || there.0 == 403 || there.0 == 405, "{name} {method} {tail}: {there:?}");
            }
        }
    }
    assert_eq!(text(&server.client().get(&format!("/api/v1/incidents/{id}")).await, "id"), id, "the owner sees it");
    assert_eq!(text(&member.get(&format!("/api/v1/incidents/{}", text(&open, "id"))).await, "title"), "Checkout is slow");
    let not_open = outsider.call("GET", &format!("/api/v1/incidents/{}", text(&open, "id")), &[], "").await.expect("it answers");
    assert_eq!(not_open.status, 404, "a restricted token sees only what is its own");
}
