//! Incoming webhooks of Slack and Mattermost: posts into the one channel that the address names.

use http::Method;
use serde_json::json;
use watchfire_core::channel::{About, Capabilities, Channel, Field, Message, Outcome, Sending, Settings, Target, Unusable};

use super::exchange::{call, check_url, declined};
use super::{slack, words};
use crate::egress::{Answer, Call, Egress};

static ABOUT: About = About {
    kind: "slack_webhook",
    title: "Slack or Mattermost webhook",
    summary: "Posts into one channel of Slack or Mattermost through an incoming webhook.",
    fields: &[
        Field {
            name: "url",
            title: "Webhook address",
            help: "of the incoming webhook; it holds its own credential",
            secret: true,
            required: true,
            default: "",
        },
        Field {
            name: "form",
            title: "Form",
            help: "slack, or mattermost, which reads Markdown",
            secret: false,
            required: false,
            default: "slack",
        },
    ],
    capabilities: Capabilities { post: true, ..Capabilities::NONE },
    setup: "1. In Slack make an app, turn on **Incoming Webhooks**, **Add new webhook to workspace**, and choose the channel. In \
            Mattermost open **Integrations**, **Incoming Webhooks**, **Add**.\n\
            2. Copy the address into the field here. Who has the address can post.\n\
            3. For Mattermost set the form to `mattermost`. If its server is in your own network, permit its host in the egress \
            settings of Watchfire.\n\
            4. Send a test message: it appears in the channel.",
    reference: "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks",
};

/// The channel.
pub(super) struct SlackWebhook {
    egress: Egress,
}

impl SlackWebhook {
    pub(super) fn new(egress: &Egress) -> Self {
        Self { egress: egress.clone() }
    }
}

impl Channel for SlackWebhook {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, settings: &Settings) -> Result<(), Unusable> {
        settings.fit(&ABOUT)?;
        check_url(settings, &ABOUT, "url")?;
        match settings.or_default(&ABOUT, "form") {
            "slack" | "mattermost" => Ok(()),
            _ => Err(Unusable::new("form", "is neither slack nor mattermost")),
        }
    }

    fn send<'a>(&'a self, target: Target<'a>, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let url = target.settings.get("url").unwrap_or_default();
            let body = match target.settings.or_default(&ABOUT, "form") {
                "mattermost" => json!({ "text": markdown(message) }),
                _ => slack::content(message, None),
            };
            match call(&self.egress, url, Call::new(Method::POST, url).json(&body), false).await {
                Ok(answer) if answer.status.is_success() => Outcome::delivered(format!("{} ok", answer.status.as_u16())),
                Ok(answer) => declined(&answer, &word(&answer), target.at),
                Err(outcome) => outcome,
            }
        })
    }
}

/// Slack answers one word, such as `channel_not_found`; anything else is not repeated.
fn word(answer: &Answer) -> String {
    let text = String::from_utf8_lossy(&answer.body);
    let known = text.len() <= 60 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if known { text.into_owned() } else { String::new() }
}

/// Markdown in which every mark of the text is escaped; the links are ours.
fn markdown(message: &Message) -> String {
    let mut lines = vec![format!("**{}**", escaped(&words::subject(message)))];
    lines.extend([words::about(message), words::body(message)].iter().filter(|text| !text.is_empty()).map(|text| escaped(text)));
    let links = words::links(message);
    if !links.is_empty() {
        lines.push(links.iter().map(|(label, link)| format!("[{label}](<{link}>)")).collect::<Vec<_>>().join(" | "));
    }
    lines.join("\n")
}

/// Escapes every mark of Markdown and breaks mentions, hashtags and emoji names.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for char in text.chars() {
        match char {
            '@' | '#' | ':' => out.extend(['\\', char, '\u{200b}']),
            char if char.is_ascii_punctuation() => out.extend(['\\', char]),
            char => out.push(char),
        }
    }
    out
}
