//! Deliveries: kept before they are answered, refused without a trace when they are not believed.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::{Server, group};

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_wrong_credential_and_an_unknown_address_are_the_same_answer_and_leave_nothing() {
    let server = Server::start();
    let source = server.source("alertmanager");
    let key = source["key"].as_str().expect("shown once");
    let body = group("firing", "DiskFull").to_string();
    let json = ("content-type", "application/json");
    let absent = server.send("POST", "/hooks/alertmanager/wfk_nothing", &[json], body.as_bytes());
    let kind = server.send("POST", "/hooks/nothing/wfk_nothing", &[json], body.as_bytes());
    let missing = server.send("POST", &format!("/hooks/alertmanager/{key}"), &[json], body.as_bytes());
    let wrong = [json, ("authorization", "Bearer wfs_wrong")];
    let wrong = server.send("POST", &format!("/hooks/alertmanager/{key}"), &wrong, body.as_bytes());
    for answer in [&absent, &kind, &missing, &wrong] {
        answer.problem(401);
        assert_eq!(answer.body, absent.body);
    }
    assert_eq!(server.get("/events")["items"], json!([]));
    assert_eq!(server.get("/alerts")["items"], json!([]));
}

#[test]
fn what_cannot_be_read_is_kept_aside_under_the_id_that_the_sender_is_told() {
    let server = Server::start();
    let source = server.source("alertmanager");
    for (body, part) in [
        (&b"{\"version\":\"4\","[..], "line 1"),
        (b"[]", "object"),
        (b"\xff\xfe", "UTF-8"),
        (b"{\"version\":\"4\",\"alerts\":7}", "alerts"),
    ] {
        let answer = server.deliver("alertmanager", &source, body);
        let detail = answer.problem(400);
        assert!(detail.contains(part), "{detail}");
        let id = answer.json()["instance"].as_str().and_then(|urn| urn.strip_prefix("urn:uuid:")).expect("an id").to_owned();
        let event = server.get(&format!("/events/{id}"));
        assert_eq!(event["status"], "quarantined");
        assert!(event["reason"].as_str().is_some_and(|reason| detail.contains(reason)), "{event}");
    }
    assert_eq!(server.get("/counts")["quarantined"], 4);
}

#[test]
fn a_body_over_the_limit_is_refused() {
    let server = Server::start();
    let source = server.source("alertmanager");
    server.deliver("alertmanager", &source, &vec![b' '; 5 * 1024 * 1024 + 1]).problem(413);
    assert_eq!(server.get("/events")["items"], json!([]));
}

#[test]
fn pagerduty_senders_read_the_answers_that_they_know() {
    let server = Server::start();
    let source = server.source("pagerduty");
    let key = source["key"].as_str().expect("shown once");
    let send =
        |body: Value| server.send("POST", "/v2/enqueue", &[("content-type", "application/json")], body.to_string().as_bytes());
    let event = |action: &str| {
        json!({
            "routing_key": key, "event_action": action, "dedup_key": "disk/web-1",
            "payload": { "summary": "Disk full", "source": "web-1", "severity": "critical" },
        })
    };
    let answer = send(event("trigger"));
    assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
    let told = answer.json();
    assert_eq!((&told["status"], &told["message"]), (&json!("success"), &json!("Event processed")));
    assert_eq!(told["dedup_key"], "disk/web-1");
    server.until("/alerts?status=firing", |alerts| alerts["items"].as_array().is_some_and(|items| items.len() == 1));
    assert_eq!(send(event("acknowledge")).status, 202);
    server.until("/alerts?status=acknowledged", |alerts| alerts["items"].as_array().is_some_and(|items| items.len() == 1));
    assert_eq!(send(event("resolve")).status, 202);
    server.until("/alerts?status=resolved", |alerts| alerts["items"].as_array().is_some_and(|items| items.len() == 1));

    let wrong = send(json!({ "routing_key": "nobody", "event_action": "trigger" }));
    assert_eq!(wrong.status, 401);
    let bad = send(event("explode"));
    assert_eq!((bad.status, &bad.json()["status"]), (400, &json!("invalid event")));
    assert!(bad.json()["errors"][0].as_str().is_some_and(|fault| fault.contains("event_action")), "{}", bad.json());
    let keyless = send(json!({ "event_action": "trigger" }));
    assert_eq!(keyless.status, 400);
    assert!(keyless.json()["errors"][0].as_str().is_some_and(|fault| fault.contains("routing_key")));
    assert_eq!(server.send("POST", "/v2/enqueue", &[], b"{").status, 400);
}

