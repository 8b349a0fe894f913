//! Bad input at the door: each gets a clear answer, memory stays bounded, nothing that was accepted is lost.

use std::time::Duration;

use serde_json::{Value, json};
use watchfire_testkit::{Alert, Answer, Database, NewSource, Server, alertmanager_group};

use crate::support::{PROGRAM, accepted, deliver, deliver_bytes, on_both_databases, text};

on_both_databases!(
    what_cannot_be_read_is_refused_by_name_and_kept_in_quarantine,
    what_is_too_deep_or_too_large_is_refused_within_bounded_memory,
    a_delivery_without_the_right_credential_leaves_no_trace,
    a_group_of_two_thousand_alerts_is_taken_whole,
    numbers_beyond_doubles_and_times_in_four_units_keep_their_value,
    unknown_fields_are_kept_and_disturb_nothing,
);

const SETTLE: Duration = Duration::from_secs(300);
/// What the worst of these deliveries may add to the server's memory.
const GROWTH_KIB: u64 = 96 * 1024;

/// Checks a refusal: a problem document with a reason that names what was wrong.
fn check_refused(answer: &Answer, status: u16, names: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert!(answer.header("content-type").starts_with("application/problem+json"), "{:?}", answer.headers);
    let problem = answer.json();
    assert_eq!(problem["status"], status, "{problem}");
    let detail = format!("{} {}", text(&problem, "title"), text(&problem, "detail")).to_lowercase();
    assert!(names.iter().any(|name| detail.contains(name)), "{detail:?} names one of {names:?}");
    assert!(!detail.contains("panicked") && !detail.contains("src/"), "{detail}");
}

async fn quarantined(server: &Server) -> Vec<Value> {
    server.client().list("/api/v1/events?status=quarantined").await
}

async fn what_cannot_be_read_is_refused_by_name_and_kept_in_quarantine(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let good = alertmanager_group("Fine", &[Alert::firing("Fine", "host-1")]);
    let with = |pointer: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(pointer).expect("the payload has the field") = value;
        body.to_string().into_bytes()
    };
    let twice = good.to_string().replacen("\"receiver\":", "\"status\":\"resolved\",\"receiver\":", 1);
    let cases: Vec<(Vec<u8>, &[&str])> = vec![
        (b"{\"alerts\": [".to_vec(), &["json", "line", "eof", "end"]),
        (b"".to_vec(), &["empty", "json", "body"]),
        (b"[]".to_vec(), &["object", "array", "list", "alerts"]),
        (b"\"alerts\"".to_vec(), &["object", "text", "string"]),
        (with("/alerts", json!("none")), &["alerts"]),
        (with("/alerts/0", json!(17)), &["alerts"]),
        (with("/alerts/0/labels", json!([1, 2])), &["labels"]),
        (with("/alerts/0/status", json!({ "is": "firing" })), &["status"]),
        (with("/alerts/0/status", json!("perhaps")), &["status"]),
        (twice.into_bytes(), &["status", "twice", "duplicate"]),
        (b"{\"status\":\"\xff\xfe\",\"alerts\":[]}".to_vec(), &["utf-8", "unicode", "json"]),
    ];
    let count = cases.len();
    for (body, names) in cases {
        check_refused(&deliver_bytes(&server, &source, body).await, 400, names);
    }
    let kept = quarantined(&server).await;
    assert_eq!(kept.len(), count, "what cannot be read is kept to be looked at");
    assert!(kept.iter().all(|event| !text(event, "reason").is_empty()), "each with its reason");
    assert!(server.client().list("/api/v1/alerts").await.is_empty());
    // A time that cannot be read costs the time, not the alert.
    accepted(&server, &source, &serde_json::from_slice(&with("/alerts/0/startsAt", json!("yesterday"))).expect("it is JSON"))
        .await;
    accepted(&server, &source, &good).await;
    server.settled(SETTLE).await;
    assert_eq!(server.client().list("/api/v1/alerts").await.len(), 1, "the source goes on");
}

