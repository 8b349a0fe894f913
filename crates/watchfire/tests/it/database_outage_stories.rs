//! The database goes away, and comes back.

use std::time::Duration;

use serde_json::Value;
use watchfire_testkit::{Alert, Cluster, Database, Folder, Program, Server, alertmanager_group, eventually, free_port};

use crate::support::{PROGRAM, deliver, text};

const RECOVERY: Duration = Duration::from_secs(15);
const SETTLE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_that_restarts_costs_503_and_nothing_else() {
    let Some(mut cluster) = Cluster::start("a PostgreSQL that restarts").await else { return };
    let mut server = Server::start(PROGRAM, Database::on(&cluster.url())).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let delivery = |turn: usize| alertmanager_group("Outage", &[Alert::firing("Outage", &format!("host-{turn}"))]);
    let process = server.process().id();

    let mut turn = 0;
    for round in 0..3 {
        for _ in 0..5 {
            let answer = deliver(&server, &source, &delivery(turn)).await;
            assert!(answer.is_success(), "round {round}: {} {}", answer.status, answer.text());
            turn += 1;
        }
        if round % 2 == 0 {
            cluster.halt();
        } else {
            cluster.crash();
        }
        let answer = deliver(&server, &source, &delivery(turn)).await;
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert!(!answer.header("retry-after").is_empty(), "503 says when to come back: {:?}", answer.headers);
        assert_ne!(
            server.stranger().call("GET", "/readyz", &[], "").await.expect("it answers").status,
            200,
            "it is not ready now"
        );
        assert_eq!(
            server.stranger().call("GET", "/healthz", &[], "").await.expect("it answers").status,
            200,
            "it lives all the same"
        );
        cluster.resume().await;
        eventually("deliveries are accepted again", RECOVERY, || async {
            deliver(&server, &source, &delivery(turn)).await.is_success()
        })
        .await;
        turn += 1;
    }
    assert_eq!(server.process().id(), process, "without a restart");
    assert!(server.process().ended().is_none());
    server.settled(SETTLE).await;
    let alerts = server.client().list("/api/v1/alerts").await;
    assert_eq!(alerts.len(), turn, "every accepted delivery is one alert");
    assert_eq!(server.client().list("/api/v1/incidents").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_not_there_at_the_start_is_a_clear_error() {
    let folder = Folder::new();
    let data = folder.path().join("data").to_string_lossy().into_owned();
    let url = format!("postgres://watchfire:very-secret-word@127.0.0.1:{}/nothing", free_port());
    for command in ["init", "serve", "doctor"] {
        let mut arguments = vec![command, "--data", &data, "--database-url", &url];
        if command == "init" {
            arguments.extend(["--email", "owner@example.com"]);
        }
        let listen = format!("127.0.0.1:{}", free_port());
        if command == "serve" {
            arguments.extend(["--listen", &listen]);
        }
        let output = tokio::time::timeout(SETTLE, Program::new(PROGRAM).run(&arguments)).await;
        let output = output.unwrap_or_else(|_| panic!("{command} gives up by itself"));
        assert_ne!(output.code, 0, "{command}: {}", output.out);
        let said = format!("{}{}", output.out, output.err);
        assert!(said.contains("127.0.0.1") || said.to_lowercase().contains("database"), "{command} names the database: {said}");
        assert!(!said.contains("very-secret-word"), "{command} shows the password");
        assert!(!said.contains("panicked"), "{command}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_finds_a_healthy_installation_healthy() {
    for database in [Some(Database::Sqlite), Database::postgres("doctor")].into_iter().flatten() {
        let mut server = Server::start(PROGRAM, database).await;
        let data = server.data().to_string_lossy().into_owned();
        let url = server.database_url().map(str::to_owned);
        server.process().stop("TERM").expect("it ends when asked");
        let mut arguments = vec!["doctor", "--data", &data, "--json"];
        arguments.extend(url.iter().flat_map(|url| ["--database-url", url.as_str()]));
        let output = Program::new(PROGRAM).run(&arguments).await;
        assert_eq!(output.code, 0, "{}{}", output.out, output.err);
        assert_ne!(output.json(), Value::Null, "{}", output.out);
        assert_ne!(text(&output.json(), "status"), "failed", "{}", output.out);
    }
}
