//! Reads a gitleaks configuration, so that people keep the rules they wrote.

use serde::Deserialize;

use super::{Rule, RuleError, definition::RuleSource, rule::compile};
use crate::finding::{Confidence, Severity};

/// Most rules of one file.
const RULES_MAX: usize = 2000;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    rules: Vec<Entry>,
    #[serde(default)]
    extend: Option<toml::Table>,
    #[serde(default)]
    allowlist: Option<toml::Value>,
    #[serde(default)]
    allowlists: Option<toml::Value>,
}

#[derive(Deserialize)]
struct Entry {
    id: Option<String>,
    #[serde(default)]
    description: String,
    regex: Option<String>,
    #[serde(rename = "secretGroup")]
    secret_group: Option<usize>,
    entropy: Option<f32>,
    #[serde(default)]
    keywords: Vec<String>,
    path: Option<String>,
    #[serde(default)]
    allowlist: Option<toml::Value>,
    #[serde(default)]
    allowlists: Option<toml::Value>,
    #[serde(default)]
    required: Option<toml::Value>,
}

/// Returns the rules of `text`.
///
/// # Errors
/// When the text is no such file, or names a feature that has no counterpart here.
pub(super) fn rules(text: &str) -> Result<Vec<Rule>, RuleError> {
    let file: File = toml::from_str(text)
        .map_err(|error| RuleError::Unreadable { file: "gitleaks configuration".to_owned(), reason: error.to_string() })?;
    for (present, feature, hint) in [
        (file.extend.is_some(), "extend", "list the rules themselves; the built-in rules are always on"),
        (file.allowlist.is_some() || file.allowlists.is_some(), "allowlist", "use an ignore file of watchfire instead"),
    ] {
        if present {
            return Err(unsupported("(file)", feature, hint));
        }
    }
    if file.rules.len() > RULES_MAX {
        let reason = format!("{} rules, the limit is {RULES_MAX}", file.rules.len());
        return Err(RuleError::Unreadable { file: "gitleaks configuration".to_owned(), reason });
    }
    file.rules.into_iter().enumerate().map(|(number, entry)| rule(number, entry)).collect()
}

fn rule(number: usize, entry: Entry) -> Result<Rule, RuleError> {
    let id = entry
        .id
        .clone()
        .ok_or_else(|| RuleError::Invalid { rule: format!("number {}", number + 1), reason: "it has no `id`".to_owned() })?;
    for (present, feature, hint) in [
        (entry.path.is_some(), "path", "rules here look at contents only; remove the line"),
        (entry.allowlist.is_some() || entry.allowlists.is_some(), "allowlist", "use an ignore file of watchfire instead"),
        (entry.required.is_some(), "required", "rules that depend on one another are not read"),
    ] {
        if present {
            return Err(unsupported(&id, feature, hint));
        }
    }
    let Some(regex) = entry.regex else {
        return Err(unsupported(&id, "a rule without regex", "give `regex`; rules on paths alone are not read"));
    };
    let keywords: Vec<String> = entry.keywords.iter().map(|word| word.to_lowercase()).collect();
    if keywords.is_empty() || keywords.iter().any(|word| word.len() < 3) {
        return Err(unsupported(
            &id,
            "a rule without keywords",
            "give `keywords` of at least three bytes, of which one is in every match",
        ));
    }
    let compiled = compile(&regex).map_err(|reason| RuleError::Pattern { rule: id.clone(), reason })?;
    let groups = compiled.captures_len();
    // As gitleaks does it: the named group, else the first one, else the whole match.
    let secret_group = entry.secret_group.unwrap_or(usize::from(groups > 1));
    if secret_group >= groups {
        let reason = format!("secretGroup is {secret_group}, the pattern has {} groups", groups - 1);
        return Err(RuleError::Invalid { rule: id, reason });
    }
    let title = if entry.description.is_empty() { id.clone() } else { entry.description };
    let source = RuleSource {
        id,
        service: None,
        title,
        severity: Severity::High,
        confidence: Confidence::High,
        pattern: Some(regex),
        context: None,
        bounded: false,
        secret_group: Some(secret_group),
        keywords,
        keywords_ignore_case: true,
        window_bytes: Some(4096),
        length: None,
        entropy: entry.entropy,
        requires: Vec::new(),
        proof: None,
        advice: None,
        references: Vec::new(),
        check: None,
        positives: Vec::new(),
        negatives: Vec::new(),
    };
    let advice = "Revoke the secret where it was issued, replace it, and look for its use in that service's log.";
    Rule::new(source, "custom", advice, &[])
}

fn unsupported(rule: &str, feature: &str, hint: &str) -> RuleError {
    RuleError::Unsupported { rule: rule.to_owned(), feature: feature.to_owned(), hint: hint.to_owned() }
}
