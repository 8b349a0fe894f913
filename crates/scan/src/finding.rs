//! What a scan reports: a finding per (service, value) with all its places.

use serde::{Deserialize, Serialize};

/// How sure the engine is that a value is a secret.
///
/// `Certain` means that a proof was checked (a checksum or a structure that chance does not produce).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Looks like a secret, without support from its surroundings.
    Low,
    /// More likely a secret than not.
    Medium,
    /// Shape and surroundings agree.
    High,
    /// A checksum or a structure proves the format.
    Certain,
}

/// How much harm the value allows when it is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Little can be done with it (a publishable or read-only value).
    Low,
    /// Limited access to one service.
    Medium,
    /// Broad access to a service or to data.
    High,
    /// Control over an account, an infrastructure or an identity.
    Critical,
}

/// One secret value of one service, with every place where it was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The id of the rule that found it; of several, the one with the highest confidence.
    pub rule: String,
    /// The service that the value belongs to, for instance `github`; `generic` when unknown.
    pub service: String,
    /// What the value is, in a few words.
    pub title: String,
    /// The highest confidence among the places.
    pub confidence: Confidence,
    /// The harm that the value allows.
    pub severity: Severity,
    /// The keyed fingerprint of service and value; the same for the same local key.
    pub fingerprint: String,
    /// The value: redacted, unless revealing was asked for.
    pub secret: String,
    /// What a person should do about it; empty when the rule gives no advice.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub advice: String,
    /// Why the generic scanner believes it; filled only when explanations were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Whether its service still accepts it; absent unless that was asked for and its rule knows how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<crate::live::Validity>,
    /// Where it was seen; never empty, ordered by path and position.
    pub places: Vec<Place>,
}

/// One place of a secret.
///
/// Lines and columns count from 1; columns count characters (code points). `end_column` is the column after the last one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The path: in a repository from its root, otherwise below the path that was given; control characters and invalid UTF-8 are escaped.
    pub path: String,
    /// The line on which the value starts.
    pub start_line: u32,
    /// The column on which the value starts.
    pub start_column: u32,
    /// The line on which the value ends.
    pub end_line: u32,
    /// The column after the value's last character.
    pub end_column: u32,
    /// The commit that brought the value to this path first; absent outside of history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The name of that commit's author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The author's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// When it was authored, as RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Whether the value still stands at this path in a branch head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<bool>,
    /// Whether a reference reaches the commit; absent outside of history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reachable: Option<bool>,
    /// The branch heads in which the value still stands at this path, at most 32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<String>,
    /// How the value was encoded, outermost first (`base64`, `percent`, ...); empty for plain text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub encodings: Vec<String>,
}
