//! A channel that does what its settings say, and remembers what it was given.

use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use watchfire_core::channel::{
    About, Capabilities, Channel, Ear, Field, Heard, Message, Outcome, Room, Sending, Settings, Target, Unheard, Unusable, What,
};
use watchfire_core::source::Headers;

/// Settings: `answer` is `delivered`, `retry`, `refused`, `unknown` or `hang`; `password` is a secret.
#[derive(Default)]
pub(crate) struct Relay {
    given: Mutex<Vec<(String, u32, Message)>>,
    rooms: Mutex<Vec<Room>>,
}

const fn field(name: &'static str, secret: bool) -> Field {
    Field { name, title: name, help: "for tests", secret, required: false, default: "" }
}

static ABOUT: About = About {
    kind: "relay",
    title: "Relay",
    summary: "Remembers what it is given.",
    fields: &[
        field("answer", false),
        field("place", false),
        field("rooms", false),
        field("announce", false),
        field("password", true),
        field("old_password", true),
    ],
    capabilities: Capabilities { page: true, mail: true, post: true, invite: true, ..Capabilities::NONE },
    setup: "",
    reference: "",
};

impl Relay {
    /// Returns what was sent to a place, with the number of the attempt.
    pub(crate) fn at(&self, place: &str) -> Vec<(u32, Message)> {
        let given = self.given.lock().expect("no test panics while it holds this");
        given.iter().filter(|(at, _, _)| at == place).map(|(_, attempt, message)| (*attempt, message.clone())).collect()
    }
}

impl Relay {
    /// Returns what was done with rooms.
    pub(crate) fn rooms(&self) -> Vec<Room> {
        self.rooms.lock().expect("no test panics while it holds this").clone()
    }
}

/// A request is `{"member", "room", "text"}` or `{"member", "room", "button", "value"}`, signed with the password itself.
impl Ear for Relay {
    fn verify(&self, headers: &Headers, _: &[u8], settings: &Settings, _: Timestamp) -> Result<(), Unheard> {
        let right = headers.get("x-signature").is_some_and(|given| Some(given) == settings.get("password"));
        if right { Ok(()) } else { Err(Unheard("wrong".into())) }
    }

    fn hear(&self, _: &Headers, body: &[u8]) -> Result<Heard, Unheard> {
        let body: Value = serde_json::from_slice(body).map_err(|error| Unheard(error.to_string()))?;
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let what = match body["button"].as_str() {
            Some(button) => What::Press { button: button.to_owned(), value: text("value") },
            None => What::Command(text("text")),
        };
        Ok(Heard { member: text("member"), room: text("room"), what, later: None })
    }

    fn answer(&self, words: &str) -> String {
        words.to_owned()
    }

    fn later<'a>(&'a self, _: Target<'a>, _: &'a str, _: &'a str) -> Sending<'a> {
        Box::pin(async { Outcome::delivered("ok") })
    }
}

impl Channel for Relay {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, settings: &Settings) -> Result<(), Unusable> {
        settings.fit(&ABOUT)
    }

    fn ear(&self) -> Option<&dyn Ear> {
        Some(self)
    }

    fn room<'a>(&'a self, _: Target<'a>, act: &'a Room) -> Sending<'a> {
        self.rooms.lock().expect("no test panics while it holds this").push(act.clone());
        let outcome = match act {
            Room::Open { name, .. } => Outcome::delivered("ok").with_reference(format!("room of {name}")),
            _ => Outcome::delivered("ok"),
        };
        Box::pin(async move { outcome })
    }

    fn send<'a>(&'a self, target: Target<'a>, message: &'a Message) -> Sending<'a> {
        let place = target.settings.get("place").unwrap_or_default().to_owned();
        self.given.lock().expect("no test panics while it holds this").push((place, target.attempt, message.clone()));
        let password = target.settings.get("password").unwrap_or_default();
        let outcome = match target.settings.get("answer") {
            Some("hang") => return Box::pin(std::future::pending()),
            Some("retry") => Outcome::retry("come again", Some(Duration::from_secs(7))),
            Some("refused") => Outcome::refused(format!("the password {password} is wrong")),
            Some("unknown") => Outcome::unknown("no answer"),
            _ => Outcome::delivered("250 ok").with_reference("ref-1").with_raw(format!("AUTH {password}")),
        };
        Box::pin(async move { outcome })
    }
}
