//! Sentry's integration platform webhooks.

use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::incident::Class;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Keys, Malformed, Parsed, Rejection, Settings, Source, Trust,
};
use watchfire_core::{limits, text};

use crate::payload::{Node, by_word, link_of, parsed, read};
use crate::signature::{hex_signature_matches, unauthorized};

/// Reads issues, issue alerts and metric alerts.
pub(super) struct Sentry;

static ABOUT: About = About {
    kind: "sentry",
    title: "Sentry",
    family: Family::Monitoring,
    summary: "New and regressed issues, issue alerts and metric alerts.",
    credential: CredentialKind::Signature,
    setup: r#"*Settings > Developer Settings > Custom Integrations > Create New Integration > Internal Integration*.

1. **Webhook URL**: `{url}`; switch on **Alert Rule Action**.
2. **Permissions**: *Issue & Event: Read*; **Webhooks**: *issue*.
3. **Save**, then copy the **Client Secret** that Sentry shows and set it as the secret of this source: Sentry signs with
   its own secret and does not take ours.
4. In the alert rules choose the action *Send a notification via an integration* and this integration.

An issue that is archived is not fixed: it shows as acknowledged.
"#,
    severities: LEVELS,
    settings: &[],
    body_bytes_max: limits::LARGE_BODY_BYTES,
    reference: "https://docs.sentry.io/organization/integrations/integration-platform/webhooks/",
};

/// Levels of issues and states of metric alerts. Every exception is an "error" to Sentry, so that word weighs less here.
const LEVELS: &[(&str, &str)] = &[
    ("critical", "SEV1"),
    ("fatal", "SEV2"),
    ("error", "SEV3"),
    ("warning", "SEV3"),
    ("info", "SEV5"),
    ("debug", "SEV5"),
    ("sample", "SEV5"),
];

impl Source for Sentry {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        let Some(header) = delivery.headers.get("sentry-hook-signature") else {
            return Err(unauthorized("the header Sentry-Hook-Signature is missing"));
        };
        if hex_signature_matches(keys.secrets, delivery.body, header, "") {
            Ok(Trust::Signed)
        } else {
            Err(unauthorized(
                "Sentry-Hook-Signature is not the HMAC of this body; set the integration's Client Secret as the source's secret",
            ))
        }
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &Settings) -> Result<Parsed, Malformed> {
        let Some(resource) = delivery.headers.get("sentry-hook-resource") else {
            return Err(Malformed("the header Sentry-Hook-Resource is missing".to_owned()));
        };
        let value = read(delivery.body)?;
        let body = Node::root(&value)?;
        let found = match resource {
            "issue" => issue(&body)?,
            "event_alert" => Some(event_alert(&body)?),
            "metric_alert" => Some(metric_alert(&body)?),
            _ => None,
        };
        let said = match found {
            Some(observation) => parsed(vec![observation]),
            None => Parsed::nothing(format!(
                "{} {} says nothing to alert about",
                text::line(resource, 40),
                text::line(body.text("action")?.unwrap_or_default(), 40)
            )),
        };
        let delivery_id = delivery.headers.get("request-id").map(ToOwned::to_owned);
        Ok(body.faults().remarked(Parsed { delivery_id, ..said }))
    }
}

fn issue(body: &Node<'_>) -> Result<Option<Observation>, Malformed> {
    let issue = body.need_node("data.issue")?;
    let (signal, resolution) = match body.need("action")? {
        "created" => (Signal::Firing, ""),
        "unresolved" => (Signal::Reopened, ""),
        "resolved" => (Signal::Resolved, ""),
        "assigned" => (Signal::Acknowledged, ""),
        "archived" | "ignored" => (Signal::Acknowledged, "archived"),
        _ => return Ok(None),
    };
    let mut observation = start(&issue.need_scalar("id")?, signal, &issue)?;
    observation.description = issue.scalar("culprit")?.unwrap_or_default();
    observation.resource = issue.scalar("project.slug")?;
    observation.link = link_of(&[issue.text("web_url")?, issue.text("permalink")?]);
    // An issue that comes back keeps its first time, which is before its end.
    if body.text("action")? == Some("created") {
        observation.occurred_at = issue.time("firstSeen")?;
    }
    observation.label("resolution", resolution);
    for (label, path) in [
        ("issue", "shortId"),
        ("platform", "platform"),
        ("category", "issueCategory"),
        ("substatus", "substatus"),
        ("count", "count"),
    ] {
        observation.label(label, issue.scalar(path)?.unwrap_or_default());
    }
    Ok(Some(observation))
}

