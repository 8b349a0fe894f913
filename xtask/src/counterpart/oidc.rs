//! oidc-provider, the identity provider that people sign on with in the tests.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::install::Install;
use crate::command::{find_program, output, target_directory};

/// The version that the tests are written against.
const PACKAGE: &str = "oidc-provider@9.13.3";

/// Returns the folder of `node_modules` that holds the provider, fetching it into the target folder where it is missing.
///
/// Returns `None` where it is missing and npm is too, or may not be asked, and where there is no Node to run it.
pub(crate) fn modules(install: Install) -> Result<Option<PathBuf>> {
    let folder = target_directory()?.join("test-tools/oidc");
    let modules = folder.join("node_modules");
    if find_program(&["node"]).is_none() {
        return Ok(None);
    }
    if modules.join("oidc-provider/lib/index.js").is_file() {
        return Ok(Some(modules));
    }
    if install == Install::Nothing || find_program(&["npm"]).is_none() {
        return Ok(None);
    }
    println!("fetching {PACKAGE}, needed for the stories of signing on");
    std::fs::create_dir_all(&folder)?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE]).current_dir(&folder);
    if let Err(error) = output(&mut npm) {
        println!("{error:#}");
        return Ok(None);
    }
    Ok(modules.join("oidc-provider/lib/index.js").is_file().then_some(modules))
}
