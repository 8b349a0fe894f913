//! What the stories share.

use serde_json::Value;
use watchfire_testkit::{Answer, Client, NewSource, Server, eventually_value};

/// The built program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_watchfire");

/// Five seconds from the post to the incident: the promise.
pub(crate) const PROMISE: std::time::Duration = std::time::Duration::from_secs(5);

/// Makes a test for each database of a story `async fn name(database: Database)`.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(watchfire_testkit::Database::Sqlite).await;
            })+
        }
        mod on_postgresql {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(database) = watchfire_testkit::Database::postgres(concat!(module_path!(), "::", stringify!($name))) {
                    super::$name(database).await;
                }
            })+
        }
    };
}
pub(crate) use on_both_databases;

/// Returns the headers of a delivery of a source that is verified by its token.
pub(crate) fn token_headers(source: &NewSource) -> Vec<(&'static str, String)> {
    let mut headers = vec![("content-type", "application/json".to_owned())];
    if !source.secret.is_empty() {
        headers.push(("authorization", format!("Bearer {}", source.secret)));
    }
    headers
}

/// Delivers a body as the source's sender does.
pub(crate) async fn deliver(server: &Server, source: &NewSource, body: &Value) -> Answer {
    deliver_bytes(server, source, body.to_string().into_bytes()).await
}

/// Delivers bytes as the source's sender does.
pub(crate) async fn deliver_bytes(server: &Server, source: &NewSource, body: Vec<u8>) -> Answer {
    try_deliver_bytes(server, source, body).await.expect("the server answers a delivery")
}

/// Delivers a body to a server that may be ending, which then cuts the connection.
pub(crate) async fn try_deliver(server: &Server, source: &NewSource, body: &Value) -> anyhow::Result<Answer> {
    try_deliver_bytes(server, source, body.to_string().into_bytes()).await
}

async fn try_deliver_bytes(server: &Server, source: &NewSource, body: Vec<u8>) -> anyhow::Result<Answer> {
    let headers = token_headers(source);
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    server.stranger().call("POST", &source.path, &headers, body).await
}

/// Delivers a body that has to be accepted and returns the event's id.
pub(crate) async fn accepted(server: &Server, source: &NewSource, body: &Value) -> String {
    let answer = deliver(server, source, body).await;
    assert!(answer.is_success(), "{} {}", answer.status, answer.text());
    let answer = answer.json();
    answer["event_id"].as_str().unwrap_or_else(|| panic!("an accepted delivery names its event: {answer}")).to_owned()
}

/// Waits for the only alert that `find` accepts.
pub(crate) async fn alert_that(client: &Client, what: &str, find: impl Fn(&Value) -> bool) -> Value {
    one_of(client, "/api/v1/alerts", what, find).await
}

/// Waits for the only incident that `find` accepts.
pub(crate) async fn incident_that(client: &Client, what: &str, find: impl Fn(&Value) -> bool) -> Value {
    one_of(client, "/api/v1/incidents", what, find).await
}

async fn one_of(client: &Client, path: &str, what: &str, find: impl Fn(&Value) -> bool) -> Value {
    let find = &find;
    let (found, _) = eventually_value(what, std::time::Duration::from_secs(30), || async move {
        let mut found: Vec<Value> = client.list(path).await.into_iter().filter(|item| find(item)).collect();
        assert!(found.len() <= 1, "{what}: there are {}: {found:#?}", found.len());
        found.pop()
    })
    .await;
    found
}

/// Returns a field's text, empty if it is none.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}
