//! The API as a program sees it.

use serde_json::{Value, json};

use crate::harness::{Server, group};

/// Stands for whatever a path names and is not there.
const ABSENT: &str = "00000000-0000-7000-8000-000000000000";

/// Every operation of the document: method and path with variables filled in by something that is not there.
fn operations(server: &Server) -> Vec<(String, String)> {
    let document = server.send("GET", "/api/v1/openapi.json", &[], b"").json();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{}", document["openapi"]);
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths by name") {
        let path = path.replace("{number}", "1").replace("{role}", "scribe").replace("{version}", "none");
        let path: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { ABSENT } else { part }).collect();
        let path = path.join("/");
        assert!(!path.contains('{'), "{path}");
        for method in item.as_object().expect("operations by method").keys().filter(|key| *key != "parameters") {
            operations.push((method.to_uppercase(), path.clone()));
        }
    }
    assert!(operations.len() > 50, "{}", operations.len());
    operations
}

#[test]
fn nothing_but_the_document_answers_without_a_token() {
    let server = Server::start();
    let mut asked = operations(&server);
    asked.push(("GET".to_owned(), "/api/v1/nothing-here".to_owned()));
    asked.push(("GET".to_owned(), "/api/other".to_owned()));
    for (method, path) in asked {
        let answer = server.send(&method, &path, &[], b"");
        let detail = answer.problem(401);
        assert!(detail.contains("token is needed"), "{method} {path}: {detail}");
        assert!(answer.header("www-authenticate").is_some_and(|value| value.starts_with("Bearer")), "{method} {path}");
        let wrong = [("authorization", "Bearer wft_000000000000000000000000000000000000000000000000000")];
        let status = server.send(&method, &path, &wrong, b"").status;
        assert!([401, 429].contains(&status), "{method} {path}: {status}");
    }
}

#[test]
fn the_router_serves_every_operation_of_its_document() {
    let server = Server::start();
    for (method, path) in operations(&server) {
        let answer = server.call(&method, path.trim_start_matches("/api/v1"), (method != "GET").then_some(&Value::Null));
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(answer.status != 405 && !body.contains("no such operation"), "{method} {path}: {body}");
        assert!(answer.status < 500, "{method} {path}: {body}");
    }
}

#[test]
fn an_address_or_method_that_is_not_there_is_a_problem() {
    let server = Server::start();
    assert!(server.call("GET", "/nothing-here", None).problem(404).contains("openapi.json"));
    let answer = server.call("DELETE", "/alerts", None);
    assert!(answer.problem(405).contains("DELETE"));
    assert!(answer.header("allow").is_some_and(|allowed| allowed.contains("GET")), "{}", answer.head);
}

#[test]
fn a_delivery_becomes_an_alert_and_an_incident_with_the_fields_that_are_promised() {
    let server = Server::start();
    let source = server.source("alertmanager");
    let answer = server.deliver("alertmanager", &source, group("firing", "DiskFull").to_string().as_bytes());
    assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
    let alerts = server.until("/alerts", |alerts| !alerts["items"].as_array().expect("a list").is_empty());
    let alert = &alerts["items"][0];
    assert_eq!(alert["source"], "alertmanager");
    assert_eq!(alert["status"], "firing");
    assert_eq!(alert["severity"], "sev1");
    assert_eq!(alert["source_severity"], "critical");
    assert_eq!(alert["resource"], "web-1");
    assert_eq!(alert["link"], "http://prometheus.example/graph");
    assert_eq!(alert["occurred_at"], "2026-01-02T03:04:05.000000Z");
    assert_eq!(alert["event_id"], answer.json()["event_id"]);
    assert!(alert["title"].as_str().is_some_and(|title| title.contains("DiskFull")), "{alert}");
    assert!(alert["dedup_key"].as_str().is_some_and(|key| key.starts_with("alertmanager:")), "{alert}");

    let incidents = server.until("/incidents", |incidents| !incidents["items"].as_array().expect("a list").is_empty());
    let incident = &incidents["items"][0];
    assert!(incident["id"].as_str().is_some_and(|id| id.starts_with("INC-") && id.len() == 9), "{incident}");
    assert_eq!(incident["alerts"], json!([alert["id"]]));
    assert_eq!(incident["phase"], "triaged");
    assert!(incident["commander"].is_string(), "somebody leads from the first moment: {incident}");
    for field in ["title", "class", "severity", "team", "created_at", "codename", "next_phases", "plan_version"] {
        assert!(!incident[field].is_null(), "{field}: {incident}");
    }
    let event = server.get(&format!("/events/{}", alert["event_id"].as_str().expect("an id")));
    assert_eq!((&event["status"], &event["trust"]), (&json!("processed"), &json!("token")));
    assert!(!event["headers"].as_object().expect("headers by name").contains_key("authorization"));
    let explained = server.get(&format!("/events/{}/explain", alert["event_id"].as_str().expect("an id")));
    assert_eq!(explained["parts"][0]["incident"]["id"], incident["id"]);

    server.deliver("alertmanager", &source, group("resolved", "DiskFull").to_string().as_bytes());
    let id = incident["id"].as_str().expect("an id");
    let after = server.until(&format!("/incidents/{id}"), |incident| incident["signal"] == "gone");
    assert_eq!(after["phase"], "triaged", "the signal is gone, the incident is not closed");
}

