//! One result of a run.

use serde_json::Value;
use watchfire_core::Severity;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::source::Malformed;

use super::rules::{Rules, rule_id};
use crate::payload::{Node, by_threshold, by_word, joined, link_of};

/// The levels of section 3.27.10.
pub(super) const LEVELS: &[(&str, &str)] = &[("error", "SEV2"), ("warning", "SEV3"), ("note", "SEV4"), ("none", "SEV5")];

/// The bands in which `security-severity` is read, as GitHub code scanning does: a CVSS-like score.
const BANDS: &[(f64, Severity)] =
    &[(9.0, Severity::Sev1), (7.0, Severity::Sev2), (4.0, Severity::Sev3), (0.1, Severity::Sev4), (0.0, Severity::Sev5)];

/// Reads a result; `None` for one that is no trouble: passed, suppressed, or absent since the baseline.
///
/// Snippets are not kept: a scanner for secrets shows the secret there.
pub(super) fn observe(result: &Node<'_>, rules: &Rules<'_>, tool: &str, target: &str) -> Result<Option<Observation>, Malformed> {
    if is_no_trouble(result)? || is_suppressed(result)? {
        return Ok(None);
    }
    let rule = rules.of_result(result)?;
    let id = match (rule_id(result)?, rule) {
        (Some(id), _) => id,
        (None, Some(rule)) => rule.filled("id")?.unwrap_or("unknown rule"),
        (None, None) => "unknown rule",
    };
    let place = Place::of(result)?;
    let title = message(result, rule)?.unwrap_or_else(|| id.to_owned());
    let mut observation = Observation::new(key(result, tool, id, &place)?, Signal::Firing, title);
    severity(&mut observation, result, rule)?;
    let tags = match rule {
        Some(rule) => rule.joined("properties.tags")?,
        None => String::new(),
    };
    observation.class = class(&tags, tool);
    if let Some(rule) = rule {
        observation.description = joined(
            &[rule.text("fullDescription.text")?.or(rule.text("shortDescription.text")?), rule.text("help.text")?],
            "\n\n",
        );
        observation.label("rule_name", rule.scalar("name")?.unwrap_or_default());
    }
    observation.link = link_of(&[
        result.text("hostedViewerUri")?,
        match rule {
            Some(rule) => rule.text("helpUri")?,
            None => None,
        },
    ]);
    observation.resource = Some(joined(&[Some(target), Some(&place.uri)], ": "));
    observation.label("tool", tool);
    observation.label("rule", id);
    observation.label("path", place.uri);
    observation.label("line", place.line);
    observation.label("tags", tags);
    // As gitleaks writes them.
    let partial = result.labels("partialFingerprints")?;
    for (label, name) in [("commit", "commitSha"), ("author_email", "email")] {
        observation.label(label, partial.get(name).cloned().unwrap_or_default());
    }
    Ok(Some(observation))
}

/// Where a result is.
struct Place {
    uri: String,
    line: String,
    column: String,
    logical: String,
}

impl Place {
    fn of(result: &Node<'_>) -> Result<Self, Malformed> {
        let locations = result.list("locations")?;
        let Some(first) = locations.first() else {
            return Ok(Self { uri: String::new(), line: String::new(), column: String::new(), logical: String::new() });
        };
        let text = |path: &str| first.scalar(path).map(Option::unwrap_or_default);
        let logical = match first.list("logicalLocations")?.first() {
            Some(place) => place.first(&["fullyQualifiedName", "name"])?.unwrap_or_default(),
            None => "",
        };
        Ok(Self {
            uri: text("physicalLocation.artifactLocation.uri")?,
            line: text("physicalLocation.region.startLine")?,
            column: text("physicalLocation.region.startColumn")?,
            logical: logical.to_owned(),
        })
    }
}

/// The partial fingerprint that is stable on its own: a hash of the line and its neighbours, as CodeQL writes it.
const LINE_HASH: &str = "primaryLocationLineHash";

