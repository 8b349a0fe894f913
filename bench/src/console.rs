//! The console at size: server time of its pages at 100,000 alerts and 10,000 incidents, and how soon a change stands in
//! 200 open consoles.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use watchfire_testkit::{Alert, NewSource, Server, ServerOptions, alertmanager_group};

use crate::Kind;
use crate::figures::{Report, ms, percentile};

const SETTLE: Duration = Duration::from_secs(1_800);
/// Incidents of the large console, and alerts of each.
const INCIDENTS: usize = 10_000;
const ALERTS: usize = 10;
/// Looks at each page.
const LOOKS: usize = 60;
const PAGE_BUDGET_MS: f64 = 50.0;
/// Consoles that are open on one incident, each of another person.
const CONSOLES: usize = 200;
/// Changes that every one of them has to show.
const CHANGES: usize = 20;
const LIVE_BUDGET_MS: f64 = 500.0;
/// The longest wait for one change before the measurement fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Measures one database. `WATCHFIRE_BENCH_INCIDENTS` makes it smaller, to see that the measurement itself works.
pub(crate) async fn measure(program: &str, kind: Kind, report: &mut Report) -> Result<()> {
    let on = kind.name();
    let incidents = std::env::var("WATCHFIRE_BENCH_INCIDENTS").ok().and_then(|number| number.parse().ok()).unwrap_or(INCIDENTS);
    // All consoles come from one address here.
    let arguments = vec!["--connections-per-address".to_owned(), (CONSOLES * 2).to_string()];
    let server = Server::start_with(program, kind.create(), ServerOptions { arguments, ..ServerOptions::default() }).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    fill(&server, &source, incidents).await?;
    let cookie = server.sign_in().await;
    let declared = json!({ "title": "Checkout answers slowly", "class": "reliability", "severity": "sev2" });
    let answer = server.client().post("/api/v1/incidents", &declared).await?;
    ensure!(answer.is_success(), "{} {}", answer.status, answer.text());
    let id = answer.json()["id"].as_str().context("an incident has an id")?.to_owned();
    for number in 0..100 {
        note(&server, &id, &format!("entry {number}")).await?;
    }

    let size = format!("{} alerts, {incidents} incidents", incidents * ALERTS);
    for (name, path) in [
        ("incidents", "/incidents".to_owned()),
        ("an incident", format!("/incidents/{id}")),
        ("alerts", "/alerts".to_owned()),
        ("my work", "/work".to_owned()),
        ("status board", "/board".to_owned()),
        ("record", "/record".to_owned()),
        ("metrics", "/figures".to_owned()),
    ] {
        let mut took = Vec::with_capacity(LOOKS);
        for _ in 0..LOOKS {
            let began = Instant::now();
            let headers = [("cookie", cookie.as_str()), ("accept", "text/html")];
            let answer = server.stranger().call("GET", &path, &headers, "").await?;
            took.push(began.elapsed());
            ensure!(answer.status == 200, "GET {path}: {}", answer.status);
        }
        let p95 = percentile(&mut took, 95);
        let text = format!("p95 {} at {size}", ms(p95));
        report.at_most(&format!("page: {name}"), on, text, p95.as_secs_f64() * 1e3, PAGE_BUDGET_MS, "ms");
    }

    let readers = readers(&server, &cookie).await?;
    let mut took = live(&server, &readers, &id).await?;
    let p99 = percentile(&mut took, 99);
    let text = format!("p99 {}, p50 {}", ms(p99), ms(percentile(&mut took, 50)));
    report.at_most(&format!("change shown in {CONSOLES} open consoles"), on, text, p99.as_secs_f64() * 1e3, LIVE_BUDGET_MS, "ms");
    Ok(())
}

async fn fill(server: &Server, source: &NewSource, incidents: usize) -> Result<()> {
    let secret = format!("Bearer {}", source.secret);
    let headers = [("content-type", "application/json"), ("authorization", secret.as_str())];
    for at in 0..incidents {
        let group = format!("Console{at}");
        let alerts: Vec<Alert> = (0..ALERTS).map(|one| Alert::firing(&group, &format!("host-{one}"))).collect();
        let body = alertmanager_group(&group, &alerts).to_string();
        let answer = server.stranger().call("POST", &source.path, &headers, body).await?;
        ensure!(answer.is_success(), "{} {}", answer.status, answer.text());
    }
    server.settled(SETTLE).await;
    Ok(())
}

