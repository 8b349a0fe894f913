//! Where texts come from outside of git: folders, files, a stream.

mod files;

pub(crate) use files::{Files, Walked, inside, path_bytes, scan_files, scan_reader};
