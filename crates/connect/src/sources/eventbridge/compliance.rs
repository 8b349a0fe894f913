//! Compliance changes of AWS Config rules.

use watchfire_core::Severity;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::source::Malformed;

use crate::payload::Node;

const COMPLIANCE: &[(&str, Signal)] = &[
    ("NON_COMPLIANT", Signal::Firing),
    ("COMPLIANT", Signal::Resolved),
    // The resource was deleted, or the rule no longer covers it.
    ("NOT_APPLICABLE", Signal::Resolved),
    ("INSUFFICIENT_DATA", Signal::Unknown),
];

/// Reads one change (the `detail` of the event, or the message of Config's own SNS topic).
pub(in crate::sources) fn observe_detail(detail: &Node<'_>) -> Result<Observation, Malformed> {
    let result = detail.need_node("newEvaluationResult")?;
    let signal = result.need_word("complianceType", COMPLIANCE)?;
    let word = result.need("complianceType")?;
    let rule = detail
        .first(&["configRuleName", "newEvaluationResult.evaluationResultIdentifier.evaluationResultQualifier.configRuleName"])?
        .ok_or_else(|| detail.missing("configRuleName"))?;
    let qualified = |name: &str| -> Result<String, Malformed> {
        let path = format!("newEvaluationResult.evaluationResultIdentifier.evaluationResultQualifier.{name}");
        Ok(detail.scalar(name)?.or(detail.scalar(&path)?).unwrap_or_default())
    };
    let kind = qualified("resourceType")?;
    let id = qualified("resourceId")?;
    let account = detail.scalar("awsAccountId")?.unwrap_or_default();
    let region = detail.scalar("awsRegion")?.unwrap_or_default();
    let key = DedupKey::of_parts("aws-config", 1, &[&account, &region, rule, &kind, &id]);
    let mut observation = Observation::new(key, signal, format!("{id} is {word} with {rule}"));
    observation.description = result.scalar("annotation")?.unwrap_or_default();
    observation.class = Some(Class::Compliance);
    observation.source_severity = Some(word.to_owned());
    observation.severity = (signal == Signal::Firing).then_some(Severity::Sev3);
    observation.occurred_at = result.time("resultRecordedTime")?.or(detail.time("notificationCreationTime")?);
    if signal == Signal::Resolved {
        observation.ended_at = observation.occurred_at.take();
        observation.label("resolution", word.to_ascii_lowercase());
    }
    observation.resource = Some(id);
    observation.label("rule", rule);
    observation.label("resource_type", kind);
    observation.label("account", account);
    observation.label("region", region);
    Ok(observation)
}
