//! Any receiver of our own form: JSON, signed after Standard Webhooks.

use http::{HeaderName, HeaderValue, Method};
use serde_json::{Value, json};
use std::time::Duration;
use watchfire_core::channel::{About, Capabilities, Channel, Field, Message, Outcome, Sending, Settings, Target, Unusable};
use watchfire_core::{Severity, time};

use super::exchange::{call, check_url, retry_after};
use super::words;
use crate::egress::{Call, Egress};
use crate::signature::standard_webhooks::{sign, sign_with_key};

static ABOUT: About = About {
    kind: "webhook",
    title: "Signed webhook",
    summary: "Posts JSON to an address of yours, signed after Standard Webhooks.",
    fields: &[
        Field { name: "url", title: "Address", help: "that takes the POST", secret: false, required: true, default: "" },
        Field {
            name: "secret",
            title: "Secret",
            help: "whsec_ and base64 (HMAC, signature v1), or whsk_ and base64 (Ed25519, signature v1a)",
            secret: true,
            required: true,
            default: "",
        },
        Field {
            name: "old_secret",
            title: "Secret before",
            help: "signs beside the new one while the receiver changes over",
            secret: true,
            required: false,
            default: "",
        },
    ],
    capabilities: Capabilities { page: true, post: true, resolve: true, repeat: true, ..Capabilities::NONE },
    setup: "1. Make a secret: `echo whsec_$(openssl rand -base64 32)`. Put it into the field here and into the receiver.\n\
            2. The receiver verifies `webhook-id`, `webhook-timestamp` and `webhook-signature` with any library of \
            Standard Webhooks, answers 2xx within 15 seconds, and takes the same `webhook-id` once.\n\
            3. What is not answered with 2xx comes again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h; 410 ends it.\n\
            4. To change the secret, move the present one to **Secret before** and put the new one in; both sign until you empty it.\n\
            5. Send a test message.",
    reference: "https://www.standardwebhooks.com",
};

/// How long to wait after each attempt: the schedule of the standard.
const SCHEDULE: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];

/// The channel.
pub(super) struct Webhook {
    egress: Egress,
}

impl Webhook {
    pub(super) fn new(egress: &Egress) -> Self {
        Self { egress: egress.clone() }
    }
}

impl Channel for Webhook {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, settings: &Settings) -> Result<(), Unusable> {
        settings.fit(&ABOUT)?;
        check_url(settings, &ABOUT, "url")?;
        for name in ["secret", "old_secret"] {
            if let Some(secret) = settings.get(name)
                && signature(secret, "probe", time::from_micros(0), b"").is_none()
            {
                return Err(Unusable::new(name, "is neither whsec_ and base64 nor whsk_ and the base64 of an Ed25519 key"));
            }
        }
        Ok(())
    }

    fn send<'a>(&'a self, target: Target<'a>, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let url = target.settings.get("url").unwrap_or_default();
            let body = content(message).to_string().into_bytes();
            let secrets = ["secret", "old_secret"].into_iter().filter_map(|name| target.settings.get(name));
            let signatures: Vec<String> =
                secrets.filter_map(|secret| signature(secret, &message.key, target.at, &body)).collect();
            let stamp = target.at.as_second().to_string();
            let mut request = Call::new(Method::POST, url)
                .header(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .body(body);
            for (name, value) in [("id", &message.key), ("timestamp", &stamp), ("signature", &signatures.join(" "))] {
                let (Ok(name), Ok(value)) = (HeaderName::try_from(format!("webhook-{name}")), HeaderValue::from_str(value))
                else {
                    return Outcome::refused("the message's key or a secret cannot stand in a header");
                };
                request = request.header(name, value);
            }
            match call(&self.egress, url, request, true).await {
                Ok(answer) if answer.status.is_success() => Outcome::delivered(format!("answered {}", answer.status.as_u16())),
                Ok(answer) if answer.status.as_u16() == 410 => {
                    Outcome::refused("answered 410: the receiver wants no more; disable this channel")
                }
                Ok(answer) => {
                    let asked = retry_after(&answer, target.at);
                    again(&format!("answered {}", answer.status.as_u16()), target.attempt, asked)
                }
                Err(Outcome::Retry { reason, .. }) => again(&reason, target.attempt, None),
                Err(outcome) => outcome,
            }
        })
    }
}

/// Waits as the schedule says, longer if the receiver asks; after its end it is over.
fn again(reason: &str, attempt: u32, asked: Option<Duration>) -> Outcome {
    match SCHEDULE.get(attempt.saturating_sub(1) as usize) {
        Some(wait) => Outcome::retry(reason, Some(asked.unwrap_or_default().max(*wait))),
        None => Outcome::refused(format!("{reason}; given up after {attempt} attempts")),
    }
}

fn signature(secret: &str, id: &str, at: time::Timestamp, body: &[u8]) -> Option<String> {
    if secret.starts_with("whsk_") {
        sign_with_key(secret, id, at, body)
    } else {
        sign(Some(secret).filter(|secret| secret.starts_with("whsec_"))?.as_bytes(), id, at, body)
    }
}

/// JSON strings carry every text as it is; the receiver escapes for whatever it writes.
fn content(message: &Message) -> Value {
    let incident = message
        .incident
        .as_ref()
        .map(|named| json!({ "short_id": named.short_id, "codename": named.codename, "restricted": named.restricted }));
    json!({
        "type": format!("watchfire.{}", message.kind.as_str()),
        "data": {
            "to": message.to,
            "subject": words::subject(message),
            "text": words::body(message),
            "severity": message.severity.map(Severity::as_str),
            "incident": incident,
            "link": message.link,
            "acknowledge": message.acknowledge,
            "matter": message.matter,
            "thread": message.thread,
        },
    })
}
