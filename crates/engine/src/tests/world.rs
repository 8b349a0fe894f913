//! A world for one test.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use bytes::Bytes;
use futures::future::BoxFuture;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use watchfire_core::Severity;
use watchfire_core::access::{Identity, Role};
use watchfire_core::alert::{DedupKey, Observation, Signal};
use watchfire_core::chance::Chance;
use watchfire_core::channel::Channel;
use watchfire_core::incident::Class;
use watchfire_core::source::{
    About, CredentialKind, Delivery, Family, Headers, Keys, Malformed, Parsed, Rejection, Settings as SourceSettings, Snapshot,
    Source, Trust,
};
use watchfire_core::time::Clock;
use watchfire_store::{Settings, Store};
use watchfire_testkit::Database;

use super::relay::Relay;
use crate::sign_in::{Cost, Ways};
use crate::{Accepted, Engine, Fetch, FetchError, Incoming, IntakeError, Parts};

/// A clock that stands until it is moved.
pub(crate) struct Hand(AtomicI64);

impl Hand {
    pub(crate) fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        watchfire_core::time::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Bytes that repeat with each run.
struct Seeded(AtomicU64);

impl Chance for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::digest(self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

struct NoNetwork;

impl Fetch for NoNetwork {
    fn certificate<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async { Err(FetchError("no network in tests".into())) })
    }
    fn confirm<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<(), FetchError>> {
        Box::pin(async { Err(FetchError("no network in tests".into())) })
    }
}

/// Reads `{"id"?, "scope"?, "alerts": [{"key", "signal", "title"?, "severity"?, "class"?, "group"?, "whole"?,
/// "author_email"?, "commit"?, "at"?, "ended"?, "edited"?}]}`; `"title": ""` is none.
struct Plain;

const ABOUT: About = About {
    kind: "plain",
    title: "Plain",
    family: Family::Generic,
    summary: "JSON for tests",
    credential: CredentialKind::Token,
    setup: "post to {url} with {secret}",
    severities: &[],
    settings: &[],
    body_bytes_max: 1024 * 1024,
    reference: "",
};

impl Source for Plain {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection> {
        let given = delivery.headers.get("x-watchfire-token").unwrap_or_default();
        if keys.secrets.contains(&given.as_bytes()) {
            Ok(Trust::Token)
        } else {
            Err(Rejection::Unauthorized("wrong token".into()))
        }
    }

    fn parse(&self, delivery: &Delivery<'_>, _: &SourceSettings) -> Result<Parsed, Malformed> {
        let body: serde_json::Value = serde_json::from_slice(delivery.body).map_err(|error| Malformed(error.to_string()))?;
        let text = |value: &serde_json::Value, name: &str| value[name].as_str().map(str::to_owned);
        let parts = body["alerts"].as_array().ok_or_else(|| Malformed("alerts: missing".into()))?;
        let observation = |part: &serde_json::Value| {
            let signal = match part["signal"].as_str() {
                Some("resolved") => Signal::Resolved,
                Some("acknowledged") => Signal::Acknowledged,
                Some("reopened") => Signal::Reopened,
                Some("note") => Signal::Note,
                _ => Signal::Firing,
            };
            let key = text(part, "key").unwrap_or_default();
            let mut observation = Observation::new(DedupKey::new("plain", 1, &key), signal, text(part, "title").unwrap_or(key));
            observation.severity = text(part, "severity").and_then(|word| Severity::from_word(&word));
            observation.class = text(part, "class").and_then(|word| Class::parse(&word));
            observation.group = text(part, "group");
            observation.resource = text(part, "resource");
            observation.occurred_at = text(part, "at").and_then(|at| at.parse().ok());
            observation.ended_at = text(part, "ended").and_then(|at| at.parse().ok());
            observation.label("edited", text(part, "edited").unwrap_or_default());
            for name in ["author_email", "commit"] {
                observation.label(name, text(part, name).unwrap_or_default());
            }
            observation.speaks_for_group = part["whole"].as_bool().unwrap_or(false);
            observation.bounded()
        };
        Ok(Parsed {
            observations: parts.iter().map(observation).collect(),
            delivery_id: text(&body, "id"),
            snapshot: text(&body, "scope").map(|scope| Snapshot { scope }),
            ..Parsed::default()
        })
    }
}

/// Where a world's store lives: a temporary directory, and with `WATCHFIRE_TEST_ENGINE_ON=postgres` a database of its own.
struct Home {
    folder: tempfile::TempDir,
    database: Database,
}

