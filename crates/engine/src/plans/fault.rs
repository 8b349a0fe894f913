//! Faults in plan files, with their place.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_saphyr::Spanned;
use watchfire_core::condition::Expression;

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
    pub(super) found: Vec<Fault>,
}

impl Faults {
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
        if text.len() > FILE_BYTES {
            self.whole(format!("the file has {} bytes, the limit is {FILE_BYTES}", text.len()));
            return None;
        }
        match serde_saphyr::from_str(text) {
            Ok(read) => Some(read),
            Err(error) => {
                let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
                let message = error.without_snippet().to_string();
                self.add(file, line, column, message.lines().next().unwrap_or_default().to_owned());
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

    /// Compiles an expression; a fault inside of it is told at the expression's own place in the file.
    pub(super) fn expression(&mut self, spot: &Spanned<String>) -> Option<Expression> {
        match Expression::compile(&spot.value) {
            Ok(expression) => Some(expression),
            Err(error) => {
                self.at(spot, format!("in the expression, {error}"));
                None
            }
        }
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
