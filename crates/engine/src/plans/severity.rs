//! How a route sets severity.

use watchfire_core::Severity;

/// What a route says of severity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SeverityRule {
    /// As the source says; unknown stays unknown.
    Source,
    /// Always this.
    Fixed(Severity),
    /// As the source says, but at least this bad; unknown becomes this.
    AtLeast(Severity),
    /// As the source says, but at most this bad; unknown becomes this.
    AtMost(Severity),
}

impl SeverityRule {
    /// Reads `source`, `sev2`, `at least sev2` or `at most sev3`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "source" {
            return Some(Self::Source);
        }
        if let Some(level) = text.strip_prefix("at least ") {
            return level.parse().ok().map(Self::AtLeast);
        }
        if let Some(level) = text.strip_prefix("at most ") {
            return level.parse().ok().map(Self::AtMost);
        }
        text.parse().ok().map(Self::Fixed)
    }

    /// Returns the severity for what the source said.
    pub fn of(self, source: Option<Severity>) -> Option<Severity> {
        match self {
            Self::Source => source,
            Self::Fixed(severity) => Some(severity),
            Self::AtLeast(bound) => Some(source.map_or(bound, |severity| severity.min(bound))),
            Self::AtMost(bound) => Some(source.map_or(bound, |severity| severity.max(bound))),
        }
    }
}
