//! On-call as people and programs work with it.

use serde_json::json;

use crate::harness::Server;

fn plan(participants: &str) -> serde_json::Value {
    let oncall = format!(
        "version: 1\nschedules:\n  - id: seoc\n    title: Security engineer on call\n    layers:\n      - {{ name: week, first_hand_off: 2026-01-05T08:00, turn: weekly, participants: [{participants}] }}\n"
    );
    let routing = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plans/routing.yaml");
    json!({ "files": { "routing.yaml": std::fs::read_to_string(routing).expect("the plan that ships"), "oncall.yaml": oncall } })
}

#[test]
fn somebody_is_on_call_from_the_first_minute_and_an_override_takes_over() {
    let server = Server::start();
    let board = server.cli_json(&["oncall", "who"]);
    let schedules = board["schedules"].as_array().expect("a list");
    assert_eq!(schedules.len(), 7, "{board}");
    let owner = schedules[0]["now"]["holders"][0]["login"].as_str().expect("somebody").to_owned();
    assert!(schedules.iter().all(|schedule| schedule["now"]["holders"][0]["login"] == owner.as_str()), "{board}");
    let people = String::from_utf8(server.cli(&["oncall", "who"]).stdout).expect("plain text");
    assert!(people.contains(&owner) && people.contains("Incident commander on call"), "{people}");

    let made = server.cli_json(&["oncall", "override", "add", "seoc", "--hours", "4", "--reason", "canary of a reason"]);
    let shown = server.cli_json(&["oncall", "show", "seoc", "--days", "2"]);
    assert_eq!(shown["now"]["holders"][0]["reason"], "override", "{shown}");
    assert_eq!(shown["shifts"][1]["holders"][0]["reason"], "layer", "{shown}");
    let people = String::from_utf8(server.cli(&["oncall", "override", "list"]).stdout).expect("plain text");
    assert!(people.contains("canary of a reason"), "{people}");
    let id = made["id"].as_str().expect("an id");
    server.cli_json(&["oncall", "override", "end", id]);
    let again = server.cli(&["oncall", "override", "end", id]);
    assert_eq!(again.status.code(), Some(1), "{again:?}");
    let shown = server.cli_json(&["oncall", "show", "seoc"]);
    assert_eq!(shown["now"]["holders"][0]["reason"], "layer", "{shown}");
    let past = json!({ "schedule": "seoc", "from": "2026-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z", "reason": "r" });
    let refused = server.call("POST", "/on-call/overrides", Some(&past)).problem(422);
    assert!(refused.contains("past"), "{refused}");
}

#[test]
fn lint_fails_with_the_row_of_the_gap() {
    let server = Server::start();
    let fresh = server.cli(&["oncall", "lint", "--weeks", "8"]);
    assert_eq!(fresh.status.code(), Some(1), "{fresh:?}");
    let rows = String::from_utf8(fresh.stdout).expect("plain text");
    assert!(rows.contains("unreachable_person") && !rows.contains("gap"), "only the owner's contact is missing: {rows}");
    server.post("/plans/apply", &plan("gone@example.org, owners"));
    let found = server.cli(&["oncall", "lint", "--weeks", "8"]);
    assert_eq!(found.status.code(), Some(1), "{found:?}");
    let rows = String::from_utf8(found.stdout).expect("plain text");
    assert!(rows.contains("seoc") && rows.contains("gap") && rows.contains("gone@example.org"), "{rows}");
    let found = server.get("/on-call/lint?weeks=8");
    assert!(found["items"].as_array().is_some_and(|items| items.iter().any(|item| item["flaw"] == "gap")), "{found}");
}

#[test]
fn a_calendar_program_reads_the_feed_without_a_token_until_it_is_revoked() {
    let server = Server::start();
    let made = server.cli_json(&["oncall", "feed", "add", "--schedule", "seoc"]);
    let address = made["address"].as_str().expect("an address");
    let path =
        address.split_once("/calendars/").map(|(_, secret)| format!("/calendars/{secret}")).expect("the address of a feed");
    let answer = server.send("GET", &path, &[], b"");
    assert_eq!(answer.status, 200, "{}", answer.head);
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("text/calendar")));
    let text = String::from_utf8(answer.body).expect("UTF-8");
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n") && text.contains("BEGIN:VEVENT"));
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "folded, and CR LF alone");
    let listed = server.cli_json(&["oncall", "feed", "list"]);
    assert!(!listed.to_string().contains("wff_"), "the secret is kept nowhere");
    server.cli_json(&["oncall", "feed", "revoke", made["id"].as_str().expect("an id")]);
    assert_eq!(server.send("GET", &path, &[], b"").status, 404);
    assert_eq!(server.send("GET", "/calendars/wff_nothing", &[], b"").status, 404);
}
