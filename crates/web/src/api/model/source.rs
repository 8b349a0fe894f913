//! Sources and their kinds.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::id::SourceId;
use watchfire_core::source::{About, CredentialKind};
use watchfire_engine::{NewSource, SourceOverview};

use super::At;

/// Who sends events. Key and secret are not among it: its set-up shows them to whoever may configure.
#[derive(Serialize, ToSchema)]
#[schema(as = Source)]
pub(crate) struct SourceDocument {
    #[schema(value_type = String, format = "uuid")]
    id: SourceId,
    kind: String,
    name: String,
    settings: BTreeMap<String, String>,
    created_at: At,
    disabled_at: Option<At>,
    last_event_at: Option<At>,
    event_count: i64,
    /// Events that wait to be processed.
    pending_count: i64,
    /// Events that could not be read.
    quarantined_count: i64,
}

/// All sources by name.
#[derive(Serialize, ToSchema)]
pub(crate) struct SourceList {
    items: Vec<SourceDocument>,
    next: Option<String>,
}

/// The credentials of a source.
#[derive(Serialize, ToSchema)]
#[schema(as = SourceCredentials)]
pub(crate) struct CredentialsDocument {
    #[schema(value_type = String, format = "uuid")]
    id: SourceId,
    kind: String,
    name: String,
    /// Where deliveries go.
    url: String,
    key: String,
    secret: String,
}

/// How to set up the sender.
#[derive(Serialize, ToSchema)]
#[schema(as = SourceSetup)]
pub(crate) struct SetupDocument {
    /// The steps, with address, key and secret filled in.
    pub(crate) markdown: String,
}

/// A kind of source that can be connected.
#[derive(Serialize, ToSchema)]
#[schema(as = SourceKind)]
pub(crate) struct KindDocument {
    kind: &'static str,
    title: &'static str,
    family: &'static str,
    summary: &'static str,
    /// How its deliveries are verified: signature, token, certificate or key.
    credential: &'static str,
    /// The settings that may be given, with what they are.
    settings: BTreeMap<&'static str, &'static str>,
    /// How the vendor's words become ours.
    severities: Vec<SeverityMapping>,
    body_bytes_max: usize,
    /// The vendor's documentation of the format.
    reference: &'static str,
}

/// How one of a vendor's words for severity is read.
#[derive(Serialize, ToSchema)]
pub(crate) struct SeverityMapping {
    source: &'static str,
    severity: &'static str,
}

/// All kinds in alphabetical order.
#[derive(Serialize, ToSchema)]
pub(crate) struct KindList {
    items: Vec<KindDocument>,
    next: Option<String>,
}

impl From<SourceOverview> for SourceDocument {
    fn from(source: SourceOverview) -> Self {
        Self {
            id: source.id,
            kind: source.kind,
            name: source.name,
            settings: source.settings,
            created_at: At(source.created_at),
            disabled_at: source.disabled_at.map(At),
            last_event_at: source.last_event_at.map(At),
            event_count: source.events,
            pending_count: source.pending,
            quarantined_count: source.quarantined,
        }
    }
}

impl From<Vec<SourceOverview>> for SourceList {
    fn from(sources: Vec<SourceOverview>) -> Self {
        Self { items: sources.into_iter().map(SourceDocument::from).collect(), next: None }
    }
}

impl From<NewSource> for CredentialsDocument {
    fn from(new: NewSource) -> Self {
        Self { id: new.source.id, kind: new.source.kind, name: new.source.name, url: new.url, key: new.key, secret: new.secret }
    }
}

impl From<&'static About> for KindDocument {
    fn from(about: &'static About) -> Self {
        let severities = about.severities.iter().map(|(source, severity)| SeverityMapping { source, severity });
        Self {
            kind: about.kind,
            title: about.title,
            family: about.family.title(),
            summary: about.summary,
            credential: match about.credential {
                CredentialKind::Signature => "signature",
                CredentialKind::Token => "token",
                CredentialKind::Certificate => "certificate",
                CredentialKind::Key => "key",
            },
            settings: about.settings.iter().copied().collect(),
            severities: severities.collect(),
            body_bytes_max: about.body_bytes_max,
            reference: about.reference,
        }
    }
}

impl From<Vec<&'static About>> for KindList {
    fn from(kinds: Vec<&'static About>) -> Self {
        Self { items: kinds.into_iter().map(KindDocument::from).collect(), next: None }
    }
}
