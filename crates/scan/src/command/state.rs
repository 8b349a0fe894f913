//! Remembers what was scanned, so that the next scan looks only at what is new.
//!
//! What is remembered are the ids of all references' commits together with the version of the rules: what they reach was
//! scanned with these rules. Values are never remembered.

use gix::ObjectId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// The memory of one repository.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// The version of the rules and of this form.
    version: String,
    tips: Vec<String>,
}

/// Raised whenever a scan of the same bytes may find more than before for another reason than its rules.
const ENGINE: &str = "1";

impl State {
    /// Returns the commits that were scanned with these rules; `None` when nothing is remembered of them.
    pub(crate) fn load(folder: &Path, repo: &gix::Repository, rules: &str) -> Option<Vec<ObjectId>> {
        let text = std::fs::read(file(folder, repo)).ok()?;
        let state: Self = serde_json::from_slice(&text).ok()?;
        if state.version != version(rules) {
            return None;
        }
        state.tips.iter().map(|tip| ObjectId::from_hex(tip.as_bytes()).ok()).collect()
    }

    /// Remembers that everything which `tips` reach was scanned.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(crate) fn save(folder: &Path, repo: &gix::Repository, rules: &str, tips: &[ObjectId]) -> io::Result<()> {
        let state = Self { version: version(rules), tips: tips.iter().map(ToString::to_string).collect() };
        std::fs::create_dir_all(folder)?;
        let path = file(folder, repo);
        // Written beside and renamed: an interrupted scan leaves the old memory.
        let beside = path.with_extension(format!("{}.new", std::process::id()));
        std::fs::write(&beside, serde_json::to_vec(&state)?)?;
        std::fs::rename(&beside, path)
    }
}

fn version(rules: &str) -> String {
    format!("{ENGINE}/{rules}")
}

fn file(folder: &Path, repo: &gix::Repository) -> PathBuf {
    let git = repo.common_dir();
    let git = git.canonicalize().unwrap_or_else(|_| git.to_owned());
    let digest = Sha256::digest(crate::source::path_bytes(&git));
    let name: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    folder.join(format!("{name}.json"))
}
