//! What people write and what senders leak stands nowhere in the clear.

use std::time::Duration;

use watchfire_testkit::{Alert, Database, Folder, Server, ServerOptions, alertmanager_group};

use crate::support::{PROGRAM, accepted, text};

const SETTLE: Duration = Duration::from_secs(30);
const NOTE: &str = "canary-note-quartz-heron-417";
const TITLE: &str = "canary-title-quartz-heron-418";
const REASON: &str = "canary-reason-quartz-heron-419";
const BODY: &str = "canary-body-quartz-heron-420";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notes_and_credentials_are_found_nowhere_in_the_data_folder() {
    let folder = Folder::new();
    let options = ServerOptions { data: Some(folder.path().join("data")), ..ServerOptions::default() };
    let mut server = Server::start_with(PROGRAM, Database::Sqlite, options).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let mut body = alertmanager_group("Leak", &[Alert::firing("Leak", "host-1")]);
    body["alerts"][0]["annotations"]["description"] = BODY.into();
    accepted(&server, &source, &body).await;
    server.settled(SETTLE).await;
    let cli = server.cli();
    let declare = ["incident", "declare", "--title", TITLE, "--class", "data_breach", "--severity", "sev2", "--json"];
    let id = text(&cli.json(&declare).await, "id").to_owned();
    cli.json(&["incident", "note", &id, NOTE, "--json"]).await;
    cli.json(&["incident", "severity", &id, "sev1", "--reason", REASON, "--json"]).await;
    let token = server.token().to_owned();
    let key_and_secret = [token.as_str(), &source.key, &source.secret].map(str::to_owned);
    let log = server.logs().files();
    let look = || {
        let mut found = Vec::new();
        for file in folder.files().into_iter().chain(log.iter().cloned()) {
            let bytes = std::fs::read(&file).unwrap_or_default();
            let canaries = [NOTE, TITLE, REASON].into_iter().chain(key_and_secret.iter().map(String::as_str));
            for canary in canaries.filter(|canary| !canary.is_empty()) {
                if bytes.windows(canary.len()).any(|window| window == canary.as_bytes()) {
                    found.push(format!("{} holds {}...", file.display(), canary.get(..12).unwrap_or(canary)));
                }
            }
        }
        found
    };
    assert_eq!(look(), Vec::<String>::new(), "while it runs (log, database, write-ahead log)");
    server.process().stop("TERM").expect("it ends");
    assert_eq!(look(), Vec::<String>::new(), "after it ended");
    // The look itself can find: the owner's words come back through the front door.
    server.restart().await;
    let timeline = server.client().get(&format!("/api/v1/incidents/{id}/timeline")).await.to_string();
    assert!(timeline.contains(NOTE), "{timeline}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_of_a_busy_server_holds_no_credential() {
    let mut server = Server::start(PROGRAM, Database::Sqlite).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let pager = server.add_source("pagerduty", "pager").await;
    accepted(&server, &source, &alertmanager_group("Fine", &[Alert::firing("Fine", "host-1")])).await;
    let broken =
        server.stranger().call("POST", &source.path, &[("authorization", &format!("Bearer {}", source.secret))], "{").await;
    assert_eq!(broken.expect("it answers").status, 400);
    let wrong = server.client().with_token(Some("wft_wrong-but-still-private")).call("GET", "/api/v1/incidents", &[], "").await;
    assert_eq!(wrong.expect("it answers").status, 401);
    server.settled(SETTLE).await;
    let log = server.process().log();
    for secret in [server.token().to_owned(), source.secret, source.key, pager.key, "wft_wrong-but-still-private".to_owned()] {
        assert!(secret.is_empty() || !log.contains(&secret), "the log shows a credential that begins {:?}", secret.get(..8));
    }
}
