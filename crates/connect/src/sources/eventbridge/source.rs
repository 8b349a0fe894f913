//! Deliveries of EventBridge API destinations.

use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::limits;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};

use super::{cloudwatch, compliance, guardduty, security_hub};
use crate::payload::{Node, dated, guess, joined, parsed, read};
use crate::signature;

/// Reads events of AWS services.
pub(in crate::sources) struct EventBridge;

static ABOUT: About = About {
    kind: "eventbridge",
    title: "Amazon EventBridge",
    family: Family::Cloud,
    summary: "GuardDuty and Security Hub findings, AWS Config compliance, CloudWatch alarms, AWS Health.",
    credential: CredentialKind::Token,
    setup: r#"1. **Connection**: *EventBridge > API destinations > Connections > Create connection*, type *API key*,
   name `X-Watchfire-Token`, value `{secret}`.
2. **API destination**: endpoint `{url}`, method `POST`, that connection.
3. **Rule** with the API destination as its target, the matched event as input, and a pattern such as

```json
{
  "source": ["aws.guardduty", "aws.securityhub", "aws.config"],
  "detail-type": ["GuardDuty Finding", "Security Hub Findings - Imported", "Config Rules Compliance Change"]
}
```

By the command line:

```sh
aws events create-connection --name watchfire --authorization-type API_KEY \
  --auth-parameters 'ApiKeyAuthParameters={ApiKeyName=X-Watchfire-Token,ApiKeyValue={secret}}'
aws events create-api-destination --name watchfire --http-method POST \
  --invocation-endpoint "{url}" --connection-arn <ARN of the connection>
```

A finding that is archived or suppressed is not fixed: it shows as acknowledged. `aws guardduty create-sample-findings` makes samples,
which page nobody.
"#,
    severities: &[
        ("GuardDuty 9.0 and above; CRITICAL", "SEV1"),
        ("GuardDuty 7.0 to 8.9; HIGH", "SEV2"),
        ("GuardDuty 4.0 to 6.9; MEDIUM; NON_COMPLIANT", "SEV3"),
        ("GuardDuty below 4.0; LOW", "SEV4"),
        ("INFORMATIONAL", "SEV5"),
        ("CloudWatch alarms and other events", "unknown"),
    ],
    settings: &[],
    body_bytes_max: limits::BODY_BYTES,
    reference: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html",
};

impl Source for EventBridge {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        signature::token(delivery, keys, &["x-api-key"])
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let value = read(delivery.body)?;
        let event = Node::root(&value)?;
        // A target whose input is only the finding itself.
        if event.key("ProductArn").is_some() && event.key("SchemaVersion").is_some() {
            return Ok(event.faults().remarked(parsed(vec![security_hub::observe_finding(&event)?])));
        }
        Ok(event.faults().remarked(observe(&event)?))
    }
}

/// Reads one event, by its `detail-type`.
pub(in crate::sources) fn observe(event: &Node<'_>) -> Result<Parsed, Malformed> {
    let kind = event.need("detail-type")?;
    let source = event.need("source")?;
    let detail = event.need_node("detail")?;
    let mut observations = match kind {
        "GuardDuty Finding" => vec![guardduty::observe_finding(&detail)?],
        "Security Hub Findings - Imported" | "Security Hub Findings - Custom Action" | "Security Hub Insight Results" => {
            detail.alerts("findings")?.iter().map(security_hub::observe_finding).collect::<Result<Vec<_>, _>>()?
        }
        "Config Rules Compliance Change" => vec![compliance::observe_detail(&detail)?],
        "CloudWatch Alarm State Change" => vec![cloudwatch::observe_event(event, &detail)?],
        "AWS Health Event" => vec![health(event, &detail)?],
        _ => vec![other(event, kind, source, &detail)?],
    };
    dated(&mut observations, event.time("time")?);
    let mut parsed = parsed(observations);
    parsed.delivery_id = event.scalar("id")?;
    if parsed.observations.is_empty() {
        parsed.remark = Some("the event names no findings".to_owned());
    }
    Ok(parsed)
}

fn health(event: &Node<'_>, detail: &Node<'_>) -> Result<Observation, Malformed> {
    let closed = detail.text("statusCode")? == Some("closed");
    let key = match detail.filled("eventArn")? {
        Some(arn) => DedupKey::new("aws-health", 1, arn),
        None => DedupKey::new("aws-health", 1, &event.need_scalar("id")?),
    };
    let signal = if closed { Signal::Resolved } else { Signal::Firing };
    let code = detail.first(&["eventTypeCode", "service"])?.unwrap_or("AWS Health event");
    let mut observation = Observation::new(key, signal, code.replace('_', " "));
    let words: Vec<String> =
        detail.list("eventDescription")?.iter().filter_map(|words| words.scalar("latestDescription").ok().flatten()).collect();
    observation.description = words.join("\n");
    observation.resource = event.joined("resources").ok().filter(|arns| !arns.is_empty());
    observation.occurred_at = detail.time("startTime")?.or(event.time("time")?);
    if closed {
        observation.ended_at = detail.time("endTime")?;
    }
    for name in ["service", "eventTypeCategory"] {
        observation.label(name, detail.scalar(name)?.unwrap_or_default());
    }
    place(&mut observation, event)?;
    Ok(observation)
}

/// Reads an event of a service that has no reader of its own: somebody's rule chose to send it.
fn other(event: &Node<'_>, kind: &str, source: &str, detail: &Node<'_>) -> Result<Observation, Malformed> {
    let resources = event.joined("resources")?;
    let guessed = guess(detail)?;
    let signal = guessed.signal.unwrap_or(Signal::Firing);
    let key = match (&guessed.key, resources.is_empty()) {
        (Some(key), _) => DedupKey::of_parts("eventbridge", 1, &[source, kind, key]),
        (None, false) => DedupKey::of_parts("eventbridge", 1, &[source, kind, "resources", &resources]),
        (None, true) => DedupKey::of_parts("eventbridge", 1, &[source, kind, "event", &event.need_scalar("id")?]),
    };
    let title = joined(&[Some(kind), guessed.title.as_deref()], ": ");
    let mut observation = Observation::new(key, signal, title);
    observation.resource = Some(resources).filter(|resources| !resources.is_empty());
    observation.occurred_at = event.time("time")?;
    guessed.fill(&mut observation);
    observation.label("detail-type", kind);
    observation.label("source", source);
    place(&mut observation, event)?;
    Ok(observation)
}

fn place(observation: &mut Observation, event: &Node<'_>) -> Result<(), Malformed> {
    for name in ["account", "region"] {
        observation.label(name, event.scalar(name)?.unwrap_or_default());
    }
    Ok(())
}
