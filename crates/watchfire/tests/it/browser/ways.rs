//! Ways to sign in, in a real Chromium: the wizard, a passkey, and a real provider that enforces PKCE.

use std::process::Command;
use std::time::Duration;

use serde_json::json;
use watchfire_testkit::{Client, Database, Folder, Process, Server, ServerOptions, eventually, free_port, left_out};

use super::driver::{Browser, Window, path};
use crate::support::PROGRAM;

const GOOD: &str = "mossy kettle under seven";

/// The provider with its accounts; ends with it.
struct Provider {
    port: u16,
    folder: Folder,
    _process: Process,
}

impl Provider {
    /// Starts a provider that knows a redirect address, or says that this test is left out and returns nothing.
    async fn start(test: &str, port: u16, redirect: &str) -> Option<Self> {
        let Some(modules) = path("WATCHFIRE_TEST_OIDC_PROVIDER") else {
            left_out(&format!("{test}: set WATCHFIRE_TEST_OIDC_PROVIDER"));
            return None;
        };
        let folder = Folder::new();
        let accounts = folder.path().join("accounts.json");
        std::fs::write(&accounts, "{}").expect("our own folder");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/browser/provider.mjs");
        let mut command = Command::new("node");
        command.arg(script).arg(modules).arg(port.to_string()).arg(redirect).arg(&accounts);
        let process = Process::start("oidc-provider", &mut command, &folder.path().join("provider.log")).expect("node starts");
        let client = Client::new(format!("127.0.0.1:{port}"), None);
        eventually("the provider is ready", Duration::from_secs(60), || async {
            client.try_get("/.well-known/openid-configuration").await.is_some()
        })
        .await;
        Some(Self { port, folder, _process: process })
    }

    /// Writes who there is and what is said of them.
    fn knows(&self, accounts: &serde_json::Value) {
        std::fs::write(self.folder.path().join("accounts.json"), accounts.to_string()).expect("our own folder");
    }

    fn issuer(port: u16) -> String {
        format!("http://localhost:{port}")
    }
}

