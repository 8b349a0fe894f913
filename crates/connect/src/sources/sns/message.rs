//! What a notification carries.

use serde_json::Value;
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::source::{Malformed, Parsed};

use crate::payload::{Node, dated, guess, parsed, read};
use crate::sources::eventbridge;

/// Reads the message by its form: a CloudWatch alarm, a finding or event of AWS, or anything else.
pub(super) fn observe(envelope: &Node<'_>) -> Result<Parsed, Malformed> {
    let mut parsed = read_message(envelope)?;
    dated(&mut parsed.observations, envelope.time("Timestamp")?);
    Ok(parsed)
}

fn read_message(envelope: &Node<'_>) -> Result<Parsed, Malformed> {
    let message = envelope.need("Message")?;
    let value = if message.trim_start().starts_with('{') {
        read(message.as_bytes()).map_err(|error| Malformed(format!("Message: {}", error.0)))?
    } else {
        Value::Null
    };
    let inner = match &value {
        Value::Object(_) => Node::noting(&value, "Message".to_owned(), envelope.faults())?,
        _ => return plain(envelope, message),
    };
    let has = |name: &str| inner.key(name).is_some();
    if has("AlarmName") && has("NewStateValue") {
        Ok(parsed(vec![eventbridge::observe_alarm(&inner)?]))
    } else if has("detail-type") && has("detail") {
        eventbridge::observe(&inner)
    } else if has("ProductArn") && has("SchemaVersion") {
        Ok(parsed(vec![eventbridge::observe_security_hub(&inner)?]))
    } else if has("newEvaluationResult") {
        Ok(parsed(vec![eventbridge::observe_compliance(&inner)?]))
    } else if has("schemaVersion") && inner.get("service.detectorId").is_ok_and(|id| id.is_some()) {
        Ok(parsed(vec![eventbridge::observe_guardduty(&inner)?]))
    } else if has("configRuleNames") || has("configurationItem") || has("configSnapshotId") {
        Ok(Parsed::nothing("a message of AWS Config that tells no compliance"))
    } else {
        guessed(envelope, &inner)
    }
}

fn plain(envelope: &Node<'_>, message: &str) -> Result<Parsed, Malformed> {
    let topic = envelope.need("TopicArn")?;
    let first_line = message.trim().lines().next().unwrap_or_default();
    let title = envelope.filled("Subject")?.unwrap_or(first_line);
    let key = DedupKey::of_parts("sns", 1, &[topic, title]);
    let mut observation = Observation::new(key, Signal::Firing, title);
    message.clone_into(&mut observation.description);
    finish(observation, envelope)
}

fn guessed(envelope: &Node<'_>, inner: &Node<'_>) -> Result<Parsed, Malformed> {
    let topic = envelope.need("TopicArn")?;
    let guess = guess(inner)?;
    let title = match (&guess.title, envelope.filled("Subject")?) {
        (Some(title), _) => title.clone(),
        (None, Some(subject)) => subject.to_owned(),
        (None, None) => "SNS message".to_owned(),
    };
    let key = match &guess.key {
        Some(key) => DedupKey::of_parts("sns", 1, &[topic, "key", key]),
        None => DedupKey::of_parts("sns", 1, &[topic, &title]),
    };
    let mut observation = Observation::new(key, guess.signal.unwrap_or(Signal::Firing), title);
    guess.fill(&mut observation);
    finish(observation, envelope)
}

fn finish(mut observation: Observation, envelope: &Node<'_>) -> Result<Parsed, Malformed> {
    let topic = envelope.need("TopicArn")?;
    observation.resource = observation.resource.take().or(Some(topic.to_owned()));
    observation.label("topic", topic);
    Ok(parsed(vec![observation]))
}
