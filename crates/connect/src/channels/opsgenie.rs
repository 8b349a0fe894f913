//! Opsgenie and Jira Service Management: creates, acknowledges and closes alerts through the Alert API.

use http::Method;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};
use watchfire_core::Severity;
use watchfire_core::channel::{About, Capabilities, Channel, Field, Kind, Message, Outcome, Sending, Settings, Target, Unusable};
use watchfire_core::text;

use super::exchange::{base, call, check_url, credential, declined, json as read, said, segment};
use super::words;
use crate::egress::{Call, Egress};

static ABOUT: About = About {
    kind: "opsgenie",
    title: "Opsgenie",
    summary: "Pages whoever an Opsgenie team calls, and acknowledges and closes there too.",
    fields: &[
        Field {
            name: "api_key",
            title: "API key",
            help: "of an API integration with the rights to create and update alerts",
            secret: true,
            required: true,
            default: "",
        },
        Field {
            name: "base_url",
            title: "Address",
            help: "of the API; https://api.eu.opsgenie.com in the EU region",
            secret: false,
            required: false,
            default: "https://api.opsgenie.com",
        },
    ],
    capabilities: Capabilities { page: true, resolve: true, repeat: true, ..Capabilities::NONE },
    setup: "1. In Opsgenie open the team that is to be paged, then **Integrations**, and **Add integration**.\n\
            2. Choose **API**, give it a name, and allow **Read**, **Create and Update**.\n\
            3. Turn it on and copy the **API key** into the field here.\n\
            4. Send a test message: an alert appears for the team.",
    reference: "https://docs.opsgenie.com/docs/alert-api",
};

/// The channel.
pub(super) struct Opsgenie {
    egress: Egress,
}

impl Opsgenie {
    pub(super) fn new(egress: &Egress) -> Self {
        Self { egress: egress.clone() }
    }

    async fn post(&self, target: Target<'_>, path: &str, body: &Value) -> Outcome {
        let base = base(target.settings, &ABOUT);
        let key = match credential("GenieKey ", target.settings.get("api_key").unwrap_or_default(), "api_key") {
            Ok(key) => key,
            Err(outcome) => return outcome,
        };
        let request = Call::new(Method::POST, format!("{base}{path}")).secret_header(AUTHORIZATION, key).json(body);
        // Alerts are told apart by their alias: the same one again counts up, and pages nobody twice.
        let answer = match call(&self.egress, base, request, true).await {
            Ok(answer) => answer,
            Err(outcome) => return outcome,
        };
        let answered = read(&answer);
        if !answer.status.is_success() {
            return declined(&answer, &said(&answered, "message"), target.at);
        }
        Outcome::delivered(format!("{} {}", answer.status.as_u16(), said(&answered, "result")))
            .with_reference(said(&answered, "requestId"))
    }
}

impl Channel for Opsgenie {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, settings: &Settings) -> Result<(), Unusable> {
        settings.fit(&ABOUT)?;
        check_url(settings, &ABOUT, "base_url")
    }

    fn send<'a>(&'a self, target: Target<'a>, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let alias = segment(&message.matter);
            let note = json!({ "source": "watchfire", "note": words::subject(message) });
            match message.kind {
                Kind::Page | Kind::Notice => self.post(target, "/v2/alerts", &alert(message)).await,
                Kind::Acknowledge => {
                    self.post(target, &format!("/v2/alerts/{alias}/acknowledge?identifierType=alias"), &note).await
                }
                Kind::Resolve => self.post(target, &format!("/v2/alerts/{alias}/close?identifierType=alias"), &note).await,
            }
        })
    }
}

fn alert(message: &Message) -> Value {
    let links = words::links(message).into_iter().map(|(label, link)| format!("{label}: {link}"));
    let parts = [words::about(message), words::body(message)].into_iter().filter(|part| !part.is_empty()).chain(links);
    json!({
        "message": text::line(&words::subject(message), 129),
        "alias": message.matter,
        "description": parts.collect::<Vec<_>>().join("\n"),
        "priority": priority(message),
        "source": "watchfire",
    })
}

/// A page whose severity is not told is P1: less might wake nobody.
fn priority(message: &Message) -> &'static str {
    match (message.severity, message.kind) {
        (Some(Severity::Sev1), _) | (None, Kind::Page) => "P1",
        (Some(Severity::Sev2), _) => "P2",
        (Some(Severity::Sev3), _) => "P3",
        (Some(Severity::Sev4), _) => "P4",
        (Some(Severity::Sev5) | None, _) => "P5",
    }
}