/// An alert rule that looked at an event; the alert is the event's issue, so that its resolution resolves it.
fn event_alert(body: &Node<'_>) -> Result<Observation, Malformed> {
    let event = body.need_node("data.event")?;
    let issue = match event.scalar("issue_id")? {
        Some(issue) => issue,
        None => event.need_scalar("event_id")?,
    };
    let mut observation = start(&issue, Signal::Firing, &event)?;
    observation.description = event.scalar("culprit")?.unwrap_or_default();
    observation.resource = event.scalar("project_slug")?.or(event.scalar("project")?);
    observation.link = link_of(&[event.text("web_url")?]);
    observation.occurred_at = event.time("datetime")?.or(event.time("timestamp")?);
    for (label, path) in [("platform", "platform"), ("environment", "environment"), ("release", "release"), ("event", "event_id")]
    {
        observation.label(label, event.scalar(path)?.unwrap_or_default());
    }
    observation.label("alert_rule", body.scalar("data.triggered_rule")?.unwrap_or_default());
    for tag in event.values("tags")? {
        if let [name, value] = tag.as_array().map(Vec::as_slice).unwrap_or_default()
            && let (Some(name), Some(value)) = (name.as_str(), value.as_str())
        {
            // The event that "Send Test Notification" makes up.
            observation.sample |= name == "sample_event" && value == "yes";
            observation.label(&format!("tags.{name}"), value);
        }
    }
    Ok(observation)
}

fn metric_alert(body: &Node<'_>) -> Result<Observation, Malformed> {
    let action = body.need("action")?;
    let signal =
        body.need_word("action", &[("critical", Signal::Firing), ("warning", Signal::Firing), ("resolved", Signal::Resolved)])?;
    let alert = body.need_node("data.metric_alert")?;
    // The rule stays the same from one incident to the next.
    let id = match alert.scalar("alert_rule.id")? {
        Some(rule) => rule,
        None => alert.need_scalar("id")?,
    };
    let title = match alert.first(&["alert_rule.name", "title"])? {
        Some(title) => title,
        None => body.text("data.description_title")?.unwrap_or_default(),
    };
    let mut observation = Observation::new(DedupKey::new("sentry", 1, &format!("metric/{id}")), signal, title);
    observation.class = Some(Class::Reliability);
    observation.description = body.scalar("data.description_text")?.unwrap_or_default();
    observation.severity = by_word(LEVELS, action);
    observation.source_severity = Some(action.to_owned());
    observation.resource = Some(alert.joined("projects")?).filter(|projects| !projects.is_empty());
    observation.link = link_of(&[body.text("data.web_url")?]);
    observation.occurred_at = alert.time("date_started")?;
    if signal == Signal::Resolved {
        observation.ended_at = alert.time("date_closed")?;
    }
    Ok(observation)
}

fn start(issue: &str, signal: Signal, node: &Node<'_>) -> Result<Observation, Malformed> {
    let title = node.first(&["title", "message"])?.unwrap_or_default();
    let key = DedupKey::new("sentry", 1, &format!("issue/{issue}"));
    let mut observation = Observation::new(key, signal, title);
    observation.class = Some(Class::Reliability);
    observation.source_severity = node.scalar("level")?;
    observation.severity = observation.source_severity.as_deref().and_then(|level| by_word(LEVELS, level));
    Ok(observation)
}
