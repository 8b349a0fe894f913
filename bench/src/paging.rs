//! From an accepted alert to a named commander, and to the mail server that took the page.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use watchfire_testkit::{Alert, Manners, NewSource, Server, ServerOptions, SmtpFake, alertmanager_group, eventually_value};

use crate::Kind;
use crate::figures::{Report, ms, percentile};

const BUDGET_COMMANDER_MS: f64 = 2_000.0;
const BUDGET_MAIL_MS: f64 = 3_000.0;
/// Alerts, one after the other; the 99th percentile of a hundred is the second worst.
const ALERTS: usize = 100;
const PATIENCE: Duration = Duration::from_secs(30);

/// Measures one database.
pub(crate) async fn measure(program: &str, kind: Kind, report: &mut Report) -> Result<()> {
    let sink = SmtpFake::start(Manners::Accepts).await;
    let environment = vec![("WATCHFIRE_EGRESS_PERMIT".to_owned(), "127.0.0.0/8".to_owned())];
    let options = ServerOptions { environment, ..ServerOptions::default() };
    let server = Server::start_with(program, kind.create(), options).await;
    reachable(&server, &sink).await?;
    let source = server.add_source("alertmanager", "prometheus").await;
    let (mut named, mut mailed) = (Vec::new(), Vec::new());
    for at in 0..ALERTS {
        let accepted = deliver(&server, &source, at).await?;
        let (incident, _) = eventually_value("an incident", PATIENCE, || newest(&server, at + 1)).await;
        ensure!(incident["commander"].is_string(), "nobody leads it: {incident}");
        named.push(accepted.elapsed());
        let id = incident["id"].as_str().unwrap_or_default();
        let there = || async { sink.letters().iter().any(|letter| letter.raw.contains(id)).then_some(()) };
        eventually_value("its letter", PATIENCE, there).await;
        mailed.push(accepted.elapsed());
    }
    let on = kind.name();
    for (what, took, budget) in [
        ("alert accepted to named commander, p99", &mut named, BUDGET_COMMANDER_MS),
        ("alert accepted to page taken by the mail server, p99", &mut mailed, BUDGET_MAIL_MS),
    ] {
        let p99 = percentile(took, 99);
        let text = format!("{} (p50 {}, {ALERTS} alerts)", ms(p99), ms(percentile(took, 50)));
        report.at_most(what, on, text, p99.as_secs_f64() * 1e3, budget, "ms");
    }
    Ok(())
}

/// Gives the owner a verified contact on a mail channel.
async fn reachable(server: &Server, sink: &SmtpFake) -> Result<()> {
    let port = sink.address.port().to_string();
    let settings = json!({ "host": "127.0.0.1", "port": port, "tls": "none", "from": "watch@example.com" });
    post(server, "/api/v1/channels", json!({ "kind": "smtp", "name": "mail", "settings": settings })).await?;
    let contact = post(server, "/api/v1/contacts", json!({ "channel": "mail", "address": "owner@example.com" })).await?;
    let subject = || async {
        let letters = sink.letters();
        letters.first().and_then(|letter| letter.raw.lines().find_map(|line| line.strip_prefix("Subject: ").map(str::to_owned)))
    };
    let (subject, _) = eventually_value("the code", PATIENCE, subject).await;
    let code = subject.split(' ').next().unwrap_or_default();
    let path = format!("/api/v1/contacts/{}/verify", contact["id"].as_str().unwrap_or_default());
    post(server, &path, json!({ "code": code })).await.map(drop)
}

async fn deliver(server: &Server, source: &NewSource, at: usize) -> Result<Instant> {
    let mut alert = Alert::firing("CheckoutDown", &format!("host-{at}"));
    alert.severity = "critical".to_owned();
    let body = alertmanager_group(&format!("group-{at}"), &[alert]).to_string();
    let bearer = format!("Bearer {}", source.secret);
    let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
    let answer = server.stranger().call("POST", &source.path, &headers, body).await?;
    ensure!(answer.is_success(), "the delivery was refused: {}", answer.text());
    Ok(Instant::now())
}

/// Returns the newest incident once there are as many as expected.
async fn newest(server: &Server, count: usize) -> Option<Value> {
    let mut incidents = server.client().list("/api/v1/incidents").await;
    (incidents.len() >= count).then(|| incidents.swap_remove(0))
}

async fn post(server: &Server, path: &str, body: Value) -> Result<Value> {
    let answer = server.client().post(path, &body).await?;
    ensure!(answer.is_success(), "{path}: {} {}", answer.status, answer.text());
    Ok(answer.json())
}
