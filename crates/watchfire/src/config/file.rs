//! The settings file.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use super::{DatabaseUrl, Hidden};

/// What `watchfire.toml` may hold; all of it is optional, anything else is refused by name.
#[derive(Clone, Default, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileSettings {
    pub(crate) data: Option<PathBuf>,
    pub(crate) database_url: Option<DatabaseUrl>,
    pub(crate) key_file: Option<PathBuf>,
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) base_url: Option<String>,
    pub(crate) plans: Option<PathBuf>,
    pub(crate) tls_cert: Option<PathBuf>,
    pub(crate) tls_key: Option<PathBuf>,
    pub(crate) connections_per_address: Option<usize>,
    pub(crate) trusted_proxies: Option<Vec<IpAddr>>,
    pub(crate) egress_permit: Option<Vec<String>>,
    pub(crate) egress_ca: Option<PathBuf>,
    pub(crate) session_idle_minutes: Option<i64>,
    pub(crate) session_hours: Option<i64>,
    pub(crate) sign_on_issuer: Option<String>,
    pub(crate) sign_on_client_id: Option<String>,
    pub(crate) sign_on_client_secret: Option<Hidden>,
    pub(crate) sign_on_client_secret_file: Option<PathBuf>,
    pub(crate) sign_on_name: Option<String>,
    pub(crate) sign_on_scopes: Option<Vec<String>>,
    pub(crate) sign_on_groups_claim: Option<String>,
    pub(crate) sign_on_hosts: Option<Vec<String>>,
    pub(crate) sign_on_roles: Option<Vec<String>>,
    pub(crate) sign_on_teams: Option<Vec<String>>,
    pub(crate) log: Option<String>,
    pub(crate) log_json: Option<bool>,
}

impl FileSettings {
    /// Reads the file; without one nothing is set.
    ///
    /// # Errors
    /// The file cannot be read, or holds something else; the text names the line.
    pub(crate) fn load(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{} cannot be used", path.display()))
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// It is no TOML, or holds an unknown key or a value of the wrong form.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        Ok(toml::from_str(text)?)
    }
}
