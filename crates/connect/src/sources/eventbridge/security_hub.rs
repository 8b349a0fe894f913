//! Findings in the AWS Security Finding Format.

use watchfire_core::Severity;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::source::Malformed;

use crate::payload::{Node, by_threshold, by_word, link_of};

const LABELS: &[(&str, &str)] =
    &[("CRITICAL", "SEV1"), ("HIGH", "SEV2"), ("MEDIUM", "SEV3"), ("LOW", "SEV4"), ("INFORMATIONAL", "SEV5")];

/// The bands of `Severity.Normalized`, for findings without label.
const BANDS: &[(f64, Severity)] =
    &[(90.0, Severity::Sev1), (70.0, Severity::Sev2), (40.0, Severity::Sev3), (1.0, Severity::Sev4), (0.0, Severity::Sev5)];

/// Reads one finding.
pub(in crate::sources) fn observe_finding(finding: &Node<'_>) -> Result<Observation, Malformed> {
    let id = finding.need("Id")?;
    let product = finding.filled("ProductArn")?.unwrap_or_default();
    let key = if id.starts_with("arn:") {
        DedupKey::new("asff", 1, id)
    } else {
        // An id is unique within its product only.
        DedupKey::of_parts("asff", 1, &[product, id])
    };
    let (signal, resolution) = signal(finding)?;
    let title = finding.first(&["Title", "Description"])?.unwrap_or(id);
    let mut observation = Observation::new(key, signal, title);
    observation.description = finding.scalar("Description")?.unwrap_or_default();
    let label = finding.first(&["Severity.Label", "FindingProviderFields.Severity.Label"])?;
    let normalized = finding.number("Severity.Normalized")?;
    observation.source_severity = label.map(ToOwned::to_owned).or(normalized.map(|number| number.to_string()));
    observation.severity = match (label, normalized) {
        (Some(label), _) => by_word(LABELS, label),
        (None, Some(number)) => by_threshold(number, BANDS),
        (None, None) => None,
    };
    let types = finding.joined("Types")?;
    observation.class = class(&types, finding.key("Compliance").is_some());
    observation.resource = resource(finding)?;
    observation.link = link_of(&[finding.text("SourceUrl")?, finding.text("Remediation.Recommendation.Url")?]);
    // A control that fails again keeps the time of its first finding, so the time of the change counts.
    let changed_at = finding.time("UpdatedAt")?.or(finding.time("CreatedAt")?);
    if signal == Signal::Resolved {
        observation.ended_at = changed_at;
    } else {
        observation.occurred_at = changed_at;
    }
    observation.label("resolution", resolution);
    observation.label("types", types);
    for (label, path) in [
        ("account", "AwsAccountId"),
        ("region", "Region"),
        ("product", "ProductName"),
        ("generator", "GeneratorId"),
        ("control", "Compliance.SecurityControlId"),
    ] {
        observation.label(label, finding.scalar(path)?.unwrap_or_default());
    }
    Ok(observation)
}

/// Suppressed is a person's decision and not a repair; a control that passes is one.
fn signal(finding: &Node<'_>) -> Result<(Signal, &'static str), Malformed> {
    let record = finding.word("RecordState", &[("ACTIVE", false), ("ARCHIVED", true)])?;
    let workflow = finding.first(&["Workflow.Status", "WorkflowState"])?;
    let compliance = finding.filled("Compliance.Status")?;
    Ok(match (compliance, workflow, record) {
        (Some("PASSED"), _, _) => (Signal::Resolved, "passed"),
        (_, Some("RESOLVED"), _) => (Signal::Resolved, "resolved"),
        (_, Some("SUPPRESSED"), _) => (Signal::Acknowledged, "suppressed"),
        // The product archives what it no longer sees.
        (_, _, Some(true)) => (Signal::Resolved, "archived"),
        (Some("NOT_AVAILABLE"), _, _) => (Signal::Unknown, ""),
        (_, Some("NOTIFIED" | "ASSIGNED" | "IN_PROGRESS"), _) => (Signal::Acknowledged, ""),
        (_, Some("NEW"), _) => (Signal::Reopened, ""),
        _ => (Signal::Firing, ""),
    })
}

fn class(types: &str, is_control: bool) -> Option<Class> {
    if types.contains("Vulnerabilities") {
        Some(Class::Vulnerability)
    } else if types.starts_with("Sensitive Data Identifications") || types.contains("Data Exposure") {
        Some(Class::DataBreach)
    } else if is_control || types.contains("Industry and Regulatory Standards") {
        Some(Class::Compliance)
    } else if types.starts_with("Software and Configuration Checks") {
        Some(Class::Misconfiguration)
    } else if types.starts_with("TTPs") || types.starts_with("Unusual Behaviors") || types.starts_with("Effects") {
        Some(Class::Intrusion)
    } else {
        None
    }
}

/// Returns the target among the resources, or else the first; access keys are actors and are named last.
fn resource(finding: &Node<'_>) -> Result<Option<String>, Malformed> {
    let resources = finding.list("Resources")?;
    let target =
        resources.iter().find(|resource| resource.key("ResourceRole").is_some_and(|role| role == "Target")).or(resources.first());
    match target {
        Some(resource) => resource.scalar("Id"),
        None => finding.scalar("AwsAccountId"),
    }
}
