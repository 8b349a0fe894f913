//! A server of its own for a test: the real binary on a new data folder and a port that the system chose.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder that is removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("watchfire-it-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("the folder for temporary files can be written");
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a name within the folder")).expect("our own folder");
        std::fs::write(&path, text).expect("our own folder");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

/// A running server with the token of its owner.
pub(crate) struct Server {
    child: Child,
    pub(crate) folder: Folder,
    pub(crate) address: String,
    pub(crate) token: String,
    /// What it printed before it listened.
    pub(crate) greeting: Vec<String>,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Checks that the answer is a problem and returns its detail.
    pub(crate) fn problem(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let problem = self.json();
        assert_eq!(problem["status"], status);
        problem["detail"].as_str().unwrap_or_default().to_owned()
    }
}

impl Server {
    /// Starts a server on new data, with an owner.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// Starts one with more flags.
    pub(crate) fn with(flags: &[&str]) -> Self {
        let folder = Folder::new();
        let init = run(&["init", "--data", &text(&folder.path("data")), "--email", "ada@example.org", "--json"], &[]);
        let first: Value = serde_json::from_slice(&init.stdout).unwrap_or_else(|_| panic!("init: {init:?}"));
        let token = first["admin_token"].as_str().expect("init prints a token").to_owned();
        Self::on(folder, token, flags)
    }

    /// Starts one on data that is there.
    pub(crate) fn on(folder: Folder, token: String, flags: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_watchfire"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path("data"))
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.path("log")).expect("our own folder"))
            .spawn()
            .expect("the binary was built for this test");
        let stdout = child.stdout.take().expect("it is piped");
        let mut greeting = Vec::new();
        let mut address = None;
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if let Some((_, rest)) = line.split_once("listens on http://") {
                address = Some(rest.trim().to_owned());
            }
            greeting.push(line);
            if address.is_some() {
                break;
            }
        }
        let Some(address) = address else {
            let log = std::fs::read_to_string(folder.path("log")).unwrap_or_default();
            panic!("the server did not start: {greeting:?}\n{log}");
        };
        Self { child, folder, address, token, greeting }
    }

    pub(crate) fn data(&self) -> String {
        text(&self.folder.path("data"))
    }

    /// Calls the API as the owner.
    pub(crate) fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let authorization = format!("Bearer {}", self.token);
        let mut headers = vec![("authorization", authorization.as_str())];
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send(method, &format!("/api/v1{path}"), &headers, body.as_bytes())
    }

    /// Reads a document that is there.
    pub(crate) fn get(&self, path: &str) -> Value {
        let answer = self.call("GET", path, None);
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    /// Makes something, and checks that it worked.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.call("POST", path, Some(body));
        assert!((200..300).contains(&answer.status), "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    /// Sends a request as it is.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || method != "GET" {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a duration that is not zero");
        stream.write_all(head.as_bytes()).expect("the server reads");
        // A server that refuses a large body answers before it has read all of it.
        let _refused = stream.write_all(body);
        let mut answer = Vec::new();
        let _reset = stream.read_to_end(&mut answer);
        parse(&answer)
    }

    /// Connects a source.
    pub(crate) fn source(&self, kind: &str) -> Value {
        self.post("/sources", &serde_json::json!({ "kind": kind, "name": kind, "settings": {} }))
    }

    /// Delivers to a source's own address with its secret.
    pub(crate) fn deliver(&self, kind: &str, source: &Value, body: &[u8]) -> Answer {
        let (key, secret) = (source["key"].as_str().expect("shown once"), source["secret"].as_str().expect("shown once"));
        let authorization = format!("Bearer {secret}");
        let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
        self.send("POST", &format!("/hooks/{kind}/{key}"), &headers, body)
    }

    /// Asks again until the answer is as it should be.
    #[expect(clippy::disallowed_methods, reason = "the condition is another process's: it is asked again, within a bound")]
    pub(crate) fn until(&self, path: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let started = Instant::now();
        loop {
            let value = self.get(path);
            if fits(&value) {
                return value;
            }
            assert!(started.elapsed() < PATIENCE, "{path} never became what it should be: {value:#}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Runs a command against this server.
    pub(crate) fn cli(&self, arguments: &[&str]) -> Output {
        let url = format!("http://{}", self.address);
        run(arguments, &[("WATCHFIRE_URL", &url), ("WATCHFIRE_TOKEN", &self.token)])
    }

    /// Runs a command with `--json` and returns what it printed.
    pub(crate) fn cli_json(&self, arguments: &[&str]) -> Value {
        let output = self.cli(&[arguments, &["--json"]].concat());
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    /// Asks it to stop and returns its exit code and its folder.
    pub(crate) fn stop(mut self) -> (Option<i32>, Folder) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill is part of the system");
        assert!(asked.success());
        let status = self.child.wait().expect("it is our child");
        (status.code(), std::mem::replace(&mut self.folder, Folder::new()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Runs a command with nothing in its environment but what is named.
pub(crate) fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_watchfire"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the binary was built for this test")
}

pub(crate) fn text(path: &Path) -> String {
    path.to_str().expect("our own names are plain").to_owned()
}

/// A group of Alertmanager with one alert.
pub(crate) fn group(status: &str, name: &str) -> Value {
    serde_json::json!({
        "version": "4", "receiver": "watchfire", "status": status, "truncatedAlerts": 0,
        "groupKey": format!("{{}}:{{alertname=\"{name}\"}}"),
        "groupLabels": { "alertname": name }, "commonLabels": {}, "commonAnnotations": {},
        "externalURL": "http://alertmanager.example",
        "alerts": [{
            "status": status,
            "labels": { "alertname": name, "severity": "critical", "instance": "web-1" },
            "annotations": { "summary": format!("{name} on web-1") },
            "startsAt": "2026-01-02T03:04:05Z",
            "endsAt": if status == "resolved" { "2026-01-02T04:04:05Z" } else { "0001-01-01T00:00:00Z" },
            "generatorURL": "http://prometheus.example/graph",
            "fingerprint": "8c09ebead2e874c9",
        }],
    })
}

fn parse(answer: &[u8]) -> Answer {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status line");
    let body = &answer[end + 4..];
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    Answer { status, body: if chunked { unchunked(body) } else { body.to_vec() }, head }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&body[..end]).ok().and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
        let Some(size) = size.filter(|size| *size > 0) else { break };
        out.extend_from_slice(&body[end + 2..end + 2 + size]);
        body = &body[end + 4 + size..];
    }
    out
}
