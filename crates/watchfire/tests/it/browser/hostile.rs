//! Hostile texts in every field: they come out as text in every room.

use serde_json::{Value, json};

use super::driver::Window;
use super::house::House;

/// What tries to become markup, script, an address or a template.
const PAYLOADS: [&str; 9] = [
    "<script>window.caught=1</script>",
    "\"><img src=x onerror=window.caught=1>",
    "'><svg/onload=window.caught=1>",
    "</textarea></title></style><iframe srcdoc='<script>parent.caught=1</script>'>",
    "javascript:window.caught=1",
    "{{constructor.constructor('window.caught=1')()}}${window.caught=1}",
    "<a href=javascript:window.caught=1 autofocus onfocus=window.caught=1>x</a>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.caught=1>",
    "\u{202e}<details open ontoggle=window.caught=1>",
];

/// Counts what must not be there: scripts beside the page's own, frames, event attributes, addresses that run.
const FOUND: &str = "return [
    document.scripts.length - 1,
    document.querySelectorAll('iframe, object, embed, math, base, meta[http-equiv]').length,
    [...document.querySelectorAll('*')].filter((one) => [...one.attributes].some((a) => /^on/i.test(a.name) || a.name === 'style')).length,
    [...document.querySelectorAll('[href], [src], [action]')].filter((one) =>
        /^\\s*(javascript|data|vbscript):/i.test(one.getAttribute('href') ?? one.getAttribute('src') ?? one.getAttribute('action'))).length,
    window.caught ?? 0,
    document.body.innerText.length > 20 ? 0 : 1,
]";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_texts_in_every_field_stay_texts_in_every_room() {
    let Some(house) = House::open("browser::hostile", Window::Desk).await else { return };
    let mut rooms: Vec<String> = Vec::new();
    for payload in PAYLOADS {
        rooms.extend(plant(&house, payload).await);
        let query = watchfire_testkit::percent(payload);
        for path in [
            format!("/incidents?q={query}&team={query}&commander={query}"),
            format!("/record?actor={query}&kind={query}&from={query}&until={query}"),
            format!("/search?q={query}"),
            format!("/alerts?q={query}"),
            format!("/figures?team={query}&weeks={query}"),
        ] {
            rooms.push(path);
        }
    }
    rooms.extend(["/incidents", "/work", "/board", "/report", "/record", "/tokens", "/sources", "/figures"].map(str::to_owned));
    let mut faults = Vec::new();
    for room in &rooms {
        house.browser.open(&format!("{}{room}", house.server.url())).await;
        let found = house.browser.run(FOUND).await;
        if found != json!([0, 0, 0, 0, 0, 0]) {
            faults.push(format!("{room}: {found}"));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    house.stayed_at_home().await;
}

/// Writes a payload into every field that takes text and returns the rooms of the incident.
async fn plant(house: &House, payload: &str) -> Vec<String> {
    let title = json!({
        "title": payload, "class": "reliability", "severity": "sev2", "team": payload, "text": payload, "visibility": "open",
    });
    let incident = send(house, "POST", "/api/v1/incidents", &title).await;
    let id = incident["id"].as_str().expect("an id").to_owned();
    let path = |rest: &str| format!("/api/v1/incidents/{id}{rest}");
    send(house, "PUT", &path("/summary"), &json!({ "summary": payload })).await;
    send(house, "POST", &path("/notes"), &json!({ "text": payload })).await;
    send(house, "POST", &path("/tasks"), &json!({ "title": payload, "owner": payload, "team": payload })).await;
    let update = json!({
        "risk": payload, "users": "unknown", "timeline": payload, "mitigation": payload, "status": payload, "next_steps": payload,
    });
    send(house, "POST", &path("/updates"), &update).await;
    send(house, "PUT", &path("/document"), &json!({ "read": 1, "text": payload })).await;
    let severity = json!({ "severity": "sev1", "reason": payload });
    send(house, "PUT", &path("/severity"), &severity).await;
    let link = json!({ "link": "call", "address": format!("https://call.example/{}", watchfire_testkit::percent(payload)) });
    send(house, "PUT", &path("/links"), &link).await;
    let refused = json!({ "link": "room", "address": payload });
    let answer = house.server.client().send("PUT", &path("/links"), &refused).await.expect("an answer");
    assert!((400..500).contains(&answer.status), "an address that is none of the web is refused: {payload}");
    send(house, "POST", "/api/v1/reports", &json!({ "saw": payload, "contact": payload })).await;
    let reports = house.server.client().get("/api/v1/reports").await;
    let report = reports["items"][0]["id"].as_str().expect("a receipt").to_owned();
    let check = house.server.client().get(&format!("/api/v1/incidents/{report}/report")).await;
    assert_eq!(check["contact"].as_str().map(str::is_empty), Some(false));
    let mut rooms: Vec<String> = ["", "/update", "/updates", "/update?revises=1", "/briefing", "/document", "/people"]
        .map(|room| format!("/incidents/{id}{room}"))
        .to_vec();
    rooms.push(format!("/incidents/{report}/report"));
    rooms.push(format!("/incidents/{id}/people?q={}", watchfire_testkit::percent(payload)));
    rooms
}

async fn send(house: &House, method: &str, path: &str, body: &Value) -> Value {
    let answer = house.server.client().send(method, path, body).await.expect("the server answers");
    assert!(answer.is_success(), "{method} {path}: {} {}", answer.status, answer.text());
    answer.json()
}
