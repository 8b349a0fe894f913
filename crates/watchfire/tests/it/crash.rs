//! No acknowledged event is lost and none is taken twice, whenever the process dies.
#![expect(clippy::print_stdout, reason = "the count of kills is the evidence of a run")]

use watchfire_testkit::{CrashRun, Database, Server, ServerOptions, left_out};

use crate::support::{PROGRAM, on_both_databases};

on_both_databases!(
    what_was_acknowledged_is_there_once_after_kills_at_random_moments,
    a_build_that_acknowledges_before_it_commits_turns_the_harness_red,
);

/// Kills of a run; more by `WATCHFIRE_TEST_KILLS`.
const KILLS: usize = 100;

async fn what_was_acknowledged_is_there_once_after_kills_at_random_moments(database: Database) {
    let name = database.name();
    let mut server = Server::start(PROGRAM, database).await;
    let report = CrashRun::from_environment(KILLS).against(&mut server).await;
    println!("{name}: {}", report.line());
    assert!(report.acknowledged > report.kills, "the senders got through between the kills: {}", report.line());
    assert!(report.repeated > 0, "the kills hit deliveries on their way: {}", report.line());
    let faults: Vec<String> = report.faults.iter().take(20).map(ToString::to_string).collect();
    assert!(report.faults.is_empty(), "{}\n{}", report.line(), faults.join("\n"));
}

/// A harness that cannot fail shows nothing: this one has to find the loss in a server that promises too early.
async fn a_build_that_acknowledges_before_it_commits_turns_the_harness_red(database: Database) {
    if !cfg!(feature = "planted-defects") {
        left_out("the crash harness against a planted defect (built without the feature planted-defects)");
        return;
    }
    let environment = vec![("WATCHFIRE_PLANT".to_owned(), "ack-before-commit".to_owned())];
    let options = ServerOptions { environment, ..ServerOptions::default() };
    let mut server = Server::start_with(PROGRAM, database, options).await;
    let report = CrashRun { kills: 20, deliveries_max: 60_000 }.against(&mut server).await;
    println!("{}", report.line());
    let lost = report.faults.iter().any(|fault| matches!(fault, watchfire_testkit::Fault::EventLost { .. }));
    assert!(lost, "the defect went unseen: {}", report.line());
}
