//! CloudWatch alarms, as SNS notifications and as EventBridge events.

use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::source::Malformed;

use crate::payload::{Node, joined};

/// "Insufficient data" is neither trouble nor its end.
const STATES: &[(&str, Signal)] = &[("ALARM", Signal::Firing), ("OK", Signal::Resolved), ("INSUFFICIENT_DATA", Signal::Unknown)];

/// Reads the message that an alarm publishes to SNS.
pub(in crate::sources) fn observe_notification(alarm: &Node<'_>) -> Result<Observation, Malformed> {
    let signal = alarm.need_word("NewStateValue", STATES)?;
    let name = alarm.need("AlarmName")?;
    let account = alarm.scalar("AWSAccountId")?.unwrap_or_default();
    let region = alarm.scalar("Region")?.unwrap_or_default();
    let arn = alarm.filled("AlarmArn")?;
    let mut observation = start(arn, &account, &region, name, signal);
    observation.description = joined(&[alarm.text("AlarmDescription")?, alarm.text("NewStateReason")?], "\n");
    at(&mut observation, alarm.time("StateChangeTime")?);
    observation.source_severity = alarm.scalar("NewStateValue")?;
    observation.resource = match alarm.node("Trigger")? {
        Some(trigger) => dimensions(&trigger)?,
        None => None,
    }
    .or(arn.map(ToOwned::to_owned));
    for (label, path) in
        [("namespace", "Trigger.Namespace"), ("metric", "Trigger.MetricName"), ("previous_state", "OldStateValue")]
    {
        observation.label(label, alarm.scalar(path)?.unwrap_or_default());
    }
    observation.label("account", account);
    observation.label("region", region);
    Ok(observation)
}

/// Reads EventBridge's "CloudWatch Alarm State Change".
pub(super) fn observe_event(event: &Node<'_>, detail: &Node<'_>) -> Result<Observation, Malformed> {
    let name = detail.need("alarmName")?;
    let state = detail.need_node("state")?;
    let signal = state.need_word("value", STATES)?;
    let account = event.scalar("account")?.unwrap_or_default();
    let region = event.scalar("region")?.unwrap_or_default();
    let resources = event.values("resources")?;
    let arn = resources.first().and_then(|arn| arn.as_str());
    let mut observation = start(arn, &account, &region, name, signal);
    observation.description = joined(&[detail.text("configuration.description")?, state.text("reason")?], "\n");
    at(&mut observation, state.time("timestamp")?.or(event.time("time")?));
    observation.source_severity = state.scalar("value")?;
    observation.resource = arn.map(ToOwned::to_owned);
    observation.label("previous_state", detail.scalar("previousState.value")?.unwrap_or_default());
    observation.label("account", account);
    observation.label("region", region);
    Ok(observation)
}

fn start(arn: Option<&str>, account: &str, region: &str, name: &str, signal: Signal) -> Observation {
    let key = match arn {
        Some(arn) => DedupKey::new("cloudwatch", 1, arn),
        None => DedupKey::of_parts("cloudwatch", 1, &[account, region, name]),
    };
    let mut observation = Observation::new(key, signal, name);
    observation.link = arn.and_then(|arn| console(arn, name));
    observation.label("alarm", name);
    observation
}

fn at(observation: &mut Observation, changed_at: Option<jiff::Timestamp>) {
    match observation.signal {
        Signal::Resolved => observation.ended_at = changed_at,
        _ => observation.occurred_at = changed_at,
    }
}

/// Returns `Name=value` of the metric's dimensions, of a single metric or of the first that has some.
fn dimensions(trigger: &Node<'_>) -> Result<Option<String>, Malformed> {
    let own = pairs(&trigger.list("Dimensions")?)?;
    if !own.is_empty() {
        return Ok(Some(own));
    }
    for metric in trigger.list("Metrics")? {
        if let Some(inner) = metric.node("MetricStat.Metric")? {
            let found = pairs(&inner.list("Dimensions")?)?;
            if !found.is_empty() {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

fn pairs(dimensions: &[Node<'_>]) -> Result<String, Malformed> {
    let mut pairs = Vec::new();
    for dimension in dimensions {
        let name = dimension.scalar("name")?.or(dimension.scalar("Name")?);
        let value = dimension.scalar("value")?.or(dimension.scalar("Value")?);
        pairs.push(format!("{}={}", name.unwrap_or_default(), value.unwrap_or_default()));
    }
    Ok(pairs.join(", "))
}

/// Links to the console from `arn:aws:cloudwatch:<region>:<account>:alarm:<name>`.
fn console(arn: &str, name: &str) -> Option<String> {
    let region = arn.split(':').nth(3)?;
    let is_region =
        region.contains('-') && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let name: String = name
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    is_region.then(|| format!("https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#alarmsV2:alarm/{name}"))
}
