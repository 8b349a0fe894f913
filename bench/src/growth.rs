//! Pages and changes must not grow slower with the number of alerts.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use watchfire_testkit::{Client, Server};

use crate::figures::{Report, ms, percentile};

/// Calls of each kind.
const CALLS: usize = 200;
const BUDGET: f64 = 2.0;

/// The 95th percentile of each operation, by name.
pub(crate) type Times = Vec<(&'static str, Duration)>;

/// Measures every operation at the present size.
pub(crate) async fn times(server: &Server) -> Result<Times> {
    let client = server.client();
    let mut all = Vec::new();
    for (name, path) in [
        ("list of alerts (API)", "/api/v1/alerts?limit=50"),
        ("list of firing alerts (API)", "/api/v1/alerts?status=firing&limit=50"),
        ("list of incidents (API)", "/api/v1/incidents?limit=50"),
        ("counts (API)", "/api/v1/counts"),
    ] {
        all.push((name, repeat(&client, "GET", &[path.to_owned()], None).await?));
    }
    let cookie = server.sign_in().await;
    for (name, path) in [("page of alerts", "/alerts"), ("page of incidents", "/incidents")] {
        all.push((name, repeat_page(server, path, &cookie).await?));
    }
    let page = client.get("/api/v1/alerts?status=firing&limit=200").await;
    let ids: Vec<String> = page["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|alert| alert["id"].as_str())
        .map(|id| format!("/api/v1/alerts/{id}/acknowledge"))
        .take(CALLS)
        .collect();
    all.push(("alert acknowledged (API)", repeat(&client, "POST", &ids, Some(json!({}))).await?));
    // The oldest, so that it is the same incident at both sizes.
    let incidents = client.get("/api/v1/incidents?limit=200").await;
    let oldest = incidents["items"].as_array().and_then(|items| items.last()).context("there is an incident")?;
    let incident = oldest["id"].as_str().context("an incident has an id")?.to_owned();
    all.push(("incident page (API)", repeat(&client, "GET", &[format!("/api/v1/incidents/{incident}")], None).await?));
    let note = format!("/api/v1/incidents/{incident}/notes");
    all.push(("note on an incident (API)", repeat(&client, "POST", &[note], Some(json!({ "text": "a note" }))).await?));
    Ok(all)
}

/// Adds the ratio of the two sizes for each operation.
pub(crate) fn compare(small: &Times, large: &Times, on: &str, report: &mut Report) {
    for ((name, before), (_, after)) in small.iter().zip(large) {
        let ratio = after.as_secs_f64() / before.as_secs_f64().max(1e-6);
        let text = format!("p95 {} at 100, {} at 100,000 alerts", ms(*before), ms(*after));
        report.at_most(name, on, text, ratio, BUDGET, "times");
    }
}

async fn repeat(client: &Client, method: &str, paths: &[String], body: Option<Value>) -> Result<Duration> {
    let mut took = Vec::new();
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    // One path again and again, several once each: what is acknowledged cannot be once more.
    let calls = if let [_] = paths { CALLS } else { paths.len() };
    for path in paths.iter().cycle().take(calls) {
        let began = Instant::now();
        let answer = client.call(method, path, &[("content-type", "application/json")], body.clone()).await?;
        took.push(began.elapsed());
        ensure!(answer.is_success(), "{method} {path}: {} {}", answer.status, answer.text());
    }
    Ok(percentile(&mut took, 95))
}

async fn repeat_page(server: &Server, path: &str, cookie: &str) -> Result<Duration> {
    let mut took = Vec::new();
    for _ in 0..CALLS {
        let began = Instant::now();
        let answer = server.stranger().call("GET", path, &[("cookie", cookie), ("accept", "text/html")], "").await?;
        took.push(began.elapsed());
        ensure!(answer.status == 200, "GET {path}: {}", answer.status);
    }
    Ok(percentile(&mut took, 95))
}