async fn what_is_too_deep_or_too_large_is_refused_within_bounded_memory(database: Database) {
    let mut server = Server::start(PROGRAM, database).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    accepted(&server, &source, &alertmanager_group("Fine", &[Alert::firing("Fine", "host-1")])).await;
    server.settled(SETTLE).await;
    let before = server.process().resident_kib();

    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let in_field = format!("{{\"alerts\":{deep}}}");
    let objects = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    for body in [deep, in_field, objects] {
        check_refused(&deliver_bytes(&server, &source, body.into_bytes()).await, 400, &["deep", "depth", "nest", "recursion"]);
    }
    for _ in 0..3 {
        let large = format!("{{\"alerts\":\"{}\"}}", "x".repeat(10 * 1024 * 1024));
        check_refused(&deliver_bytes(&server, &source, large.into_bytes()).await, 413, &["large", "bytes", "limit", "mib"]);
    }
    let after = server.process().resident_kib_max();
    assert!(after < before + GROWTH_KIB, "memory went from {before} KiB to {after} KiB");
    accepted(&server, &source, &alertmanager_group("Fine", &[Alert::firing("Fine", "host-2")])).await;
    server.settled(SETTLE).await;
    assert_eq!(server.client().list("/api/v1/alerts").await.len(), 2);
}

async fn a_delivery_without_the_right_credential_leaves_no_trace(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let monitoring = server.add_source("alertmanager", "prometheus").await;
    let forge = server.add_source("github", "forge").await;
    let body = alertmanager_group("Fine", &[Alert::firing("Fine", "host-1")]).to_string();
    let stranger = server.stranger();
    let post = async |path: &str, headers: &[(&str, &str)], body: &str| {
        stranger.call("POST", path, headers, body.to_owned()).await.expect("the server answers")
    };
    let json = ("content-type", "application/json");
    let (good, other) = (format!("Bearer {}", monitoring.secret), format!("Bearer {}", forge.secret));
    let wrong_key = monitoring.path.replace(&monitoring.key, &"0".repeat(monitoring.key.len()));
    let other_kind = format!("/hooks/alertmanager/{}", forge.key);
    let event = ("x-github-event", "ping");
    let zeros = format!("sha256={}", "0".repeat(64));
    let cases: Vec<(&str, Vec<(&str, &str)>, &str)> = vec![
        (&monitoring.path, vec![json], &body),
        (&monitoring.path, vec![json, ("authorization", "Bearer wrong")], &body),
        (&monitoring.path, vec![json, ("authorization", &other)], &body),
        (&forge.path, vec![json, event], "{}"),
        (&forge.path, vec![json, event, ("x-hub-signature-256", "sha256=00")], "{}"),
        (&forge.path, vec![json, event, ("x-hub-signature-256", &zeros)], "{}"),
        (&wrong_key, vec![json, ("authorization", &good)], &body),
        (&other_kind, vec![json, ("authorization", &good)], &body),
        ("/hooks/alertmanager/x", vec![json, ("authorization", &good)], &body),
        ("/hooks/nothing/x", vec![json, ("authorization", &good)], &body),
    ];
    let mut answers = Vec::new();
    for (path, headers, body) in &cases {
        let answer = post(path, headers, body).await;
        check_refused(&answer, 401, &["credential"]);
        answers.push(answer.text());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "nobody learns which addresses there are: {answers:#?}");
    let enqueue = json!({ "routing_key": "nobody", "event_action": "trigger", "payload": { "summary": "x", "source": "x", "severity": "info" } });
    let answer = post("/v2/enqueue", &[json], &enqueue.to_string()).await;
    assert!(matches!(answer.status, 401 | 403 | 404), "{}", answer.text());
    let answer = post("/v2/alerts", &[json, ("authorization", "GenieKey nobody")], "{\"message\":\"x\"}").await;
    assert!(matches!(answer.status, 401 | 403 | 404), "{}", answer.text());
    assert!(server.client().list("/api/v1/events").await.is_empty(), "nothing is stored");
}

