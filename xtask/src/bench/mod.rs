//! `cargo xtask bench`: the measurements, built for release, beside their probes and peers.

mod peers;
mod scan;
mod server;

use anyhow::Result;

/// Runs the measurements that are named; `scan` is one of its own, all others are those of the server.
pub(crate) fn run(names: &[String]) -> Result<bool> {
    match names.split_first() {
        Some((name, rest)) if name == "scan" => scan::run(rest),
        _ => server::run(names),
    }
}