#[test]
fn an_incident_is_led_from_declaration_to_resolution_and_taken_up_again() {
    let server = Server::start();
    let body = json!({ "title": "Database gone", "class": "reliability", "severity": "sev2" });
    let incident = server.post("/incidents", &body);
    let id = incident["id"].as_str().expect("an id").to_owned();
    assert_eq!((&incident["phase"], &incident["severity"]), (&json!("declared"), &json!("sev2")));
    let at = |path: &str| format!("/incidents/{id}{path}");
    let put = |path: &str, body: Value| server.call("PUT", &at(path), Some(&body));

    assert_eq!(put("/roles/commander", json!({ "holder": "grace@example.org" })).json()["commander"], "grace@example.org");
    assert!(server.call("DELETE", &at("/roles/commander"), None).problem(409).contains("commander"));
    assert!(put("/severity", json!({ "severity": "sev1" })).problem(409).contains("reason"));
    assert_eq!(put("/severity", json!({ "severity": "sev1", "reason": "spreads" })).json()["severity"], "sev1");
    let task = server.post(&at("/tasks"), &json!({ "title": "Restore", "owner": "ada@example.org" }));
    assert_eq!(task["number"], 1);
    let done = server.call("PATCH", &at("/tasks/1"), Some(&json!({ "state": "done", "owner": null }))).json();
    assert_eq!((&done["state"], &done["owner"]), (&json!("done"), &Value::Null));
    server.post(&at("/notes"), &json!({ "text": "It began earlier", "occurred_at": "2026-01-02T03:04:05+02:00" }));
    assert_eq!(put("/phase", json!({ "phase": "contained" })).json()["phase"], "contained");
    assert_eq!(server.post(&at("/resolve"), &json!({ "reason": "restored" }))["phase"], "resolved");
    assert!(server.call("POST", &at("/close"), Some(&json!({}))).problem(409).contains("postmortem"));
    assert_eq!(server.post(&at("/reopen"), &json!({ "reason": "back again" }))["phase"], "declared");

    let timeline = server.get(&at("/timeline?limit=200"));
    let kinds: Vec<&str> =
        timeline["items"].as_array().expect("a list").iter().filter_map(|entry| entry["kind"].as_str()).collect();
    for kind in
        ["incident.reported", "incident.role_assigned", "incident.severity_changed", "incident.noted", "incident.reopened"]
    {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    let note =
        timeline["items"].as_array().expect("a list").iter().find(|entry| entry["kind"] == "incident.noted").expect("noted");
    assert_eq!(note["occurred_at"], "2026-01-02T01:04:05.000000Z");
    assert_eq!(note["confidential"]["text"], "It began earlier");
}

#[test]
fn lists_are_walked_by_cursor_without_gap_or_repeat() {
    let server = Server::start();
    for number in 0..5 {
        server.post("/incidents", &json!({ "title": format!("Trouble {number}"), "severity": "sev4" }));
    }
    let (mut seen, mut path) = (Vec::new(), "/incidents?limit=2".to_owned());
    loop {
        let page = server.get(&path);
        seen.extend(page["items"].as_array().expect("a list").iter().map(|item| item["title"].to_string()));
        match page["next"].as_str() {
            Some(next) => path = format!("/incidents?limit=2&cursor={next}"),
            None => break,
        }
    }
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((seen.len(), count), (5, 5));
}

#[test]
fn a_token_does_what_its_role_may_and_nothing_after_its_end() {
    let server = Server::start();
    let made = server.post("/tokens", &json!({ "name": "reader", "kind": "service", "role": "member" }));
    let bearer = format!("Bearer {}", made["secret"].as_str().expect("shown once"));
    let ask = |method: &str, path: &str| server.send(method, path, &[("authorization", &bearer)], b"");
    assert_eq!(ask("GET", "/api/v1/me").json()["role"], "member");
    assert!(ask("GET", "/api/v1/tokens").problem(403).contains("owner"));
    let listed = server.get("/tokens").to_string();
    assert!(!listed.contains(made["secret"].as_str().expect("shown once")), "a secret is kept nowhere");
    let id = made["id"].as_str().expect("an id");
    assert_eq!(server.call("DELETE", &format!("/tokens/{id}"), None).status, 200);
    ask("GET", "/api/v1/me").problem(401);
}

#[test]
fn figures_come_with_their_definitions_and_leave_drills_out() {
    let server = Server::start();
    for kind in ["real", "drill"] {
        let body = json!({ "title": "Gone", "severity": "sev3", "kind": kind, "occurred_at": "2026-01-02T03:04:05Z" });
        let id = server.post("/incidents", &body)["id"].as_str().expect("an id").to_owned();
        server.post(&format!("/incidents/{id}/resolve"), &json!({ "reason": "over" }));
    }
    let figures = server.get("/figures");
    assert_eq!(figures["definitions"]["mttr"], "resolved minus detected");
    assert_eq!((&figures["real"]["incidents"], &figures["drill"]["incidents"]), (&json!(1), &json!(1)));
    assert_eq!(figures["real"]["mttr"]["count"], 1);
    assert_eq!(server.get("/counts")["incidents_open"], 0);
    let table = |query: &str| {
        let answer = server.call("GET", &format!("/figures.csv{query}"), None);
        assert_eq!(answer.status, 200, "{query}");
        assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/csv")), "{}", answer.head);
        String::from_utf8(answer.body).expect("UTF-8")
    };
    let real = table("");
    assert!(real.starts_with("detected_at,team,severity,class,to_detect_s,"), "{real}");
    assert_eq!((real.lines().count(), table("?kind=drill").lines().count(), table("?team=nobody").lines().count()), (2, 2, 1));
    assert!(!real.contains("Gone"), "figures tell of no title: {real}");
    server.call("GET", "/figures.csv?kind=other", None).problem(422);
    let printed = server.cli(&["figures", "--csv"]);
    assert_eq!(String::from_utf8(printed.stdout).expect("UTF-8"), real, "the command line gives the same");
}

#[test]
fn plans_with_a_fault_are_refused_with_its_place_and_the_old_ones_stay() {
    let server = Server::start();
    let before = server.get("/plans/current");
    let broken = json!({ "files": { "routing.yaml": "version: 1\nrulez: []\n" } });
    let answer = server.call("POST", "/plans/apply", Some(&broken));
    answer.problem(422);
    let fault = answer.json()["errors"][0].clone();
    assert!(fault["field"].as_str().is_some_and(|place| place.starts_with("routing.yaml:2:")), "{fault}");
    assert_eq!(server.get("/plans/current")["version"], before["version"]);
    let text = before["files"]["routing.yaml"].as_str().expect("the file").replace("group_window: 4h", "group_window: 5h");
    let changed = json!({ "files": { "routing.yaml": text } });
    let diff = server.post("/plans/diff", &changed)["diff"].as_str().expect("a text").to_owned();
    assert!(diff.contains("-  group_window: 4h\n+  group_window: 5h\n"), "{diff}");
    let applied = server.post("/plans/apply", &changed);
    assert_eq!(server.get("/plans/current")["version"], applied["version"]);
    assert_ne!(applied["version"], before["version"]);
}
