//! The kinds of trouble.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of trouble an incident is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    DataBreach,
    Intrusion,
    Account,
    Malware,
    LeakedSecret,
    Misconfiguration,
    Vulnerability,
    Compliance,
    Reliability,
    FailedDeploy,
    Operational,
    Other,
}

/// The three families that a commander leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    Security,
    Reliability,
    Operational,
}

impl Class {
    /// All classes, security first.
    pub const ALL: [Self; 12] = [
        Self::DataBreach,
        Self::Intrusion,
        Self::Account,
        Self::Malware,
        Self::LeakedSecret,
        Self::Misconfiguration,
        Self::Vulnerability,
        Self::Compliance,
        Self::Reliability,
        Self::FailedDeploy,
        Self::Operational,
        Self::Other,
    ];

    /// Returns the word that the API, plans and store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DataBreach => "data_breach",
            Self::Intrusion => "intrusion",
            Self::Account => "account",
            Self::Malware => "malware",
            Self::LeakedSecret => "leaked_secret",
            Self::Misconfiguration => "misconfiguration",
            Self::Vulnerability => "vulnerability",
            Self::Compliance => "compliance",
            Self::Reliability => "reliability",
            Self::FailedDeploy => "failed_deploy",
            Self::Operational => "operational",
            Self::Other => "other",
        }
    }

    /// Returns the words for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::DataBreach => "Data breach",
            Self::Intrusion => "Intrusion",
            Self::Account => "Account",
            Self::Malware => "Malware",
            Self::LeakedSecret => "Leaked secret",
            Self::Misconfiguration => "Misconfiguration",
            Self::Vulnerability => "Vulnerability",
            Self::Compliance => "Compliance",
            Self::Reliability => "Reliability",
            Self::FailedDeploy => "Failed deploy",
            Self::Operational => "Operational",
            Self::Other => "Other",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == word)
    }

    /// Returns the family.
    pub fn family(self) -> Family {
        match self {
            Self::Reliability | Self::FailedDeploy => Family::Reliability,
            Self::Operational | Self::Other => Family::Operational,
            _ => Family::Security,
        }
    }

    /// Tells whether incidents of this class may skip phases at any severity: there is no intruder to put out.
    pub fn is_light(self) -> bool {
        matches!(
            self,
            Self::LeakedSecret
                | Self::Misconfiguration
                | Self::Vulnerability
                | Self::Compliance
                | Self::Reliability
                | Self::FailedDeploy
                | Self::Operational
                | Self::Other
        )
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
