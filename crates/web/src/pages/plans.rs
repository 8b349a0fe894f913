//! Plans: the files in force, their versions, and what changed between them.

use askama::Template;
use jiff::Timestamp;

use super::filters;

/// The room.
#[derive(Template)]
#[template(path = "plans.html")]
pub(crate) struct Plans {
    pub(crate) now: Timestamp,
    pub(crate) version: String,
    pub(crate) current: bool,
    pub(crate) applied_at: Option<Timestamp>,
    pub(crate) applied_by: String,
    pub(crate) files: Vec<FileLink>,
    pub(crate) file: Option<File>,
    pub(crate) versions: Vec<Version>,
    /// The change from the version before, when it is shown.
    pub(crate) diff: Option<Vec<DiffLine>>,
}

/// A file of the shown version.
#[derive(Clone, Debug)]
pub(crate) struct FileLink {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// The shown file with its lines.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) lines: Vec<String>,
}

/// One version.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) version: String,
    pub(crate) href: String,
    pub(crate) diff_href: String,
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) shown: bool,
}

/// One line of a unified diff.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DiffLine {
    /// `add`, `del`, `head` or nothing.
    pub(crate) class: &'static str,
    pub(crate) text: String,
}

/// Reads a unified diff into lines with their class.
pub(crate) fn diff_lines(diff: &str) -> Vec<DiffLine> {
    let class = |line: &str| match line {
        line if line.starts_with("+++") || line.starts_with("---") || line.starts_with("@@") => "head",
        line if line.starts_with('+') => "add",
        line if line.starts_with('-') => "del",
        _ => "",
    };
    diff.lines().map(|line| DiffLine { class: class(line), text: line.to_owned() }).collect()
}
