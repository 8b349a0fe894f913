//! Those who have to be told are told within five seconds, and those who answer for an incident are on it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use watchfire_testkit::{Answer, Database, Letter, Manners, Server, ServerOptions, SmtpFake, eventually_value};

use crate::support::{PROGRAM, PROMISE, on_both_databases, text};

on_both_databases!(legal_has_a_letter_within_five_seconds_of_the_severity, a_task_asks_first_and_the_list_follows_who_answers);

const PATIENCE: Duration = Duration::from_secs(90);

/// A server that mails Lena, who stands for legal and has shown that she reads it.
async fn start(database: Database, sink: &SmtpFake) -> Server {
    let environment = vec![("WATCHFIRE_EGRESS_PERMIT".to_owned(), "127.0.0.0/8".to_owned())];
    let server = Server::start_with(PROGRAM, database, ServerOptions { environment, ..ServerOptions::default() }).await;
    let settings =
        json!({ "host": "127.0.0.1", "port": sink.address.port().to_string(), "tls": "none", "from": "watch@example.com" });
    post(&server, "/api/v1/channels", json!({ "kind": "smtp", "name": "mail", "settings": settings })).await;
    post(&server, "/api/v1/people", json!({ "login": "lena@example.org", "role": "member" })).await;
    let contact = json!({ "channel": "mail", "address": "lena@example.org", "person": "lena@example.org" });
    let contact = post(&server, "/api/v1/contacts", contact).await;
    let letter = letter_that(sink, "the code", |letter| subject(letter).contains("is your Watchfire code")).await;
    let code = subject(&letter).split(' ').next().unwrap_or_default().to_owned();
    post(&server, &format!("/api/v1/contacts/{}/verify", text(&contact, "id")), json!({ "code": code })).await;
    let mut files = server.client().get("/api/v1/plans/current").await["files"].clone();
    let shipped = text(&files, "escalation.yaml").to_owned();
    files["escalation.yaml"] = shipped.replace("page: [schedule legal]", "page: [lena@example.org]").into();
    files["responsibility.yaml"] =
        "version: 1\ndefault: { responsible: [team], accountable: lena@example.org, consulted: [lena@example.org] }\n".into();
    post(&server, "/api/v1/plans/apply", json!({ "files": files })).await;
    server
}

async fn post(server: &Server, path: &str, body: Value) -> Value {
    let answer = server.client().post(path, &body).await.expect("the server answers");
    assert!(answer.is_success(), "{path}: {} {}", answer.status, answer.text());
    answer.json()
}

async fn send(server: &Server, method: &str, path: &str, body: Value) -> Answer {
    server.client().send(method, path, &body).await.expect("the server answers")
}

async fn letter_that(sink: &SmtpFake, what: &str, find: impl Fn(&Letter) -> bool) -> Letter {
    let find = &find;
    eventually_value(what, PATIENCE, || async move { sink.letters().into_iter().find(|letter| find(letter)) }).await.0
}

fn subject(letter: &Letter) -> String {
    let lines = letter.raw.lines().take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.strip_prefix("Subject: ")).next().unwrap_or_default().to_owned()
}

async fn legal_has_a_letter_within_five_seconds_of_the_severity(database: Database) {
    let sink = SmtpFake::start(Manners::Accepts).await;
    let server = start(database, &sink).await;
    let wish = json!({ "title": "Odd logins", "class": "account", "severity": "sev3" });
    let incident = post(&server, "/api/v1/incidents", wish).await;
    let path = format!("/api/v1/incidents/{}", text(&incident, "id"));
    assert!(server.client().list(&format!("{path}/notices")).await.is_empty(), "nobody has to be told of a SEV3");
    let raised = Instant::now();
    let worse = json!({ "severity": "sev2", "reason": "a client's account" });
    assert!(send(&server, "PUT", &format!("{path}/severity"), worse).await.is_success());
    letter_that(&sink, "the notice", |letter| letter.raw.contains("notice to Legal")).await;
    assert!(raised.elapsed() < PROMISE, "{:?}", raised.elapsed());
    let notices = server.client().list(&format!("{path}/notices")).await;
    let names: Vec<&str> = notices.iter().map(|notice| text(notice, "name")).collect();
    assert_eq!(names, ["security-lead", "legal"], "the VP of engineering is told at SEV1 alone: {notices:#?}");
    let legal = &notices[1];
    assert!(text(legal, "acknowledged_at").is_empty() && !text(legal, "due_at").is_empty(), "the clock runs: {legal}");
    let letters = sink.letters().iter().filter(|letter| letter.raw.contains("notice to Legal")).count();
    assert_eq!(letters, 1);
}

async fn a_task_asks_first_and_the_list_follows_who_answers(database: Database) {
    let sink = SmtpFake::start(Manners::Accepts).await;
    let server = start(database, &sink).await;
    let wish = json!({ "title": "A key in a log", "class": "leaked_secret", "severity": "sev4" });
    let incident = post(&server, "/api/v1/incidents", wish).await;
    let path = format!("/api/v1/incidents/{}", text(&incident, "id"));
    let shown = server.client().get(&path).await;
    assert_eq!(shown["responsibility"]["accountable"], "lena@example.org", "{shown}");
    assert_eq!(server.client().list("/api/v1/incidents?accountable=lena@example.org").await.len(), 1);
    assert!(server.client().list("/api/v1/incidents?accountable=me").await.is_empty());
    let task = post(&server, &format!("{path}/tasks"), json!({ "title": "Rotate the key" })).await;
    assert_eq!(task["consult"], true, "{task}");
    let done = send(&server, "PATCH", &format!("{path}/tasks/1"), json!({ "state": "done" })).await;
    assert!(done.status == 409 && done.text().contains("consulting"), "{} {}", done.status, done.text());
    let asked = json!({ "by": "lena@example.org", "text": "after six" });
    let asked = post(&server, &format!("{path}/tasks/1/consulted"), asked).await;
    assert_eq!(asked["consulted_by"], "lena@example.org", "{asked}");
    let done = send(&server, "PATCH", &format!("{path}/tasks/1"), json!({ "state": "done" })).await;
    assert!(done.is_success(), "{} {}", done.status, done.text());
}
