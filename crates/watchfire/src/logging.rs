//! Log lines, to stderr.

use std::io::IsTerminal;

use anyhow::anyhow;
use tracing_subscriber::EnvFilter;

/// Starts logging: lines for people, or JSON.
///
/// # Errors
/// The filter is not one, or logging was started before.
pub(crate) fn start(filter: &str, json: bool) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| anyhow!("the log filter {filter:?} is none: {error}"))?;
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colour);
    let started = if json { lines.json().try_init() } else { lines.try_init() };
    started.map_err(|error| anyhow!("cannot start logging: {error}"))
}
