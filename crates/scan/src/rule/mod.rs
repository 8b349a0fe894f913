//! Provider rules: what a service's secrets look like, as data.

use crate::finding::{Confidence, Severity};
use regex_automata::{meta::Regex, util::syntax};
use std::sync::LazyLock;

/// A call that tells whether a secret still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckSpec {}

/// One provider format.
pub struct Rule {
    pub id: String,
    pub service: String,
    pub title: String,
    pub severity: Severity,
    pub confidence: Confidence,
    /// Compiled when first used: several hundred patterns would cost the start-up.
    pub pattern: LazyLock<Regex, Box<dyn FnOnce() -> Regex + Send>>,
    pub secret_group: usize,
    pub keywords: Vec<Vec<u8>>,
    pub keywords_ignore_case: bool,
    pub window_bytes: usize,
    pub advice: String,
    pub references: Vec<String>,
    pub check: Option<CheckSpec>,
}

/// A set of rules with one version.
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// Returns the rules that ship.
    pub fn builtin() -> &'static Self {
        static SET: LazyLock<RuleSet> = LazyLock::new(|| RuleSet {
            rules: vec![
                rule("github-pat", "github", r"\b(ghp_[0-9A-Za-z]{36})\b", &["ghp_"]),
                rule("aws-access-key-id", "aws", r"\b(AKIA[A-Z2-7]{16})\b", &["AKIA"]),
                rule(
                    "private-key",
                    "private-key",
                    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[A-Za-z0-9+/=\s]{64,}?-----END (?:[A-Z]+ )?PRIVATE KEY-----",
                    &["PRIVATE KEY-----"],
                ),
            ],
        });
        &SET
    }

    /// Returns the rules, in order of their ids.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Returns a text that changes whenever a rule changes.
    pub fn version(&self) -> &str {
        "0"
    }

    /// Returns how sure the rule is of `secret` inside of the match `whole`, or `None` to reject it.
    pub fn validate(&self, rule: &Rule, _secret: &[u8], _whole: &[u8]) -> Option<Confidence> {
        Some(rule.confidence)
    }
}

fn rule(id: &str, service: &str, pattern: &'static str, keywords: &[&str]) -> Rule {
    Rule {
        id: id.into(),
        service: service.into(),
        title: id.into(),
        severity: Severity::High,
        confidence: Confidence::High,
        pattern: LazyLock::new(Box::new(move || {
            Regex::builder()
                .syntax(syntax::Config::new().unicode(false).utf8(false))
                .build(pattern)
                .expect("a built-in pattern compiles")
        })),
        secret_group: usize::from(pattern.contains("(ghp") || pattern.contains("(AKIA")),
        keywords: keywords.iter().map(|k| k.as_bytes().to_vec()).collect(),
        keywords_ignore_case: false,
        window_bytes: if id == "private-key" { 16384 } else { 256 },
        advice: String::new(),
        references: Vec::new(),
        check: None,
    }
}
