//! Resident memory, idle and with 100,000 open alerts, and on the way there the growth measurement.

use std::time::Duration;

use anyhow::{Result, ensure};
use watchfire_testkit::{Alert, NewSource, Server, alertmanager_group};

use crate::Kind;
use crate::figures::Report;
use crate::growth;

const SETTLE: Duration = Duration::from_secs(600);
/// Open alerts of the large measurement.
const MANY: usize = 100_000;
/// Alerts of one delivery.
pub(crate) const GROUP: usize = 1_000;
/// Memory stands still when it has moved by less than a MiB in each of so many looks.
const STILL: u32 = 16;
const LOOK: Duration = Duration::from_millis(500);
const MOVED_KIB: u64 = 1_024;
const BUDGET_IDLE_MB: f64 = 40.0;
const BUDGET_LOADED_MB: f64 = 150.0;

/// Measures one database; with `grow` also the times of pages and changes at 100 and at 100,000 alerts.
pub(crate) async fn measure(program: &str, kind: Kind, grow: bool, report: &mut Report) -> Result<()> {
    let on = kind.name();
    let mut server = Server::start(program, kind.create()).await;
    let source = server.add_source("alertmanager", "prometheus").await;
    let (idle, text) = resident(&mut server).await;
    report.at_most("resident memory, idle", on, text, idle, BUDGET_IDLE_MB, "MB");

    // As many incidents as there are later, so that lists show as many rows.
    open_alerts(&server, &source, 0, MANY / GROUP, 1).await?;
    let small = if grow { Some(growth::times(&server).await?) } else { None };
    let filled = std::time::Instant::now();
    open_alerts(&server, &source, 1, MANY, GROUP).await?;
    let rate = MANY as f64 / filled.elapsed().as_secs_f64();
    report.fact("alerts opened in groups of 1,000", on, format!("{rate:.0} alerts/s"));
    let (loaded, text) = resident(&mut server).await;
    report.at_most("resident memory, 100,000 open alerts", on, text, loaded, BUDGET_LOADED_MB, "MB");
    report.fact("the most on the way there", on, format!("{:.0} MB", server.process().resident_kib_max() as f64 / 1e3));
    if let Some(small) = small {
        let large = growth::times(&server).await?;
        growth::compare(&small, &large, on, report);
    }
    Ok(())
}

/// Returns the resident memory in MB once it stands still (what was freed goes back to the system within some seconds), and
/// in words also how much of it is not of the program's file.
async fn resident(server: &mut Server) -> (f64, String) {
    let process = server.process();
    let (mut last, mut still) = (process.resident_kib(), 0);
    while still < STILL {
        tokio::time::sleep(LOOK).await;
        let now = process.resident_kib();
        still = if now.abs_diff(last) < MOVED_KIB { still + 1 } else { 0 };
        last = now;
    }
    let (all, own) = (process.resident_kib() as f64 / 1e3, process.anonymous_kib() as f64 / 1e3);
    (all, format!("{all:.0} MB, {own:.0} MB of it not of files"))
}

/// Opens so many alerts, in groups of at most `group` that are an incident each, and waits until all are processed.
pub(crate) async fn open_alerts(server: &Server, source: &NewSource, series: usize, count: usize, group: usize) -> Result<()> {
    let secret = format!("Bearer {}", source.secret);
    let headers = [("content-type", "application/json"), ("authorization", secret.as_str())];
    for at in 0..count.div_ceil(group) {
        let name = format!("Bulk{series}x{at}");
        let size = group.min(count - at * group);
        let alerts: Vec<Alert> = (0..size).map(|one| Alert::firing(&name, &format!("host-{one}"))).collect();
        let body = alertmanager_group(&name, &alerts).to_string();
        let answer = server.stranger().call("POST", &source.path, &headers, body).await?;
        ensure!(answer.is_success(), "{} {}", answer.status, answer.text());
    }
    server.settled(SETTLE).await;
    Ok(())
}
