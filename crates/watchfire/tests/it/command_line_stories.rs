//! What a person does, done on the command line as the README says it.

use std::time::Duration;

use serde_json::Value;
use watchfire_testkit::{Alert, Database, Program, Server, alertmanager_group};

use crate::support::{PROGRAM, accepted, alert_that, on_both_databases, text};

on_both_databases!(
    an_incident_is_declared_worked_resolved_and_reopened,
    a_source_is_added_and_its_alert_explained,
    an_operation_that_is_not_allowed_or_not_there_says_so_by_its_exit_code,
);

const SETTLE: Duration = Duration::from_secs(30);

async fn an_incident_is_declared_worked_resolved_and_reopened(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let cli = server.cli();
    let declare =
        ["incident", "declare", "--title", "Checkout is slow", "--class", "reliability", "--severity", "sev2", "--json"];
    let declared = cli.json(&declare).await;
    let id = text(&declared, "id").to_owned();
    assert!(id.starts_with("INC-"), "{declared:#}");
    assert_eq!(
        (text(&declared, "severity"), text(&declared, "phase"), text(&declared, "class")),
        ("sev2", "declared", "reliability")
    );

    cli.json(&["incident", "note", &id, "the new release is rolled back", "--json"]).await;
    let worse = cli.json(&["incident", "severity", &id, "sev1", "--reason", "payments fail", "--json"]).await;
    assert_eq!(text(&worse, "severity"), "sev1");
    let led = cli.json(&["incident", "role", &id, "commander", "ada@example.com", "--json"]).await;
    assert_eq!(text(&led, "commander"), "ada@example.com");
    let contained = cli.json(&["incident", "phase", &id, "contained", "--json"]).await;
    assert_eq!(text(&contained, "phase"), "contained");
    let resolved = cli.json(&["incident", "resolve", &id, "--reason", "rolled back", "--json"]).await;
    assert_eq!(text(&resolved, "phase"), "resolved");
    assert!(resolved["mttr_s"].as_i64().is_some(), "MTTR is known now: {resolved:#}");
    let reopened = cli.json(&["incident", "reopen", &id, "--reason", "slow again", "--json"]).await;
    assert!(!matches!(text(&reopened, "phase"), "resolved" | "closed"), "{reopened:#}");

    let shown = cli.json(&["incident", "show", &id, "--json"]).await;
    assert_eq!((text(&shown, "id"), text(&shown, "title")), (id.as_str(), "Checkout is slow"));
    let listed = cli.json(&["incident", "list", "--json"]).await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "{listed:#}");
    let timeline = cli.json(&["incident", "timeline", &id, "--json"]).await;
    let story = timeline.to_string();
    assert!(story.contains("the new release is rolled back"), "{story}");
    let entries = timeline["items"].as_array().cloned().unwrap_or_default();
    assert!(entries.len() >= 7, "each step is one entry: {}", entries.len());
    let order: Vec<i64> = entries.iter().filter_map(|entry| entry["seq"].as_i64()).collect();
    assert!(order.windows(2).all(|pair| pair.first() < pair.get(1)), "in order: {order:?}");
    let people = cli.run(["incident", "show", id.as_str()]).await;
    assert!(people.code == 0 && people.out.contains("Checkout is slow"), "{}{}", people.out, people.err);
}

