//! The shape of a rule file, as written by people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{context::Context, proof::Proof};
use crate::finding::{Confidence, Severity};

/// One vendor's file of rules.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VendorFile {
    /// The vendor's name as people write it.
    pub vendor: String,
    /// The service that the rules belong to unless they name another.
    pub service: String,
    /// What to do about a leak, for rules without their own advice.
    pub advice: String,
    /// The vendor's public documentation of its formats or of revoking.
    pub references: Vec<String>,
    pub rules: Vec<RuleSource>,
}

/// One rule as written in a file; either `pattern` or `context` describes the secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSource {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    pub title: String,
    pub severity: Severity,
    /// Before a proof: a proof that holds offline makes the finding certain.
    pub confidence: Confidence,
    /// A byte regular expression; the group `secret` is the secret, else the whole match is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// A format without a mark of its own, told by the name that it is assigned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// Whether the secret must not touch further token characters; true unless said.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub bounded: bool,
    /// The secret's group by number, for imported patterns that do not name it `secret`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_group: Option<usize>,
    /// Literals of which one is in every match; those of a context unless said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub keywords_ignore_case: bool,
    /// How far from a keyword a match may reach, in bytes, to both sides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_bytes: Option<usize>,
    /// Shortest and longest secret in bytes, where the pattern does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<(usize, usize)>,
    /// Least Shannon entropy in bits per byte; a default by length unless said, 0 for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entropy: Option<f32>,
    /// Classes of which each must occur: `digit`, `upper`, `lower`, `letter`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckSpec>,
    /// Texts that must be found; broken by `{{}}` (see [`super::example`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positives: Vec<String>,
    /// Near misses that must not be found; broken likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub negatives: Vec<String>,
}

/// A read-only call that tells whether a secret is still valid; `{{secret}}` stands for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckSpec {
    /// `GET`, or `POST` where the vendor has only that.
    pub method: String,
    /// The address; its host is the only one that the check may reach.
    pub url: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// User name and password of basic authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic: Option<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Status codes that mean valid; any other that is not `invalid` means unknown.
    pub valid: Vec<u16>,
    pub invalid: Vec<u16>,
    /// Text that a valid answer contains, for vendors that answer 200 to everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_text: Option<String>,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}
