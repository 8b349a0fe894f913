//! Who did something.

use serde::{Deserialize, Serialize};

/// Who stands behind a change: every engine call takes one, every entry names one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Actor {
    /// A person, by login address.
    Person { id: String },
    /// A service that holds a token, by the token's name.
    Service { id: String },
    /// A source whose event caused the change, by its name.
    Source { id: String },
    /// Watchfire itself: a timer or a duty, by its name.
    Machine { id: String },
}

impl Actor {
    /// Names the flow's own work: intake, triage, timers.
    pub fn machine(id: &str) -> Self {
        Self::Machine { id: id.to_owned() }
    }

    /// Returns the kind's word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person { .. } => "person",
            Self::Service { .. } => "service",
            Self::Source { .. } => "source",
            Self::Machine { .. } => "machine",
        }
    }

    /// Returns the name within the kind.
    pub fn id(&self) -> &str {
        match self {
            Self::Person { id } | Self::Service { id } | Self::Source { id } | Self::Machine { id } => id,
        }
    }

    /// Reads kind and name back, as the store keeps them; an unknown kind is a machine's.
    pub fn from_parts(kind: &str, id: &str) -> Self {
        let id = id.to_owned();
        match kind {
            "person" => Self::Person { id },
            "service" => Self::Service { id },
            "source" => Self::Source { id },
            _ => Self::Machine { id },
        }
    }

    /// Tells whether no person and no person's service stands behind it.
    pub fn is_automatic(&self) -> bool {
        matches!(self, Self::Source { .. } | Self::Machine { .. })
    }
}