async fn a_group_of_two_thousand_alerts_is_taken_whole(database: Database) {
    let mut server = Server::start(PROGRAM, database).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let before = server.process().resident_kib();
    let alerts: Vec<Alert> = (0..2_000).map(|at| Alert::firing("Flood", &format!("host-{at}"))).collect();
    let event = accepted(&server, &source, &alertmanager_group("Flood", &alerts)).await;
    server.settled(SETTLE).await;
    let client = server.client();
    assert_eq!(client.list("/api/v1/alerts").await.len(), 2_000);
    let incidents = client.list("/api/v1/incidents").await;
    assert_eq!(incidents.len(), 1, "one group is one incident");
    assert_eq!(incidents.first().and_then(|incident| incident["alert_count"].as_i64()), Some(2_000));
    assert_eq!(client.get(&format!("/api/v1/events/{event}")).await["alert_count"], 2_000);

    // Half of them end in the next delivery, whose own status says "firing".
    let mixed: Vec<Alert> =
        alerts.iter().enumerate().map(|(at, alert)| if at % 2 == 0 { alert.resolved() } else { alert.clone() }).collect();
    accepted(&server, &source, &alertmanager_group("Flood", &mixed)).await;
    server.settled(SETTLE).await;
    let firing = client.list("/api/v1/alerts?status=firing").await.len();
    let resolved = client.list("/api/v1/alerts?status=resolved").await.len();
    assert_eq!((firing, resolved), (1_000, 1_000), "each alert has its own status");
    assert_eq!(text(&client.list("/api/v1/incidents").await.remove(0), "signal"), "present");
    let grown = server.process().resident_kib_max().saturating_sub(before);
    assert!(grown < GROWTH_KIB, "memory grew by {grown} KiB");
}

async fn numbers_beyond_doubles_and_times_in_four_units_keep_their_value(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let events = server.add_source("cloudevents", "events").await;
    let send = async |source: &NewSource, id: &str, data: &str| {
        let body = format!(
            "{{\"specversion\":\"1.0\",\"id\":\"{id}\",\"source\":\"/probe\",\"type\":\"com.example.check.failed\",\"subject\":\"{id}\",\"data\":{data}}}"
        );
        let mut headers = vec![("content-type", "application/cloudevents+json".to_owned())];
        headers.push(("authorization", format!("Bearer {}", source.secret)));
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        server.stranger().call("POST", &source.path, &headers, body).await.expect("the server answers")
    };
    let answer = send(&events, "large", "{\"title\":\"large number\",\"dedup_key\":9007199254740993}").await;
    assert!(answer.is_success(), "{} {}", answer.status, answer.text());
    let answer = send(&events, "huge", "{\"title\":\"huge number\",\"dedup_key\":123456789012345678901234567890}").await;
    assert!(answer.is_success() || answer.status == 400, "{} {}", answer.status, answer.text());
    server.settled(SETTLE).await;
    let alerts = server.client().list("/api/v1/alerts").await;
    let large = alerts.iter().find(|alert| text(alert, "title") == "large number").expect("the alert is there");
    assert!(text(large, "dedup_key").contains("9007199254740993"), "the key was not rounded: {}", text(large, "dedup_key"));
    let body = format!("/api/v1/events/{}", text(large, "event_id"));
    assert!(text(&server.client().get(&body).await, "body").contains("9007199254740993"), "the bytes are kept as they came");
}

async fn unknown_fields_are_kept_and_disturb_nothing(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let mut body = alertmanager_group("Fine", &[Alert::firing("Fine", "host-1")]);
    body["invented"] = json!({ "deep": [1, 2, { "er": null }] });
    body["alerts"][0]["alsoInvented"] = json!("\u{202e}<script>alert(1)</script>\u{0}");
    let event = accepted(&server, &source, &body).await;
    server.settled(SETTLE).await;
    assert_eq!(server.client().list("/api/v1/alerts").await.len(), 1);
    let kept = server.client().get(&format!("/api/v1/events/{event}")).await;
    assert!(text(&kept, "body").contains("alsoInvented"), "the event keeps what nobody reads yet");
    let again = deliver(&server, &source, &body).await;
    assert!(again.is_success(), "{}", again.text());
}
