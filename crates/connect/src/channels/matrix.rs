//! Matrix: plain text into a room, through the client-server API.

use http::Method;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};
use std::time::Duration;
use watchfire_core::channel::{About, Capabilities, Channel, Field, Kind, Message, Outcome, Sending, Settings, Target, Unusable};

use super::exchange::{base, call, check_url, credential, declined, json as read, said, segment};
use super::words;
use crate::egress::{Call, Egress};

static ABOUT: About = About {
    kind: "matrix",
    title: "Matrix",
    summary: "Posts plain text into a Matrix room.",
    fields: &[
        Field {
            name: "base_url",
            title: "Homeserver",
            help: "the address of the client-server API, such as https://matrix.example.org",
            secret: false,
            required: true,
            default: "",
        },
        Field {
            name: "room",
            title: "Room",
            help: "the internal room id, such as !abcdef:example.org",
            secret: false,
            required: true,
            default: "",
        },
        Field {
            name: "access_token",
            title: "Access token",
            help: "of an account of its own that is in the room",
            secret: true,
            required: true,
            default: "",
        },
    ],
    capabilities: Capabilities { post: true, repeat: true, ..Capabilities::NONE },
    setup: "1. Make an account for Watchfire on your homeserver and sign in with it once.\n\
            2. Invite it into the room and accept.\n\
            3. Copy its access token (in Element: **All settings**, **Help and about**, **Advanced**) and the room's internal id \
            (**Room settings**, **Advanced**) into the fields here.\n\
            4. Turn encryption off in the room, or use another one: messages go in the clear to the homeserver.\n\
            5. Send a test message.",
    reference: "https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid",
};

/// The channel.
pub(super) struct Matrix {
    egress: Egress,
}

impl Matrix {
    pub(super) fn new(egress: &Egress) -> Self {
        Self { egress: egress.clone() }
    }
}

impl Channel for Matrix {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, settings: &Settings) -> Result<(), Unusable> {
        settings.fit(&ABOUT)?;
        check_url(settings, &ABOUT, "base_url")?;
        let room = settings.get("room").unwrap_or_default();
        if !room.starts_with('!') || room.contains(char::is_whitespace) {
            return Err(Unusable::new("room", "is no internal room id; it begins with !"));
        }
        Ok(())
    }

    fn send<'a>(&'a self, target: Target<'a>, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let base = base(target.settings, &ABOUT);
            let token = match credential("Bearer ", target.settings.get("access_token").unwrap_or_default(), "access_token") {
                Ok(token) => token,
                Err(outcome) => return outcome,
            };
            let room = segment(target.settings.get("room").unwrap_or_default());
            let url = format!("{base}/_matrix/client/v3/rooms/{room}/send/m.room.message/{}", segment(&message.key));
            let request = Call::new(Method::PUT, url).secret_header(AUTHORIZATION, token).json(&content(message));
            // The same transaction id with the same token is the same message.
            let answer = match call(&self.egress, base, request, true).await {
                Ok(answer) => answer,
                Err(outcome) => return outcome,
            };
            let answered = read(&answer);
            if answer.status.is_success() {
                return Outcome::delivered(format!("answered {}", answer.status.as_u16()))
                    .with_reference(said(&answered, "event_id"));
            }
            match declined(&answer, &said(&answered, "errcode"), target.at) {
                Outcome::Retry { reason, after } => {
                    let asked = answered.get("retry_after_ms").and_then(Value::as_u64).map(Duration::from_millis);
                    Outcome::Retry { reason, after: after.or(asked) }
                }
                outcome => outcome,
            }
        })
    }
}

/// Without `formatted_body` nothing is markup; with mentions that name their ids nobody else is called.
fn content(message: &Message) -> Value {
    let links = words::links(message).into_iter().map(|(label, link)| format!("{label}: {link}"));
    let parts =
        [words::subject(message), words::about(message), words::body(message)].into_iter().filter(|part| !part.is_empty());
    let people: Vec<&str> = message.to.as_deref().filter(|to| to.starts_with('@')).into_iter().collect();
    let kind = if message.kind == Kind::Page { "m.text" } else { "m.notice" };
    json!({
        "msgtype": kind,
        "body": parts.chain(links).collect::<Vec<_>>().join("\n"),
        "m.mentions": { "user_ids": people },
    })
}
