//! A renewed certificate.

use std::sync::Arc;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use watchfire_web::serve::Tls;

/// Reads certificate and key again with each SIGHUP; if they cannot be used, the old ones stay.
///
/// # Errors
/// The system does not let us listen for the signal.
pub(crate) fn on_signal(tls: Arc<Tls>) -> anyhow::Result<()> {
    let mut hangup = signal(SignalKind::hangup()).context("cannot listen for SIGHUP")?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            match tls.reload() {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "the old certificate stays in use"),
            }
        }
    });
    Ok(())
}
