//! A server in this process: the real store, engine and web layer on a port of their own, and a clock that stands still.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio_util::bytes::Bytes;
use tokio_util::sync::CancellationToken;
use watchfire_core::access::{Identity, Role};
use watchfire_core::chance::Chance;
use watchfire_core::channel::Registry;
use watchfire_core::person::State;
use watchfire_core::source::Headers;
use watchfire_core::time::Clock;
use watchfire_core::token::TokenKind;
use watchfire_engine::plans::Files;
use watchfire_engine::{Engine, Fetch, FetchError, Incoming, NewPerson, NewSource, Parts};
use watchfire_store::{Settings, Store};
use watchfire_testkit::{Client, Folder};
use watchfire_web::AppState;
use watchfire_web::limit::TrustedProxies;
use watchfire_web::serve::{Limits, Server};
use watchfire_web::telemetry::{self, Metrics};

/// What the house's plans say: one kind of alert raises a restricted incident, every other one an open one.
const ROUTING: &str = r#"version: 1
teams:
  - { id: security, title: Security }
  - { id: platform, title: Platform }
default: { class: reliability, severity: sev3, team: platform, visibility: open }
rules:
  - name: intruder
    when: alert.labels.kind == "intruder"
    class: intrusion
    severity: sev2
    team: security
    visibility: restricted
"#;

/// A clock that stands until it is moved.
pub(super) struct Hand(AtomicI64);

