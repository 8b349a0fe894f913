//! What can be wrong with a rule.

use thiserror::Error;

/// A rule, or a file of rules, that cannot be used.
#[derive(Debug, Error)]
pub enum RuleError {
    #[error("{file}: not a rule file: {reason}")]
    Unreadable { file: String, reason: String },
    #[error("rule `{rule}`: {reason}")]
    Invalid { rule: String, reason: String },
    #[error("rule `{rule}`: the pattern has {bytes} bytes, the limit is {limit}; split the rule")]
    PatternTooLong { rule: String, bytes: usize, limit: usize },
    #[error("rule `{rule}`: the pattern does not compile: {reason}")]
    Pattern { rule: String, reason: String },
    #[error("rule `{rule}`: `{feature}` is not supported; {hint}")]
    Unsupported { rule: String, feature: String, hint: String },
}
