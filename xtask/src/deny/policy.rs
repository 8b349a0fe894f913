//! What `deny.toml` says, in cargo-deny's own form.

use anyhow::{Context, Result};

/// What is allowed and what is not.
pub(crate) struct Policy {
    pub(crate) licences: Vec<String>,
    pub(crate) registries: Vec<String>,
    /// Package names with the reason against each.
    pub(crate) banned: Vec<(String, String)>,
}

impl Policy {
    /// Reads the parts of `deny.toml` that the own check enforces.
    pub(crate) fn read(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse().context("deny.toml")?;
        let strings = |section: &str, key: &str| -> Vec<String> {
            let list = table.get(section).and_then(|section| section.get(key)).and_then(toml::Value::as_array);
            list.into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned).collect()
        };
        let banned = table.get("bans").and_then(|bans| bans.get("deny")).and_then(toml::Value::as_array);
        let banned = banned.into_iter().flatten().filter_map(|entry| {
            let text = |key: &str| entry.get(key).and_then(toml::Value::as_str).map(str::to_owned);
            Some((text("crate")?, text("reason").unwrap_or_default()))
        });
        let policy = Self {
            licences: strings("licenses", "allow"),
            registries: strings("sources", "allow-registry"),
            banned: banned.collect(),
        };
        anyhow::ensure!(!policy.licences.is_empty(), "deny.toml allows no licence at all");
        anyhow::ensure!(!policy.registries.is_empty(), "deny.toml allows no registry at all");
        Ok(policy)
    }
}
