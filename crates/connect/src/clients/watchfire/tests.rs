use std::sync::{Arc, Mutex};

use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{ClientError, Options, Watchfire, Write};

/// Answers one connection after the other with the given texts, the last one for ever, and keeps what it got.
async fn serve(answers: &[String]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free loopback port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    let requests = Arc::new(Mutex::new(Vec::new()));
    let (kept, answers) = (Arc::clone(&requests), answers.to_vec());
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 8192];
            let count = stream.read(&mut request).await.unwrap_or(0);
            kept.lock().expect("nobody panics with it").push(String::from_utf8_lossy(&request[..count]).into_owned());
            let answer = answers.get(number).or(answers.last()).cloned().unwrap_or_default();
            let _ = stream.write_all(answer.as_bytes()).await;
            number += 1;
        }
    });
    (base, requests)
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len())
}

fn client(base: &str) -> Watchfire {
    Watchfire::new(Options { url: base.to_owned(), token: Some("wf_secret\n".to_owned()), ..Options::default() })
        .expect("loopback")
}

#[tokio::test]
async fn reads_and_writes_carry_token_query_and_key() {
    let (base, requests) = serve(&[answer(200, "", "{\"items\":[]}"), answer(204, "", "")]).await;
    let client = client(&format!("{base}/"));
    let list = client.get("/api/v1/incidents", &[("title", "a b&c")]).await.expect("200");
    assert_eq!(list, json!({ "items": [] }));
    let body = json!({ "note": "n" });
    let write = Write { body: Some(&body), idempotency_key: Some("key-1") };
    assert_eq!(client.write(Method::POST, "api/v1/notes", write).await.expect("204"), Value::Null);
    let requests = requests.lock().expect("nobody panics with it");
    assert!(requests[0].starts_with("GET /api/v1/incidents?title=a+b%26c HTTP/1.1"), "{}", requests[0]);
    assert!(requests[0].contains("authorization: Bearer wf_secret\r\n"), "{}", requests[0]);
    assert!(requests[1].starts_with("POST /api/v1/notes HTTP/1.1"), "{}", requests[1]);
    assert!(requests[1].contains("idempotency-key: key-1\r\n") && requests[1].ends_with("{\"note\":\"n\"}"), "{}", requests[1]);
    assert!(!format!("{client:?}").contains("wf_secret"), "the token is shown");
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_asked_again() {
    let busy = answer(503, "retry-after: 0\r\n", "{}");
    let (base, requests) = serve(&[busy.clone(), busy, answer(200, "", "7")]).await;
    assert_eq!(client(&base).get("/x", &[]).await.expect("the third try"), json!(7));
    assert_eq!(requests.lock().expect("nobody panics with it").len(), 3);
    // Not for ever, and not for a wait that nobody sits through.
    let (base, requests) = serve(&[answer(503, "retry-after: 0\r\n", "{\"status\":503,\"title\":\"busy\"}")]).await;
    assert_eq!(client(&base).get("/x", &[]).await.expect_err("still busy").status(), Some(503));
    assert_eq!(requests.lock().expect("nobody panics with it").len(), 4);
    let (base, requests) = serve(&[answer(503, "retry-after: 3600\r\n", "{\"status\":503}")]).await;
    assert_eq!(client(&base).get("/x", &[]).await.expect_err("busy for an hour").status(), Some(503));
    assert_eq!(requests.lock().expect("nobody panics with it").len(), 1);
}

#[tokio::test]
async fn a_write_without_key_is_not_repeated_after_a_broken_exchange() {
    let (base, requests) = serve(&["garbage\r\n\r\n".to_owned()]).await;
    let error = client(&base).write(Method::POST, "/x", Write::default()).await.expect_err("no HTTP");
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error:?}");
    assert_eq!(requests.lock().expect("nobody panics with it").len(), 1);
}

#[tokio::test]
async fn refusals_are_told_in_the_servers_words() {
    let problem = r#"{"type":"urn:watchfire:problem:invalid","title":"Unprocessable","status":422,"detail":"title: is empty","errors":[{"field":"title","detail":"is empty"},{"field":"severity","detail":"unknown"}],"instance":"urn:x:1"}"#;
    for (status, body, expected) in [
        (422, problem, "title: is empty; severity: unknown (422) [urn:x:1]"),
        (401, r#"{"title":"Unauthorized","status":401}"#, "Unauthorized (set WATCHFIRE_TOKEN or --token-file)"),
    ] {
        let (base, _) = serve(&[answer(status, "", body)]).await;
        let error = client(&base).get("/x", &[]).await.expect_err("refused");
        assert_eq!(error.to_string(), expected);
    }
    let (base, _) = serve(&[answer(200, "", "<html>")]).await;
    assert!(matches!(client(&base).get("/x", &[]).await, Err(ClientError::Foreign { status: 200, .. })));
    let (base, _) = serve(&[answer(404, "", "<html>")]).await;
    assert!(matches!(client(&base).get("/x", &[]).await, Err(ClientError::Foreign { status: 404, .. })));
}

#[tokio::test]
async fn nobody_there_is_told_with_the_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free loopback port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let error = client(&base).get("/x", &[]).await.expect_err("nobody is there");
    assert_eq!(error.to_string(), format!("cannot reach the server at {base}"));
}

#[test]
fn the_token_does_not_leave_in_the_clear() {
    let check = |url: &str, allow_plain: bool| {
        Watchfire::new(Options { url: url.to_owned(), allow_plain, ..Options::default() }).map(drop)
    };
    for fine in ["http://127.0.0.1:7117", "http://localhost:7117/", "http://[::1]:7117", "https://watch.example.org/base"] {
        assert!(check(fine, false).is_ok(), "{fine}");
    }
    assert!(matches!(check("http://watch.example.org", false), Err(ClientError::Plain { .. })));
    assert!(check("http://watch.example.org", true).is_ok());
    for wrong in ["watch.example.org", "ftp://x", "https://user:word@x", "https://x?y=1", ""] {
        assert!(matches!(check(wrong, false), Err(ClientError::Address { .. })), "{wrong}");
    }
    let token = Some("a\nb".to_owned());
    let with_token = Watchfire::new(Options { url: "https://x".to_owned(), token, ..Options::default() });
    assert!(matches!(with_token.map(drop), Err(ClientError::Token)));
}
