//! Calls of the Web API.

use http::HeaderValue;
use http::Method;
use http::header::AUTHORIZATION;
use serde_json::Value;
use std::time::Duration;
use watchfire_core::channel::{Outcome, Target};

use super::channel::ABOUT;
use crate::channels::exchange::{base, call, credential, declined, json, retry_after, said};
use crate::egress::{Call, Egress};

/// The Web API with one token, for one attempt.
pub(super) struct Api<'a> {
    egress: &'a Egress,
    base: &'a str,
    token: HeaderValue,
    target: Target<'a>,
}

/// Why a method did not do what was asked.
#[derive(Debug)]
pub(super) enum Failed {
    /// `ok: false` with this word.
    Said(String),
    /// Anything else.
    Outcome(Outcome),
}

impl Failed {
    /// Says what is known now: some words pass by themselves, the others need somebody.
    pub(super) fn outcome(self) -> Outcome {
        match self {
            Self::Outcome(outcome) => outcome,
            Self::Said(word) => match word.as_str() {
                "ratelimited" | "rate_limited" | "service_unavailable" | "request_timeout" | "team_added_to_org" => {
                    Outcome::retry(word, None)
                }
                // The documentation of both: the call may have been carried out in part.
                "internal_error" | "fatal_error" => Outcome::unknown(word),
                _ => Outcome::refused(word),
            },
        }
    }

    /// Tells whether it is one of these words.
    pub(super) fn is(&self, words: &[&str]) -> bool {
        matches!(self, Self::Said(word) if words.contains(&word.as_str()))
    }
}

impl<'a> Api<'a> {
    pub(super) fn new(egress: &'a Egress, target: Target<'a>) -> Result<Self, Failed> {
        let token = target.settings.get("bot_token").unwrap_or_default();
        let token = credential("Bearer ", token, "bot_token").map_err(Failed::Outcome)?;
        Ok(Self { egress, base: base(target.settings, &ABOUT), token, target })
    }

    /// Calls a method that changes something; without an answer it may have happened.
    pub(super) async fn call(&self, method: &str, body: &Value) -> Result<Value, Failed> {
        self.exchange(method, body, false).await
    }

    /// Calls a method that only reads; without an answer nothing has happened.
    pub(super) async fn read(&self, method: &str, query: &[(&str, &str)]) -> Result<Value, Failed> {
        let query: Vec<String> =
            query.iter().map(|(name, value)| format!("{name}={}", crate::channels::exchange::segment(value))).collect();
        let url = format!("{}/{method}?{}", self.base, query.join("&"));
        self.answer(Call::get(url), true).await
    }

    async fn exchange(&self, method: &str, body: &Value, harmless: bool) -> Result<Value, Failed> {
        let request = Call::new(Method::POST, format!("{}/{method}", self.base)).json(body);
        self.answer(request, harmless).await
    }

    async fn answer(&self, request: Call, harmless: bool) -> Result<Value, Failed> {
        let request = request.secret_header(AUTHORIZATION, self.token.clone());
        let answer = call(self.egress, self.base, request, harmless).await.map_err(Failed::Outcome)?;
        let body = json(&answer);
        if answer.status.as_u16() == 429 {
            let wait = retry_after(&answer, self.target.at).unwrap_or(Duration::from_secs(30));
            return Err(Failed::Outcome(Outcome::retry("rate limited", Some(wait))));
        }
        if answer.status.is_server_error() && !harmless {
            return Err(Failed::Outcome(Outcome::unknown(format!("answered {}", answer.status.as_u16()))));
        }
        if !answer.status.is_success() {
            return Err(Failed::Outcome(declined(&answer, &said(&body, "error"), self.target.at)));
        }
        match body.get("ok").and_then(Value::as_bool) {
            Some(true) => Ok(body),
            Some(false) => Err(Failed::Said(said(&body, "error"))),
            None => Err(Failed::Outcome(Outcome::unknown("the answer is not one of the Web API's"))),
        }
    }
}
