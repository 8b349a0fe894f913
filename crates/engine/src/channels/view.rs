//! What is shown of a configured channel.

use std::collections::BTreeMap;

use jiff::Timestamp;
use watchfire_core::channel::{About, ChannelTrust};
use watchfire_core::id::ChannelId;
use watchfire_store::channel::Channel;

use super::breaker::Breakers;

/// A configured channel without its secrets: they are shown to nobody again.
#[derive(Clone, Debug)]
pub struct ChannelView {
    pub id: ChannelId,
    pub kind: String,
    pub name: String,
    pub trust: ChannelTrust,
    pub trust_reason: String,
    /// The settings that are no secrets.
    pub settings: BTreeMap<String, String>,
    /// The names of the secrets that are set.
    pub secrets: Vec<String>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    /// Failures in a row on this node; 0 while it answers.
    pub failures: u32,
    /// Until when this node leaves it alone.
    pub resting_until: Option<Timestamp>,
}

impl ChannelView {
    /// Shows a channel. Of a kind that this version does not know every setting counts as a secret.
    pub(super) fn of(channel: Channel, about: Option<&About>, breakers: &Breakers) -> Self {
        let (failures, resting_until) = breakers.state(channel.id);
        let open = |name: &str| about.and_then(|about| about.field(name)).is_some_and(|field| !field.secret);
        let (mut settings, mut secrets) = (BTreeMap::new(), Vec::new());
        for (name, value) in channel.settings.iter().filter(|(_, value)| !value.is_empty()) {
            if open(name) {
                settings.insert(name.to_owned(), value.to_owned());
            } else {
                secrets.push(name.to_owned());
            }
        }
        Self {
            id: channel.id,
            kind: channel.kind,
            name: channel.name,
            trust: channel.trust,
            trust_reason: channel.trust_reason,
            settings,
            secrets,
            created_at: channel.created_at,
            changed_at: channel.changed_at,
            disabled_at: channel.disabled_at,
            failures,
            resting_until,
        }
    }
}
