//! A chat that answers like Slack's Web API: private channels, messages with metadata, limits, and late answers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::http::{HttpFake, Recorded, Reply};

/// What goes wrong with one call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SlackFault {
    /// 429, and how many seconds to wait.
    RateLimited(u64),
    /// 500, without having done it.
    ServerError,
    /// Does it and answers nobody.
    AnswersNever,
    /// `ok: false` with this word.
    Says(&'static str),
}

/// One message as the chat keeps it.
#[derive(Clone, PartialEq, Debug)]
pub struct SlackMessage {
    pub channel: String,
    pub ts: String,
    pub thread: Option<String>,
    pub body: Value,
}

#[derive(Default)]
struct State {
    /// Ids by name.
    channels: BTreeMap<String, String>,
    members: BTreeMap<String, BTreeSet<String>>,
    messages: Vec<SlackMessage>,
    pins: BTreeSet<(String, String)>,
    archived: BTreeSet<String>,
    /// Faults of the calls to come, by method.
    faults: BTreeMap<String, VecDeque<SlackFault>>,
    made: u64,
}

/// The chat; it ends with the test's runtime.
#[derive(Clone)]
pub struct SlackFake {
    pub http: HttpFake,
    state: Arc<Mutex<State>>,
}

impl SlackFake {
    /// Listens on a free loopback port; its API is below `/api`.
    pub async fn start() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let answering = Arc::clone(&state);
        let http = HttpFake::start(move |request| locked(&answering).answer(request)).await;
        Self { http, state }
    }

    /// Returns the address of the API.
    #[must_use]
    pub fn api(&self) -> String {
        format!("{}/api", self.http.url())
    }

    /// Makes the next call of a method go wrong.
    pub fn fault(&self, method: &str, fault: SlackFault) {
        locked(&self.state).faults.entry(method.to_owned()).or_default().push_back(fault);
    }

    /// Returns the messages in order.
    #[must_use]
    pub fn messages(&self) -> Vec<SlackMessage> {
        locked(&self.state).messages.clone()
    }

    /// Returns the members of a channel, by its id.
    #[must_use]
    pub fn members(&self, channel: &str) -> Vec<String> {
        locked(&self.state).members.get(channel).into_iter().flatten().cloned().collect()
    }

    /// Returns the channels: names and ids.
    #[must_use]
    pub fn channels(&self) -> BTreeMap<String, String> {
        locked(&self.state).channels.clone()
    }

    /// Returns how many messages are pinned.
    #[must_use]
    pub fn pins(&self) -> usize {
        locked(&self.state).pins.len()
    }
}

fn locked(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn answer(&mut self, request: &Recorded) -> Reply {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let Some(method) = path.strip_prefix("/api/") else { return Reply::new(404, "no such method") };
        let fault = self.faults.get_mut(method).and_then(VecDeque::pop_front);
        match fault {
            Some(SlackFault::RateLimited(seconds)) => {
                let body = json!({ "ok": false, "error": "ratelimited" });
                return Reply::json(429, &body).header("retry-after", &seconds.to_string());
            }
            Some(SlackFault::ServerError) => return Reply::new(500, "oops"),
            Some(SlackFault::Says(word)) => return Reply::json(200, &json!({ "ok": false, "error": word })),
            Some(SlackFault::AnswersNever) | None => {}
        }
        if !request.header("authorization").starts_with("Bearer xoxb-") {
            return Reply::json(200, &json!({ "ok": false, "error": "invalid_auth" }));
        }
        let mut fields = request.json();
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            fields[name] = json!(value.replace("%2C", ","));
        }
        let done = self.done(method, &fields);
        let reply = Reply::json(200, &done.unwrap_or_else(|word| json!({ "ok": false, "error": word })));
        if fault == Some(SlackFault::AnswersNever) { reply.never() } else { reply }
    }

    fn done(&mut self, method: &str, fields: &Value) -> Result<Value, &'static str> {
        let text = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
        let channel = text("channel");
        match method {
            "conversations.create" => {
                if self.channels.contains_key(&text("name")) {
                    return Err("name_taken");
                }
                let id = self.next("C");
                self.channels.insert(text("name"), id.clone());
                Ok(json!({ "ok": true, "channel": { "id": id, "name": text("name") } }))
            }
            "conversations.list" => {
                let found = self.channels.iter().map(|(name, id)| json!({ "id": id, "name": name })).collect::<Vec<_>>();
                Ok(json!({ "ok": true, "channels": found, "response_metadata": { "next_cursor": "" } }))
            }
            "conversations.open" => Ok(json!({ "ok": true, "channel": { "id": format!("D{}", text("users")) } })),
            "conversations.invite" => {
                let members = self.members.entry(channel).or_default();
                let fresh: Vec<bool> = text("users").split(',').map(|user| members.insert(user.to_owned())).collect();
                if fresh.contains(&true) { Ok(json!({ "ok": true })) } else { Err("already_in_channel") }
            }
            "conversations.kick" => {
                let removed = self.members.entry(channel).or_default().remove(&text("user"));
                if removed { Ok(json!({ "ok": true })) } else { Err("not_in_channel") }
            }
            "conversations.archive" => {
                if self.archived.insert(channel) {
                    Ok(json!({ "ok": true }))
                } else {
                    Err("already_archived")
                }
            }
            "conversations.setTopic" => Ok(json!({ "ok": true })),
            "chat.postMessage" => {
                let channel = if channel.starts_with('U') { format!("D{channel}") } else { channel };
                let ts = self.next("1700000000.");
                let thread = fields["thread_ts"].as_str().map(str::to_owned);
                self.messages.push(SlackMessage { channel: channel.clone(), ts: ts.clone(), thread, body: fields.clone() });
                Ok(json!({ "ok": true, "channel": channel, "ts": ts }))
            }
            "chat.update" => {
                let found = self.messages.iter_mut().find(|message| message.channel == channel && message.ts == text("ts"));
                found.ok_or("message_not_found")?.body = fields.clone();
                Ok(json!({ "ok": true }))
            }
            "conversations.history" | "conversations.replies" => {
                let found = self.messages.iter().filter(|message| message.channel == channel);
                let found: Vec<Value> =
                    found.map(|message| json!({ "ts": message.ts, "metadata": message.body["metadata"] })).collect();
                Ok(json!({ "ok": true, "messages": found }))
            }
            "pins.add" => {
                if self.pins.insert((channel, text("timestamp"))) {
                    Ok(json!({ "ok": true }))
                } else {
                    Err("already_pinned")
                }
            }
            _ => Err("unknown_method"),
        }
    }

    fn next(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{:06}", self.made)
    }
}
