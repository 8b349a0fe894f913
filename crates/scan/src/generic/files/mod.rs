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

/// Returns whether the name that ends, with its quote, at `at` is that of a registry's credential.
pub(super) fn is_docker_entry(text: &[u8], at: usize) -> bool {
    docker::secret_behind(text, at).is_some()
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
