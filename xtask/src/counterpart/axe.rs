//! axe-core, the accessibility rules that the console is checked with.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::install::Install;
use crate::command::{find_program, output, target_directory};

/// The version that the tests are written against.
const PACKAGE: &str = "axe-core@4.10.3";

/// Returns the path of `axe.min.js`, fetching the npm package into the target folder where it is missing.
///
/// Returns `None` where it is missing and npm is too, or may not be asked.
pub(crate) fn script(install: Install) -> Result<Option<PathBuf>> {
    let folder = target_directory()?.join("test-tools");
    let script = folder.join("package/axe.min.js");
    if script.is_file() {
        return Ok(Some(script));
    }
    if install == Install::Nothing || find_program(&["npm"]).is_none() {
        return Ok(None);
    }
    println!("fetching {PACKAGE}, needed for the accessibility checks of the console");
    std::fs::create_dir_all(&folder)?;
    let packed = output(Command::new("npm").args(["pack", "--silent", PACKAGE]).current_dir(&folder));
    let archive = match packed {
        Ok(name) => String::from_utf8_lossy(&name).trim().to_owned(),
        Err(error) => {
            println!("{error:#}");
            return Ok(None);
        }
    };
    output(Command::new("tar").args(["-xzf", &archive]).current_dir(&folder))?;
    Ok(script.is_file().then_some(script))
}