impl Home {
    fn new() -> Self {
        let wanted = std::env::var("WATCHFIRE_TEST_ENGINE_ON").is_ok_and(|wanted| wanted == "postgres");
        let database = wanted.then(|| Database::postgres("a test of the engine")).flatten().unwrap_or(Database::Sqlite);
        Self { folder: tempfile::tempdir().expect("a temporary directory"), database }
    }

    fn settings(&self) -> Settings {
        let settings = Settings::new(self.folder.path().join("data"));
        Settings { database_url: self.database.url().map(str::to_owned), ..settings }
    }
}

/// An engine on a store of its own.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<Hand>,
    pub(crate) owner: Identity,
    pub(crate) relay: Arc<Relay>,
    key: String,
    secret: String,
    home: Home,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Ways { cost: Cost::LEAST, ..Ways::default() }).await
    }

    /// Starts with other ways to sign in.
    pub(crate) async fn with(ways: Ways) -> Self {
        let world = Self::empty(ways).await;
        world.engine.first_owner("owner@example.com").await.expect("the first owner");
        world.furnished().await
    }

    /// Starts without anybody and without a source.
    pub(crate) async fn bare() -> Self {
        Self::empty(Ways { cost: Cost::LEAST, ..Ways::default() }).await
    }

    async fn empty(ways: Ways) -> Self {
        let home = Home::new();
        let clock = Arc::new(Hand(AtomicI64::new(1_800_000_000_000_000)));
        let relay = Arc::new(Relay::default());
        let engine = start(&home, &clock, &relay, 0, ways).await;
        let owner = person("owner@example.com", Role::Owner);
        Self { engine, clock, owner, relay, key: String::new(), secret: String::new(), home }
    }

    async fn furnished(mut self) -> Self {
        let source = self.engine.add_source(&self.owner, "plain", "plain", BTreeMap::new()).await.expect("a source");
        (self.key, self.secret) = (source.key, source.secret);
        self
    }

    /// Stops the engine and starts another one on what the store holds.
    pub(crate) async fn restart(self) -> Self {
        self.engine.store().close().await;
        let Self { clock, owner, relay, key, secret, home, .. } = self;
        let ways = Ways { cost: Cost::LEAST, ..Ways::default() };
        let engine = start(&home, &clock, &relay, 1 << 32, ways).await;
        Self { engine, clock, owner, relay, key, secret, home }
    }

    /// Adds another source of the same kind and returns a way to send through it.
    pub(crate) async fn another(&self, name: &str) -> (String, String) {
        let source = self.engine.add_source(&self.owner, "plain", name, BTreeMap::new()).await.expect("a source");
        (source.key, source.secret)
    }

    /// Sends a body and processes everything that waits.
    pub(crate) async fn send(&self, body: serde_json::Value) -> Accepted {
        self.send_as(&self.key, &self.secret, &body.to_string()).await.expect("accepted")
    }

    pub(crate) async fn send_raw(&self, body: &str) -> Result<Accepted, IntakeError> {
        self.send_as(&self.key, &self.secret, body).await
    }

    pub(crate) async fn send_as(&self, key: &str, secret: &str, body: &str) -> Result<Accepted, IntakeError> {
        let headers: Headers = [("X-Watchfire-Token", secret), ("Authorization", "Bearer hidden")].into_iter().collect();
        let body = Bytes::copy_from_slice(body.as_bytes());
        let accepted = self.engine.accept(Incoming { kind: "plain".into(), key: key.into(), headers, body }).await?;
        self.process().await;
        Ok(accepted)
    }

    pub(crate) async fn process(&self) {
        while self.engine.process_batch().await.expect("the batch is processed") > 0 {}
    }
}

/// Starts an engine; each start draws other bytes.
async fn start(home: &Home, clock: &Arc<Hand>, relay: &Arc<Relay>, seed: u64, ways: Ways) -> Engine {
    let store = Store::open(home.settings(), Arc::clone(clock) as Arc<dyn Clock>).await.expect("the store opens");
    let parts = Parts {
        store,
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        chance: Arc::new(Seeded(AtomicU64::new(seed))),
        sources: [("plain", Arc::new(Plain) as Arc<dyn Source>)].into_iter().collect(),
        channels: [("relay", Arc::clone(relay) as Arc<dyn Channel>)].into_iter().collect(),
        fetch: Arc::new(NoNetwork),
        base_url: "http://127.0.0.1:7117".into(),
        ways,
    };
    Engine::start(parts).await.expect("the engine starts")
}

pub(crate) fn person(id: &str, role: Role) -> Identity {
    Identity::person(id, role)
}
