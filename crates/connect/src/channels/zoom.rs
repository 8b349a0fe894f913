//! Zoom: makes the call that those on an incident join, through server-to-server OAuth.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use serde_json::{Value, json};
use watchfire_core::channel::{About, Capabilities, Channel, Field, Message, Outcome, Room, Sending, Settings, Target, Unusable};
use watchfire_core::text;

use super::exchange::{call, check_rooms, check_url, credential, declined, json as read, said, segment};
use crate::egress::{Answer, Call, Egress};

static ABOUT: About = About {
    kind: "zoom",
    title: "Zoom",
    summary: "Makes a Zoom meeting for an incident and returns the link to join.",
    fields: &[
        Field { name: "account_id", title: "Account id", help: "of the app", secret: false, required: true, default: "" },
        Field { name: "client_id", title: "Client id", help: "of the app", secret: false, required: true, default: "" },
        Field { name: "client_secret", title: "Client secret", help: "of the app", secret: true, required: true, default: "" },
        Field {
            name: "host",
            title: "Host",
            help: "mail address or id of the user who hosts the meetings",
            secret: false,
            required: true,
            default: "",
        },
        Field {
            name: "rooms",
            title: "Calls of incidents",
            help: "declare: for every incident that everybody may know of, when it is declared; ask: when somebody asks",
            secret: false,
            required: false,
            default: "ask",
        },
        Field {
            name: "base_url",
            title: "Address",
            help: "of the API",
            secret: false,
            required: false,
            default: "https://api.zoom.us",
        },
        Field {
            name: "oauth_url",
            title: "Address of sign-in",
            help: "where tokens are made",
            secret: false,
            required: false,
            default: "https://zoom.us",
        },
    ],
    capabilities: Capabilities { call: true, repeat: true, ..Capabilities::NONE },
    setup: "1. At <https://marketplace.zoom.us> choose **Develop**, **Build App**, **Server-to-Server OAuth App**.\n\
            2. Add the scopes `meeting:write:meeting:admin` and `meeting:read:list_meetings:admin`, and activate it.\n\
            3. Copy account id, client id and client secret into the fields here, and name the user who hosts.\n\
            4. The test message makes no meeting; it signs in and looks whether the host is there.",
    reference: "https://developers.zoom.us/docs/api/meetings/#tag/meetings/POST/users/{userId}/meetings",
};

/// The channel.
pub(super) struct Zoom {
    egress: Egress,
}

impl Zoom {
    pub(super) fn new(egress: &Egress) -> Self {
        Self { egress: egress.clone() }
    }

    /// Makes a token for this one attempt: it lives an hour, and meetings are rare.
    async fn token(&self, target: Target<'_>) -> Result<HeaderValue, Outcome> {
        let setting = |name: &str| target.settings.get(name).unwrap_or_default();
        let base = target.settings.or_default(&ABOUT, "oauth_url").trim_end_matches('/');
        let pair = STANDARD.encode(format!("{}:{}", setting("client_id"), setting("client_secret")));
        let request = Call::new(Method::POST, format!("{base}/oauth/token"))
            .secret_header(AUTHORIZATION, credential("Basic ", &pair, "client_secret")?)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .body(format!("grant_type=account_credentials&account_id={}", segment(setting("account_id"))));
        let answer = call(&self.egress, base, request, true).await?;
        let answered = read(&answer);
        if !answer.status.is_success() {
            return Err(declined(&answer, &said(&answered, "error"), target.at));
        }
        let token = answered.get("access_token").and_then(Value::as_str).unwrap_or_default();
        if token.is_empty() {
            return Err(Outcome::retry("the sign-in answered without a token", None));
        }
        credential("Bearer ", token, "client_secret")
    }

