//! Alerts of GitHub's scanners.

use watchfire_core::Severity;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::source::Malformed;

use super::builds::Found;
use crate::payload::{Node, by_word, joined, link_of};

const LEVELS: &[(&str, &str)] = &[
    ("critical", "SEV1"),
    ("high", "SEV2"),
    ("error", "SEV2"),
    ("medium", "SEV3"),
    ("moderate", "SEV3"),
    ("warning", "SEV3"),
    ("low", "SEV4"),
    ("note", "SEV4"),
    ("none", "SEV5"),
];

fn is_reopening(action: &str) -> bool {
    matches!(action, "reopened" | "reopened_by_user" | "auto_reopened" | "reintroduced")
}

/// Tells the state: fixed resolves, dismissed is a decision and not a repair.
fn state(alert: &Node<'_>, action: &str) -> Result<Option<Signal>, Malformed> {
    if let Some(state) = alert.filled("state")? {
        return Ok(match state {
            "open" if is_reopening(action) => Some(Signal::Reopened),
            "open" => Some(Signal::Firing),
            "fixed" => Some(Signal::Resolved),
            "dismissed" | "auto_dismissed" | "closed" => Some(Signal::Acknowledged),
            _ => None,
        });
    }
    Ok(match action {
        action if is_reopening(action) => Some(Signal::Reopened),
        "created" | "appeared_in_branch" => Some(Signal::Firing),
        "fixed" => Some(Signal::Resolved),
        "closed_by_user" | "dismissed" | "auto_dismissed" => Some(Signal::Acknowledged),
        _ => None,
    })
}

/// Reads a code scanning alert.
pub(super) fn code_scanning(body: &Node<'_>) -> Result<Found, Malformed> {
    let alert = body.need_node("alert")?;
    let repository = body.need("repository.full_name")?;
    let action = body.need("action")?;
    let Some(signal) = state(&alert, action)? else {
        return Ok(Err(format!("the action {action} changes nothing here")));
    };
    let rule = alert.first(&["rule.description", "rule.name", "rule.id"])?.unwrap_or_default();
    let level = alert.filled("rule.security_severity_level")?.or(alert.filled("rule.severity")?);
    let mut observation = start("github-code-scanning", body, &alert, signal, rule)?;
    observation.class = Some(Class::Vulnerability);
    observation.description =
        joined(&[alert.text("rule.full_description")?, alert.text("most_recent_instance.message.text")?], "\n\n");
    severity(&mut observation, level);
    observation.resource = Some(repository.to_owned());
    for (label, path) in [
        ("rule", "rule.id"),
        ("tool", "tool.name"),
        ("path", "most_recent_instance.location.path"),
        ("line", "most_recent_instance.location.start_line"),
        ("ref", "most_recent_instance.ref"),
    ] {
        observation.label(label, alert.scalar(path)?.unwrap_or_default());
    }
    Ok(Ok(observation))
}

/// Reads a secret scanning alert: everything but the secret, which never enters any field. Comments are left
/// out too, for people paste into them what they talk about.
pub(super) fn secret_scanning(body: &Node<'_>) -> Result<Found, Malformed> {
    let alert = body.need_node("alert")?;
    let repository = body.need("repository.full_name")?;
    let action = body.need("action")?;
    let resolution = alert.filled("resolution")?;
    let open = alert.text("state")?.is_none_or(|state| state == "open") && resolution.is_none();
    let signal = match (open, resolution) {
        (true, _) if action == "resolved" => Signal::Acknowledged,
        (true, _) if is_reopening(action) => Signal::Reopened,
        (true, _) => Signal::Firing,
        (false, Some("revoked")) => Signal::Resolved,
        // False positive, used in tests, won't fix, pattern changed: the secret is as valid as before.
        (false, _) => Signal::Acknowledged,
    };
    let kind = alert.first(&["secret_type_display_name", "secret_type"])?.unwrap_or("Secret");
    let title = format!("{kind} leaked in {repository}");
    let mut observation = start("github-secret-scanning", body, &alert, signal, &title)?;
    observation.class = Some(Class::LeakedSecret);
    let validity = alert.filled("validity")?;
    let public = alert.flag("publicly_leaked")?.unwrap_or(false) || action == "publicly_leaked";
    observation.source_severity = validity.map(ToOwned::to_owned);
    observation.severity = Some(if public || validity == Some("active") { Severity::Sev1 } else { Severity::Sev2 });
    observation.resource = Some(repository.to_owned());
    observation.label("secret_type", alert.scalar("secret_type")?.unwrap_or_default());
    observation.label("validity", validity.unwrap_or_default());
    observation.label("publicly_leaked", if public { "true" } else { "" });
    observation.label(
        "push_protection_bypassed",
        alert.flag("push_protection_bypassed")?.map(|flag| flag.to_string()).unwrap_or_default(),
    );
    observation.label("resolution", resolution.unwrap_or_default());
    Ok(Ok(observation))
}

