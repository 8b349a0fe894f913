//! From the start of the process to ready: on an existing database, and after a kill with 100,000 events pending.

use std::time::{Duration, Instant};

use anyhow::Result;
use watchfire_testkit::Server;

use crate::Kind;
use crate::figures::{Report, ms, percentile};
use crate::{memory, pending};

const BUDGET_EXISTING_MS: f64 = 300.0;
const BUDGET_PENDING_MS: f64 = 1_000.0;
const SETTLE: Duration = Duration::from_secs(900);
const PENDING: usize = 100_000;
const STARTS: usize = 7;

/// Measures one database.
pub(crate) async fn measure(program: &str, kind: Kind, report: &mut Report) -> Result<()> {
    let on = kind.name();
    let mut server = Server::start(program, kind.create()).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    memory::open_alerts(&server, &source, 0, 10_000, memory::GROUP).await?;
    let mut took = Vec::new();
    for _ in 0..STARTS {
        took.push(server.kill_and_restart().await);
    }
    let existing = percentile(&mut took, 50);
    let value = existing.as_secs_f64() * 1e3;
    report.at_most(
        "start to ready, existing database",
        on,
        format!("{} (median of {STARTS})", ms(existing)),
        value,
        BUDGET_EXISTING_MS,
        "ms",
    );

    server.process().kill();
    pending::fill(&server, &source, PENDING).await?;
    let ready = server.restart().await;
    let value = ready.as_secs_f64() * 1e3;
    report.at_most("start to ready after kill -9, 100,000 events pending", on, ms(ready), value, BUDGET_PENDING_MS, "ms");
    let began = Instant::now();
    server.settled(SETTLE).await;
    let rate = PENDING as f64 / began.elapsed().as_secs_f64();
    report.fact("pending events processed after that", on, format!("{rate:.0}/s"));
    Ok(())
}
