//! `watchfire backup`: a consistent copy of everything but the key.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use watchfire_store::{Error, backup};

use super::failure::{Exit, Failure};
use super::output::{Output, facts};
use crate::config::StoreArgs;
use crate::world::SystemClock;

/// Copy everything but the key into a new folder, also while the server runs
#[derive(Args, Debug)]
pub(crate) struct BackupArgs {
    /// Folder for the copy; it must be new or empty
    folder: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
    /// Print data as JSON
    #[arg(long)]
    json: bool,
}

impl BackupArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.store.settings(&self.store.file()?);
        let key = settings.key_path();
        let manifest = backup::create_beside(&settings, &SystemClock, &self.folder).await.map_err(|error| match error {
            Error::Refused(_) => Failure::refused(error.to_string()),
            error => Failure::new(Exit::Unreachable, error.to_string()),
        })?;
        let value = json!({ "folder": self.folder, "manifest": manifest, "key_file": key });
        Output { json: self.json }.value(&value, |value| {
            let told = facts(value, &[("folder", "folder"), ("made", "manifest.created_at"), ("last entry", "manifest.head")]);
            format!("{told}\nthe key is not in it: keep {} in another place\n", key.display())
        });
        Ok(())
    }
}
