//! A small WebDriver client: one browser, one session, the commands that the stories need.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use watchfire_testkit::{Client, Folder, Process, eventually, free_port, left_out};

/// How long a page may take to become what a story waits for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A Chromium under the driver's control; both end with it.
#[derive(Debug)]
pub(super) struct Browser {
    client: Client,
    session: String,
    _driver: Process,
    _folder: Folder,
}

/// The window of a session.
#[derive(Clone, Copy, Debug)]
pub(super) enum Window {
    Desk,
    /// 360 CSS pixels wide.
    Phone,
}

impl Browser {
    /// Starts a browser, or says that this test is left out and returns nothing.
    pub(super) async fn start(test: &str, window: Window) -> Option<Self> {
        let (Some(chromium), Some(driver)) = (path("WATCHFIRE_TEST_CHROMIUM"), path("WATCHFIRE_TEST_CHROMEDRIVER")) else {
            left_out(&format!("{test}: set WATCHFIRE_TEST_CHROMIUM and WATCHFIRE_TEST_CHROMEDRIVER"));
            return None;
        };
        let (folder, port) = (Folder::new(), free_port());
        let mut command = Command::new(driver);
        command.arg(format!("--port={port}"));
        let driver = Process::start("chromedriver", &mut command, &folder.path().join("driver.log")).expect("the driver starts");
        let client = Client::new(format!("127.0.0.1:{port}"), None);
        eventually("the driver is ready", PATIENCE, || async { client.try_get("/status").await.is_some() }).await;
        let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
        let mut options = json!({ "binary": chromium, "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,900", profile,
        ] });
        if let Window::Phone = window {
            options["mobileEmulation"] = json!({ "deviceMetrics": { "width": 360, "height": 780, "pixelRatio": 2.0 } });
        }
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "timeouts": { "script": 240_000, "pageLoad": 240_000 },
        } } });
        let answer = client.post("/session", &wanted).await.expect("the driver answers").json();
        let session = answer["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {answer}")).to_owned();
        Some(Self { client, session, _driver: driver, _folder: folder })
    }

    /// Opens an address.
    pub(super) async fn open(&self, url: &str) {
        self.command("/url", json!({ "url": url })).await;
    }

    /// Runs a script in the page and returns its value.
    pub(super) async fn run(&self, script: &str) -> Value {
        self.command("/execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// Runs a script that calls its last argument when it is done.
    pub(super) async fn run_to_end(&self, script: &str) -> Value {
        self.command("/execute/async", json!({ "script": script, "args": [] })).await
    }

    /// Waits until a script's expression is true.
    pub(super) async fn wait_for(&self, what: &str, expression: &str) {
        eventually(what, PATIENCE, || async { self.run(&format!("return !!({expression})")).await == json!(true) }).await;
    }

    /// Presses keys one after the other, as a keyboard does; names as in WebDriver, such as `\u{e007}` for Enter.
    pub(super) async fn press(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|key| {
            let key = key.to_string();
            [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })]
        });
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes.collect::<Vec<_>>() }] });
        self.command("/actions", actions).await;
    }

    /// Clicks the element that a CSS selector finds.
    pub(super) async fn click(&self, selector: &str) {
        let found = self.command("/element", json!({ "using": "css selector", "value": selector })).await;
        let id = found.as_object().and_then(|pair| pair.values().next()).and_then(Value::as_str).expect("an element's id");
        self.command(&format!("/element/{id}/click"), json!({})).await;
    }

    /// Adds an authenticator that says yes to everything, as a device with a fingerprint reader would.
    pub(super) async fn add_authenticator(&self) {
        let wish = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "isUserConsenting": true,
        });
        self.command("/webauthn/authenticator", wish).await;
    }

    /// Forgets the cookies of the page's host.
    pub(super) async fn delete_cookies(&self) {
        let answer = self.client.call("DELETE", &format!("/session/{}/cookie", self.session), &[], "").await;
        assert!(answer.expect("the driver answers").is_success(), "the cookies are deleted");
    }

    /// Types into the element that a CSS selector finds.
    pub(super) async fn fill(&self, selector: &str, text: &str) {
        let script = format!("document.querySelector({}).value = {}", json!(selector), json!(text));
        self.run(&script).await;
    }

    /// Sets what the system would say of light and dark.
    pub(super) async fn prefer(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        let wish = json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": features } });
        self.command("/goog/cdp/execute", wish).await;
    }

    /// Returns the lines of a log (`browser`, `performance`) since the last look.
    pub(super) async fn log(&self, kind: &str) -> Vec<String> {
        let entries = self.command("/se/log", json!({ "type": kind })).await;
        let entries = entries.as_array().cloned().unwrap_or_default();
        entries.iter().filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect()
    }

    /// Keeps a picture under `WATCHFIRE_TEST_ARTIFACTS`, where that is set.
    pub(super) async fn keep_picture(&self, name: &str) {
        let Some(folder) = path("WATCHFIRE_TEST_ARTIFACTS") else { return };
        // The driver's answer is larger than a page and in base64; the browser can write it no other way.
        let answer = self.client.call("GET", &format!("/session/{}/screenshot", self.session), &[], "").await;
        let picture = answer.expect("the driver answers").json()["value"].as_str().map(decode).expect("a picture");
        std::fs::create_dir_all(&folder).expect("the folder of artifacts can be made");
        std::fs::write(folder.join(format!("{name}.png")), picture).expect("the picture can be written");
    }

    async fn command(&self, path: &str, body: Value) -> Value {
        let answer = self.client.post(&format!("/session/{}{path}", self.session), &body).await.expect("the driver answers");
        let mut value = answer.json();
        assert!(answer.is_success(), "{path}: {value}");
        value["value"].take()
    }
}

/// Reads a path from the environment.
pub(super) fn path(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Reads base64 with padding.
fn decode(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut out, mut bits, mut held) = (Vec::with_capacity(text.len()), 0_u32, 0_u32);
    for six in text.bytes().filter_map(value) {
        held = held << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 0xff) as u8);
        }
    }
    out
}