impl Hand {
    pub(super) fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        watchfire_core::time::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Random, but ids made in one millisecond sort in the order in which they were made: lists come out the same on two days.
#[derive(Default)]
struct Dice(AtomicU64);

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        rand::fill(bytes);
        if bytes.len() == 10
            && let Some(front) = bytes.first_chunk_mut::<8>()
        {
            *front = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
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

/// The house.
pub(super) struct House {
    pub(super) engine: Engine,
    pub(super) clock: Arc<Hand>,
    address: SocketAddr,
    store: Store,
    processing: tokio::sync::Mutex<()>,
    stop: CancellationToken,
    served: tokio::task::JoinHandle<()>,
    _folder: Folder,
}

/// Somebody with an account, a token and a session.
#[derive(Clone, Debug)]
pub(super) struct Who {
    pub(super) login: String,
    pub(super) identity: Identity,
    pub(super) token: String,
    pub(super) cookie: String,
}

impl House {
    pub(super) async fn start() -> Self {
        let folder = Folder::new();
        let clock = Arc::new(Hand(AtomicI64::new(1_800_000_000_000_000)));
        let store = Store::open(Settings::new(folder.path().join("data")), Arc::clone(&clock) as Arc<dyn Clock>);
        let store = store.await.expect("the store opens");
        let parts = Parts {
            store: store.clone(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            chance: Arc::new(Dice::default()),
            sources: watchfire_connect::sources::all(),
            channels: Registry::new(),
            fetch: Arc::new(NoNetwork),
            ways: watchfire_engine::sign_in::Ways::default(),
            base_url: "http://127.0.0.1:7117".into(),
        };
        let engine = Engine::start(parts).await.expect("the engine starts");
        let machine = Identity::machine("test");
        let files = Files::from([("routing.yaml".to_owned(), ROUTING.to_owned())]);
        engine.plans_apply(&machine, files).await.expect("the plans are put in force");
        let limits = Limits { per_address: 500, ..Limits::default() };
        let listener = Server::bind(SocketAddr::from(([127, 0, 0, 1], 0)), None, limits).expect("a loopback port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let state = AppState::new(engine.clone(), metrics(), TrustedProxies::default());
        let stop = CancellationToken::new();
        let served = tokio::spawn({
            let stop = stop.clone();
            async move {
                listener.run(watchfire_web::router(state), stop).await;
            }
        });
        let house =
            Self { engine, clock, address, store, processing: tokio::sync::Mutex::default(), stop, served, _folder: folder };
        house.person("olga@example.org", Role::Owner).await;
        house
    }

    /// Moves the clock, and does all that falls due by then: no duty runs by itself here, so that two days go the same way.
    pub(super) async fn later(&self, seconds: i64) {
        for _ in 0..seconds.div_euclid(10).max(1) {
            self.clock.forward(seconds.min(10));
            for _ in 0..4 {
                self.engine.due_timers().await.expect("timers");
            }
        }
    }

    /// Ends it, so that nothing is left running.
    pub(super) async fn end(self) {
        self.stop.cancel();
        self.served.await.ok();
        self.store.close().await;
    }

    pub(super) fn client(&self, token: Option<&str>) -> Client {
        Client::new(self.address.to_string(), token.map(str::to_owned))
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn machine(&self) -> Identity {
        Identity::machine("test")
    }

    /// Adds a person with a token and a session.
    pub(super) async fn person(&self, login: &str, role: Role) -> Who {
        self.newcomer(login, role, State::Active).await
    }

    /// Adds a person with a token alone.
    pub(super) async fn account(&self, login: &str, role: Role) -> Who {
        self.enter(login, role, State::Active).await
    }

    /// Adds a person in a state; who is not active has a token that opens nothing, and no session.
    pub(super) async fn newcomer(&self, login: &str, role: Role, state: State) -> Who {
        let who = self.enter(login, role, state).await;
        let session = self.engine.sign_in(&who.token).await.expect("the store answers");
        let cookie = session.map(|session| format!("watchfire={}", session.secret)).unwrap_or_default();
        Who { cookie, ..who }
    }

    async fn enter(&self, login: &str, role: Role, state: State) -> Who {
        let (name, time_zone, tags) = Default::default();
        let new = NewPerson { login: login.to_owned(), name, role, state, time_zone, tags };
        self.engine.add_person(&self.machine(), new).await.expect("a person is added");
        let identity = Identity::person(login, role);
        let made = self.engine.add_token(&identity, "laptop", TokenKind::Personal, role, None).await.expect("a token");
        Who { login: login.to_owned(), identity, token: made.secret, cookie: String::new() }
    }

    /// Sets a source of Alertmanager's form up.
    pub(super) async fn source(&self, name: &str) -> NewSource {
        let made = self.engine.add_source(&self.machine(), "alertmanager", name, [].into_iter().collect()).await;
        made.expect("a source")
    }

    /// Delivers one alert and processes it; returns the event's id.
    pub(super) async fn deliver(&self, source: &NewSource, name: &str, kind: &str, firing: bool) -> String {
        let body = alert(name, kind, firing).to_string();
        let bearer = format!("Bearer {}", source.secret);
        let headers: Headers = [("content-type", "application/json"), ("authorization", bearer.as_str())].into_iter().collect();
        let incoming = Incoming { kind: "alertmanager".into(), key: source.key.clone(), headers, body: Bytes::from(body) };
        let accepted = self.engine.accept(incoming).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        // One after the other: what is accepted meanwhile is in the next batch.
        let _turn = self.processing.lock().await;
        loop {
            match self.engine.process_batch().await {
                Ok(0) => break,
                // The house's own processor may be quicker with the same events.
                Ok(_) | Err(watchfire_engine::Error::Conflict) => {}
                Err(error) => panic!("{name}: {error}"),
            }
        }
        accepted.event_id.to_string()
    }
}

fn alert(name: &str, kind: &str, firing: bool) -> Value {
    let status = if firing { "firing" } else { "resolved" };
    let ends = if firing { "0001-01-01T00:00:00Z" } else { "2027-01-15T09:00:00Z" };
    let labels = json!({ "alertname": name, "kind": kind, "severity": "warning" });
    json!({
        "version": "4", "groupKey": format!("{{}}:{{alertname=\"{name}\"}}"), "status": status, "receiver": "watchfire",
        "truncatedAlerts": 0, "groupLabels": { "alertname": name }, "commonLabels": labels, "commonAnnotations": {},
        "externalURL": "http://am.example.org",
        "alerts": [{
            "status": status, "labels": labels, "annotations": { "summary": format!("{name} is wrong") },
            "startsAt": "2027-01-15T07:59:00Z", "endsAt": ends, "generatorURL": "http://prom.example.org/graph",
            "fingerprint": format!("{:016x}", name.bytes().fold(7_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)))),
        }],
    })
}

/// The recorder is one for the whole process.
fn metrics() -> Metrics {
    static METRICS: OnceLock<Metrics> = OnceLock::new();
    METRICS.get_or_init(|| telemetry::install("test").expect("no other recorder")).clone()
}
