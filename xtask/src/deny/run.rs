//! Which check runs, and how its verdict is told.

use anyhow::{Context, Result};

use super::{policy, tree};
use crate::command::{cargo, metadata, passes, root};

/// Checks the dependency tree against `deny.toml`.
pub(crate) fn run() -> Result<bool> {
    let installed = cargo().args(["deny", "--version"]).output().is_ok_and(|output| output.status.success());
    if installed {
        return passes(cargo().args(["deny", "check", "licenses", "bans", "sources"]));
    }
    let text = std::fs::read_to_string(root().join("deny.toml")).context("deny.toml")?;
    let policy = policy::Policy::read(&text)?;
    let packages = tree::packages(&metadata(true)?);
    let refused = tree::refused(&policy, &packages);
    for line in &refused {
        println!("{line}");
    }
    println!("deny: {} packages, {} refused (own check; cargo-deny is not installed)", packages.len(), refused.len());
    Ok(refused.is_empty())
}
