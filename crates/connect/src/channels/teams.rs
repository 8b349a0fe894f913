//! Microsoft Teams: an Adaptive Card through the webhook of a Power Automate workflow.

use http::Method;
use serde_json::{Value, json};
use watchfire_core::channel::{About, Capabilities, Channel, Field, Message, Outcome, Sending, Settings, Target, Unusable};

use super::exchange::{call, check_url, declined};
use super::words;
use crate::egress::{Call, Egress};

static ABOUT: About = About {
    kind: "teams",
    title: "Microsoft Teams",
    summary: "Posts cards into a Teams channel or chat through a workflow's webhook.",
    fields: &[Field {
        name: "url",
        title: "Webhook address",
        help: "what the workflow \u{201c}Send webhook alerts to a channel\u{201d} shows; it holds its own credential",
        secret: true,
        required: true,
        default: "",
    }],
    capabilities: Capabilities { post: true, ..Capabilities::NONE },
    setup: "1. In Teams open the channel's menu, then **Workflows**.\n\
            2. Choose **Send webhook alerts to a channel**, and let it post as the Flow bot.\n\
            3. Copy the address that it shows into the field here. Who has the address can post.\n\
            4. Send a test message: a card appears in the channel.",
    reference: "https://learn.microsoft.com/en-us/connectors/teams/#microsoft-teams-webhook",
};

/// The channel.
pub(super) struct Teams {
    egress: Egress,
}

impl Teams {
    pub(super) fn new(egress: &Egress) -> Self {
        Self { egress: egress.clone() }
    }
}

impl Channel for Teams {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, settings: &Settings) -> Result<(), Unusable> {
        settings.fit(&ABOUT)?;
        check_url(settings, &ABOUT, "url")
    }

    fn send<'a>(&'a self, target: Target<'a>, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let url = target.settings.get("url").unwrap_or_default();
            match call(&self.egress, url, Call::new(Method::POST, url).json(&card(message)), false).await {
                // What a workflow answers is its author's text: the status says enough.
                Ok(answer) if answer.status.is_success() => Outcome::delivered(format!("answered {}", answer.status.as_u16())),
                Ok(answer) => declined(&answer, "", target.at),
                Err(outcome) => outcome,
            }
        })
    }
}

/// All text stands in text runs, the one element of a card that knows no Markdown; links are actions.
fn card(message: &Message) -> Value {
    let run = |text: String, more: Value| {
        let mut run = json!({ "type": "TextRun", "text": text });
        if let (Some(run), Value::Object(more)) = (run.as_object_mut(), more) {
            run.extend(more);
        }
        json!({ "type": "RichTextBlock", "inlines": [run] })
    };
    let mut body = vec![run(words::subject(message), json!({ "weight": "Bolder", "size": "Medium" }))];
    let rest = [(words::about(message), json!({ "isSubtle": true })), (words::body(message), json!({}))];
    body.extend(rest.into_iter().filter(|(text, _)| !text.is_empty()).map(|(text, more)| run(text, more)));
    let actions: Vec<Value> = words::links(message)
        .into_iter()
        .map(|(label, link)| json!({ "type": "Action.OpenUrl", "title": label, "url": link }))
        .collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": body,
                "actions": actions,
            },
        }],
    })
}