#[test]
fn opsgenie_senders_create_change_and_close_an_alert() {
    let server = Server::start();
    let source = server.source("opsgenie");
    let genie = format!("GenieKey {}", source["key"].as_str().expect("shown once"));
    let headers = [("authorization", genie.as_str()), ("content-type", "application/json")];
    let send = |method: &str, path: &str, body: Value| server.send(method, path, &headers, body.to_string().as_bytes());
    let created = send("POST", "/v2/alerts", json!({ "message": "Disk full", "alias": "disk/web-1", "priority": "P2" }));
    assert_eq!(created.status, 202, "{}", String::from_utf8_lossy(&created.body));
    assert_eq!(created.json()["result"], "Request will be processed");
    assert!(created.json()["requestId"].is_string() && created.json()["took"].is_number());
    let firing = server.until("/alerts?status=firing", |alerts| alerts["items"].as_array().is_some_and(|items| items.len() == 1));
    assert_eq!(firing["items"][0]["severity"], "sev2");
    let path = "/v2/alerts/disk%2Fweb-1";
    let renamed = send("PUT", &format!("{path}/message?identifierType=alias"), json!({ "message": "Disk nearly full" }));
    assert_eq!(renamed.status, 202, "{}", String::from_utf8_lossy(&renamed.body));
    let acknowledged = send("POST", &format!("{path}/acknowledge?identifierType=alias"), json!({}));
    assert_eq!(acknowledged.status, 202, "{}", String::from_utf8_lossy(&acknowledged.body));
    server.until("/alerts?status=acknowledged", |alerts| alerts["items"].as_array().is_some_and(|items| items.len() == 1));
    assert_eq!(send("POST", &format!("{path}/close?identifierType=alias"), json!({})).status, 202);
    server.until("/alerts?status=resolved", |alerts| alerts["items"].as_array().is_some_and(|items| items.len() == 1));
    let wrong = [("authorization", "GenieKey nobody"), ("content-type", "application/json")];
    assert_eq!(server.send("POST", "/v2/alerts", &wrong, b"{\"message\":\"x\"}").status, 401);
    assert_eq!(server.send("POST", "/v2/alerts", &[], b"{\"message\":\"x\"}").status, 401);
    let bad = send("POST", "/v2/alerts", json!({ "message": 7 }));
    assert!(bad.status == 422 && bad.json()["message"].as_str().is_some_and(|text| text.contains("quarantine")));
    for (method, wrong) in [("PUT", "/v2/alerts/ua/bogus"), ("POST", "/v2/alerts/ua/close?identifierType=bogus")] {
        let answer = send(method, wrong, json!({}));
        assert!(answer.status == 422 && answer.json()["message"].as_str().is_some_and(|text| text.contains("bogus")), "{wrong}");
    }
}

#[test]
fn one_group_through_three_receivers_is_one_alert_with_three_receipts() {
    let server = Server::start();
    let group = group("firing", "DiskFull");
    let group_key = hash(group["groupKey"].as_str().expect("a text"));
    let alertmanager = server.source("alertmanager");
    let (pagerduty, opsgenie) = (server.source("pagerduty"), server.source("opsgenie"));
    assert_eq!(server.deliver("alertmanager", &alertmanager, group.to_string().as_bytes()).status, 202);
    let event = json!({
        "routing_key": pagerduty["key"], "event_action": "trigger", "dedup_key": group_key,
        "payload": { "summary": "[FIRING:1] DiskFull", "source": "Alertmanager", "severity": "critical" },
    });
    assert_eq!(server.send("POST", "/v2/enqueue", &[], event.to_string().as_bytes()).status, 202);
    let genie = format!("GenieKey {}", opsgenie["key"].as_str().expect("shown once"));
    let create = json!({ "message": "DiskFull", "alias": group_key, "priority": "P1" }).to_string();
    let headers = [("authorization", genie.as_str()), ("content-type", "application/json")];
    assert_eq!(server.send("POST", "/v2/alerts", &headers, create.as_bytes()).status, 202);
    server.until("/events?status=processed", |events| events["items"].as_array().is_some_and(|items| items.len() == 3));
    let alerts = server.get("/alerts");
    assert_eq!(alerts["items"].as_array().map(Vec::len), Some(1), "{alerts:#}");
    let id = alerts["items"][0]["id"].as_str().expect("an id");
    assert_eq!(server.get(&format!("/alerts/{id}"))["receipts"].as_array().map(Vec::len), Some(3));
    assert_eq!(server.get("/incidents")["items"].as_array().map(Vec::len), Some(1));
}
