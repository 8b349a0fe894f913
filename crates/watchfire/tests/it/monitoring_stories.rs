//! The main job on real input: a Prometheus rule fires, Alertmanager posts, and there is an incident.

use std::time::Duration;

use serde_json::{Value, json};
use watchfire_testkit::{Alertmanager, Database, NewSource, Prometheus, Rule, Server, eventually, eventually_value};

use crate::support::{PROGRAM, PROMISE, alert_that, incident_that, on_both_databases, text};

on_both_databases!(
    a_rule_that_fires_is_an_incident_within_five_seconds_and_its_end_is_seen,
    what_fires_while_the_server_is_down_is_there_afterwards,
    one_group_through_three_receivers_is_one_alert_with_three_receipts,
);

const PATIENCE: Duration = Duration::from_secs(60);

fn webhook(server: &Server, source: &NewSource) -> String {
    format!(
        "    webhook_configs:\n      - url: '{}{}'\n        send_resolved: true\n        http_config: {{ authorization: {{ type: Bearer, credentials: '{}' }} }}",
        server.url(),
        source.path,
        source.secret
    )
}

fn millis(value: &Value, name: &str) -> i64 {
    let text = text(value, name);
    text.parse::<jiff::Timestamp>().unwrap_or_else(|error| panic!("{name} is {text:?}: {error}")).as_millisecond()
}

async fn a_rule_that_fires_is_an_incident_within_five_seconds_and_its_end_is_seen(database: Database) {
    let name = "a rule that fires is an incident";
    let server = Server::start(PROGRAM, database).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let Some(alertmanager) = Alertmanager::start(name, &webhook(&server, &source)).await else { return };
    let rule = Rule { name: "RedisMemoryHigh".to_owned(), severity: "critical".to_owned() };
    let Some(prometheus) = Prometheus::start(name, &alertmanager, &[rule]).await else { return };
    let client = server.client();
    assert!(client.list("/api/v1/incidents").await.is_empty(), "nothing fires yet");

    prometheus.set(0.95);
    let incident = incident_that(&client, "the rule's incident", |_| true).await;
    let alert = alert_that(&client, "the rule's alert", |_| true).await;
    assert_eq!(text(&alert, "status"), "firing");
    assert_eq!((text(&alert, "severity"), text(&alert, "source_severity")), ("sev1", "critical"));
    assert_eq!(text(&alert, "title"), "redis uses 95% of memory");
    assert_eq!(
        (text(&incident, "class"), text(&incident, "severity"), text(&incident, "team")),
        ("reliability", "sev1", "platform")
    );
    assert_eq!(text(&incident, "signal"), "present", "{incident:#}");

    let event = client.get(&format!("/api/v1/events/{}", first_event(&client, &alert).await)).await;
    let took = millis(&incident, "created_at") - millis(&event, "received_at");
    assert!(took <= i64::try_from(PROMISE.as_millis()).expect("five seconds fit"), "{took} ms from the post to the incident");

    // Alertmanager repeats every second: still one alert and one incident, with more receipts.
    let (repeated, _) = eventually_value("three deliveries of the same alert", PATIENCE, || async {
        let alerts = client.list("/api/v1/alerts").await;
        assert_eq!(alerts.len(), 1, "a repeated delivery is the same alert");
        alerts.into_iter().find(|alert| alert["count"].as_i64() >= Some(3))
    })
    .await;
    assert_eq!(repeated["id"], alert["id"]);
    assert_eq!(client.list("/api/v1/incidents").await.len(), 1, "a repeated delivery is the same incident");

    prometheus.set(0.1);
    eventually("the alert is resolved", PATIENCE, || async {
        let page = client.get(&format!("/api/v1/alerts/{}", text(&alert, "id"))).await;
        text(&page, "status") == "resolved"
    })
    .await;
    let path = format!("/api/v1/incidents/{}", text(&incident, "id"));
    let (gone, _) = eventually_value("the incident's signal is gone", PATIENCE, || async {
        let incident = client.get(&path).await;
        (text(&incident, "signal") == "gone").then_some(incident)
    })
    .await;
    assert!(!matches!(text(&gone, "phase"), "resolved" | "closed"), "\"signal gone\" is not \"closed\": {gone:#}");
}

