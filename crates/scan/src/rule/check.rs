//! Verifies rule files: every example, every bound, every reference.

use std::collections::BTreeSet;
use std::io::BufReader;

use flate2::read::GzDecoder;
use regex_automata::util::syntax;
use serde::Deserialize;

use super::{Rule, RuleSource, VendorFile, example, rule::compile, validate::validate};

/// The files of the binary with their examples; parsed by [`builtin`] alone.
const EXAMPLES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/examples.json.gz"));
/// Least examples of each kind.
const EXAMPLES_MIN: usize = 3;
const WINDOW_BYTES_MAX: usize = 4096;
const KEY_WINDOW_BYTES_MAX: usize = 16_384;

/// What was checked and what is wrong.
#[derive(Debug, Default)]
pub struct Report {
    pub rules: usize,
    /// Distinct services.
    pub services: usize,
    pub examples: usize,
    /// One sentence each, with the rule's id; empty when all is well.
    pub problems: Vec<String>,
}

#[derive(Deserialize)]
struct Digested {
    files: Vec<VendorFile>,
}

/// Returns the report on the binary's own rules.
pub fn builtin() -> Report {
    let unpacked = BufReader::new(GzDecoder::new(EXAMPLES));
    let digested: Digested = serde_json::from_reader(unpacked).expect("build.rs wrote this file with the same types");
    files(&digested.files)
}

/// Returns the report on the text of one rule file; `name` is used in messages only.
pub fn yaml(name: &str, text: &str) -> Report {
    match serde_saphyr::from_str::<VendorFile>(text) {
        Ok(file) => files(&[file]),
        Err(error) => Report { problems: vec![format!("{name}: not a rule file: {error}")], ..Report::default() },
    }
}

/// Returns the report on these files, as one set.
pub fn files(files: &[VendorFile]) -> Report {
    let mut report = Report::default();
    let (mut ids, mut services) = (BTreeSet::new(), BTreeSet::new());
    for file in files {
        if file.rules.is_empty() {
            report.problems.push(format!("{}: the file has no rule", file.vendor));
        }
        for source in &file.rules {
            report.rules += 1;
            report.examples += source.positives.len() + source.negatives.len();
            services.insert(source.service.clone().unwrap_or_else(|| file.service.clone()));
            if !ids.insert(source.id.clone()) {
                report.problems.push(format!("{}: the id occurs twice", source.id));
            }
            let problems = rule(file, source);
            report.problems.extend(problems.into_iter().map(|problem| format!("{}: {problem}", source.id)));
        }
    }
    report.services = services.len();
    report
}

/// Returns whether `rule` finds a secret in `text`, without gates: the whole text is searched.
pub fn finds(rule: &Rule, text: &[u8]) -> bool {
    first_secret(rule, text).is_some()
}

/// Returns the first secret that `rule` finds in `text`.
pub fn first_secret<'t>(rule: &Rule, text: &'t [u8]) -> Option<&'t [u8]> {
    rule.pattern.captures_iter(text).find_map(|found| {
        let whole = text.get(found.get_match()?.range())?;
        let secret = text.get(found.get_group(rule.secret_group)?.range())?;
        validate(rule, secret, whole).map(|_| secret)
    })
}

fn rule(file: &VendorFile, source: &RuleSource) -> Vec<String> {
    let rule = match Rule::new(source.clone(), &file.service, &file.advice, &file.references) {
        Ok(rule) => rule,
        Err(error) => return vec![error.to_string()],
    };
    let mut problems = shape(&rule);
    match compile(&rule.pattern_text()) {
        Ok(pattern) => {
            if source.secret_group.is_none() && pattern.static_captures_len() != Some(2) {
                problems.push("the pattern must have exactly one capturing group, `secret`, in every branch".to_owned());
            }
            problems.extend(reach(&rule));
            problems.extend(examples(&rule, source));
        }
        Err(reason) => problems.push(format!("the pattern does not compile: {reason}")),
    }
    problems
}

fn shape(rule: &Rule) -> Vec<String> {
    let mut problems = Vec::new();
    if !rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        problems.push("an id is lower-case words joined by `-`".to_owned());
    }
    if rule.title.is_empty() || rule.advice.len() < 20 {
        problems.push("give a title and advice that says what to do".to_owned());
    }
    if !rule.references.iter().all(|link| link.starts_with("https://")) || rule.references.is_empty() {
        problems.push("give at least one reference, each an https address".to_owned());
    }
    for keyword in &rule.keywords {
        if keyword.len() < 3 {
            problems.push(format!("keyword `{}` is shorter than three bytes", String::from_utf8_lossy(keyword)));
        }
        if rule.keywords_ignore_case && keyword.iter().any(u8::is_ascii_uppercase) {
            problems.push("keywords that ignore case are written in lower case".to_owned());
        }
    }
    problems
}

/// A match must lie within the window around its keyword.
fn reach(rule: &Rule) -> Option<String> {
    let limit = if rule.id.contains("private-key") { KEY_WINDOW_BYTES_MAX } else { WINDOW_BYTES_MAX };
    if rule.window_bytes > limit {
        return Some(format!("the window of {} bytes is over {limit}", rule.window_bytes));
    }
    let config = syntax::Config::new().unicode(false).utf8(false);
    let longest = syntax::parse_with(&rule.pattern_text(), &config).ok()?.properties().maximum_len();
    match longest {
        Some(bytes) if bytes <= rule.window_bytes => None,
        Some(bytes) => Some(format!("a match may have {bytes} bytes, the window only {}", rule.window_bytes)),
        None if source_bounds(rule) => None,
        None => Some("the pattern has no greatest length; bound every repetition or state a length".to_owned()),
    }
}

/// An open repetition is fine where the stated length bounds the secret: counted ones over thousands of bytes compile to
/// megabytes.
fn source_bounds(rule: &Rule) -> bool {
    rule.stated_length().is_some_and(|(_, most)| most <= rule.window_bytes)
}

fn examples(rule: &Rule, source: &RuleSource) -> Vec<String> {
    let mut problems = Vec::new();
    for (kind, texts) in [("positive", &source.positives), ("negative", &source.negatives)] {
        let distinct: BTreeSet<&String> = texts.iter().collect();
        if distinct.len() < EXAMPLES_MIN {
            problems.push(format!("{} distinct {kind} examples, at least {EXAMPLES_MIN} are needed", distinct.len()));
        }
    }
    for (number, written) in source.positives.iter().enumerate() {
        let text = example::join(written);
        if !finds(rule, text.as_bytes()) {
            problems.push(format!("positive example {} is not found", number + 1));
        }
        if !has_keyword(rule, text.as_bytes()) {
            problems.push(format!("positive example {} has no keyword of the rule", number + 1));
        }
        if finds(rule, written.as_bytes()) {
            problems.push(format!("positive example {} is found as written; break its secret with {{{{}}}}", number + 1));
        }
    }
    for (number, written) in source.negatives.iter().enumerate() {
        if finds(rule, example::join(written).as_bytes()) {
            problems.push(format!("negative example {} is found", number + 1));
        }
    }
    problems
}

fn has_keyword(rule: &Rule, text: &[u8]) -> bool {
    let lower = text.to_ascii_lowercase();
    let haystack = if rule.keywords_ignore_case { lower.as_slice() } else { text };
    rule.keywords.iter().any(|keyword| memchr::memmem::find(haystack, keyword).is_some())
}
