//! The command line as a person and a script see it.

use serde_json::{Value, json};

use crate::harness::{Folder, Server, run, text};

#[test]
fn sources_events_and_alerts_are_worked_with_from_the_command_line() {
    let server = Server::start();
    let source = server.cli_json(&["source", "add", "alertmanager", "--name", "main"]);
    for field in ["id", "url", "key", "secret"] {
        assert!(source[field].is_string(), "{field}: {source}");
    }
    let url = source["url"].as_str().expect("a text");
    assert_eq!(url, format!("http://{}/hooks/alertmanager/{}", server.address, source["key"].as_str().expect("a text")));
    let body = crate::harness::group("firing", "DiskFull").to_string();
    assert_eq!(server.deliver("alertmanager", &source, body.as_bytes()).status, 202);
    server.until("/alerts", |alerts| !alerts["items"].as_array().expect("a list").is_empty());
    let alerts = server.cli_json(&["alert", "list", "--status", "firing,acknowledged"]);
    assert_eq!(alerts, server.get("/alerts?status=firing,acknowledged&limit=50"));
    let (id, event) =
        (alerts["items"][0]["id"].as_str().expect("an id"), alerts["items"][0]["event_id"].as_str().expect("an id"));
    assert_eq!(server.cli_json(&["alert", "ack", id])["status"], "acknowledged");
    assert_eq!(server.cli_json(&["event", "show", event])["body"], body);
    assert!(server.cli_json(&["explain", event])["outcome"].as_str().is_some_and(|outcome| outcome.contains("INC-")));
    let silence = server.cli_json(&["alert", "silence", id, "--hours", "2", "--reason", "known"]);
    server.cli_json(&["silence", "end", silence["id"].as_str().expect("an id")]);
    assert_eq!(server.cli_json(&["alert", "resolve", id, "--reason", "fixed"])["status"], "resolved");
    let setup = server.cli(&["source", "setup", "main"]);
    assert!(String::from_utf8_lossy(&setup.stdout).contains(url), "{setup:?}");
    assert!(server.cli_json(&["source", "disable", "main"])["disabled_at"].is_string());
    assert_eq!(server.deliver("alertmanager", &source, body.as_bytes()).status, 401);
    assert_eq!(server.cli_json(&["source", "enable", "main"])["disabled_at"], Value::Null);
    assert_ne!(server.cli_json(&["source", "rotate", "main"])["secret"], source["secret"]);
    assert!(server.cli_json(&["record", "list"])["items"].as_array().is_some_and(|items| items.len() > 5));
}

#[test]
fn an_incident_is_led_from_the_command_line() {
    let server = Server::start();
    let incident = server.cli_json(&["incident", "declare", "Database gone", "--severity", "sev2", "--class", "reliability"]);
    let id = incident["id"].as_str().expect("an id");
    assert_eq!(server.cli_json(&["incident", "list"])["items"][0]["id"], id);
    assert_eq!(server.cli_json(&["incident", "role", id, "commander", "grace@example.org"])["commander"], "grace@example.org");
    server.cli_json(&["incident", "role", id, "commander", "--offer", "ada@example.org"]);
    assert_eq!(server.cli_json(&["incident", "role", id, "commander", "--accept"])["commander"], "ada@example.org");
    assert_eq!(server.cli_json(&["incident", "severity", id, "sev1", "--reason", "spreads"])["severity"], "sev1");
    server.cli_json(&["incident", "note", id, "The replica is fine", "--occurred-at", "2026-01-02T03:04:05Z"]);
    assert_eq!(server.cli_json(&["incident", "task", "add", id, "Promote the replica"])["number"], 1);
    assert_eq!(server.cli_json(&["incident", "task", "set", id, "1", "--state", "done"])["state"], "done");
    assert_eq!(server.cli_json(&["incident", "phase", id, "contained"])["phase"], "contained");
    assert_eq!(server.cli_json(&["incident", "resolve", id, "--reason", "promoted"])["phase"], "resolved");
    assert_eq!(server.cli_json(&["incident", "reopen", id, "--reason", "again"])["phase"], "declared");
    assert_eq!(server.cli_json(&["incident", "show", id])["tasks"][0]["state"], "done");
    let people = String::from_utf8(server.cli(&["incident", "show", id]).stdout).expect("plain text");
    assert!(people.contains("Database gone") && people.contains("ada@example.org"), "{people}");
    let refused = server.cli(&["incident", "severity", id, "sev1", "--reason", "same"]);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("already so"), "{refused:?}");
}

