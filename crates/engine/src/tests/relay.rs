//! A channel that does what its settings say, and remembers what it was given.

use std::sync::Mutex;
use std::time::Duration;

use watchfire_core::channel::{About, Capabilities, Channel, Field, Message, Outcome, Sending, Settings, Target, Unusable};

/// Settings: `answer` is `delivered`, `retry`, `refused`, `unknown` or `hang`; `password` is a secret.
#[derive(Default)]
pub(crate) struct Relay {
    given: Mutex<Vec<(String, u32, Message)>>,
}

const fn field(name: &'static str, secret: bool) -> Field {
    Field { name, title: name, help: "for tests", secret, required: false, default: "" }
}

static ABOUT: About = About {
    kind: "relay",
    title: "Relay",
    summary: "Remembers what it is given.",
    fields: &[field("answer", false), field("place", false), field("password", true), field("old_password", true)],
    capabilities: Capabilities { page: true, post: true, ..Capabilities::NONE },
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

impl Channel for Relay {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, settings: &Settings) -> Result<(), Unusable> {
        settings.fit(&ABOUT)
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