async fn what_fires_while_the_server_is_down_is_there_afterwards(database: Database) {
    let name = "what fires while the server is down";
    let mut server = Server::start(PROGRAM, database).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let Some(alertmanager) = Alertmanager::start(name, &webhook(&server, &source)).await else { return };
    server.process().kill();
    alertmanager.post(&json!([posted("DiskFull", "db-1"), posted("DiskFull", "db-2"), posted("QueueStuck", "mq-1")])).await;
    let refused = || async { alertmanager.log().contains("connection refused") };
    eventually("Alertmanager has met the closed door", PATIENCE, refused).await;
    server.restart().await;
    let client = server.client();
    eventually("all three alerts are there", PATIENCE, || async { client.list("/api/v1/alerts").await.len() == 3 }).await;
    server.settled(PATIENCE).await;
    let alerts = client.list("/api/v1/alerts").await;
    assert!(alerts.iter().all(|alert| text(alert, "status") == "firing"), "{alerts:#?}");
    assert_eq!(client.list("/api/v1/incidents").await.len(), 2, "one incident for each of Alertmanager's groups");
}

async fn one_group_through_three_receivers_is_one_alert_with_three_receipts(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let webhook_source = server.add_source("alertmanager", "hook").await;
    let pager = server.add_source("pagerduty", "pager").await;
    let genie = server.add_source("opsgenie", "genie").await;
    let receivers = format!(
        "{}\n    pagerduty_configs:\n      - url: '{}/v2/enqueue'\n        routing_key: '{}'\n        send_resolved: true\n    \
         opsgenie_configs:\n      - api_url: '{}/'\n        api_key: '{}'\n        send_resolved: true",
        webhook(&server, &webhook_source),
        server.url(),
        pager.key,
        server.url(),
        genie.key
    );
    let Some(alertmanager) = Alertmanager::start("one group through three receivers", &receivers).await else { return };
    alertmanager.post(&json!([posted("DiskFull", "db-1")])).await;
    let client = server.client();
    let mut names = Vec::new();
    eventually("three sources have delivered", PATIENCE, || {
        let client = client.clone();
        async move {
            let sources = client.list("/api/v1/sources").await;
            sources.iter().filter(|source| source["event_count"].as_i64() > Some(0)).count() == 3
        }
    })
    .await;
    server.settled(PATIENCE).await;
    let alert = alert_that(&client, "the one alert", |_| true).await;
    let page = client.get(&format!("/api/v1/alerts/{}", text(&alert, "id"))).await;
    for receipt in page["receipts"].as_array().into_iter().flatten() {
        names.push(text(receipt, "source").to_owned());
    }
    names.sort();
    names.dedup();
    assert_eq!(names, ["genie", "hook", "pager"], "a receipt of each receiver: {page:#}");
    assert_eq!(client.list("/api/v1/incidents").await.len(), 1);

    alertmanager.post(&json!([ended("DiskFull", "db-1")])).await;
    eventually("the alert is resolved", PATIENCE, || async {
        let alerts = client.list("/api/v1/alerts").await;
        assert_eq!(alerts.len(), 1, "its end is no further alert: {alerts:#?}");
        alerts.iter().all(|alert| text(alert, "status") == "resolved")
    })
    .await;
    let signal = || async { client.list("/api/v1/incidents").await.iter().all(|incident| text(incident, "signal") == "gone") };
    eventually("the incident's signal is gone", PATIENCE, signal).await;
}

fn posted(name: &str, instance: &str) -> Value {
    json!({
        "labels": { "alertname": name, "instance": instance, "severity": "warning", "team": "platform" },
        "annotations": { "summary": format!("{name} on {instance}") },
        "generatorURL": "http://127.0.0.1:9090/graph",
    })
}

fn ended(name: &str, instance: &str) -> Value {
    let mut alert = posted(name, instance);
    alert["endsAt"] = Value::from(watchfire_testkit::now_rfc3339());
    alert
}

/// Returns the event that first spoke of an alert.
async fn first_event(client: &watchfire_testkit::Client, alert: &Value) -> String {
    let page = client.get(&format!("/api/v1/alerts/{}", text(alert, "id"))).await;
    let receipts = page["receipts"].as_array().cloned().unwrap_or_default();
    let first = receipts.iter().min_by_key(|receipt| text(receipt, "at").to_owned()).expect("an alert has a receipt");
    text(first, "event_id").to_owned()
}
