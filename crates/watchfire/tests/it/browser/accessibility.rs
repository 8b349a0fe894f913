//! Every room by axe-core, light and dark, wide and narrow.

use serde_json::{Value, json};
use watchfire_testkit::left_out;

use super::driver::{Window, path};
use super::house::House;

/// Runs axe-core and returns what it found, one line each.
const AXE: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations.map((one) =>
        `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? ''}`).join(' | ')}`)));";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_room_has_a_fault_that_axe_finds_on_a_desk() {
    check("browser::accessibility::desk", Window::Desk).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_room_has_a_fault_that_axe_finds_at_360_pixels() {
    check("browser::accessibility::phone", Window::Phone).await;
}

async fn check(test: &str, window: Window) {
    let Some(axe) = path("WATCHFIRE_TEST_AXE") else {
        left_out(&format!("{test}: set WATCHFIRE_TEST_AXE to axe.min.js of the npm package axe-core"));
        return;
    };
    let axe = std::fs::read_to_string(&axe).unwrap_or_else(|error| panic!("{}: {error}", axe.display()));
    let Some(house) = House::open(test, window).await else { return };
    let id = house.declare("A title that is long enough to be broken at three hundred and sixty pixels of width").await;
    let report = furnish(&house, &id).await;
    house.fire("CheckoutLatencyHigh").await;
    // Declared, reported, and raised by the alert.
    house.browser.wait_for("all three incidents", "document.querySelectorAll('#rows tr[id], #chip').length > 2").await;
    let alert = first(&house, "/api/v1/alerts").await;
    let event = first(&house, "/api/v1/events").await;
    let rooms = [
        ("incidents", "/incidents".to_owned()),
        ("incident", format!("/incidents/{id}")),
        ("update", format!("/incidents/{id}/update")),
        ("updates", format!("/incidents/{id}/updates")),
        ("briefing", format!("/incidents/{id}/briefing")),
        ("document", format!("/incidents/{id}/document")),
        ("incident-people", format!("/incidents/{id}/people")),
        ("triage", format!("/incidents/{report}/report")),
        ("work", "/work".to_owned()),
        ("board", "/board".to_owned()),
        ("report", "/report".to_owned()),
        ("figures", "/figures".to_owned()),
        ("settings", "/settings".to_owned()),
        ("declare", "/incidents/new".to_owned()),
        ("alerts", "/alerts".to_owned()),
        ("alert", format!("/alerts/{alert}")),
        ("events", "/events".to_owned()),
        ("event", format!("/events/{event}")),
        ("record", "/record".to_owned()),
        ("sources", "/sources".to_owned()),
        ("source", format!("/sources/{}", house.source.id)),
        ("source-kinds", "/sources/new".to_owned()),
        ("source-new", "/sources/new?kind=github".to_owned()),
        ("plans", "/plans".to_owned()),
        ("tokens", "/tokens".to_owned()),
        ("oncall", "/on-call".to_owned()),
        ("oncall-4-weeks", "/on-call?span=4-weeks".to_owned()),
        ("oncall-feeds", "/on-call/feeds".to_owned()),
        ("search", "/search?q=Checkout".to_owned()),
        ("not-found", "/incidents/INC-00000".to_owned()),
        ("sign-in", "/sign-in".to_owned()),
    ];
    let mut faults = Vec::new();
    for theme in ["light", "dark"] {
        house.browser.prefer(theme).await;
        for (name, path) in &rooms {
            house.browser.open(&format!("{}{path}", house.server.url())).await;
            let overflow = house.browser.run("return document.documentElement.scrollWidth - innerWidth").await;
            if overflow.as_i64().is_some_and(|pixels| pixels > 0) {
                faults.push(format!("{name}, {theme}: {overflow} pixels too wide"));
            }
            let size = if let Window::Phone = window { "phone" } else { "desk" };
            house.browser.keep_picture(&format!("{name}-{size}-{theme}")).await;
            let found = house.browser.run_to_end(&format!("{axe};{AXE}")).await;
            faults.extend(found.as_array().into_iter().flatten().map(|fault| format!("{name}, {theme}: {fault}")));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    house.stayed_at_home().await;
}

/// Fills an incident with what its pages show, and returns the incident of a report.
async fn furnish(house: &House, id: &str) -> String {
    let client = house.server.client();
    let update = json!({
        "risk": "Some orders may be charged twice.", "users": "some", "timeline": "14:02 the first double charge.",
        "mitigation": "Payments are stopped.", "status": "We look for the orders.", "next_steps": "Refund them.",
    });
    let call = json!({ "link": "call", "address": "https://call.example/1" });
    let task = json!({ "title": "find the orders", "owner": "ines@example.org", "team": "platform" });
    for (method, path, body) in [
        ("POST", format!("/api/v1/incidents/{id}/updates"), &update),
        ("PUT", format!("/api/v1/incidents/{id}/links"), &call),
        ("POST", format!("/api/v1/incidents/{id}/tasks"), &task),
        ("POST", "/api/v1/reports".to_owned(), &json!({ "saw": "A stranger asked for the admin password." })),
    ] {
        let answer = client.send(method, &path, body).await.expect("an answer");
        assert!(answer.is_success(), "{method} {path}: {} {}", answer.status, answer.text());
    }
    first(house, "/api/v1/reports").await
}

async fn first(house: &House, path: &str) -> String {
    let page = house.server.client().get(path).await;
    let first = page["items"].as_array().and_then(|items| items.first()).map_or_else(|| json!(null), |item| item["id"].clone());
    match first {
        Value::String(id) => id,
        other => panic!("{path} has no first row: {other} in {page}"),
    }
}
