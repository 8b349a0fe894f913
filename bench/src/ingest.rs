//! Durable ingest: accepted deliveries a second, each on stable storage before its answer.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;
use watchfire_testkit::{Alert, Alertmanager, Folder, NewSource, Server, alertmanager_group};

use crate::Kind;
use crate::figures::{Report, ms, per_second, percentile};
use crate::load::{self, Load, MARK, Request};
use crate::probe;

const WARM_UP: Duration = Duration::from_secs(1);
const LASTS: Duration = Duration::from_secs(5);
/// Senders of the concurrent measurement.
const SENDERS: usize = 64;
/// Sources that they share: each may send 10,000 deliveries a second.
const SOURCES: usize = 8;
const SETTLE: Duration = Duration::from_secs(300);

/// Measures one and 64 senders on a database, beside the probes and Alertmanager.
pub(crate) async fn measure(program: &str, kind: Kind, report: &mut Report) -> Result<()> {
    let folder = Folder::new();
    let synced = probe::synced(folder.path())?;
    let at_once = probe::unsynced(folder.path(), 64).await?;
    let one_by_one = probe::unsynced(folder.path(), 1).await?;
    let on = kind.name();
    report.fact(
        "probe F: 2 KiB append and fdatasync",
        on,
        format!("{}, p50 {}, p99 {}", per_second(synced.rate), ms(synced.p50), ms(synced.p99)),
    );
    report.fact("probe C: insert without syncing, 64 in a transaction", on, per_second(at_once));
    report.fact("probe C1: insert without syncing, each its own transaction", on, per_second(one_by_one));

    let mut server = Server::start(program, kind.create()).await;
    let mut sources = Vec::new();
    for at in 0..SOURCES {
        sources.push(server.add_source("alertmanager", &format!("prometheus-{at}")).await);
    }
    let request = |at: usize| request(&server.address(), sources.get(at % SOURCES).expect("there are as many"));
    let address = server.address();
    load::run(&address, vec![request(0)], 0, WARM_UP).await?;
    server.settled(SETTLE).await;
    let mut one = load::run(&address, vec![request(0)], 1 << 32, LASTS).await?;
    report.at_least("durable ingest, one sender", on, line(&mut one), one.rate() / synced.rate, "F", 0.8);
    server.settled(SETTLE).await;

    let many = load::run(&address, (0..SENDERS).map(request).collect(), 1 << 33, WARM_UP).await?;
    drop(many);
    server.settled(SETTLE).await;
    let mut many = load::run(&address, (0..SENDERS).map(request).collect(), 1 << 34, LASTS).await?;
    let text = line(&mut many);
    let drained = server.settled(SETTLE).await;
    report.at_least("durable ingest, 64 senders", on, text.clone(), many.rate() / synced.rate, "F", 30.0);
    report.at_least("durable ingest, 64 senders", on, text.clone(), many.rate() / at_once, "C", 0.4);
    let whole = many.accepted as f64 / (many.took + drained).as_secs_f64();
    report.fact(
        "accepted and processed into alerts and incidents",
        on,
        format!("{}, settled {} after the last answer", per_second(whole), ms(drained)),
    );
    report.fact("resident memory after that", on, format!("{} MB", server.process().resident_kib() / 1000));

    if let Some(peer) = peer().await? {
        let mut peer = peer;
        report.fact("peer: Alertmanager in memory, 64 senders", on, line(&mut peer));
        report.at_least(
            "durable ingest beside Alertmanager, 64 senders",
            on,
            text,
            many.rate() / peer.rate(),
            "Alertmanager",
            1.0,
        );
    }
    Ok(())
}

fn line(load: &mut Load) -> String {
    let refused = if load.refused > 0 { format!(", {} refused", load.refused) } else { String::new() };
    let (p50, p99) = (percentile(&mut load.latencies, 50), percentile(&mut load.latencies, 99));
    format!("{}, p50 {}, p99 {}{refused}", per_second(load.rate()), ms(p50), ms(p99))
}

/// A delivery of one firing alert, each a new one.
fn request(host: &str, source: &NewSource) -> Request {
    let instance = format!("host-{MARK}");
    let mut body = alertmanager_group("Load", &[Alert::firing("Load", &instance)]);
    body["alerts"][0]["fingerprint"] = MARK.into();
    let secret = format!("Bearer {}", source.secret);
    Request::post(host, &source.path, &[("authorization", &secret)], &body.to_string())
}

/// Posts the same alerts to Alertmanager, which keeps them in memory.
async fn peer() -> Result<Option<Load>> {
    let receiver = "    webhook_configs: []";
    let Some(alertmanager) = Alertmanager::start("Alertmanager as the peer", receiver).await else { return Ok(None) };
    let alerts = json!([{
        "labels": { "alertname": "Load", "instance": format!("host-{MARK}"), "job": "checkout-api", "severity": "warning", "team": "platform" },
        "annotations": { "summary": format!("Load on host-{MARK}") },
        "generatorURL": "http://127.0.0.1:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1",
    }]);
    let host = alertmanager.address();
    let requests = || (0..SENDERS).map(|_| Request::post(&host, "/api/v2/alerts", &[], &alerts.to_string())).collect();
    load::run(&host, requests(), 0, WARM_UP).await?;
    Ok(Some(load::run(&host, requests(), 1 << 34, LASTS).await?))
}
