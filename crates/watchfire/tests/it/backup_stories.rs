//! A backup while the server writes, restored elsewhere.

use std::time::Duration;

use serde_json::Value;
use watchfire_testkit::{Alert, Database, Folder, Program, Server, ServerOptions, alertmanager_group};

use crate::support::{PROGRAM, accepted, text};

const SETTLE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_taken_under_load_restores_to_the_same_incidents() {
    let server = Server::start(PROGRAM, Database::Sqlite).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let cli = server.cli();
    let declared = cli
        .json(&["incident", "declare", "--title", "Checkout is slow", "--class", "reliability", "--severity", "sev2", "--json"])
        .await;
    let id = text(&declared, "id").to_owned();
    cli.json(&["incident", "note", &id, "a note that must survive", "--json"]).await;
    for turn in 0..20 {
        accepted(&server, &source, &alertmanager_group("Before", &[Alert::firing("Before", &format!("host-{turn}"))])).await;
    }
    server.settled(SETTLE).await;
    let before = server.client().list("/api/v1/alerts").await.len();

    // Writes go on while the backup is taken.
    let folder = Folder::new();
    let backup = folder.path().join("backup");
    let data = server.data().to_string_lossy().into_owned();
    let to = backup.to_string_lossy().into_owned();
    let arguments = ["backup", "--data", &data, &to];
    let program = Program::new(PROGRAM);
    let taken = program.run(arguments);
    let writing = async {
        for turn in 0..100 {
            accepted(&server, &source, &alertmanager_group("During", &[Alert::firing("During", &format!("host-{turn}"))])).await;
        }
    };
    let (taken, ()) = tokio::join!(taken, writing);
    assert_eq!(taken.code, 0, "{}{}", taken.out, taken.err);

    let restored = folder.path().join("restored");
    let into = restored.to_string_lossy().into_owned();
    let without_key = program.run(["restore", "--data", &into, &to]).await;
    assert_ne!(without_key.code, 0, "a backup without its key is told from one that opens: {}", without_key.out);
    std::fs::copy(server.data().with_extension("key"), restored.with_extension("key")).expect("the key file can be copied");
    let back = program.run(["restore", "--data", &into, &to]).await;
    assert_eq!(back.code, 0, "{}{}", back.out, back.err);
    let again = program.run(["restore", "--data", &into, &to]).await;
    assert_ne!(again.code, 0, "a folder that holds something is not written over");

    let token = server.token().to_owned();
    let second = Program::new(PROGRAM);
    let listen = format!("127.0.0.1:{}", watchfire_testkit::free_port());
    let mut command = second.command(["serve", "--data", &into, "--listen", &listen]);
    let log = folder.path().join("restored.log");
    let process = watchfire_testkit::Process::start("watchfire", &mut command, &log).expect("the server starts");
    let client = watchfire_testkit::Client::new(listen, Some(token));
    watchfire_testkit::eventually("the restored server is ready", SETTLE, || async { client.try_get("/readyz").await.is_some() })
        .await;
    let alerts = client.list("/api/v1/alerts?text=Before").await.len();
    assert_eq!(alerts, before, "{}", process.log());
    let incident = client.get(&format!("/api/v1/incidents/{id}")).await;
    assert_eq!(text(&incident, "title"), "Checkout is slow");
    let timeline: Value = client.get(&format!("/api/v1/incidents/{id}/timeline")).await;
    assert!(timeline.to_string().contains("a note that must survive"), "sealed texts open with the restored key: {timeline}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_asked_to_end_finishes_what_it_has_accepted() {
    for database in [Some(Database::Sqlite), Database::postgres("a server that is asked to end")].into_iter().flatten() {
        let mut server = Server::start_with(PROGRAM, database, ServerOptions::default()).await;
        let source = server.add_source("alertmanager", "prometheus").await;
        for turn in 0..50 {
            accepted(&server, &source, &alertmanager_group("End", &[Alert::firing("End", &format!("host-{turn}"))])).await;
        }
        let status = server.process().stop("TERM").expect("it ends in time");
        assert!(status.success(), "{status}: {}", server.process().log());
        server.restart().await;
        server.settled(SETTLE).await;
        assert_eq!(server.client().list("/api/v1/alerts").await.len(), 50);
    }
}
