//! Where the data is.

use std::path::PathBuf;

use clap::Args;

use super::{DatabaseUrl, FileSettings};

/// Where the data is, for every command that works on it without a server.
#[derive(Args, Clone, Debug)]
pub(crate) struct StoreArgs {
    /// Folder for the data: the SQLite database and the blobs [default: ./watchfire-data]
    #[arg(long, value_name = "DIR", env = "WATCHFIRE_DATA")]
    data: Option<PathBuf>,
    /// PostgreSQL 15 or later instead of SQLite: postgres://user:password@host/name
    #[arg(long, value_name = "URL", env = "WATCHFIRE_DATABASE_URL", hide_env_values = true)]
    database_url: Option<DatabaseUrl>,
    /// File with the key that the keys of incidents are wrapped with [default: DIR.key, beside the data]
    #[arg(long, value_name = "FILE", env = "WATCHFIRE_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// Settings file (TOML); flags and environment go before it
    #[arg(long, value_name = "FILE", env = "WATCHFIRE_CONFIG")]
    config: Option<PathBuf>,
}

impl StoreArgs {
    /// Reads the settings file that was named.
    ///
    /// # Errors
    /// It cannot be read or used.
    pub(crate) fn file(&self) -> anyhow::Result<FileSettings> {
        FileSettings::load(self.config.as_deref())
    }

    /// Returns where the data is.
    pub(crate) fn settings(&self, file: &FileSettings) -> watchfire_store::Settings {
        let data = self.data.clone().or_else(|| file.data.clone()).unwrap_or_else(|| PathBuf::from("watchfire-data"));
        let url = self.database_url.clone().or_else(|| file.database_url.clone());
        watchfire_store::Settings {
            database_url: url.map(|url| url.expose().to_owned()),
            key_file: self.key_file.clone().or_else(|| file.key_file.clone()),
            ..watchfire_store::Settings::new(data)
        }
    }
}
