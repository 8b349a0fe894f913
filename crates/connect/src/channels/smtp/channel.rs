//! The channel itself.

use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};
use watchfire_core::channel::{About, Capabilities, Channel, Field, Message, Outcome, Sending, Settings, Target, Unusable};

use super::letter::{Letter, is_address, letter};
use super::pool::{Key, Pool};
use super::session::{Server, Session, Tls};
use crate::egress::Egress;

static ABOUT: About = About {
    kind: "smtp",
    title: "E-mail (SMTP)",
    summary: "Mails people through your own mail server, in plain text.",
    fields: &[
        field("host", "Mail server", "its name, such as smtp.example.com", false, true, ""),
        field("port", "Port", "587 for STARTTLS, 465 for TLS from the first byte", false, false, "587"),
        field("tls", "TLS", "starttls, implicit, or none", false, false, "starttls"),
        field("username", "User", "empty where the server asks for none", false, false, ""),
        field("password", "Password", "of the user", true, false, ""),
        field("from", "Sender", "the address that mails come from", false, true, ""),
        field("from_name", "Sender's name", "stands beside the address", false, false, "Watchfire"),
        field("to", "Recipient", "gets what names no recipient", false, false, ""),
    ],
    capabilities: Capabilities { page: true, mail: true, ..Capabilities::NONE },
    setup: "1. Make an account at your mail server that may send as the sender's address.\n\
            2. Fill in server, port, user and password. A server in your own network needs its host in the egress settings of \
            Watchfire.\n\
            3. Without TLS nothing is sent unless **TLS** says `none`, and a password only to this machine itself.\n\
            4. Let SPF and DKIM of the sender's domain name the server, or pages end among spam.\n\
            5. Send a test message and look where it lands.",
    reference: "https://www.rfc-editor.org/rfc/rfc5321",
};

const fn field(
    name: &'static str,
    title: &'static str,
    help: &'static str,
    secret: bool,
    required: bool,
    default: &'static str,
) -> Field {
    Field { name, title, help, secret, required, default }
}

/// The channel.
pub(in crate::channels) struct Smtp {
    egress: Egress,
    pool: Pool,
}

impl Smtp {
    pub(in crate::channels) fn new(egress: &Egress) -> Self {
        Self { egress: egress.clone(), pool: Pool::default() }
    }

    /// Sends over a kept conversation, or over a new one if there is none or its server has gone meanwhile.
    async fn deliver(&self, settings: &Settings, letter: &Letter, beyond: &AtomicBool) -> Result<String, Outcome> {
        let key = key(settings);
        let kept = match self.pool.take(&key) {
            Some(mut kept) => kept.refreshed().await.then_some(kept),
            None => None,
        };
        let mut session = match kept {
            Some(kept) => kept,
            None => Session::open(&self.egress, server(settings)).await?,
        };
        let sent = session.send(letter, beyond).await;
        // After a refusal the conversation is sound; after a break it is gone, and asking it costs one error.
        let sound = matches!(sent, Ok(_) | Err(Outcome::Refused { .. }));
        if sound && let Some(session) = self.pool.keep(key, session) {
            session.quit().await;
        }
        sent
    }
}

impl Channel for Smtp {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn check(&self, settings: &Settings) -> Result<(), Unusable> {
        settings.fit(&ABOUT)?;
        let wrong = |name: &str, reason: &str| Err(Unusable::new(name, reason));
        let host = settings.get("host").unwrap_or_default();
        let named = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'));
        if host.len() > 253 || !named {
            return wrong("host", "is no host name; write it without port and scheme");
        }
        if settings.or_default(&ABOUT, "port").parse::<u16>().map_or(true, |port| port == 0) {
            return wrong("port", "is no port");
        }
        let Some(tls) = tls(settings) else { return wrong("tls", "is none of starttls, implicit, none") };
        for name in ["from", "to"] {
            if settings.get(name).is_some_and(|address| !is_address(address)) {
                return wrong(name, "is no plain mail address");
            }
        }
        match (settings.get("username"), settings.get("password")) {
            (Some(_), None) => return wrong("password", "is needed beside a user"),
            (None, Some(_)) => return wrong("username", "is needed beside a password"),
            _ => {}
        }
        if tls == Tls::None && settings.get("password").is_some() && !Egress::is_loopback(host) {
            return wrong("tls", "a password crosses no network in the clear; use starttls or implicit");
        }
        Ok(())
    }

    fn send<'a>(&'a self, target: Target<'a>, message: &'a Message) -> Sending<'a> {
        Box::pin(async move {
            let settings = target.settings;
            let Some(to) = message.to.as_deref().or(settings.get("to")) else {
                return Outcome::refused("no recipient: the message names none, and the setting to is empty");
            };
            if !is_address(to) {
                return Outcome::refused("the recipient's address is no plain mail address");
            }
            let from = settings.get("from").unwrap_or_default();
            let letter = letter(message, from, settings.or_default(&ABOUT, "from_name"), to, target.at);
            let beyond = AtomicBool::new(false);
            let sending = self.deliver(settings, &letter, &beyond);
            let sent = tokio::time::timeout(self.egress.total_limit(), sending).await.unwrap_or_else(|_| {
                let late = format!("{} did not answer in time", settings.get("host").unwrap_or_default());
                Err(if beyond.load(Ordering::SeqCst) { Outcome::unknown(late) } else { Outcome::retry(late, None) })
            });
            match sent {
                Ok(reply) => Outcome::delivered(reply).with_reference(letter.message_id).with_raw(letter.raw),
                Err(outcome) => outcome,
            }
        })
    }
}

fn tls(settings: &Settings) -> Option<Tls> {
    Some(match settings.or_default(&ABOUT, "tls") {
        "implicit" => Tls::Implicit,
        "starttls" => Tls::Upgrade,
        "none" => Tls::None,
        _ => return None,
    })
}

fn server(settings: &Settings) -> Server<'_> {
    let from = settings.get("from").unwrap_or_default();
    Server {
        host: settings.get("host").unwrap_or_default(),
        port: settings.or_default(&ABOUT, "port").parse().unwrap_or(587),
        // Settings that were checked hold one of the three; what was not is protected.
        tls: tls(settings).unwrap_or(Tls::Upgrade),
        hello: from.rsplit_once('@').map_or("localhost", |(_, domain)| domain),
        login: settings.get("username").zip(settings.get("password")),
    }
}

fn key(settings: &Settings) -> Key {
    let mut hash = Sha256::new();
    for (name, value) in settings.iter() {
        for part in [name, value] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hash.finalize().into()
}
