//! Findings of Amazon GuardDuty.

use watchfire_core::Severity;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::source::Malformed;

use crate::payload::{Node, by_threshold};

/// GuardDuty's own bands: critical from 9, high from 7, medium from 4, low from 1.
const BANDS: &[(f64, Severity)] = &[(9.0, Severity::Sev1), (7.0, Severity::Sev2), (4.0, Severity::Sev3), (0.0, Severity::Sev4)];

/// Reads one finding (the `detail` of the event).
pub(in crate::sources) fn observe_finding(finding: &Node<'_>) -> Result<Observation, Malformed> {
    let id = finding.need("id")?;
    let kind = finding.need("type")?;
    let archived = finding.flag("service.archived")?;
    // Archived means that somebody, or a suppression rule, put it aside; it does not mean that it is over.
    let signal = match archived {
        Some(true) => Signal::Acknowledged,
        Some(false) => Signal::Reopened,
        None => Signal::Firing,
    };
    let title = finding.first(&["title", "description", "type"])?.unwrap_or(kind);
    let mut observation = Observation::new(DedupKey::new("guardduty", 1, id), signal, title);
    observation.description = finding.scalar("description")?.unwrap_or_default();
    let severity = finding.number("severity")?;
    observation.source_severity = severity.map(|number| number.to_string());
    observation.severity = severity.and_then(|number| by_threshold(number, BANDS));
    observation.class = Some(class(kind));
    observation.resource = resource(finding)?;
    // A finding that is seen again keeps its first time; what brings it here now is the last.
    let seen_again = finding.number("service.count")?.is_some_and(|count| count > 1.0);
    let seen = if seen_again { "service.eventLastSeen" } else { "service.eventFirstSeen" };
    observation.occurred_at = finding.time(seen)?.or(finding.time("updatedAt")?);
    let region = finding.scalar("region")?;
    observation.link = region.as_deref().and_then(|region| console(region, id));
    observation.sample = title.starts_with("[SAMPLE]")
        || finding.get("service.additionalInfo")?.is_some_and(|info| info.get("sample").is_some_and(|sample| *sample == true));
    observation.label("type", kind);
    observation.label("account", finding.scalar("accountId")?.unwrap_or_default());
    observation.label("region", region.unwrap_or_default());
    observation.label("arn", finding.scalar("arn")?.unwrap_or_default());
    observation.label("count", finding.scalar("service.count")?.unwrap_or_default());
    if signal == Signal::Acknowledged {
        observation.label("resolution", "archived");
    }
    Ok(observation)
}

/// Types read `ThreatPurpose:Resource/Family`.
fn class(kind: &str) -> Class {
    let (purpose, rest) = kind.split_once(':').unwrap_or((kind, ""));
    match purpose {
        "Backdoor" | "CryptoCurrency" | "Trojan" | "Execution" => Class::Malware,
        "Exfiltration" => Class::DataBreach,
        "Policy" => Class::Misconfiguration,
        "CredentialAccess" | "UnauthorizedAccess" | "InitialAccess" if rest.starts_with("IAMUser") => Class::Account,
        _ => Class::Intrusion,
    }
}

fn resource(finding: &Node<'_>) -> Result<Option<String>, Malformed> {
    for path in [
        "resource.instanceDetails.instanceId",
        "resource.eksClusterDetails.arn",
        "resource.ecsClusterDetails.arn",
        "resource.lambdaDetails.functionArn",
        "resource.rdsDbInstanceDetails.dbInstanceArn",
        "resource.containerDetails.name",
    ] {
        if let Some(found) = finding.filled(path)? {
            return Ok(Some(found.to_owned()));
        }
    }
    for bucket in finding.list("resource.s3BucketDetails")? {
        if let Some(name) = bucket.first(&["arn", "name"])? {
            return Ok(Some(name.to_owned()));
        }
    }
    let affected = finding.labels("service.action.awsApiCallAction.affectedResources")?;
    if let Some(arn) = affected.into_values().next() {
        return Ok(Some(arn));
    }
    let user = finding.filled("resource.accessKeyDetails.userName")?;
    Ok(user.map(|user| format!("IAM user {user}")).or(finding.scalar("accountId")?))
}

fn console(region: &str, id: &str) -> Option<String> {
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (plain(region) && plain(id))
        .then(|| format!("https://{region}.console.aws.amazon.com/guardduty/home?region={region}#/findings?search=id%3D{id}"))
}
