//! The crash harness: senders that do not give up, and a server that is killed at random moments.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rand::RngExt as _;
use serde_json::json;

use crate::{Alert, Client, Fault, Ledger, NewSource, Sent, Server, alertmanager_group};

/// Senders of each source, each with one delivery on the way.
const SENDERS: usize = 4;
/// Groups of the monitoring source: all alerts of one belong to one incident.
const GROUPS: usize = 8;
/// How long the server may live between two kills.
const LIFE_MS: std::ops::Range<u64> = 20..520;
/// Pause of a sender whose delivery was not acknowledged.
const RETRY: Duration = Duration::from_millis(10);
/// Processing what was accepted may take this long after the last kill.
const SETTLE: Duration = Duration::from_secs(180);

/// A run of the harness.
#[derive(Clone, Copy, Debug)]
pub struct CrashRun {
    /// How often the server is killed.
    pub kills: usize,
    /// Deliveries after which the senders stop, if the kills take longer.
    pub deliveries_max: usize,
}

/// What a run showed.
#[derive(Debug)]
pub struct CrashReport {
    pub kills: usize,
    pub acknowledged: usize,
    /// Deliveries that had to be sent more than once.
    pub repeated: usize,
    /// The longest time from a start after a kill until the server was ready.
    pub ready_max: Duration,
    pub faults: Vec<Fault>,
}

impl CrashReport {
    /// Returns the run in one line.
    #[must_use]
    pub fn line(&self) -> String {
        format!(
            "{} kills, {} deliveries acknowledged, {} of them sent again, ready after {} ms at most, {} faults",
            self.kills,
            self.acknowledged,
            self.repeated,
            self.ready_max.as_millis(),
            self.faults.len()
        )
    }
}

/// The forms in which the harness sends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Monitoring,
    CloudEvents,
    PagerDuty,
}

impl CrashRun {
    /// Reads the number of kills from `WATCHFIRE_TEST_KILLS`, otherwise takes the given one.
    #[must_use]
    pub fn from_environment(kills: usize) -> Self {
        let asked = std::env::var("WATCHFIRE_TEST_KILLS").ok().and_then(|text| text.parse().ok());
        Self { kills: asked.unwrap_or(kills), deliveries_max: 60_000 }
    }

    /// Sends to the server while killing it, then compares the ledger with what it shows.
    ///
    /// # Panics
    /// When the server does not come back after a kill.
    pub async fn against(self, server: &mut Server) -> CrashReport {
        let ledger = Arc::new(Ledger::default());
        let stop = Arc::new(AtomicBool::new(false));
        let count = Arc::new(AtomicUsize::new(0));
        let mut senders = Vec::new();
        for (form, kind) in
            [(Form::Monitoring, "alertmanager"), (Form::CloudEvents, "cloudevents"), (Form::PagerDuty, "pagerduty")]
        {
            let source = server.add_source(kind, kind).await;
            for _ in 0..SENDERS {
                let sender = Sender {
                    form,
                    name: kind,
                    number: senders.len(),
                    source: source.clone(),
                    address: server.address(),
                    ledger: Arc::clone(&ledger),
                    stop: Arc::clone(&stop),
                    count: Arc::clone(&count),
                    most: self.deliveries_max,
                };
                senders.push(tokio::spawn(sender.run()));
            }
        }
        let ready_max = kill_at_random(server, self.kills).await;
        stop.store(true, Ordering::Relaxed);
        for sender in senders {
            sender.await.expect("a sender goes on until it is acknowledged");
        }
        server.settled(SETTLE).await;
        let mut faults = ledger.faults(&server.client(), &["cloudevents"]).await;
        faults.extend(doubled_incidents(&server.client()).await);
        let all = ledger.all();
        CrashReport {
            kills: self.kills,
            acknowledged: all.len(),
            repeated: all.iter().filter(|sent| sent.tries > 1).count(),
            ready_max,
            faults,
        }
    }
}

async fn kill_at_random(server: &mut Server, kills: usize) -> Duration {
    let mut ready_max = Duration::ZERO;
    for _ in 0..kills {
        let life = rand::rng().random_range(LIFE_MS);
        // The moment has to be random: there is no condition to wait for.
        tokio::time::sleep(Duration::from_millis(life)).await;
        ready_max = ready_max.max(server.kill_and_restart().await);
    }
    ready_max
}