/// A fingerprint tells results apart by itself, the hash of the line within its rule and file; otherwise the place
/// does, together with what other partial fingerprints there are (gitleaks writes commit and author there).
fn key(result: &Node<'_>, tool: &str, rule: &str, place: &Place) -> Result<DedupKey, Malformed> {
    // Semgrep without account writes "requires login" as the fingerprint of every result.
    let prints = result.labels("fingerprints")?;
    if let Some((name, value)) = prints.iter().rev().find(|(_, value)| value.len() >= 8 && !value.contains(' ')) {
        return Ok(DedupKey::of_parts("sarif", 1, &["whole", tool, rule, name, value]));
    }
    let partial = result.labels("partialFingerprints")?;
    if let Some((name, value)) = partial.iter().find(|(name, _)| name.starts_with(LINE_HASH)) {
        return Ok(DedupKey::of_parts("sarif", 1, &["partial", tool, rule, &place.uri, name, value]));
    }
    let mut parts = vec!["place", tool, rule, &place.uri, &place.line, &place.column, &place.logical];
    parts.extend(partial.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]));
    Ok(DedupKey::of_parts("sarif", 1, &parts))
}

/// Level of the result, or of its rule's default, or "warning"; a security severity decides if there is one.
fn severity(observation: &mut Observation, result: &Node<'_>, rule: Option<&Node<'_>>) -> Result<(), Malformed> {
    let level = match (result.filled("level")?, rule) {
        (Some(level), _) => level,
        (None, Some(rule)) => rule.filled("defaultConfiguration.level")?.unwrap_or("warning"),
        (None, None) => "warning",
    };
    observation.severity = by_word(LEVELS, level);
    observation.source_severity = Some(level.to_owned());
    let score = |node: &Node<'_>| -> Result<Option<f64>, Malformed> {
        match node.node("properties")? {
            Some(properties) => properties.number("security-severity"),
            None => Ok(None),
        }
    };
    let score = match (score(result)?, rule) {
        (Some(score), _) => Some(score),
        (None, Some(rule)) => score(rule)?,
        (None, None) => None,
    };
    if let Some(score) = score {
        observation.severity = by_threshold(score, BANDS).or(observation.severity);
        observation.source_severity = Some(format!("{level}, security-severity {score}"));
    }
    Ok(())
}

fn message(result: &Node<'_>, rule: Option<&Node<'_>>) -> Result<Option<String>, Malformed> {
    if let Some(text) = result.first(&["message.text", "message.markdown"])? {
        return Ok(Some(text.to_owned()));
    }
    let Some(rule) = rule else { return Ok(None) };
    // Section 3.11.7: the text stands with the rule, and the result fills in {0}, {1} and so on.
    if let Some(id) = result.filled("message.id")?
        && let Some(strings) = rule.node("messageStrings")?
        && let Some(template) = strings.key(id).and_then(|string| string.get("text")).and_then(Value::as_str)
    {
        let mut text = template.to_owned();
        for (at, argument) in result.values("message.arguments")?.iter().take(16).enumerate() {
            text = text.replace(&format!("{{{at}}}"), argument.as_str().unwrap_or_default());
            if text.len() > 64 * 1024 {
                break;
            }
        }
        return Ok(Some(text));
    }
    let words = rule.first(&["shortDescription.text", "fullDescription.text", "name"])?;
    Ok(words.map(ToOwned::to_owned))
}

fn is_no_trouble(result: &Node<'_>) -> Result<bool, Malformed> {
    let kind = result.text("kind")?;
    Ok(matches!(kind, Some("pass" | "notApplicable" | "informational")) || result.text("baselineState")? == Some("absent"))
}

/// A suppression that is under review or was rejected does not count (section 3.35.3).
fn is_suppressed(result: &Node<'_>) -> Result<bool, Malformed> {
    let suppressions = result.list("suppressions")?;
    let mut accepted = !suppressions.is_empty();
    for suppression in &suppressions {
        accepted &= !matches!(suppression.text("status")?, Some("underReview" | "rejected"));
    }
    Ok(accepted)
}

fn class(tags: &str, tool: &str) -> Option<Class> {
    let tool = tool.to_ascii_lowercase();
    let of_secrets = ["gitleaks", "trufflehog", "secret", "ggshield", "kingfisher"];
    if of_secrets.iter().any(|name| tool.contains(name)) || tags.split(", ").any(|tag| tag == "secret" || tag == "secrets") {
        Some(Class::LeakedSecret)
    } else if tags.split(", ").any(|tag| tag == "security" || tag == "vulnerability") {
        Some(Class::Vulnerability)
    } else {
        None
    }
}
