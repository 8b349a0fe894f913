//! The measurements of the secret scan.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::peers;
use crate::command::{cargo, passes, root, target_directory};

/// The page whose table `--write` replaces, from the root of the project.
const REFERENCE: &str = "docs/reference/scan-benchmark.md";

/// Builds the program for release, installs the peers that are missing, and measures all of them in one run.
///
/// `--size git` measures the large history instead of the one as large as cargo's, `--repo PATH` another repository than the one
/// that is made; `--write` puts the tables into the reference.
pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let (mut repository, mut size, mut write) = (None, None, false);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--write" => write = true,
            "--repo" => repository = Some(PathBuf::from(words.next().context("--repo needs a path")?)),
            "--size" => size = Some(words.next().context("--size needs cargo or git")?),
            other => bail!("bench scan knows --size cargo|git, --repo PATH and --write, not {other}"),
        }
    }
    let built = passes(cargo().args(["build", "--release", "--locked", "-p", "watchfire"]))?
        && passes(cargo().args(["build", "--release", "--locked", "-p", "watchfire-scan", "--example", "scan_bench"]))?;
    if !built {
        return Ok(false);
    }
    let target = target_directory()?;
    let work = target.join("bench/scan");
    let folder = work.join("peers");
    peers::install(&folder)?;
    let mut bench = std::process::Command::new(target.join("release/examples/scan_bench"));
    bench.arg("--program").arg(target.join("release/watchfire")).arg("--work").arg(&work).arg("--peers").arg(&folder);
    if let Some(size) = size {
        bench.arg("--size").arg(size);
    }
    if let Some(repository) = repository {
        bench.arg("--repo").arg(repository);
    }
    if write {
        bench.arg("--write").arg(root().join(REFERENCE));
    }
    passes(&mut bench)
}