async fn a_source_is_added_and_its_alert_explained(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let cli = server.cli();
    let added = cli.json(&["source", "add", "alertmanager", "--name", "prometheus", "--json"]).await;
    for field in ["id", "url", "key", "secret"] {
        assert!(added[field].is_string(), "{field}: {added}");
    }
    assert!(text(&added, "url").ends_with(&format!("/hooks/alertmanager/{}", text(&added, "key"))), "{added}");
    let source = watchfire_testkit::NewSource {
        id: text(&added, "id").to_owned(),
        key: text(&added, "key").to_owned(),
        secret: text(&added, "secret").to_owned(),
        path: format!("/hooks/alertmanager/{}", text(&added, "key")),
    };
    let event = accepted(&server, &source, &alertmanager_group("DiskFull", &[Alert::firing("DiskFull", "db-1")])).await;
    server.settled(SETTLE).await;
    let alert = alert_that(&server.client(), "the alert", |_| true).await;
    for field in
        ["source", "title", "severity", "source_severity", "status", "dedup_key", "resource", "link", "occurred_at", "event_id"]
    {
        assert!(alert[field].is_string(), "{field}: {alert:#}");
    }
    let explained = cli.json(&["explain", &event, "--json"]).await;
    let all = explained.to_string();
    assert!(all.contains("monitoring"), "the rule that decided is named: {all}");
    assert!(all.contains("INC-"), "the incident is named: {all}");
    let people = cli.run(["explain", event.as_str()]).await;
    assert!(people.out.contains("INC-"), "{}{}", people.out, people.err);
    let sources = cli.json(&["source", "list", "--json"]).await;
    assert!(!sources.to_string().contains(&source.secret), "a list shows no secret");
}

async fn an_operation_that_is_not_allowed_or_not_there_says_so_by_its_exit_code(database: Database) {
    let server = Server::start(PROGRAM, database).await;
    let cli = server.cli();
    let missing = cli.run(["incident", "show", "INC-ZZZZZ", "--json"]).await;
    assert_eq!(missing.code, 1, "{}{}", missing.out, missing.err);
    assert_eq!(missing.json()["status"], 404, "the problem document is on standard output: {}", missing.out);
    let stranger = Program::new(PROGRAM).env("WATCHFIRE_URL", &server.url()).env("WATCHFIRE_TOKEN", "wft_wrong");
    let refused = stranger.run(["incident", "list"]).await;
    assert_eq!(refused.code, 4, "{}", refused.err);
    let nobody = Program::new(PROGRAM).env("WATCHFIRE_URL", "http://127.0.0.1:9").env("WATCHFIRE_TOKEN", server.token());
    assert_eq!(nobody.run(["incident", "list"]).await.code, 3);
    assert_eq!(cli.run(["incident", "severity", "INC-ZZZZZ", "sev9"]).await.code, 2, "a wrong word is wrong usage");
    let refused =
        cli.json(&["incident", "declare", "--title", "Intruder", "--class", "intrusion", "--severity", "sev1", "--json"]).await;
    let skipped = cli.run(["incident", "resolve", text(&refused, "id"), "--json"]).await;
    assert_eq!(skipped.code, 1, "a SEV1 of class security may not skip phases: {}{}", skipped.out, skipped.err);
    assert_eq!(skipped.json()["status"], 409, "{}", skipped.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_practice_incident_of_the_first_command_plays_by_itself() {
    let folder = watchfire_testkit::Folder::new();
    let listen = format!("127.0.0.1:{}", watchfire_testkit::free_port());
    let mut command = Program::new(PROGRAM).within(folder.path()).command(["serve", "--demo", "--listen", &listen]);
    let log = folder.path().join("log");
    let process = watchfire_testkit::Process::start("watchfire", &mut command, &log).expect("the server starts");
    let link = watchfire_testkit::eventually_value("the sign-in link is printed", SETTLE, || async {
        process.log().split_whitespace().find(|word| word.contains("/sign-in/")).map(str::to_owned)
    });
    let (link, _) = link.await;
    assert!(link.starts_with("http://127.0.0.1:"), "{link}");
    let client = watchfire_testkit::Client::new(listen, None);
    let metrics = || async {
        let text = client.call("GET", "/metrics", &[], "").await.map(|answer| answer.text()).unwrap_or_default();
        text.lines().any(|line| line.starts_with("watchfire_events_accepted_total") && !line.ends_with(" 0"))
    };
    watchfire_testkit::eventually("an event goes through the real intake", SETTLE, metrics).await;
    let anonymous = client.call("GET", "/api/v1/incidents", &[], "").await.expect("the server answers");
    assert_eq!((anonymous.status, anonymous.json()["items"] == Value::Null), (401, true), "the demo is not open to everybody");
}
