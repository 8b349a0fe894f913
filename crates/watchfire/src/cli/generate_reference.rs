//! `watchfire generate-reference`: the reference pages, written from the code that they describe.

use std::path::PathBuf;

use clap::Args;

use super::failure::{Exit, Failure};
use super::reference;

/// Write the reference pages into a folder
#[derive(Args, Debug)]
pub(crate) struct ReferenceArgs {
    folder: PathBuf,
}

impl ReferenceArgs {
    /// Carries the command out.
    pub(crate) fn run(self) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::new(Exit::Unreachable, format!("cannot write the reference: {error}"));
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        for (name, text) in reference::pages() {
            std::fs::write(self.folder.join(name), text).map_err(failed)?;
        }
        Ok(())
    }
}