/// Signs on through the provider as somebody, with no session there from before.
async fn sign_on(browser: &Browser, base: &str, provider: &Provider, subject: &str) {
    browser.open(&Provider::issuer(provider.port)).await;
    browser.delete_cookies().await;
    browser.open(&format!("{base}/sign-in")).await;
    browser.delete_cookies().await;
    browser.open(&format!("{base}/sign-in")).await;
    browser.click("#by-sign-on").await;
    browser.wait_for("the provider's page", "document.querySelector('#sub')").await;
    browser.fill("#sub", subject).await;
    browser.click("form button").await;
    browser.wait_for("back at home", &format!("location.href.startsWith({})", json!(base))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_sign_on_through_a_real_provider_and_get_no_more_than_their_groups() {
    let Some(browser) = Browser::start("browser::ways", Window::Desk).await else { return };
    let (port, own) = (free_port(), free_port());
    let base = format!("http://localhost:{own}");
    let Some(provider) = Provider::start("browser::ways", port, &format!("{base}/sign-in/sign-on/back")).await else { return };
    let issuer = Provider::issuer(port);
    let arguments = [
        "--base-url".to_owned(),
        base.clone(),
        "--sign-on-issuer".to_owned(),
        issuer.clone(),
        "--sign-on-client-id=watchfire".to_owned(),
        "--sign-on-name=Example".to_owned(),
        "--sign-on-roles=people=member".to_owned(),
        "--egress-permit".to_owned(),
        format!("http://localhost:{port}"),
    ];
    let environment = vec![("WATCHFIRE_SIGN_ON_CLIENT_SECRET".to_owned(), "a secret of the stories alone & more".to_owned())];
    let options = ServerOptions { environment, arguments: arguments.to_vec(), ..ServerOptions::default() };
    let server = Server::start_at(PROGRAM, Database::Sqlite, own, options).await;
    provider.knows(&json!({
        "ada": { "email": "ada@example.org", "email_verified": true, "name": "Ada Lovelace", "groups": ["strangers"] },
        "eve": { "email": "owner@example.com", "email_verified": false, "name": "Eve", "groups": ["people"] },
    }));

    sign_on(&browser, &base, &provider, "ada").await;
    browser.wait_for("refused", "document.querySelector('#failed')").await;
    let enabled = server
        .client()
        .call("PUT", "/api/v1/sign-in", &[("content-type", "application/json")], r#"{"join_by_sign_on":true}"#)
        .await;
    assert_eq!(enabled.expect("the server answers").status, 200, "the provider works, so people of it may come in");

    sign_on(&browser, &base, &provider, "ada").await;
    browser.wait_for("the console", "document.querySelector('a.login')").await;
    let seen = browser
        .run("return [document.querySelector('a.login').textContent, document.querySelector('.who small').textContent]")
        .await;
    assert_eq!(seen, json!(["ada@example.org", "Restricted"]), "no known group, nothing more");
    browser.keep_picture("signed-on-restricted").await;

    provider.knows(&json!({
        "ada": { "email": "ada@example.org", "email_verified": true, "name": "Ada Lovelace", "groups": ["people"] },
        "eve": { "email": "owner@example.com", "email_verified": false, "name": "Eve", "groups": ["people"] },
    }));
    sign_on(&browser, &base, &provider, "ada").await;
    browser.wait_for("the console", "document.querySelector('.who small')").await;
    assert_eq!(browser.run("return document.querySelector('.who small').textContent").await, json!("Member"));

    sign_on(&browser, &base, &provider, "eve").await;
    browser.wait_for("refused", "document.querySelector('#failed')").await;
    assert_eq!(
        browser.run("return location.pathname").await,
        json!("/sign-in/sign-on/back"),
        "an unverified address is nobody's"
    );
    let log = std::fs::read_to_string(server.logs().path().join("server.log")).expect("the server's log");
    assert!(!log.contains("code=") && !log.contains("id_token") && !log.contains("secret of the stories"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_owner_sets_up_with_a_password_and_signs_in_with_a_passkey() {
    let Some(browser) = Browser::start("browser::ways", Window::Phone).await else { return };
    browser.add_authenticator().await;
    let own = free_port();
    let base = format!("http://localhost:{own}");
    let arguments = vec!["--base-url".to_owned(), base.clone()];
    let server =
        Server::start_bare(PROGRAM, Database::Sqlite, own, ServerOptions { arguments, ..ServerOptions::default() }).await;
    let log = std::fs::read_to_string(server.logs().path().join("server.log")).expect("the server's log");
    let link = log.split_whitespace().find(|word| word.contains("/welcome/")).expect("a link to the wizard").to_owned();
    browser.open(&link).await;
    browser.keep_picture("wizard-360").await;
    assert_eq!(browser.run("return document.documentElement.scrollWidth <= innerWidth").await, json!(true), "it fits 360 px");
    browser.fill("#w-org", "Tallowmere").await;
    browser.fill("#w-login", "ines@example.org").await;
    browser.fill("#w-name", "Ines Vidal").await;
    browser.fill("#w-password", GOOD).await;
    browser.fill("#w-again", GOOD).await;
    browser.click("input[name='team-secops']").await;
    browser.click("#wizard > button").await;
    browser.wait_for("the console", "document.querySelector('main h1')").await;

    browser.open(&format!("{base}/account")).await;
    browser.fill("#a-passkey", "Blue key").await;
    browser.click("#new-passkey button").await;
    browser.wait_for("the passkey is kept", "document.body.textContent.includes('Blue key')").await;
    browser.keep_picture("account-360").await;
    browser.run("document.querySelector('form[action=\"/sign-out\"]').requestSubmit()").await;
    browser.wait_for("the sign-in page", "location.pathname === '/sign-in'").await;
    browser.keep_picture("sign-in-360").await;
    browser.click("#by-passkey button").await;
    browser.wait_for("signed in", "location.pathname === '/incidents'").await;
    assert_eq!(browser.run("return document.querySelector('a.login').textContent").await, json!("ines@example.org"));
    browser.open(&link).await;
    browser.wait_for("the link is closed", "document.querySelector('h1').textContent === 'This link is closed'").await;
    for line in browser.log("browser").await {
        let broken = line.contains("Content Security Policy") || line.contains("TrustedHTML") || line.contains("Uncaught");
        assert!(!broken, "{line}");
    }
}
