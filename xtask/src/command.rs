//! Running other programs and finding our own tree.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Returns the root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Returns a `cargo` command that runs at the root of the workspace.
///
/// What the outer cargo tells about xtask itself (`CARGO_PKG_NAME` and the like) is not passed on: build scripts watch
/// these variables, and half of the tree would be built again for each change between `cargo` and `cargo xtask`.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command
}

/// Returns what `cargo metadata` says; with `deep` also about every dependency for this platform.
pub(crate) fn metadata(deep: bool) -> Result<Value> {
    let mut command = cargo();
    command.args(["metadata", "--format-version", "1", "--locked"]);
    if deep {
        command.args(["--filter-platform", "x86_64-unknown-linux-gnu"]);
    } else {
        command.arg("--no-deps");
    }
    serde_json::from_slice(&output(&mut command)?).context("cargo metadata is not JSON")
}

/// Returns the folder into which cargo builds.
pub(crate) fn target_directory() -> Result<PathBuf> {
    let metadata = metadata(false)?;
    let directory =
        metadata.get("target_directory").and_then(Value::as_str).context("cargo metadata names no target directory")?;
    Ok(PathBuf::from(directory))
}

/// Runs a program and returns its standard output.
///
/// # Errors
/// When it cannot be started or ends with a failure; the text carries what it wrote to standard error.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!("{name} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}

/// Runs a program in the foreground and says whether it succeeded.
pub(crate) fn passes(command: &mut Command) -> Result<bool> {
    let name = command.get_program().to_string_lossy().into_owned();
    Ok(command.status().with_context(|| format!("cannot start {name}"))?.success())
}

/// Returns the first of the names that is a program: on the search path or as an absolute path.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|candidate| candidate.is_file()))
}
