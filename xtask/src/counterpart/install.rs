//! Installing what is missing through the system's package manager.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::need::{NEEDS, Need};
use crate::command::{find_program, passes};

/// Whether to install what is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Install {
    Missing,
    Nothing,
}

/// Installs the packages of all needs that are not met, after saying which and why.
///
/// What cannot be installed is told and left to [`super::start`], which names it again as missing.
pub(crate) fn install_missing() -> Result<()> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| (need.find)().is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for need in &missing {
        println!("missing: {}, needed for {} (package {})", need.name, need.why, need.packages.join(", "));
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages.iter().copied()).collect();
    if find_program(&["apt-get"]).is_none() {
        println!("this machine has no apt-get: install {} yourself and run again", packages.join(" "));
        return Ok(());
    }
    if !is_root() {
        println!(
            "not run as root: install them with `apt-get install --no-install-recommends {}` and run again",
            packages.join(" ")
        );
        return Ok(());
    }
    println!("installing {}", packages.join(" "));
    if !install(&packages)? {
        // A stale package list is the usual cause, and one refused package must not cost the others.
        passes(apt().arg("update"))?;
        if !install(&packages)? {
            for package in packages {
                install(&[package])?;
            }
        }
    }
    Ok(())
}

/// Says whether this process may install packages and become another user.
pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// Says whether a program of the base system is there.
pub(crate) fn has(path: &str) -> bool {
    Path::new(path).is_file()
}

fn install(packages: &[&str]) -> Result<bool> {
    passes(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    // RUNLEVEL=1 keeps the packages from starting services of their own; the tests start what they need.
    apt.args(["-qq", "-o", "Dpkg::Use-Pty=0"]).env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
    apt
}
