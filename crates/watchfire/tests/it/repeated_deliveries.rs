//! The same delivery again, and deliveries in another order than they were sent.

use std::time::Duration;

use serde_json::json;
use watchfire_testkit::{Alert, Database, NewSource, Server, alertmanager_group_at};

use crate::support::{PROGRAM, accepted, on_both_databases, text};

on_both_databases!(
    a_replayed_delivery_id_is_one_event_with_the_first_answer,
    an_end_that_arrives_before_its_beginning_ends_it_all_the_same,
    an_alert_that_fires_again_opens_a_new_episode,
);

const SETTLE: Duration = Duration::from_secs(60);
const BEGAN: &str = "2026-11-21T02:00:00.000Z";
const ENDED: &str = "2026-11-21T02:10:00.000Z";
const AGAIN: &str = "2026-11-21T02:20:00.000Z";

async fn send(server: &Server, source: &NewSource, id: &str, title: &str) -> serde_json::Value {
    let body = json!({ "specversion": "1.0", "id": id, "source": "/probe", "type": "com.example.check.failed", "subject": "probe-7", "data": { "title": title } });
    let secret = format!("Bearer {}", source.secret);
    let headers = [("content-type", "application/cloudevents+json"), ("authorization", secret.as_str())];
    let answer = server.stranger().call("POST", &source.path, &headers, body.to_string()).await.expect("the server answers");
    assert!(answer.is_success(), "{} {}", answer.status, answer.text());
    answer.json()
}

async fn a_replayed_delivery_id_is_one_event_with_the_first_answer(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let source = server.add_source("cloudevents", "events").await;
    let first = send(&server, &source, "1", "Probe failed").await;
    let mut replays = Vec::new();
    for _ in 0..20 {
        replays.push(send(&server, &source, "1", "Probe failed").await);
    }
    assert!(replays.iter().all(|answer| answer["event_id"] == first["event_id"]), "{first} {replays:?}");
    // The same id from twenty senders at once, before any was answered.
    let burst = futures::future::join_all((0..20).map(|_| send(&server, &source, "2", "Probe failed again"))).await;
    assert!(
        burst.windows(2).all(|pair| pair.first().map(|one| &one["event_id"]) == pair.get(1).map(|one| &one["event_id"])),
        "{burst:?}"
    );
    server.settled(SETTLE).await;
    assert_eq!(server.client().list("/api/v1/events").await.len(), 2, "one event for each delivery id");
    let alerts = server.client().list("/api/v1/alerts").await;
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts.first().and_then(|alert| alert["count"].as_i64()), Some(2), "a replay is not counted: {alerts:#?}");
}

async fn an_end_that_arrives_before_its_beginning_ends_it_all_the_same(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let alert = Alert::firing("Overtaken", "host-1");
    accepted(&server, &source, &alertmanager_group_at("Overtaken", &[alert.resolved()], BEGAN, ENDED)).await;
    server.settled(SETTLE).await;
    accepted(&server, &source, &alertmanager_group_at("Overtaken", &[alert], BEGAN, ENDED)).await;
    server.settled(SETTLE).await;
    let alerts = server.client().list("/api/v1/alerts").await;
    assert!(alerts.len() <= 1, "{alerts:#?}");
    assert!(alerts.iter().all(|alert| text(alert, "status") == "resolved"), "the beginning is older than the end: {alerts:#?}");
}

async fn an_alert_that_fires_again_opens_a_new_episode(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let alert = Alert::firing("Twice", "host-1");
    for (alert, begins) in [(alert.clone(), BEGAN), (alert.resolved(), BEGAN), (alert.clone(), AGAIN)] {
        accepted(&server, &source, &alertmanager_group_at("Twice", &[alert], begins, ENDED)).await;
        server.settled(SETTLE).await;
    }
    let alerts = server.client().list("/api/v1/alerts").await;
    let one = alerts.first().expect("there is the alert");
    assert_eq!((alerts.len(), text(one, "status"), one["episode"].as_i64()), (1, "firing", Some(2)), "{one:#}");
}