    async fn ask(
        &self,
        target: Target<'_>,
        token: &HeaderValue,
        call_of: impl Fn(&str) -> Call,
        harmless: bool,
    ) -> Result<Value, Outcome> {
        let base = super::exchange::base(target.settings, &ABOUT);
        let request = call_of(base).secret_header(AUTHORIZATION, token.clone());
        let answer: Answer = call(&self.egress, base, request, harmless).await?;
        let answered = read(&answer);
        if answer.status.is_server_error() && !harmless {
            return Err(Outcome::unknown(format!("answered {}", answer.status.as_u16())));
        }
        if !answer.status.is_success() {
            return Err(declined(&answer, &said(&answered, "message"), target.at));
        }
        Ok(answered)
    }

    /// Finds the meeting of an earlier attempt by the mark in its agenda.
    async fn find(&self, target: Target<'_>, token: &HeaderValue, mark: &str) -> Result<Option<String>, Outcome> {
        let host = segment(target.settings.get("host").unwrap_or_default());
        let list = |base: &str| Call::get(format!("{base}/v2/users/{host}/meetings?type=scheduled&page_size=300"));
        let listed = self.ask(target, token, list, true).await?;
        let meetings = listed.get("meetings").and_then(Value::as_array);
        let found = meetings.into_iter().flatten().find(|meeting| said(meeting, "agenda").contains(mark));
        Ok(found.map(|meeting| said(meeting, "join_url")))
    }

    async fn open(&self, target: Target<'_>, topic: &str, key: &str) -> Result<Outcome, Outcome> {
        let token = self.token(target).await?;
        let mark = format!("watchfire {}", text::line(key, 100));
        let mut join = None;
        if target.attempt > 1 {
            join = self.find(target, &token, &mark).await?;
        }
        let join = match join {
            Some(join) => join,
            None => {
                let host = segment(target.settings.get("host").unwrap_or_default());
                let body = meeting(topic, &mark);
                let make = |base: &str| Call::new(Method::POST, format!("{base}/v2/users/{host}/meetings")).json(&body);
                said(&self.ask(target, &token, make, false).await?, "join_url")
            }
        };
        if !text::is_web_link(&join) {
            return Err(Outcome::refused("the meeting was made, and the answer holds no link to join"));
        }
        Ok(Outcome::delivered("the meeting is there").with_reference(join))
    }

    async fn probe(&self, target: Target<'_>) -> Result<Outcome, Outcome> {
        let token = self.token(target).await?;
        let host = segment(target.settings.get("host").unwrap_or_default());
        let list = |base: &str| Call::get(format!("{base}/v2/users/{host}/meetings?type=scheduled&page_size=1"));
        self.ask(target, &token, list, true).await?;
        Ok(Outcome::delivered("signed in, the host is there; no meeting was made"))
    }
}

impl Channel for Zoom {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, settings: &Settings) -> Result<(), Unusable> {
        settings.fit(&ABOUT)?;
        check_url(settings, &ABOUT, "base_url")?;
        check_url(settings, &ABOUT, "oauth_url")?;
        check_rooms(settings, &ABOUT)
    }

    fn send<'a>(&'a self, target: Target<'a>, _message: &'a Message) -> Sending<'a> {
        Box::pin(async move { self.probe(target).await.unwrap_or_else(|outcome| outcome) })
    }

    fn room<'a>(&'a self, target: Target<'a>, act: &'a Room) -> Sending<'a> {
        Box::pin(async move {
            match act {
                Room::Call { topic, key } => self.open(target, topic, key).await.unwrap_or_else(|outcome| outcome),
                _ => Outcome::refused("Zoom makes calls, and no rooms"),
            }
        })
    }
}

/// A scheduled meeting, since only those can be listed; joining before the host works, since the host may sleep.
fn meeting(topic: &str, mark: &str) -> Value {
    json!({
        "topic": super::words::inert(&text::line(topic, 150)),
        "type": 2,
        "agenda": mark,
        "settings": { "join_before_host": true, "jbh_time": 0, "waiting_room": false, "meeting_authentication": false },
    })
}
