//! Several servers on one database, and why SQLite has one only.

use std::time::Duration;

use serde_json::json;
use watchfire_testkit::{Alert, Client, Database, Program, Server, alertmanager_group, free_port};

use crate::support::{PROGRAM, text, token_headers};

const SETTLE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_postgresql_take_the_same_deliveries_once() {
    let Some(database) = Database::postgres("two servers on one PostgreSQL") else { return };
    let first = Server::start(PROGRAM, database).await;
    let source = first.add_source("alertmanager", "prometheus").await;
    let mut second = first.beside().await;
    let headers = token_headers(&source);
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();

    // Every delivery goes to both at the same moment, as from two Alertmanagers in a pair.
    let mut killed = false;
    for turn in 0..120 {
        let group = format!("Group{}", turn % 6);
        let body = alertmanager_group(&group, &[Alert::firing(&group, &format!("host-{turn}"))]).to_string();
        let (left, right) = (first.stranger(), second.stranger());
        let to_first = left.call("POST", &source.path, &headers, body.clone());
        let to_second = right.call("POST", &source.path, &headers, body.clone());
        let (left, right) = tokio::join!(to_first, to_second);
        assert!(left.is_ok_and(|answer| answer.is_success()), "the surviving server accepts, also after the other died");
        if !killed {
            assert!(right.is_ok_and(|answer| answer.is_success()), "the second server knows the source that the first added");
        }
        if turn == 60 {
            second.process().kill();
            killed = true;
        }
    }
    first.settled(SETTLE).await;
    let client = first.client();
    let alerts = client.list("/api/v1/alerts").await;
    let mut keys: Vec<&str> = alerts.iter().map(|alert| text(alert, "dedup_key")).collect();
    keys.sort_unstable();
    let all = keys.len();
    keys.dedup();
    assert_eq!((all, keys.len()), (120, 120), "one alert for each key");
    assert_eq!(client.list("/api/v1/incidents").await.len(), 6, "one incident for each group");
    assert!(alerts.iter().all(|alert| text(alert, "status") == "firing"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_changes_the_other_shows() {
    let Some(database) = Database::postgres("what one server changes the other shows") else { return };
    let first = Server::start(PROGRAM, database).await;
    let second = first.beside().await;
    let body = json!({ "title": "Checkout is slow", "class": "reliability", "severity": "sev2", "visibility": "open" });
    let declared = first.client().post("/api/v1/incidents", &body).await.expect("the first answers");
    assert!(declared.is_success(), "{} {}", declared.status, declared.text());
    let path = format!("/api/v1/incidents/{}", text(&declared.json(), "id"));
    assert_eq!(text(&second.client().get(&path).await, "title"), "Checkout is slow");
    let revoked =
        first.client().post("/api/v1/tokens", &json!({ "name": "probe", "kind": "service", "role": "member", "days": 1 })).await;
    let token = revoked.expect("the first answers").json();
    let probe = Client::new(second.address(), token["secret"].as_str().map(str::to_owned));
    probe.get("/api/v1/incidents").await;
    let gone = first.client().call("DELETE", &format!("/api/v1/tokens/{}", text(&token, "id")), &[], "").await;
    assert!(gone.expect("the first answers").is_success());
    let after = probe.call("GET", "/api/v1/incidents", &[], "").await.expect("the second answers");
    assert_eq!(after.status, 401, "a token that one node revoked is dead on the other: {}", after.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_server_on_the_same_sqlite_folder_is_refused_and_the_first_goes_on() {
    let server = Server::start(PROGRAM, Database::Sqlite).await;
    let data = server.data().to_string_lossy().into_owned();
    let listen = format!("127.0.0.1:{}", free_port());
    let second = Program::new(PROGRAM).run(["serve", "--data", &data, "--listen", &listen]).await;
    assert_ne!(second.code, 0, "it does not start");
    let said = second.err.to_lowercase();
    assert!(
        said.contains("another process") || said.contains("already") || said.contains("in use"),
        "the error says why: {}",
        second.err
    );
    assert!(!said.contains("panicked"), "{}", second.err);
    server.client().get("/api/v1/incidents").await;
}
