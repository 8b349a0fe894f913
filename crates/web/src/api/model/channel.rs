//! Channels and their kinds.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::channel::{About, Field, Outcome};
use watchfire_core::id::ChannelId;
use watchfire_engine::ChannelView;

use super::At;

/// A way to reach people. Its secrets are shown to nobody again.
#[derive(Serialize, ToSchema)]
#[schema(as = Channel)]
pub(crate) struct ChannelDocument {
    #[schema(value_type = String, format = "uuid")]
    id: ChannelId,
    kind: String,
    name: String,
    /// trusted, suspect or burned.
    trust: &'static str,
    /// Why it is not trusted; empty while it is.
    trust_reason: String,
    /// The settings that are no secrets.
    settings: BTreeMap<String, String>,
    /// The names of the secrets that are set.
    secrets: Vec<String>,
    created_at: At,
    changed_at: At,
    disabled_at: Option<At>,
    /// Failures in a row on the node that answers; 0 while the channel works.
    failures: u32,
    /// Until when the node leaves it alone after five of them.
    resting_until: Option<At>,
}

/// All channels by name.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChannelList {
    items: Vec<ChannelDocument>,
    next: Option<String>,
}

/// What came of a test message.
#[derive(Serialize, ToSchema)]
#[schema(as = ChannelTest)]
pub(crate) struct TestDocument {
    /// delivered, retry, refused or unknown.
    outcome: &'static str,
    /// What the other side said, or why it was not delivered.
    reply: String,
}

/// A kind of channel.
#[derive(Serialize, ToSchema)]
#[schema(as = ChannelKind)]
pub(crate) struct ChannelKindDocument {
    kind: &'static str,
    title: &'static str,
    summary: &'static str,
    /// What it can do: page, post, edit, invite, call, resolve, repeat.
    capabilities: Vec<&'static str>,
    settings: Vec<FieldDocument>,
    /// The steps of setting it up, in Markdown.
    setup: String,
    /// The vendor's documentation of what is sent.
    reference: &'static str,
}

/// A setting of a kind of channel.
#[derive(Serialize, ToSchema)]
#[schema(as = ChannelSetting)]
pub(crate) struct FieldDocument {
    name: &'static str,
    title: &'static str,
    help: &'static str,
    /// It is kept sealed and never shown.
    secret: bool,
    required: bool,
    /// What holds if it is left out; empty if nothing does.
    default: &'static str,
}

/// All kinds of channels.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChannelKindList {
    items: Vec<ChannelKindDocument>,
    next: Option<String>,
}

impl From<ChannelView> for ChannelDocument {
    fn from(view: ChannelView) -> Self {
        Self {
            id: view.id,
            kind: view.kind,
            name: view.name,
            trust: view.trust.as_str(),
            trust_reason: view.trust_reason,
            settings: view.settings,
            secrets: view.secrets,
            created_at: At(view.created_at),
            changed_at: At(view.changed_at),
            disabled_at: view.disabled_at.map(At),
            failures: view.failures,
            resting_until: view.resting_until.map(At),
        }
    }
}

impl From<Vec<ChannelView>> for ChannelList {
    fn from(channels: Vec<ChannelView>) -> Self {
        Self { items: channels.into_iter().map(Into::into).collect(), next: None }
    }
}

impl From<Outcome> for TestDocument {
    fn from(outcome: Outcome) -> Self {
        Self { outcome: outcome.as_str(), reply: outcome.reply().to_owned() }
    }
}

impl ChannelKindList {
    /// Describes kinds; addresses in their set-up texts are this server's.
    pub(crate) fn new(kinds: Vec<&'static About>, base_url: &str) -> Self {
        let kind = |about: &'static About| ChannelKindDocument {
            kind: about.kind,
            title: about.title,
            summary: about.summary,
            capabilities: about.capabilities.words(),
            settings: about.fields.iter().map(FieldDocument::from).collect(),
            setup: about.setup.replace("{base_url}", base_url),
            reference: about.reference,
        };
        Self { items: kinds.into_iter().map(kind).collect(), next: None }
    }
}

impl From<&Field> for FieldDocument {
    fn from(field: &Field) -> Self {
        Self {
            name: field.name,
            title: field.title,
            help: field.help,
            secret: field.secret,
            required: field.required,
            default: field.default,
        }
    }
}
