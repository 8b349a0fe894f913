//! The channel itself.

use serde_json::json;
use watchfire_core::channel::{
    About, Capabilities, Channel, Ear, Field, Message, Outcome, Room, Sending, Settings, Target, Unusable,
};

use super::api::{Api, Failed};
use super::content::content;
use super::{history, room};
use crate::channels::exchange::{check_rooms, check_url, said};
use crate::egress::Egress;

pub(super) static ABOUT: About = About {
    kind: "slack",
    title: "Slack",
    summary: "Messages people and channels, keeps a private channel per incident, and takes /wf commands and buttons.",
    fields: &[
        Field { name: "bot_token", title: "Bot token", help: "begins with xoxb-", secret: true, required: true, default: "" },
        Field {
            name: "signing_secret",
            title: "Signing secret",
            help: "of the app's Basic Information; without it commands and buttons are refused",
            secret: true,
            required: false,
            default: "",
        },
        Field {
            name: "channel",
            title: "Channel",
            help: "id of the channel that gets what names no recipient, such as C0123456789",
            secret: false,
            required: false,
            default: "",
        },
        Field {
            name: "rooms",
            title: "Channels of incidents",
            help: "declare: for every incident that everybody may know of, when it is declared; ask: when somebody asks",
            secret: false,
            required: false,
            default: "ask",
        },
        Field {
            name: "announce",
            title: "Department's channel",
            help: "id of the channel that is told once of every incident's own channel, unless the incident is restricted",
            secret: false,
            required: false,
            default: "",
        },
        Field {
            name: "base_url",
            title: "Address",
            help: "of the Web API",
            secret: false,
            required: false,
            default: "https://slack.com/api",
        },
    ],
    capabilities: Capabilities { page: true, post: true, edit: true, invite: true, repeat: true, ..Capabilities::NONE },
    setup: "1. At <https://api.slack.com/apps> choose **Create New App**, **From scratch**, and name it Watchfire.\n\
            2. Under **OAuth & Permissions** add the bot scopes `chat:write`, `im:write`, `im:history`, `groups:write`, \
            `groups:read`, `groups:history`, `channels:history`, `pins:write` and `commands`, and **Install to Workspace**.\n\
            3. Copy the **Bot User OAuth Token** and, from **Basic Information**, the **Signing Secret** into the fields here.\n\
            4. For commands: under **Slash Commands** make `/wf` with the address `{base_url}/hooks/slack/commands`; under \
            **Interactivity** turn it on with `{base_url}/hooks/slack/actions`.\n\
            5. Invite the app into the channel that you name here (`/invite @Watchfire`).\n\
            6. Send a test message. Then everybody links their account once: **Settings**, **Your chat account** shows a code for \
            `/wf link CODE`.",
    reference: "https://docs.slack.dev/reference/methods/chat.postMessage",
};

/// The channel.
pub(crate) struct Slack {
    pub(super) egress: Egress,
}

impl Slack {
    pub(in crate::channels) fn new(egress: &Egress) -> Self {
        Self { egress: egress.clone() }
    }

    async fn post(&self, target: Target<'_>, message: &Message) -> Result<Outcome, Failed> {
        let api = Api::new(&self.egress, target)?;
        let to = message.to.as_deref().or(target.settings.get("channel"));
        let Some(to) = to else {
            return Ok(Outcome::refused("no recipient: the message names none, and the setting channel is empty"));
        };
        if target.attempt > 1
            && let Some(reference) = history::find(&api, to, message).await?
        {
            return Ok(Outcome::delivered("ok: it had arrived before").with_reference(reference));
        }
        let mut body = content(message, Some(&message.key));
        body["channel"] = json!(to);
        if let Some((_, thread)) = message.thread.as_deref().and_then(place) {
            body["thread_ts"] = json!(thread);
        }
        let answer = api.call("chat.postMessage", &body).await?;
        Ok(Outcome::delivered("ok").with_reference(format!("{}:{}", said(&answer, "channel"), said(&answer, "ts"))))
    }
}

/// Takes a reference apart into channel and time stamp.
pub(super) fn place(reference: &str) -> Option<(&str, &str)> {
    reference.split_once(':').filter(|(channel, stamp)| !channel.is_empty() && !stamp.is_empty())
}

impl Channel for Slack {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, settings: &Settings) -> Result<(), Unusable> {
        settings.fit(&ABOUT)?;
        check_url(settings, &ABOUT, "base_url")?;
        if !settings.get("bot_token").unwrap_or_default().starts_with("xoxb-") {
            return Err(Unusable::new("bot_token", "does not begin with xoxb-; the app's other tokens do not post"));
        }
        check_rooms(settings, &ABOUT)
    }

    fn send<'a>(&'a self, target: Target<'a>, message: &'a Message) -> Sending<'a> {
        Box::pin(async move { self.post(target, message).await.unwrap_or_else(Failed::outcome) })
    }

    fn ear(&self) -> Option<&dyn Ear> {
        Some(self)
    }

    fn room<'a>(&'a self, target: Target<'a>, act: &'a Room) -> Sending<'a> {
        Box::pin(async move { room::act(&self.egress, target, act).await.unwrap_or_else(Failed::outcome) })
    }

    /// Slack's own address for "open this conversation", which asks which workspace if the browser knows several.
    fn room_link(&self, room: &str) -> Option<String> {
        let is_id = !room.is_empty() && room.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_id.then(|| format!("https://slack.com/app_redirect?channel={room}"))
    }
}
