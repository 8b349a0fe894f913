//! The real Prometheus and Alertmanager, as Debian ships them.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::{Client, Folder, Process, eventually, free_port, left_out};

const READY: Duration = Duration::from_secs(60);

/// An alerting rule over the one metric that the test sets: it fires while the metric is above 0.9.
#[derive(Clone, Debug)]
pub struct Rule {
    pub name: String,
    pub severity: String,
}

/// A running Alertmanager.
#[derive(Debug)]
pub struct Alertmanager {
    process: Process,
    port: u16,
    _folder: Folder,
}

/// A running Prometheus with a target whose metric the test sets.
#[derive(Debug)]
pub struct Prometheus {
    process: Process,
    value: Arc<Mutex<f64>>,
    target: tokio::task::JoinHandle<()>,
    _folder: Folder,
}

impl Alertmanager {
    /// Starts it with the `receivers:` entry of a configuration, indented by four; nothing, said plainly, where it is not there.
    ///
    /// Groups are sent after 100 ms, changes after 1 s, repeats after 1 s.
    ///
    /// # Panics
    /// When the program is there and does not start.
    pub async fn start(test: &str, receiver: &str) -> Option<Self> {
        let program = program("WATCHFIRE_TEST_ALERTMANAGER", test)?;
        let folder = Folder::new();
        let port = free_port();
        let config = format!(
            "global:\n  resolve_timeout: 1m\nroute:\n  receiver: watchfire\n  group_by: [alertname]\n  group_wait: 100ms\n  \
             group_interval: 1s\n  repeat_interval: 1s\nreceivers:\n  - name: watchfire\n{receiver}\n"
        );
        let file = folder.path().join("alertmanager.yml");
        std::fs::write(&file, config).expect("a configuration can be written");
        let mut command = Command::new(program);
        command.arg(format!("--config.file={}", file.display()));
        command.arg(format!("--storage.path={}", folder.path().join("data").display()));
        command.arg(format!("--web.listen-address=127.0.0.1:{port}")).arg("--cluster.listen-address=");
        let process = Process::start("Alertmanager", &mut command, &folder.path().join("log")).expect("Alertmanager starts");
        let mut alertmanager = Self { process, port, _folder: folder };
        alertmanager.ready().await;
        Some(alertmanager)
    }

    async fn ready(&mut self) {
        let client = self.client();
        let process = Mutex::new(&mut self.process);
        eventually("Alertmanager is ready", READY, || {
            let mut process = process.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(status) = process.ended() {
                panic!("Alertmanager ended with {status}: {}", process.log());
            }
            let client = client.clone();
            async move { client.call("GET", "/-/ready", &[], "").await.is_ok_and(|answer| answer.is_success()) }
        })
        .await;
    }

    /// Returns `host:port`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Returns a client for its API.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.address(), None)
    }

    /// Posts alerts as Prometheus does (`/api/v2/alerts`).
    ///
    /// # Panics
    /// When it refuses them.
    pub async fn post(&self, alerts: &Value) {
        let answer = self.client().post("/api/v2/alerts", alerts).await.expect("Alertmanager answers");
        assert!(answer.is_success(), "{} {}", answer.status, answer.text());
    }

    /// Returns its log.
    #[must_use]
    pub fn log(&self) -> String {
        self.process.log()
    }
}

impl Prometheus {
    /// Starts it with rules that are looked at twice a second; nothing, said plainly, where it is not there.
    ///
    /// # Panics
    /// When the program is there and does not start.
    pub async fn start(test: &str, alertmanager: &Alertmanager, rules: &[Rule]) -> Option<Self> {
        let program = program("WATCHFIRE_TEST_PROMETHEUS", test)?;
        let folder = Folder::new();
        let value = Arc::new(Mutex::new(0.1));
        let (target, target_port) = target(Arc::clone(&value)).await;
        let port = free_port();
        let rule = |rule: &Rule| {
            format!(
                "      - alert: {}\n        expr: redis_memory_used_ratio > 0.9\n        labels: {{ severity: {}, team: platform }}\n        \
                 annotations: {{ summary: 'redis uses {{{{ $value | humanizePercentage }}}} of memory' }}\n",
                rule.name, rule.severity
            )
        };
        let rules: String = rules.iter().map(rule).collect();
        let rules_file = folder.path().join("rules.yml");
        std::fs::write(&rules_file, format!("groups:\n  - name: test\n    interval: 500ms\n    rules:\n{rules}"))
            .expect("rules can be written");
        let config = format!(
            "global:\n  scrape_interval: 500ms\n  scrape_timeout: 400ms\n  evaluation_interval: 500ms\nrule_files: ['{}']\n\
             scrape_configs:\n  - job_name: checkout-api\n    static_configs: [{{ targets: ['127.0.0.1:{target_port}'] }}]\n\
             alerting:\n  alertmanagers:\n    - static_configs: [{{ targets: ['{}'] }}]\n",
            rules_file.display(),
            alertmanager.address()
        );
        let file = folder.path().join("prometheus.yml");
        std::fs::write(&file, config).expect("a configuration can be written");
        let mut command = Command::new(program);
        command.arg(format!("--config.file={}", file.display()));
        command.arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()));
        command.arg(format!("--web.listen-address=127.0.0.1:{port}")).arg("--rules.alert.resend-delay=1s");
        let mut process = Process::start("Prometheus", &mut command, &folder.path().join("log")).expect("Prometheus starts");
        let client = Client::new(format!("127.0.0.1:{port}"), None);
        {
            let process = Mutex::new(&mut process);
            eventually("Prometheus is ready", READY, || {
                let mut process = process.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(status) = process.ended() {
                    panic!("Prometheus ended with {status}: {}", process.log());
                }
                let client = client.clone();
                async move { client.call("GET", "/-/ready", &[], "").await.is_ok_and(|answer| answer.is_success()) }
            })
            .await;
        }
        Some(Self { process, value, target, _folder: folder })
    }

    /// Sets the metric: above 0.9 every rule fires.
    pub fn set(&self, value: f64) {
        *self.value.lock().unwrap_or_else(PoisonError::into_inner) = value;
    }

    /// Returns its log.
    #[must_use]
    pub fn log(&self) -> String {
        self.process.log()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        self.target.abort();
    }
}

/// Serves the metric to whoever asks.
async fn target(value: Arc<Mutex<f64>>) -> (tokio::task::JoinHandle<()>, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port can be bound");
    let port = listener.local_addr().expect("a bound socket has an address").port();
    let task = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let value = *value.lock().unwrap_or_else(PoisonError::into_inner);
            let body = format!("# TYPE redis_memory_used_ratio gauge\nredis_memory_used_ratio {value}\n");
            drop(stream.read(&mut [0; 4096]).await);
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain; version=0.0.4\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            drop(stream.write_all(answer.as_bytes()).await);
        }
    });
    (task, port)
}

fn program(variable: &str, test: &str) -> Option<PathBuf> {
    match std::env::var_os(variable) {
        Some(path) if !path.is_empty() => Some(PathBuf::from(path)),
        _ => {
            left_out(&format!("{test} ({variable} is not set)"));
            None
        }
    }
}
