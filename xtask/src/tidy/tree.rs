//! The project's files as text, read once.

use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{output, root};

/// One file of the project; binary files are not among them.
pub(crate) struct File {
    /// The path from the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// All text files that git tracks or would track.
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
}

/// Something that breaks a law, or comes near it.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Breach {
    /// `path` or `path:line`.
    pub(crate) place: String,
    pub(crate) text: String,
    pub(crate) warning: bool,
}

/// Looks at the tree and returns what breaks one law.
pub(crate) type Check = fn(&Tree) -> Result<Vec<Breach>>;

impl Breach {
    /// Returns a breach that fails the check.
    pub(crate) fn error(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { place: place.into(), text: text.into(), warning: false }
    }

    /// Returns one that is only told.
    pub(crate) fn warning(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self { warning: true, ..Self::error(place, text) }
    }
}

impl Tree {
    /// Reads the tree.
    pub(crate) fn read() -> Result<Self> {
        let root = root();
        let mut git = Command::new("git");
        git.current_dir(&root).args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
        let listed = output(&mut git).context("tidy asks git for the project's files")?;
        let mut files = Vec::new();
        for path in String::from_utf8(listed)?.split('\0').filter(|path| !path.is_empty()) {
            // A file that is deleted but not yet committed is listed and gone; a binary one is no text.
            if let Ok(text) = std::fs::read_to_string(root.join(path)) {
                files.push(File { path: path.to_owned(), text });
            }
        }
        Ok(Self { files })
    }

    /// Returns the text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }

    /// Returns the Rust files.
    pub(crate) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }
}

impl File {
    /// Says whether the whole file is test code.
    pub(crate) fn is_test(&self) -> bool {
        let inside = ["/tests/", "/examples/"].iter().any(|folder| self.path.contains(folder));
        let named = ["/tests.rs", "_tests.rs"].iter().any(|end| self.path.ends_with(end));
        let whole = ["crates/testkit/", "bench/", "fuzz/"].iter().any(|folder| self.path.starts_with(folder));
        inside || named || whole
    }
}

#[cfg(test)]
pub(crate) fn sample(files: &[(&str, &str)]) -> Tree {
    let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
    Tree { files: files.iter().map(file).collect() }
}
