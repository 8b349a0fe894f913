//! Slash commands and buttons.
//!
//! <https://docs.slack.dev/authentication/verifying-requests-from-slack>

use http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};
use watchfire_core::channel::{Ear, Heard, Outcome, Sending, Settings, Target, Unheard, What};
use watchfire_core::source::Headers;
use watchfire_core::text;

use super::channel::{ABOUT, Slack};
use super::content::escaped;
use crate::channels::exchange::{base, declined, failed};
use crate::channels::words;
use crate::egress::{Call, Hosts, Url};
use crate::signature::mac_matches;

/// How far the request's time may be from our clock, either way.
const TOLERANCE_SECONDS: u64 = 300;
/// Fields of a form; Slack sends some twenty.
const FIELDS: usize = 60;
/// Where later answers go; nothing else is called because a request says so.
const ANSWERED: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];

impl Ear for Slack {
    fn verify(&self, headers: &Headers, body: &[u8], settings: &Settings, at: Timestamp) -> Result<(), Unheard> {
        let wrong = |why: &str| Unheard(why.to_owned());
        let secret = settings.get("signing_secret").ok_or_else(|| wrong("the channel has no signing secret"))?;
        let stamp = headers.get("x-slack-request-timestamp").ok_or_else(|| wrong("no time stamp"))?;
        let signature = headers.get("x-slack-signature").ok_or_else(|| wrong("no signature"))?;
        let seconds: i64 = stamp.parse().map_err(|_| wrong("the time stamp is no number of seconds"))?;
        if seconds.abs_diff(at.as_second()) > TOLERANCE_SECONDS {
            return Err(wrong("the time stamp is more than five minutes from our clock"));
        }
        let tag = signature.strip_prefix("v0=").filter(|hex| hex.len() == 64).and_then(text::unhex);
        let right = tag.is_some_and(|tag| mac_matches(&[secret.as_bytes()], &[b"v0:", stamp.as_bytes(), b":", body], &tag));
        if right { Ok(()) } else { Err(wrong("the signature is wrong")) }
    }

    fn hear(&self, _headers: &Headers, body: &[u8]) -> Result<Heard, Unheard> {
        let form = Form::read(body)?;
        if form.get("ssl_check") == "1" {
            return Ok(Heard { member: String::new(), room: String::new(), what: What::Probe, later: None });
        }
        let payload = form.get("payload");
        if payload.is_empty() { command(&form) } else { press(payload) }
    }

    fn answer(&self, words: &str) -> String {
        answer(words).to_string()
    }

    fn later<'a>(&'a self, target: Target<'a>, address: &'a str, words: &'a str) -> Sending<'a> {
        Box::pin(async move {
            let own = Url::parse(base(target.settings, &ABOUT)).ok();
            // Beside Slack's own hosts the one of a compatible server that the operator has set.
            let own = own.as_ref().and_then(Url::host_str).filter(|host| *host != "slack.com");
            let hosts = Hosts::only(ANSWERED.into_iter().chain(own));
            let call = Call::new(Method::POST, address).json(&answer(words));
            match self.egress.send(call, &hosts).await {
                Ok(answer) if answer.status.is_success() => Outcome::delivered("ok"),
                Ok(answer) => declined(&answer, "", target.at),
                Err(error) => failed(&error, false),
            }
        })
    }
}

/// Words that only the asker sees, inert.
fn answer(told: &str) -> Value {
    let told = escaped(&words::without_mentions(&words::inert(&text::prose(told, 3_000))));
    json!({ "response_type": "ephemeral", "replace_original": false, "text": told, "mrkdwn": false })
}

fn command(form: &Form) -> Result<Heard, Unheard> {
    Ok(Heard {
        member: member(form.get("team_id"), form.get("user_id"))?,
        room: text::line(form.get("channel_id"), 40),
        what: What::Command(form.get("text").to_owned()),
        later: link(form.get("response_url")),
    })
}

fn press(payload: &str) -> Result<Heard, Unheard> {
    let payload: Value = serde_json::from_str(payload).map_err(|_| Unheard("the payload is no JSON".to_owned()))?;
    let at = |path: &str| payload.pointer(path).and_then(Value::as_str).unwrap_or_default();
    if at("/type") != "block_actions" {
        return Err(Unheard("the payload is no press of a button".to_owned()));
    }
    Ok(Heard {
        member: member(at("/team/id"), at("/user/id"))?,
        room: text::line(at("/channel/id"), 40),
        what: What::Press { button: text::line(at("/actions/0/action_id"), 80), value: text::line(at("/actions/0/value"), 200) },
        later: link(at("/response_url")),
    })
}

/// A member is told by workspace and id: the ids of two workspaces may be the same.
fn member(team: &str, user: &str) -> Result<String, Unheard> {
    let fits = |id: &str| !id.is_empty() && id.len() <= 40 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits(team) && fits(user) { Ok(format!("{team}/{user}")) } else { Err(Unheard("no member is named".to_owned())) }
}

fn link(address: &str) -> Option<String> {
    Some(address.to_owned()).filter(|address| text::is_web_link(address))
}

/// The fields of `application/x-www-form-urlencoded`, the first of each name.
struct Form(Vec<(String, String)>);

impl Form {
    fn read(body: &[u8]) -> Result<Self, Unheard> {
        let body = std::str::from_utf8(body).map_err(|_| Unheard("the body is no text".to_owned()))?;
        let pairs: Vec<_> = body.split('&').take(FIELDS).map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
        let decoded = pairs.into_iter().map(|(name, value)| Some((decode(name)?, decode(value)?)));
        decoded.collect::<Option<_>>().map(Self).ok_or_else(|| Unheard("the body is no form".to_owned()))
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                out.push(u8::try_from(high * 16 + low).ok()?);
            }
            byte => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}