/// Reads a Dependabot alert.
pub(super) fn dependabot(body: &Node<'_>) -> Result<Found, Malformed> {
    let alert = body.need_node("alert")?;
    let repository = body.need("repository.full_name")?;
    let action = body.need("action")?;
    let Some(signal) = state(&alert, action)? else {
        return Ok(Err(format!("the action {action} changes nothing here")));
    };
    let package = alert.first(&["dependency.package.name", "security_vulnerability.package.name"])?.unwrap_or("a dependency");
    let summary = alert.first(&["security_advisory.summary", "security_advisory.ghsa_id"])?;
    let title = joined(&[Some(package), summary], ": ");
    let mut observation = start("github-dependabot", body, &alert, signal, &title)?;
    observation.class = Some(Class::Vulnerability);
    observation.description = alert.scalar("security_advisory.description")?.unwrap_or_default();
    let level = alert.filled("security_vulnerability.severity")?.or(alert.filled("security_advisory.severity")?);
    severity(&mut observation, level);
    observation.resource = Some(repository.to_owned());
    for (label, path) in [
        ("package", "dependency.package.name"),
        ("ecosystem", "dependency.package.ecosystem"),
        ("manifest", "dependency.manifest_path"),
        ("ghsa", "security_advisory.ghsa_id"),
        ("cve", "security_advisory.cve_id"),
        ("fixed_in", "security_vulnerability.first_patched_version.identifier"),
    ] {
        observation.label(label, alert.scalar(path)?.unwrap_or_default());
    }
    Ok(Ok(observation))
}

fn start(scheme: &str, body: &Node<'_>, alert: &Node<'_>, signal: Signal, title: &str) -> Result<Observation, Malformed> {
    let repository = body.need("repository.full_name")?;
    let number = alert.need_scalar("number")?;
    let key = DedupKey::of_parts(scheme, 1, &[repository, &number]);
    let mut observation = Observation::new(key, signal, title);
    observation.link = link_of(&[alert.text("html_url")?, body.text("repository.html_url")?]);
    // A reopened alert keeps the time of its creation; what fires again now began with the change.
    observation.occurred_at = match body.text("action")? {
        Some("created") => alert.time("created_at")?,
        _ => alert.time("updated_at")?,
    };
    if signal == Signal::Resolved {
        observation.ended_at = alert.time("fixed_at")?.or(alert.time("resolved_at")?);
    }
    observation.label("repository", repository);
    observation.label("number", number);
    observation.label("action", body.scalar("action")?.unwrap_or_default());
    if signal == Signal::Acknowledged {
        let reason = alert.scalar("dismissed_reason")?.unwrap_or_default();
        observation.label("resolution", joined(&[Some("dismissed"), Some(&reason)], ": "));
    }
    Ok(observation)
}

fn severity(observation: &mut Observation, level: Option<&str>) {
    observation.severity = level.and_then(|level| by_word(LEVELS, level));
    observation.source_severity = level.map(ToOwned::to_owned);
}
