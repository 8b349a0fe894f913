//! Credential files with a shape of their own.

mod docker;
mod htpasswd;
mod kubernetes;
mod netrc;
mod npmrc;
mod pgpass;

use std::ops::Range;

use super::{FileContext, FileKind};

/// A credential and what it is.
pub(super) struct FileSecret {
    pub(super) range: Range<usize>,
    pub(super) rule_id: &'static str,
    pub(super) what: &'static str,
}

/// Returns the credentials that the file's own shape shows.
pub(super) fn secrets(text: &[u8], file: &FileContext<'_>) -> Vec<FileSecret> {
    let mut found = Vec::new();
    netrc::secrets(text, file.kind, &mut found);
    docker::secrets(text, &mut found);
    kubernetes::secrets(text, &mut found);
    match file.kind {
        FileKind::Pgpass => pgpass::secrets(text, &mut found),
        FileKind::Htpasswd => htpasswd::secrets(text, &mut found),
        FileKind::Npmrc => npmrc::secrets(text, &mut found),
        _ => {}
    }
    found
}
