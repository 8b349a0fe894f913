//! `watchfire man`: the manual page.

use std::path::PathBuf;

use clap::{Args, CommandFactory};

use super::failure::{Exit, Failure};
use super::output::write_out;
use super::root::Cli;

/// Print the manual page, or write one for each command into a folder
#[derive(Args, Debug)]
pub(crate) struct ManArgs {
    /// Folder for watchfire.1, watchfire-incident.1 and so on
    folder: Option<PathBuf>,
}

impl ManArgs {
    /// Carries the command out.
    pub(crate) fn run(self) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::new(Exit::Unreachable, format!("cannot write the manual: {error}"));
        match self.folder {
            Some(folder) => {
                std::fs::create_dir_all(&folder).map_err(failed)?;
                clap_mangen::generate_to(Cli::command(), &folder).map_err(failed)
            }
            None => {
                let mut text = Vec::new();
                clap_mangen::Man::new(Cli::command()).render(&mut text).map_err(failed)?;
                write_out(&text);
                Ok(())
            }
        }
    }
}
