//! What to scan and how.

use crate::finding::Confidence;
use crate::fingerprint::Key;
use crate::live::{Bases, Caller};
use crate::report::{Format, Style};
use std::path::PathBuf;
use std::sync::Arc;

/// Which texts of the given paths are scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The files as they stand; a bare repository has none, so its history is scanned.
    #[default]
    Files,
    /// Every object of a repository; a folder that is none is scanned as files.
    History,
    /// What is staged in a repository's index and differs from `HEAD`.
    Staged,
    /// What the commits of a range brought (`A..B`, or a revision and everything that it reaches).
    Range(String),
    /// What a push brings: lines of `OLD NEW REF`, as git hands them to a `pre-receive` hook.
    PreReceive(Vec<u8>),
    /// What a push takes: lines of `REF NEW REMOTE_REF OLD`, as git hands them to a `pre-push` hook.
    PrePush(Vec<u8>),
    /// A stream.
    Stdin,
}

/// The options of one scan.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to scan of the paths.
    pub mode: Mode,
    /// The paths; empty means the current folder.
    pub paths: Vec<PathBuf>,
    /// The form of the report.
    pub format: Format,
    /// How the report is shown.
    pub style: Style,
    /// Whether values are shown in full.
    pub reveal: bool,
    /// Whether the reasons of the generic scanner are shown.
    pub explain: bool,
    /// How many threads work; 0 means one per core.
    pub jobs: usize,
    /// The lowest confidence that is reported.
    pub confidence: Confidence,
    /// The key of fingerprints.
    pub key: Key,
    /// The baseline to read, with the day that decides about expiry as `YYYY-MM-DD`.
    pub baseline: Option<PathBuf>,
    /// Today, as `YYYY-MM-DD` in UTC.
    pub today: String,
    /// Whether ignore files are left unread.
    pub no_ignore: bool,
    /// Whether every byte of a history is scanned instead of only what is new in the pack.
    pub full: bool,
    /// How many encodings are undone inside of each other, at most 4.
    pub decode_depth: u8,
    /// Whether archives and compressed files are opened.
    pub archives: bool,
    /// The most bytes of one file or blob that are scanned.
    pub file_bytes_max: u64,
    /// A folder in which what was already scanned is remembered; `None` remembers nothing.
    pub state: Option<PathBuf>,
    /// The folder of a push's quarantined objects, as git tells it to `pre-receive`.
    pub quarantine: Option<PathBuf>,
    /// The index that [`Mode::Staged`] reads instead of the repository's own.
    pub index_file: Option<PathBuf>,
    /// Who asks services whether secrets work; `None` asks nobody.
    pub caller: Option<Arc<dyn Caller>>,
    /// Base addresses that stand in for the hosts of services.
    pub bases: Bases,
    /// The name of the stream that [`Mode::Stdin`] scans.
    pub stdin_name: String,
}

impl Options {
    /// Makes options with the defaults that the reference documents.
    pub fn new(key: Key) -> Self {
        Self {
            mode: Mode::default(),
            paths: Vec::new(),
            format: Format::default(),
            style: Style::default(),
            reveal: false,
            explain: false,
            jobs: 0,
            confidence: Confidence::Medium,
            key,
            baseline: None,
            today: String::new(),
            no_ignore: false,
            full: false,
            decode_depth: 2,
            archives: true,
            file_bytes_max: 1 << 30,
            state: None,
            quarantine: None,
            index_file: None,
            caller: None,
            bases: Bases::new(),
            stdin_name: "stdin".to_owned(),
        }
    }

    pub(crate) fn jobs(&self) -> usize {
        match self.jobs {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            jobs => jobs.min(256),
        }
    }
}
