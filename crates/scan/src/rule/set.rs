//! All rules that a scan uses.

use std::{collections::BTreeSet, sync::OnceLock};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    Rule, RuleError,
    definition::VendorFile,
    gitleaks,
    rule::{PATTERN_BYTES_MAX, compile},
    validate::validate,
};
use crate::finding::Confidence;

/// Digested by `build.rs` from `rules/*.yaml`: the files without their examples, and a digest of them all.
const BUILTIN: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.json"));

/// A set of rules with a version that changes whenever a rule does.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<Rule>,
    version: String,
}

#[derive(Deserialize)]
struct Digested {
    version: String,
    files: Vec<VendorFile>,
}

impl RuleSet {
    /// Returns the rules of the binary, read at the first call.
    pub fn builtin() -> &'static Self {
        static SET: OnceLock<RuleSet> = OnceLock::new();
        SET.get_or_init(|| {
            let digested: Digested = serde_json::from_str(BUILTIN).expect("build.rs wrote this file with the same types");
            let rules = digested.files.iter().flat_map(rules_of).collect::<Result<Vec<_>, _>>();
            Self { rules: rules.expect("rule::check tests every rule of the binary"), version: digested.version }
        })
    }

    /// Returns the rules of one file in the format of `rules/<vendor>.yaml`; `name` is used in errors only.
    ///
    /// # Errors
    /// When the text is no rule file, an id occurs twice, or a pattern is over 1 KiB, over 1 MiB compiled, or wrong.
    pub fn from_yaml(name: &str, text: &str) -> Result<Self, RuleError> {
        let file: VendorFile = serde_saphyr::from_str(text)
            .map_err(|error| RuleError::Unreadable { file: name.to_owned(), reason: error.to_string() })?;
        let rules = rules_of(&file).collect::<Result<Vec<_>, _>>()?;
        Self::checked(rules, text)
    }

    /// Returns the rules of a gitleaks configuration file.
    ///
    /// # Errors
    /// When the text is no TOML of that shape, or a rule uses what is not supported; the error names it.
    pub fn import_gitleaks(text: &str) -> Result<Self, RuleError> {
        Self::checked(gitleaks::rules(text)?, text)
    }

    /// Returns this set with the rules of `other` added.
    ///
    /// # Errors
    /// When both have a rule of the same id.
    pub fn with(self, other: Self) -> Result<Self, RuleError> {
        let version = version_of(&format!("{}{}", self.version, other.version));
        let rules: Vec<Rule> = self.rules.into_iter().chain(other.rules).collect();
        unique(&rules)?;
        Ok(Self { rules, version })
    }

    /// Returns the binary's rules as a set of their own, to be joined with a user's.
    pub fn builtin_copy() -> Self {
        let builtin = Self::builtin();
        let copy = |rule: &Rule| Rule::new(rule.source.clone(), &rule.service, &rule.advice, &rule.references);
        Self { rules: builtin.rules.iter().filter_map(|rule| copy(rule).ok()).collect(), version: builtin.version.clone() }
    }

    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Returns a digest of the rules' text, 16 hex digits.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns the confidence of `secret` in the match `whole` of `rule`; `None` when length, entropy, placeholder
    /// knowledge or the rule's proof speak against it.
    pub fn validate(&self, rule: &Rule, secret: &[u8], whole: &[u8]) -> Option<Confidence> {
        validate(rule, secret, whole)
    }

    fn checked(rules: Vec<Rule>, text: &str) -> Result<Self, RuleError> {
        unique(&rules)?;
        for rule in &rules {
            let pattern = rule.pattern_text();
            let written = rule.source.pattern.as_ref().map_or(0, String::len);
            if written > PATTERN_BYTES_MAX {
                return Err(RuleError::PatternTooLong { rule: rule.id.clone(), bytes: written, limit: PATTERN_BYTES_MAX });
            }
            compile(&pattern).map_err(|reason| RuleError::Pattern { rule: rule.id.clone(), reason })?;
        }
        Ok(Self { rules, version: version_of(text) })
    }
}

fn rules_of(file: &VendorFile) -> impl Iterator<Item = Result<Rule, RuleError>> {
    file.rules.iter().map(|source| Rule::new(source.clone(), &file.service, &file.advice, &file.references))
}

fn unique(rules: &[Rule]) -> Result<(), RuleError> {
    let mut seen = BTreeSet::new();
    match rules.iter().find(|rule| !seen.insert(rule.id.as_str())) {
        Some(rule) => Err(RuleError::Invalid { rule: rule.id.clone(), reason: "the id occurs twice".to_owned() }),
        None => Ok(()),
    }
}

fn version_of(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
