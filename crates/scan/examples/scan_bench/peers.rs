//! The other scanners.

use crate::cost::Run;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A scanner that is installed.
pub(crate) struct Peer {
    kind: &'static Kind,
    program: PathBuf,
    version: String,
}

struct Kind {
    name: &'static str,
    version: &'static [&'static str],
    /// The words of its command lines, `{}` standing for the path; `None` when it has none for the purpose.
    history: Option<&'static [&'static str]>,
    tree: Option<&'static [&'static str]>,
}

const KINDS: [Kind; 5] = [
    Kind {
        name: "betterleaks",
        version: &["version"],
        history: Some(&["git", "--log-level", "error", "{}"]),
        tree: Some(&["fs", "--log-level", "error", "{}"]),
    },
    Kind {
        name: "gitleaks",
        version: &["version"],
        history: Some(&["git", "--no-banner", "--log-level", "error", "{}"]),
        tree: Some(&["dir", "--no-banner", "--log-level", "error", "{}"]),
    },
    Kind {
        name: "kingfisher",
        version: &["--version"],
        history: Some(&["scan", "{}", "--no-validate", "--format", "json"]),
        tree: Some(&["scan", "{}", "--no-validate", "--format", "json", "--git-history", "none"]),
    },
    Kind { name: "ripsecrets", version: &["--version"], history: None, tree: Some(&["{}"]) },
    Kind { name: "detect-secrets", version: &["--version"], history: None, tree: Some(&["scan", "--all-files", "{}"]) },
];

impl Peer {
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.kind.name, self.version)
    }

    /// Returns its scan of a history.
    pub(crate) fn history(&self, repository: &str) -> Option<Run> {
        self.run(self.kind.history?, repository)
    }

    /// Returns its scan of a folder.
    pub(crate) fn tree(&self, folder: &str) -> Option<Run> {
        self.run(self.kind.tree?, folder)
    }

    fn run(&self, words: &[&str], path: &str) -> Option<Run> {
        let words: Vec<&str> = words.iter().map(|&word| if word == "{}" { path } else { word }).collect();
        Some(Run::new(self.program.to_str()?, &words))
    }
}

/// Returns the peers that are installed below `folder`, each in `<name>/bin`, or on the search path.
pub(crate) fn installed(folder: Option<&Path>) -> Vec<Peer> {
    KINDS.iter().filter_map(|kind| find(kind, folder)).collect()
}

/// Names the peers that could not be had.
pub(crate) fn left_out(peers: &[Peer]) -> String {
    let missing: Vec<&str> =
        KINDS.iter().map(|kind| kind.name).filter(|name| peers.iter().all(|peer| peer.kind.name != *name)).collect();
    if missing.is_empty() { String::new() } else { format!("\nLeft out, because not installed: {}.\n", missing.join(", ")) }
}

fn find(kind: &'static Kind, folder: Option<&Path>) -> Option<Peer> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = folder.map(|folder| folder.join(kind.name).join("bin").join(kind.name));
    let found = own.into_iter().chain(std::env::split_paths(&path).map(|folder| folder.join(kind.name)));
    let program = found.into_iter().find(|path| path.is_file())?;
    let output = Command::new(&program).args(kind.version).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version =
        text.split_whitespace().find(|word| word.trim_start_matches('v').starts_with(|first: char| first.is_ascii_digit()));
    Some(Peer { kind, version: version.unwrap_or("of unknown version").to_owned(), program })
}
