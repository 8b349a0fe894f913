//! A server with a browser that is signed in.

use serde_json::json;
use watchfire_testkit::{Alert, Database, NewSource, Server, ServerOptions, alertmanager_group};

use super::driver::{Browser, Window};
use crate::support::{PROGRAM, accepted};

/// A server, a source and a browser on the list of incidents.
pub(super) struct House {
    pub(super) server: Server,
    pub(super) source: NewSource,
    pub(super) browser: Browser,
}

impl House {
    /// Starts all three and signs in with the owner's token; nothing where there is no browser.
    pub(super) async fn open(test: &str, window: Window) -> Option<Self> {
        let browser = Browser::start(test, window).await?;
        let server = Server::start(PROGRAM, Database::Sqlite).await;
        let source = server.add_source("alertmanager", "prometheus-eu").await;
        let house = Self { server, source, browser };
        house.browser.open(&format!("{}/sign-in", house.server.url())).await;
        house.sign_in_by_token().await;
        house.browser.wait_for("the list of incidents", "location.pathname === '/incidents'").await;
        Some(house)
    }

    /// Starts all three with the practice incident and follows the one-time link that the server prints.
    pub(super) async fn open_by_link(test: &str) -> Option<Self> {
        let browser = Browser::start(test, Window::Desk).await?;
        let options = ServerOptions { arguments: vec!["--demo".to_owned()], ..ServerOptions::default() };
        let server = Server::start_with(PROGRAM, Database::Sqlite, options).await;
        let source = server.add_source("alertmanager", "prometheus-eu").await;
        let link = server.sign_in_link().expect("the server printed a sign-in link");
        browser.open(&link).await;
        browser.click("main form button").await;
        browser.wait_for("the list of incidents", "location.pathname === '/incidents'").await;
        Some(Self { server, source, browser })
    }

    /// Pastes the owner's token into the sign-in page and sends it.
    pub(super) async fn sign_in_by_token(&self) {
        self.browser.run("document.querySelector('#more').open = true").await;
        self.browser.run(&format!("document.querySelector('#token').value = {}", json!(self.server.token()))).await;
        self.browser.click("#by-token button").await;
    }

    /// Delivers a firing alert and returns once it is stored.
    pub(super) async fn fire(&self, name: &str) {
        accepted(&self.server, &self.source, &alertmanager_group(name, &[Alert::firing(name, "web-1")])).await;
    }

    /// Declares an incident with tasks and a hostile title; returns its short id.
    pub(super) async fn declare(&self, title: &str) -> String {
        let wish = json!({ "title": title, "class": "reliability", "severity": "sev3" });
        let answer = self.server.client().post("/api/v1/incidents", &wish).await.expect("the server answers");
        assert!(answer.is_success(), "{} {}", answer.status, answer.text());
        let incident = answer.json();
        let id = incident["short_id"].as_str().or_else(|| incident["id"].as_str()).expect("an id");
        id.to_owned()
    }

    /// Asserts that nothing was asked of another host and that no policy of the page was broken.
    pub(super) async fn stayed_at_home(&self) {
        let own = self.server.url();
        for line in self.browser.log("performance").await {
            let event: serde_json::Value = serde_json::from_str(&line).expect("the driver writes JSON");
            let message = &event["message"];
            if message["method"] != "Network.requestWillBeSent" {
                continue;
            }
            let url = message["params"]["request"]["url"].as_str().unwrap_or_default();
            let local =
                url.starts_with(&own) || url.starts_with("data:") || url.starts_with("chrome") || url.starts_with("about:");
            assert!(local, "a request left the house: {url}");
        }
        for line in self.browser.log("browser").await {
            let broken = line.contains("Content Security Policy") || line.contains("TrustedHTML") || line.contains("Uncaught");
            assert!(!broken, "{line}");
        }
    }
}
