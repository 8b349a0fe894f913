//! The measurements of the server.

use anyhow::Result;

use crate::command::{cargo, passes, target_directory};
use crate::counterpart::{self, Install};

/// Builds the server and the measurements for release and runs those that are named, or all.
///
/// The measurements find the server at `WATCHFIRE_BENCH_SERVER` and the peers where the tests find them.
pub(crate) fn run(names: &[String]) -> Result<bool> {
    if !passes(cargo().args(["build", "--release", "--locked", "-p", "watchfire", "-p", "watchfire-bench"]))? {
        return Ok(false);
    }
    let counterparts = counterpart::start(Install::Missing)?;
    for missing in &counterparts.missing {
        println!("left out: {missing}");
    }
    let server = target_directory()?.join("release/watchfire");
    passes(
        cargo()
            .args(["run", "--release", "--locked", "--quiet", "-p", "watchfire-bench", "--"])
            .args(names)
            .env("WATCHFIRE_BENCH_SERVER", server)
            .envs(counterparts.environment()),
    )
}
