//! `watchfire restore`: a backup brought back, or only checked.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use watchfire_store::backup::{self, Report};

use super::failure::{Exit, Failure};
use super::output::{Output, facts};
use crate::config::StoreArgs;
use crate::world::SystemClock;

/// Bring a backup back into an empty data folder or database
#[derive(Args, Debug)]
pub(crate) struct RestoreArgs {
    /// Folder of the backup
    folder: PathBuf,
    /// Check the backup and change nothing
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    store: StoreArgs,
    /// Print data as JSON
    #[arg(long)]
    json: bool,
}

impl RestoreArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.store.settings(&self.store.file()?);
        let outcome = if self.check {
            backup::verify(&self.folder, &settings.key_path()).await
        } else {
            backup::restore(&self.folder, settings, Arc::new(SystemClock)).await
        };
        let report = outcome.map_err(|error| match error {
            watchfire_store::Error::Refused(_) => Failure::refused(error.to_string()),
            error => Failure::new(Exit::Unreachable, error.to_string()),
        })?;
        Output { json: self.json }.value(&document(&report), |value| {
            let told = [
                ("made", "manifest.created_at"),
                ("last entry", "manifest.head"),
                ("events opened", "events_opened"),
                ("wrong", "wrong"),
            ];
            facts(value, &told)
        });
        if report.wrong.is_empty() { Ok(()) } else { Err(Failure::refused("the backup is damaged")) }
    }
}

fn document(report: &Report) -> serde_json::Value {
    json!({ "manifest": report.manifest, "events_opened": report.opened, "wrong": report.wrong })
}
