//! A rule ready for the engine.

use std::{fmt, sync::LazyLock};

use regex_automata::{
    meta::{Config, Regex},
    util::syntax,
};

use super::{
    definition::{CheckSpec, RuleSource},
    error::RuleError,
    proof::Proof,
};
use crate::finding::{Confidence, Severity};

/// Longest pattern of a user's rule, in bytes.
pub(super) const PATTERN_BYTES_MAX: usize = 1024;
/// Largest compiled pattern, in bytes.
pub(super) const COMPILED_BYTES_MAX: usize = 1024 * 1024;
/// Window of rules that do not name one.
const WINDOW_BYTES: usize = 512;

/// The end of the text, or a sign that ends a value only where no further letter follows: `abc!def` is one word, and no
/// token. `%22` is a quote.
const STRAY: &str = r"[!#](?:[^0-9A-Za-z]|\z)|%(?:[0-9A-Fa-f]{2}|[^0-9A-Za-z]|\z)|\z";

/// A pattern that is compiled when first used.
pub type Pattern = LazyLock<Regex, Box<dyn FnOnce() -> Regex + Send>>;

/// One secret format: where to look, what it looks like, what to do.
pub struct Rule {
    pub id: String,
    pub service: String,
    pub title: String,
    pub severity: Severity,
    /// Without a proof; [`super::RuleSet::validate`] gives that of a value.
    pub confidence: Confidence,
    /// Compiled when first used: several hundred patterns would cost the start-up.
    pub pattern: Pattern,
    /// Group of the pattern that is the secret.
    pub secret_group: usize,
    /// Literals of which one is in every match, at least three bytes each.
    pub keywords: Vec<Vec<u8>>,
    pub keywords_ignore_case: bool,
    /// How far around a keyword a match may reach, in bytes, to both sides.
    pub window_bytes: usize,
    pub advice: String,
    pub references: Vec<String>,
    pub check: Option<CheckSpec>,
    pub(super) source: RuleSource,
    pub(super) proof: Option<Proof>,
}

impl Rule {
    /// Returns the rule that `source` describes, its pattern not yet compiled.
    ///
    /// # Errors
    /// When neither or both of pattern and context are given, or no keyword.
    pub(super) fn new(source: RuleSource, service: &str, advice: &str, references: &[String]) -> Result<Self, RuleError> {
        let fail = |reason: &str| RuleError::Invalid { rule: source.id.clone(), reason: reason.to_owned() };
        let mut keywords = source.keywords.clone();
        let mut keywords_ignore_case = source.keywords_ignore_case;
        match (&source.pattern, &source.context) {
            (Some(_), None) => {}
            (None, Some(context)) => {
                if keywords.is_empty() {
                    keywords = context.keywords();
                    keywords_ignore_case = true;
                }
            }
            _ => return Err(fail("give either `pattern` or `context`")),
        }
        if keywords.is_empty() {
            return Err(fail("give at least one keyword that is in every match"));
        }
        Ok(Self {
            id: source.id.clone(),
            service: source.service.clone().unwrap_or_else(|| service.to_owned()),
            title: source.title.clone(),
            severity: source.severity,
            confidence: source.confidence,
            // `secret` is the only capturing group unless a number is given: checked by `rule::check`.
            secret_group: source.secret_group.unwrap_or(1),
            keywords: keywords.into_iter().map(String::into_bytes).collect(),
            keywords_ignore_case,
            window_bytes: source.window_bytes.unwrap_or(WINDOW_BYTES),
            advice: source.advice.clone().unwrap_or_else(|| advice.to_owned()),
            references: if source.references.is_empty() { references.to_vec() } else { source.references.clone() },
            check: source.check.clone(),
            proof: source.proof.clone(),
            pattern: lazily(&source),
            source,
        })
    }

    /// Returns the text of the whole pattern, bounds included.
    pub fn pattern_text(&self) -> String {
        pattern_text(&self.source)
    }

    /// Returns the least and greatest length of the secret that the rule's file states.
    pub(crate) fn stated_length(&self) -> Option<(usize, usize)> {
        self.source.length
    }

    /// Returns the context of a rule that tells its secrets by name.
    pub fn context(&self) -> Option<&super::Context> {
        self.source.context.as_ref()
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rule").field("id", &self.id).finish_non_exhaustive()
    }
}

fn lazily(source: &RuleSource) -> Pattern {
    let source = source.clone();
    // Rules of the binary are compiled by a test, a user's rules when they are loaded; a pattern that fails all the
    // same matches nothing rather than taking the scan down.
    LazyLock::new(Box::new(move || compile(&pattern_text(&source)).unwrap_or_else(|_| never())))
}

fn pattern_text(source: &RuleSource) -> String {
    match (&source.pattern, &source.context) {
        (Some(pattern), _) if source.secret_group.is_some() => pattern.clone(),
        (Some(pattern), _) => {
            let body = if pattern.contains("(?P<secret>") { pattern.clone() } else { format!("(?P<secret>{pattern})") };
            if source.bounded { format!(r"(?:\b{{start-half}}|\\[nrt]){body}(?:[^0-9A-Za-z_\-!#%]|{STRAY})") } else { body }
        }
        (None, Some(context)) => format!(r"{}(?:[^0-9A-Za-z_\-+/=!#%]|{STRAY})", context.pattern()),
        (None, None) => String::new(),
    }
}

/// Returns `pattern` compiled as a byte pattern of bounded size.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    Regex::builder()
        .configure(Config::new().nfa_size_limit(Some(COMPILED_BYTES_MAX)).onepass(false))
        .syntax(syntax::Config::new().unicode(false).utf8(false).nest_limit(64))
        .build(pattern)
        .map_err(|error| match error.syntax_error() {
            Some(inner) => inner.to_string(),
            None if error.size_limit().is_some() => {
                format!("it compiles to more than {COMPILED_BYTES_MAX} bytes")
            }
            None => error.to_string(),
        })
}

fn never() -> Regex {
    Regex::new(r"[^\s\S]").expect("the empty class is a valid pattern")
}
