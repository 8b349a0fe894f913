//! An alert names a commander, a mail wakes somebody, the mail's link answers; kills in between lose and double nothing.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use watchfire_testkit::{
    Alert, Database, Letter, Manners, Server, ServerOptions, SmtpFake, alertmanager_group, eventually_value,
};

use crate::support::{PROGRAM, PROMISE, accepted, incident_that, on_both_databases, text};

on_both_databases!(an_alert_names_a_commander_and_kills_lose_no_page_and_double_none, a_mail_link_answers_with_its_button_alone);

/// The owners are told, and told again half a minute later: as short as plans may say.
const PLANS: &str = "version: 1
policies:
  - name: awake
    steps: [{ page: [owners], wait: 30s }]
    stops: incident
    fallback: { page: [owners], every: 30s }
rules:
  - { name: all, policy: awake }
";
const PATIENCE: Duration = Duration::from_secs(90);

/// A server that mails the owner, who has shown that they read it.
async fn start(database: Database, sink: &SmtpFake) -> Server {
    let environment = vec![("WATCHFIRE_EGRESS_PERMIT".to_owned(), "127.0.0.0/8".to_owned())];
    let server = Server::start_with(PROGRAM, database, ServerOptions { environment, ..ServerOptions::default() }).await;
    let client = server.client();
    let settings =
        json!({ "host": "127.0.0.1", "port": sink.address.port().to_string(), "tls": "none", "from": "watch@example.com" });
    post(&server, "/api/v1/channels", json!({ "kind": "smtp", "name": "mail", "settings": settings })).await;
    let mut files = client.get("/api/v1/plans/current").await["files"].clone();
    files["escalation.yaml"] = PLANS.into();
    post(&server, "/api/v1/plans/apply", json!({ "files": files })).await;
    let contact = post(&server, "/api/v1/contacts", json!({ "channel": "mail", "address": "owner@example.com" })).await;
    let letter = letter_that(sink, "the code", |letter| header(letter, "Subject").contains("is your Watchfire code")).await;
    let code = header(&letter, "Subject").split(' ').next().unwrap_or_default().to_owned();
    let verified = post(&server, &format!("/api/v1/contacts/{}/verify", text(&contact, "id")), json!({ "code": code })).await;
    assert!(!text(&verified, "verified_at").is_empty(), "{verified}");
    server
}

async fn post(server: &Server, path: &str, body: Value) -> Value {
    let answer = server.client().post(path, &body).await.expect("the server answers");
    assert!(answer.is_success(), "{path}: {} {}", answer.status, answer.text());
    answer.json()
}

async fn letter_that(sink: &SmtpFake, what: &str, find: impl Fn(&Letter) -> bool) -> Letter {
    let find = &find;
    eventually_value(what, PATIENCE, || async move { sink.letters().into_iter().find(|letter| find(letter)) }).await.0
}

fn header(letter: &Letter, name: &str) -> String {
    let lines = letter.raw.lines().take_while(|line| !line.is_empty());
    let prefix = format!("{name}: ");
    lines.filter_map(|line| line.strip_prefix(&prefix)).next().unwrap_or_default().to_owned()
}

/// The letters that page somebody.
fn pages(sink: &SmtpFake) -> Vec<Letter> {
    sink.letters().into_iter().filter(|letter| letter.raw.contains("Acknowledge:")).collect()
}

/// The path of the link that acknowledges, read out of quoted-printable.
fn link(letter: &Letter) -> String {
    let body = letter.raw.replace("=\r\n", "").replace("=3D", "=");
    let at = body.find("/acknowledge/").unwrap_or_else(|| panic!("no link in\n{}", letter.raw));
    body[at..].split_whitespace().next().unwrap_or_default().to_owned()
}

fn fires() -> Value {
    let mut alert = Alert::firing("CheckoutDown", "eu-1");
    alert.severity = "critical".to_owned();
    alertmanager_group("checkout", &[alert])
}

async fn an_alert_names_a_commander_and_kills_lose_no_page_and_double_none(database: Database) {
    let sink = SmtpFake::start(Manners::Accepts).await;
    let mut server = start(database, &sink).await;
    let source = server.add_source("alertmanager", "monitoring").await;
    let sent = Instant::now();
    let event = accepted(&server, &source, &fires()).await;
    let incident = incident_that(&server.client(), "an incident", |_| true).await;
    assert!(sent.elapsed() < PROMISE, "{:?}", sent.elapsed());
    assert_eq!(text(&incident, "commander"), "owner@example.com");
    // Killed while the first letter may be on its way, and again while the step waits.
    server.kill_and_restart().await;
    letter_that(&sink, "the first page", |letter| letter.raw.contains("Acknowledge:")).await;
    server.kill_and_restart().await;
    eventually_value("the second page", PATIENCE, || async { (ids(&sink).len() >= 2).then_some(()) }).await;
    let page = server.client().get("/api/v1/pages").await["items"][0].clone();
    let shown = server.client().get(&format!("/api/v1/pages/{}", text(&page, "id"))).await;
    let told = shown["people"][0]["times"].as_u64().unwrap_or_default() as usize;
    assert_eq!(shown["attempts"].as_array().map_or(0, Vec::len), 2 * told, "console and mail, each time: {shown}");
    assert!(ids(&sink).len() <= told, "no letter that no telling asked for");
    let explained = server.client().get(&format!("/api/v1/events/{event}/explain")).await.to_string();
    assert!(explained.contains("owner@example.com through mail"), "{explained}");
    post(&server, &format!("/api/v1/pages/{}/acknowledge", text(&page, "id")), json!({})).await;
    let incident = incident_that(&server.client(), "the incident", |_| true).await;
    assert!(!text(&incident, "acknowledged_at").is_empty(), "{incident}");
}

/// What tells letters apart: one that is sent again after a kill has the same.
fn ids(sink: &SmtpFake) -> BTreeSet<String> {
    pages(sink).iter().map(|letter| header(letter, "Message-ID")).collect()
}

async fn a_mail_link_answers_with_its_button_alone(database: Database) {
    let sink = SmtpFake::start(Manners::Accepts).await;
    let server = start(database, &sink).await;
    let source = server.add_source("alertmanager", "monitoring").await;
    accepted(&server, &source, &fires()).await;
    let letter = letter_that(&sink, "the page", |letter| letter.raw.contains("Acknowledge:")).await;
    let link = link(&letter);
    let looked = server.stranger().call("GET", &link, &[], Vec::new()).await.expect("the server answers");
    assert_eq!((looked.status, looked.header("referrer-policy")), (200, "no-referrer"), "{}", looked.text());
    let incident = incident_that(&server.client(), "the incident", |_| true).await;
    assert!(text(&incident, "acknowledged_at").is_empty(), "looking changes nothing");
    let pressed = server.stranger().call("POST", &link, &[], Vec::new()).await.expect("the server answers");
    assert!(pressed.status == 200 && pressed.text().contains("Acknowledged."), "{} {}", pressed.status, pressed.text());
    let incident = incident_that(&server.client(), "the incident", |_| true).await;
    assert!(!text(&incident, "acknowledged_at").is_empty());
    let open = server.client().list("/api/v1/pages?open=true").await;
    assert!(open.is_empty(), "{open:?}");
    let (start, last) = link.split_at(link.len() - 1);
    let forged = format!("{start}{}", if last == "x" { "y" } else { "x" });
    let forged = server.stranger().call("POST", &forged, &[], Vec::new()).await.expect("the server answers");
    assert_eq!(forged.status, 404);
}
