//! Start and stop.

use std::process::Command;

use crate::harness::{Server, group, run, text};

#[test]
fn the_first_start_prints_a_link_that_signs_in_once() {
    let folder = crate::harness::Folder::new();
    let mut server = Server::on(folder, String::new(), &[]);
    assert!(server.greeting[0].starts_with("Watchfire "), "{:?}", server.greeting);
    assert_eq!(server.send("GET", "/healthz", &[], b"").status, 200);
    assert_eq!(server.send("GET", "/readyz", &[], b"").status, 200);
    let metrics = server.send("GET", "/metrics", &[], b"");
    assert!(String::from_utf8_lossy(&metrics.body).contains("watchfire_build_info"));
    server.token = "none".to_owned();
    server.call("GET", "/me", None).problem(401);
}

#[test]
fn metrics_are_not_told_through_a_proxy_without_a_token() {
    let server = Server::start();
    let forwarded = ("x-forwarded-for", "203.0.113.9");
    server.send("GET", "/metrics", &[forwarded], b"").problem(401);
    let authorization = format!("Bearer {}", server.token);
    assert_eq!(server.send("GET", "/metrics", &[forwarded, ("authorization", &authorization)], b"").status, 200);
}

#[test]
fn a_second_server_on_the_same_data_is_refused_with_the_reason() {
    let server = Server::start();
    let second = run(&["serve", "--listen", "127.0.0.1:0", "--data", &server.data()], &[]);
    assert_eq!(second.status.code(), Some(3), "{second:?}");
    let told = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(told.contains("error:") && told.contains("data"), "{told}");
}

#[test]
fn a_server_that_is_told_to_stop_ends_well_and_what_it_kept_is_there_afterwards() {
    let server = Server::start();
    let source = server.source("alertmanager");
    assert_eq!(server.deliver("alertmanager", &source, group("firing", "DiskFull").to_string().as_bytes()).status, 202);
    let token = server.token.clone();
    let (code, folder) = server.stop();
    assert_eq!(code, Some(0));
    let again = Server::on(folder, token, &[]);
    again.until("/alerts?status=firing", |alerts| alerts["items"].as_array().is_some_and(|items| items.len() == 1));
}

#[test]
fn a_killed_server_has_lost_nothing_that_it_acknowledged() {
    let mut server = Server::start();
    let source = server.source("alertmanager");
    for number in 0..20 {
        let name = format!("Trouble{number}");
        assert_eq!(server.deliver("alertmanager", &source, group("firing", &name).to_string().as_bytes()).status, 202);
    }
    let (token, folder) = (server.token.clone(), std::mem::replace(&mut server.folder, crate::harness::Folder::new()));
    drop(server);
    let again = Server::on(folder, token, &[]);
    again.until("/events?limit=200&status=processed", |events| events["items"].as_array().is_some_and(|items| items.len() == 20));
}

#[test]
fn plans_with_a_fault_keep_the_server_from_starting_and_name_the_line() {
    let folder = crate::harness::Folder::new();
    folder.write("plans/routing.yaml", "version: 1\nteams: [{ id: security, title: Security }]\ndefault: { team: security }\nrules:\n  - name: broken\n    when: alert.title ==\n");
    let plans = text(&folder.path("plans"));
    let data = text(&folder.path("data"));
    let started = run(&["serve", "--listen", "127.0.0.1:0", "--data", &data, "--plans", &plans], &[]);
    assert!(!started.status.success());
    let told = String::from_utf8_lossy(&started.stderr).into_owned();
    assert!(told.contains("routing.yaml:6:"), "{told}");
}

#[test]
fn the_practice_incident_comes_through_the_intake_and_is_marked_as_a_drill() {
    let server = Server::with(&["--demo"]);
    let incidents = server.until("/incidents?kind=drill", |incidents| !incidents["items"].as_array().expect("a list").is_empty());
    assert_eq!(incidents["items"][0]["kind"], "drill");
    let events = server.get("/events");
    assert_eq!(events["items"][0]["source"], "practice-falco");
}

#[test]
fn a_backup_of_a_stopped_server_is_brought_back_elsewhere() {
    let server = Server::start();
    server.post("/incidents", &serde_json::json!({ "title": "Remember me", "severity": "sev3" }));
    let token = server.token.clone();
    let (_, folder) = server.stop();
    let (data, copy) = (text(&folder.path("data")), text(&folder.path("copy")));
    let made = run(&["backup", &copy, "--data", &data, "--json"], &[]);
    assert!(made.status.success(), "{made:?}");
    let other = crate::harness::Folder::new();
    let key = text(&folder.path("data.key"));
    let copied =
        Command::new("cp").args(["-p", &key, &text(&other.path("data.key"))]).status().expect("cp is part of the system");
    assert!(copied.success());
    let restored = run(&["restore", &copy, "--data", &text(&other.path("data")), "--json"], &[]);
    assert!(restored.status.success(), "{restored:?}");
    let doctor = run(&["doctor", "--data", &text(&other.path("data")), "--json"], &[]);
    assert!(doctor.status.success(), "{doctor:?}");
    let again = Server::on(other, token, &[]);
    assert_eq!(again.get("/incidents")["items"][0]["title"], "Remember me");
}
