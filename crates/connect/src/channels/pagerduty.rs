//! PagerDuty: triggers, acknowledges and resolves through the Events API v2.

use serde_json::{Value, json};
use watchfire_core::channel::{About, Capabilities, Channel, Field, Kind, Message, Outcome, Sending, Settings, Target, Unusable};
use watchfire_core::{Severity, time};

use super::exchange::{base, call, check_url, declined, json as read, said};
use super::words;
use crate::egress::{Call, Egress};

static ABOUT: About = About {
    kind: "pagerduty",
    title: "PagerDuty",
    summary: "Pages whoever a PagerDuty service calls, and acknowledges and resolves there too.",
    fields: &[
        Field {
            name: "routing_key",
            title: "Integration key",
            help: "the 32 characters of an Events API v2 integration of the service",
            secret: true,
            required: true,
            default: "",
        },
        Field {
            name: "base_url",
            title: "Address",
            help: "of the Events API; https://events.eu.pagerduty.com in the EU region",
            secret: false,
            required: false,
            default: "https://events.pagerduty.com",
        },
    ],
    capabilities: Capabilities { page: true, resolve: true, repeat: true, ..Capabilities::NONE },
    setup: "1. In PagerDuty open **Services**, choose the service that is to page, and open **Integrations**.\n\
            2. **Add an integration**, choose **Events API V2**, and add it.\n\
            3. Copy the **Integration Key** into the field here.\n\
            4. Send a test message: an incident appears on the service, and is resolved by the next message here.",
    reference: "https://developer.pagerduty.com/docs/send-alert-event",
};

/// The channel.
pub(super) struct PagerDuty {
    egress: Egress,
}

impl PagerDuty {
    pub(super) fn new(egress: &Egress) -> Self {
        Self { egress: egress.clone() }
    }
}

impl Channel for PagerDuty {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, settings: &Settings) -> Result<(), Unusable> {
        settings.fit(&ABOUT)?;
        check_url(settings, &ABOUT, "base_url")?;
        let key = settings.get("routing_key").unwrap_or_default();
        if key.len() != 32 || !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Unusable::new("routing_key", "is not the 32 letters and digits of an Events API v2 integration"));
        }
        Ok(())
    }

    fn send<'a>(&'a self, target: Target<'a>, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let base = base(target.settings, &ABOUT);
            let event = event(target, message);
            // The same dedup key and action again is the same event there.
            let answer =
                match call(&self.egress, base, Call::new(http::Method::POST, format!("{base}/v2/enqueue")).json(&event), true)
                    .await
                {
                    Ok(answer) => answer,
                    Err(outcome) => return outcome,
                };
            let answered = read(&answer);
            if !answer.status.is_success() {
                return declined(&answer, &said(&answered, "message"), target.at);
            }
            Outcome::delivered(format!("{} {}", answer.status.as_u16(), said(&answered, "message")))
                .with_reference(&message.matter)
        })
    }
}

fn event(target: Target<'_>, message: &Message) -> Value {
    let action = match message.kind {
        Kind::Page | Kind::Notice => "trigger",
        Kind::Acknowledge => "acknowledge",
        Kind::Resolve => "resolve",
    };
    let mut event = json!({
        "routing_key": target.settings.get("routing_key").unwrap_or_default(),
        "event_action": action,
        "dedup_key": message.matter,
    });
    if action == "trigger" {
        let links = words::links(message).into_iter().map(|(label, link)| json!({ "href": link, "text": label }));
        event["payload"] = json!({
            "summary": words::subject(message),
            "source": "watchfire",
            "severity": severity(message),
            "timestamp": time::rfc3339(target.at),
            "custom_details": { "about": words::about(message), "text": words::body(message) },
        });
        event["links"] = links.collect();
        event["client"] = json!("Watchfire");
        event["client_url"] = json!(message.console);
    }
    event
}

/// A page whose severity is not told is critical: less might wake nobody.
fn severity(message: &Message) -> &'static str {
    match (message.severity, message.kind) {
        (Some(Severity::Sev1) | None, Kind::Page) | (Some(Severity::Sev1), _) => "critical",
        (Some(Severity::Sev2), _) => "error",
        (Some(Severity::Sev3), _) => "warning",
        (Some(Severity::Sev4 | Severity::Sev5) | None, _) => "info",
    }
}