async fn note(server: &Server, id: &str, text: &str) -> Result<()> {
    let answer = server.client().post(&format!("/api/v1/incidents/{id}/notes"), &json!({ "text": text })).await?;
    ensure!(answer.is_success(), "{} {}", answer.status, answer.text());
    Ok(())
}

/// Invites as many people as there are consoles and signs each in: everybody looks with their own eyes.
async fn readers(server: &Server, owner: &str) -> Result<Vec<String>> {
    let form =
        |cookie| [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin"), ("cookie", cookie)];
    let password = format!("{}-long-enough", server.token());
    let mut cookies = Vec::with_capacity(CONSOLES);
    for number in 0..CONSOLES {
        let wanted = format!("login=reader{number}%40example.com&name=Reader&role=member");
        let shown = server.stranger().call("POST", "/invitations", &form(owner), wanted).await?;
        let link = shown.text().split_once("/welcome/").map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        let link: String = link.chars().take_while(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_')).collect();
        ensure!(!link.is_empty(), "no invitation: {} {}", shown.status, shown.text());
        let fields = format!("name=Reader&password={password}&again={password}");
        let answer = server.stranger().call("POST", &format!("/welcome/{link}"), &form(""), fields).await?;
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        ensure!(cookie.contains('='), "nobody came in: {} {}", answer.status, answer.text());
        cookies.push(cookie);
    }
    Ok(cookies)
}

/// Opens the consoles, changes the incident and returns how long each change took to each console.
async fn live(server: &Server, cookies: &[String], id: &str) -> Result<Vec<Duration>> {
    let (sender, mut seen) = mpsc::unbounded_channel();
    let address = server.url().trim_start_matches("http://").to_owned();
    let mut readers = Vec::new();
    for cookie in cookies {
        let request = format!(
            "GET /live?page=%2Fincidents%2F{id} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\naccept: text/event-stream\r\n\r\n"
        );
        let mut stream = TcpStream::connect(&address).await.context("connecting")?;
        stream.write_all(request.as_bytes()).await?;
        readers.push(tokio::spawn(read(BufReader::new(stream), sender.clone())));
    }
    for _ in 0..CONSOLES {
        let first = tokio::time::timeout(PATIENCE, seen.recv()).await.context("a console did not become live")?;
        ensure!(first.is_some_and(|(word, _)| word == READY), "a console showed a change before it was live");
    }
    let mut took = Vec::with_capacity(CONSOLES * CHANGES);
    for change in 0..CHANGES {
        let began = Instant::now();
        note(server, id, &format!("{MARK}{change}@")).await?;
        let mut shown = 0;
        while shown < CONSOLES {
            let next = tokio::time::timeout(PATIENCE, seen.recv()).await.context("a change did not reach every console")?;
            let (word, at) = next.context("the consoles closed")?;
            if word == change.to_string() {
                took.push(at.duration_since(began));
                shown += 1;
            }
        }
    }
    for reader in readers {
        reader.abort();
    }
    Ok(took)
}

const READY: &str = "ready";
const MARK: &str = "live-mark-";

/// Reads a stream and tells when it is live, and when the newest mark first stood in it.
async fn read(mut stream: BufReader<TcpStream>, seen: mpsc::UnboundedSender<(String, Instant)>) {
    let (mut line, mut last) = (Vec::new(), -1_i64);
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let text = String::from_utf8_lossy(&line);
        if text.starts_with("event: ready") || text.starts_with("event:ready") {
            drop(seen.send((READY.to_owned(), Instant::now())));
        }
        let marks = text.split(MARK).skip(1).filter_map(|rest| rest.split_once('@')?.0.parse::<i64>().ok());
        for mark in marks {
            if mark > last {
                last = mark;
                drop(seen.send((mark.to_string(), Instant::now())));
            }
        }
    }
}
