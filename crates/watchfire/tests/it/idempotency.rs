//! Writes that are sent twice are done once.

use serde_json::{Value, json};

use crate::harness::{Answer, Server};

fn declare(server: &Server, key: &str, title: &str) -> Answer {
    write(server, "/api/v1/incidents", key, &json!({ "title": title, "severity": "sev3" }))
}

fn write(server: &Server, path: &str, key: &str, body: &Value) -> Answer {
    let authorization = format!("Bearer {}", server.token);
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json"), ("idempotency-key", key)];
    server.send("POST", path, &headers, body.to_string().as_bytes())
}

#[test]
fn the_same_key_and_request_is_done_once_and_answered_alike() {
    let server = Server::start();
    let (first, second) = (declare(&server, "k-1", "Gone"), declare(&server, "k-1", "Gone"));
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.body, second.body);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(server.get("/incidents")["items"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_key_belongs_to_one_request_and_to_one_caller() {
    let server = Server::start();
    assert_eq!(declare(&server, "k-1", "Gone").status, 201);
    assert!(declare(&server, "k-1", "Another").problem(422).contains("another request"));
    assert_eq!(declare(&server, "k-2", "Gone").status, 201);
    assert!(declare(&server, &"k".repeat(201), "Gone").problem(422).contains("Idempotency-Key"));
}

#[test]
fn a_refusal_is_given_again_too() {
    let server = Server::start();
    let first = declare(&server, "k-1", " ");
    first.problem(422);
    assert_eq!(first.body, declare(&server, "k-1", " ").body);
}

#[test]
fn a_secret_is_not_kept_for_the_second_time() {
    let server = Server::start();
    let body = json!({ "kind": "alertmanager", "name": "am", "settings": {} });
    let first = write(&server, "/api/v1/sources", "k-1", &body);
    assert_eq!(first.status, 201, "{}", String::from_utf8_lossy(&first.body));
    let second = write(&server, "/api/v1/sources", "k-1", &body);
    assert!(second.problem(409).contains("shown once"));
    assert_eq!(server.get("/sources")["items"].as_array().map(Vec::len), Some(1));
}