#[test]
fn what_is_owed_reported_and_known_is_read_from_the_command_line() {
    let server = Server::start();
    let me = server.cli_json(&["account", "show"])["actor"]["id"].as_str().expect("a login").to_owned();
    let receipt = server.cli_json(&["report", "add", "A stranger asked for the badge printer", "--contact", "desk 4"]);
    let id = receipt["id"].as_str().expect("an id");
    assert_eq!(server.cli_json(&["report", "list"])["items"][0]["id"], id);
    assert_eq!(server.cli_json(&["report", "show", id])["contact"], "desk 4");
    let check = "Does it still go on?";
    assert_eq!(server.cli_json(&["report", "check", id, check, "no, he left"])["checks"][check], "no, he left");
    assert!(server.cli_json(&["report", "acknowledge", id])["acknowledged_at"].is_string());
    let triaged = server.cli_json(&["incident", "triage", id, "--class", "other", "--severity", "sev3", "--team", "platform"]);
    assert_eq!((&triaged["phase"], &triaged["severity"]), (&json!("triaged"), &json!("sev3")));
    server.cli_json(&["incident", "declare", "--incident", id]);
    server.cli_json(&["incident", "task", "add", id, "Ask the desk", "--owner", &me, "--insist"]);
    let work = server.cli_json(&["work"]);
    assert_eq!(work["tasks"][0]["task"]["title"], "Ask the desk", "{work}");
    assert!(work["roles"].as_array().is_some_and(|roles| !roles.is_empty()) && work["pages"].is_array(), "{work}");
    let people = String::from_utf8(server.cli(&["work"]).stdout).expect("plain text");
    assert!(people.contains("T-1 Ask the desk") && people.contains(id), "{people}");
    let open = server.cli_json(&[
        "incident",
        "declare",
        "Checkout is slow",
        "--severity",
        "sev3",
        "--class",
        "reliability",
        "--visibility",
        "open",
    ]);
    let board = server.cli_json(&["board"]);
    assert_eq!(board["items"][0]["id"], open["id"], "the restricted one is not on it: {board}");
    assert_eq!(board["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(server.cli_json(&["counts"])["incidents_open"], 2);
    let found = server.cli_json(&["person", "find", &me]);
    assert_eq!(found["items"][0]["login"], me.as_str());
    assert!(found["items"][0]["on_call"].as_array().is_some_and(|held| !held.is_empty()), "the owner holds every duty: {found}");
    assert_eq!(server.cli_json(&["incident", "rooms", id])["items"], json!([]));
    assert_eq!(server.cli_json(&["organisation", "set", "--name", "Tallowmere"])["name"], "Tallowmere");
    assert_eq!(server.cli_json(&["organisation", "sign-in"])["join_by_sign_on"], false);
    assert!(server.cli_json(&["account", "sessions"])["items"].is_array());
    let silence = server.cli_json(&["silence", "add", "source=main", "--hours", "1", "--reason", "moved"]);
    server.cli_json(&["silence", "end", silence["id"].as_str().expect("an id")]);
}

#[test]
fn the_exit_code_tells_what_was_wrong() {
    let server = Server::start();
    let url = format!("http://{}", server.address);
    let code = |arguments: &[&str], environment: &[(&str, &str)]| run(arguments, environment).status.code();
    let (here, token) = (("WATCHFIRE_URL", url.as_str()), ("WATCHFIRE_TOKEN", server.token.as_str()));
    assert_eq!(code(&["alert", "list"], &[here, token]), Some(0));
    assert_eq!(code(&["incident", "show", "INC-00000"], &[here, token]), Some(1));
    assert_eq!(code(&["incident", "phase", "INC-00000", "sideways"], &[here, token]), Some(2));
    assert_eq!(code(&["alert", "list"], &[("WATCHFIRE_URL", "http://127.0.0.1:1"), token]), Some(3));
    assert_eq!(code(&["alert", "list"], &[here]), Some(4));
    assert_eq!(code(&["alert", "list"], &[here, ("WATCHFIRE_TOKEN", "wft_wrong")]), Some(4));
    let file = server.folder.write("token", &format!("{}\n", server.token));
    assert_eq!(code(&["alert", "list", "--server", &url, "--token-file", &text(&file)], &[]), Some(0));
}

#[test]
fn with_json_the_servers_problem_is_on_stdout_and_words_are_on_stderr() {
    let server = Server::start();
    let output = server.cli(&["incident", "show", "INC-00000", "--json"]);
    let problem: Value = serde_json::from_slice(&output.stdout).expect("a problem document");
    assert_eq!(problem["status"], 404);
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error:"), "{output:?}");
}

#[test]
fn what_others_wrote_cannot_play_with_the_terminal() {
    let server = Server::start();
    let body = json!({ "title": "a\u{1b}[2J\u{202e}b", "severity": "sev3" });
    server.post("/incidents", &body);
    let shown = server.cli(&["incident", "list"]).stdout;
    let shown = String::from_utf8(shown).expect("plain text");
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
}

#[test]
fn a_mapping_is_tried_on_a_payload_without_a_server() {
    let folder = Folder::new();
    let plan = folder.write("mapping.yaml", "title: body.name\nkey: body.id\nseverity: body.level\nseverities: { bad: sev2 }\n");
    let payload = folder.write("payload.json", r#"{"id":"x-1","name":"Disk full","level":"bad"}"#);
    let tried = run(&["source", "try", &text(&plan), &text(&payload), "--json"], &[]);
    assert!(tried.status.success(), "{tried:?}");
    let result: Value = serde_json::from_slice(&tried.stdout).expect("JSON was asked for");
    assert_eq!((&result["alerts"][0]["title"], &result["alerts"][0]["severity"]), (&json!("Disk full"), &json!("sev2")));
    let broken = folder.write("broken.yaml", "title: body.name +\n");
    let tried = run(&["source", "try", &text(&broken), &text(&payload)], &[]);
    assert_eq!(tried.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&tried.stderr).contains("line 1"), "{tried:?}");
}

#[test]
fn plans_are_written_out_checked_and_applied() {
    let server = Server::start();
    let plans = text(&server.folder.path("plans"));
    assert!(run(&["plans", "init", &plans], &[]).status.success());
    let checked = run(&["plans", "check", &plans, "--json"], &[]);
    assert!(checked.status.success(), "{checked:?}");
    assert!(String::from_utf8_lossy(&server.cli(&["plans", "diff", &plans]).stdout).contains("no difference"));
    server
        .folder
        .write("plans/routing.yaml", "version: 1\ndefault: { team: nobody-knows }\nrules:\n  - name: x\n    wen: true\n");
    let checked = run(&["plans", "check", &plans], &[]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&checked.stdout).contains("routing.yaml:5:"), "{checked:?}");
    let applied = server.cli(&["plans", "apply", &plans]);
    assert_eq!(applied.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&applied.stderr).contains("routing.yaml:5:"), "{applied:?}");
}

#[test]
fn completions_and_the_manual_name_every_command() {
    for arguments in [&["completions", "bash"][..], &["completions", "zsh"], &["man"]] {
        let output = run(arguments, &[]);
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        for command in ["incident", "source", "plans", "doctor"] {
            assert!(shown.contains(command), "{arguments:?} leaves out {command}");
        }
    }
}