/// Every group of the monitoring source may have one incident.
async fn doubled_incidents(client: &Client) -> Vec<Fault> {
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    let mut seen = std::collections::BTreeSet::new();
    for alert in client.list("/api/v1/alerts?source=alertmanager").await {
        let group = alert["labels"]["alertname"].as_str().unwrap_or_default().to_owned();
        if seen.insert(group.clone()) {
            // One alert's page names its incidents; all alerts of the group have to be in the same one.
            let path = format!("/api/v1/alerts/{}", alert["id"].as_str().unwrap_or_default());
            let incidents = client.get(&path).await["incidents"].as_array().map_or(0, Vec::len);
            counts.insert(group, incidents);
        }
    }
    let incidents = client.list("/api/v1/incidents").await;
    let of_groups =
        incidents.iter().filter(|incident| incident["title"].as_str().is_some_and(|title| title.contains("CrashGroup"))).count();
    let mut faults: Vec<Fault> = counts
        .into_iter()
        .filter(|(_, incidents)| *incidents != 1)
        .map(|(title, incidents)| Fault::IncidentDoubled { title, incidents })
        .collect();
    if of_groups > seen.len() {
        faults.push(Fault::IncidentDoubled { title: "all groups".to_owned(), incidents: of_groups });
    }
    faults
}

struct Sender {
    form: Form,
    name: &'static str,
    number: usize,
    source: NewSource,
    address: String,
    ledger: Arc<Ledger>,
    stop: Arc<AtomicBool>,
    count: Arc<AtomicUsize>,
    most: usize,
}

impl Sender {
    /// Sends one delivery after the other, each until it is acknowledged.
    async fn run(self) {
        let client = Client::new(self.address.clone(), None);
        let mut connection = None;
        for turn in 0.. {
            if self.stop.load(Ordering::Relaxed) || self.count.load(Ordering::Relaxed) >= self.most {
                return;
            }
            let mark = format!("mark-{}-{turn:06}", self.number);
            let (path, headers, body) = self.delivery(&mark, turn);
            for tries in 1.. {
                if connection.is_none() {
                    connection = client.connect().await.ok();
                }
                let answered = match &mut connection {
                    Some(open) => open.call("POST", &path, &headers, body.clone()).await.ok(),
                    None => None,
                };
                match answered {
                    Some(answer) if answer.is_success() => {
                        let event = answer.json()["event_id"].as_str().unwrap_or_default().to_owned();
                        self.ledger.acknowledged(Sent { source: self.name.to_owned(), mark, event, tries });
                        self.count.fetch_add(1, Ordering::Relaxed);
                        break;
                    }
                    Some(answer) => {
                        assert!(matches!(answer.status, 429 | 503), "{}: {} {}", self.name, answer.status, answer.text());
                    }
                    None => connection = None,
                }
                tokio::time::sleep(RETRY).await;
                let started = Instant::now();
                // A server that is being started refuses connections: that is the sender's everyday.
                while connection.is_none() && started.elapsed() < Duration::from_secs(60) {
                    connection = client.connect().await.ok();
                    if connection.is_none() {
                        tokio::time::sleep(RETRY).await;
                    }
                }
            }
        }
    }

    fn delivery(&self, mark: &str, turn: usize) -> (String, Vec<(String, String)>, String) {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut headers = vec![header("content-type", "application/json")];
        if !self.source.secret.is_empty() {
            headers.push(header("authorization", &format!("Bearer {}", self.source.secret)));
        }
        match self.form {
            Form::Monitoring => {
                let group = format!("CrashGroup{}", turn % GROUPS);
                let body = alertmanager_group(&group, &[Alert::firing(&group, mark)]);
                (self.source.path.clone(), headers, body.to_string())
            }
            Form::CloudEvents => {
                if let Some(first) = headers.first_mut() {
                    *first = header("content-type", "application/cloudevents+json");
                }
                let body = json!({
                    "specversion": "1.0", "id": mark, "source": "/crash", "type": "com.example.check.failed", "subject": mark,
                    "data": { "title": format!("check failed {mark}"), "severity": "low" },
                });
                (self.source.path.clone(), headers, body.to_string())
            }
            Form::PagerDuty => {
                let body = json!({
                    "routing_key": self.source.key, "event_action": "trigger", "dedup_key": mark,
                    "payload": { "summary": format!("trouble {mark}"), "source": "crash", "severity": "info" },
                });
                ("/v2/enqueue".to_owned(), headers, body.to_string())
            }
        }
    }
}
