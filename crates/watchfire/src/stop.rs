//! When to stop.

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The exit code of a process that a second signal ended at once.
const AT_ONCE: i32 = 130;

/// Returns a token that SIGTERM or SIGINT cancels; a second one ends the process at once.
///
/// # Errors
/// The system does not let us listen for signals.
pub(crate) fn on_signal() -> anyhow::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let stop = CancellationToken::new();
    let cancelled = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: no new connections, what runs is finished; a second signal stops at once");
        cancelled.cancel();
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        // What was acknowledged is on stable storage; the rest was not acknowledged.
        std::process::exit(AT_ONCE);
    });
    Ok(stop)
}
