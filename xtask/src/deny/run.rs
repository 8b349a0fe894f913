//! Which check runs, and how its verdict is told.

use anyhow::{Context, Result};

use super::{policy, tree};
use crate::command::{cargo, metadata, output, passes, root};

/// Checks the dependency tree against `deny.toml`.
pub(crate) fn run() -> Result<bool> {
    let installed = cargo().args(["deny", "--version"]).output().is_ok_and(|output| output.status.success());
    if installed {
        return passes(cargo().args(["deny", "check", "licenses", "bans", "sources"]));
    }
    let text = std::fs::read_to_string(root().join("deny.toml")).context("deny.toml")?;
    let policy = policy::Policy::read(&text)?;
    let built = String::from_utf8(output(cargo().args([
        "tree",
        "--workspace",
        "--locked",
        "--edges",
        "normal,build,dev",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]))?)?;
    let packages = tree::packages(&metadata(true)?, &tree::names(&built));
    let refused = tree::refused(&policy, &packages);
    for line in &refused {
        println!("{line}");
    }
    println!("deny: {} packages, {} refused (own check; cargo-deny is not installed)", packages.len(), refused.len());
    Ok(refused.is_empty())
}
