//! Faults in plan files, with their place.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_saphyr::Spanned;
use watchfire_core::yaml;

use super::Files;

/// Bytes of one plan file.
const FILE_BYTES: usize = 1024 * 1024;

/// One fault in a plan file; line and column count from 1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Fault {
    pub file: String,
    pub line: u64,
    pub column: u64,
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// Collects the faults of a set; `file` is the one that is being read.
#[derive(Default)]
pub(super) struct Faults {
    file: &'static str,
    /// The file's text, in which the places of expressions are looked up.
    text: String,
    /// Whether the files were in force before: then expressions are read as they were then.
    pub(super) kept: bool,
    pub(super) found: Vec<Fault>,
}

impl Faults {
    /// Starts for files that were in force before.
    pub(super) fn of_kept() -> Self {
        Self { kept: true, ..Self::default() }
    }

    /// Says which file the faults to come are in.
    pub(super) fn within(&mut self, file: &'static str) {
        self.file = file;
    }

    /// Adds a fault at a place of some file.
    pub(super) fn add(&mut self, file: &str, line: u64, column: u64, message: String) {
        self.found.push(Fault { file: file.to_owned(), line, column, message });
    }

    /// Adds a fault about the whole file that is being read.
    pub(super) fn whole(&mut self, message: String) {
        self.add(self.file, 1, 1, message);
    }

    /// Adds a fault at a value's place.
    pub(super) fn at<T>(&mut self, spot: &Spanned<T>, message: String) {
        self.add(self.file, spot.referenced.line(), spot.referenced.column(), message);
    }

    /// Reads a file into its form and goes on within it; `None` if it is absent or was at fault.
    pub(super) fn read<T: DeserializeOwned>(&mut self, files: &Files, file: &'static str) -> Option<T> {
        self.within(file);
        let text = files.get(file)?;
        self.text.clone_from(text);
        if text.len() > FILE_BYTES {
            self.whole(format!("the file has {} bytes, the limit is {FILE_BYTES}", text.len()));
            return None;
        }
        match serde_saphyr::from_str(text) {
            Ok(read) => Some(read),
            Err(error) => {
                let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
                self.add(file, line, column, yaml::words(&error.without_snippet().to_string()));
                None
            }
        }
    }

    /// Says so if the file is of a version that is not known.
    pub(super) fn version(&mut self, version: u32) {
        if version != 1 {
            self.whole(format!("version {version} is unknown; this is version 1"));
        }
    }

    /// Adds a fault at a place within a text value; line and column are those in the value.
    pub(super) fn inside(&mut self, spot: &Spanned<String>, at: (usize, usize), message: String) {
        let number = |n: u64| usize::try_from(n).unwrap_or(1);
        let start = (number(spot.defined.line()), number(spot.defined.column()));
        let (line, column) = yaml::place(&self.text, start, &spot.value, at);
        let number = |n: usize| u64::try_from(n).unwrap_or(1);
        self.add(self.file, number(line), number(column), message);
    }

    pub(super) fn duration(&mut self, spot: &Spanned<String>) -> Option<SignedDuration> {
        match spot.value.parse::<SignedDuration>() {
            Ok(duration) if duration.is_positive() => Some(duration),
            _ => {
                self.at(spot, format!("{:?} is no duration; write 15m, 4h or 2h30m", spot.value));
                None
            }
        }
    }

    pub(super) fn instant(&mut self, spot: &Spanned<String>) -> Option<Timestamp> {
        match spot.value.parse::<Timestamp>() {
            Ok(instant) => Some(instant),
            Err(_) => {
                self.at(spot, format!("{:?} is no instant; write 2026-01-31T22:00:00Z", spot.value));
                None
            }
        }
    }
}
