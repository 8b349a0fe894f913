//! Everything that somebody can observe, as normalised text by address.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use watchfire_testkit::{Answer, Client};

use super::day::{Day, SECRETS};
use super::house::{House, Who};

/// Pages of one observer at most.
const PAGES: usize = 150;

/// What each observer saw: by observer and address.
pub(super) type Seen = BTreeMap<String, String>;

/// Looks at everything as each observer.
pub(super) async fn crawl(house: &House, day: &Day) -> Seen {
    let names = codenames(house).await;
    let mut seen = Seen::new();
    for (name, who) in &day.observers {
        let client = house.client(who.as_ref().map(|who| who.token.as_str()));
        let mut eye = Eye { seen: &mut seen, observer: name, names: &names, hidden: &day.hidden };
        api(&client, &mut eye).await;
        pages(house, who.as_ref(), &mut eye).await;
        streams(house, who.as_ref(), &mut eye).await;
    }
    seen
}

/// Collects what one observer sees.
struct Eye<'a> {
    seen: &'a mut Seen,
    observer: &'a str,
    names: &'a [String],
    hidden: &'a BTreeMap<&'static str, String>,
}

impl Eye<'_> {
    fn note(&mut self, address: &str, status: u16, headers: &[&str], text: &str) {
        let mut shown = text.to_owned();
        let mut label = address.to_owned();
        let mut head = headers.join(" ");
        for (name, value) in self.hidden {
            shown = shown.replace(value.as_str(), &format!("<{name}>"));
            label = label.replace(value.as_str(), &format!("<{name}>"));
            // The address that was asked for comes back in where the sign-in page leads to.
            head = head.replace(value.as_str(), &format!("<{name}>"));
        }
        let shown = normal(&shown, self.names);
        let label = format!("{} {}", self.observer, normal(&label, self.names));
        // Two objects of the same kind have one label; each is kept.
        let mut place = label.clone();
        let mut turn = 1;
        while self.seen.contains_key(&place) {
            turn += 1;
            place = format!("{label} ({turn})");
        }
        self.seen.insert(place, format!("{status} {head}\n{shown}"));
    }
}

/// Every operation that reads, with every object that the lists show, and every operation on what is hidden.
async fn api(client: &Client, eye: &mut Eye<'_>) {
    let document = serde_json::to_value(watchfire_web::api::openapi()).expect("the document is JSON");
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    let mut lists: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (path, item) in paths.iter().filter(|(path, item)| !path.contains('{') && item.get("get").is_some()) {
        let mut addresses = vec![path.clone()];
        for parameter in item["get"]["parameters"].as_array().into_iter().flatten() {
            match parameter["name"].as_str().unwrap_or_default() {
                "text" => addresses.extend(SECRETS.iter().map(|word| format!("{path}?text={word}"))),
                "limit" => addresses.push(format!("{path}?limit=1")),
                "state" => addresses.extend(["open", "closed"].map(|word| format!("{path}?state={word}"))),
                "severity" => addresses.extend(["sev1", "sev2", "sev3"].map(|word| format!("{path}?severity={word}"))),
                "status" => addresses.extend(["firing", "pending", "processed"].map(|word| format!("{path}?status={word}"))),
                "incident" => addresses.push(format!("{path}?incident={}", eye.hidden["incident"])),
                "alert" => addresses.push(format!("{path}?alert={}", eye.hidden["alert"])),
                "team" => addresses.push(format!("{path}?team=security")),
                "class" => addresses.push(format!("{path}?class=intrusion")),
                "kind" => addresses.push(format!("{path}?kind=grant.given")),
                "from" => addresses.push(format!("{path}?from=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z")),
                _ => {}
            }
        }
        for address in addresses {
            let answer = ask(client, "GET", &address, "").await;
            if address == *path {
                let items = answer.1["items"].as_array().cloned().unwrap_or_default();
                lists.insert(path.clone(), items);
            }
            eye.note(&address, answer.0, &[&answer.2], &answer.3);
        }
    }
    for (path, item) in paths.iter().filter(|(path, item)| path.contains('{') && item.get("get").is_some()) {
        let list = path.split("/{").next().unwrap_or_default();
        for object in lists.get(list).into_iter().flatten().take(12) {
            let Some(id) = object["id"].as_str().or_else(|| object["login"].as_str()) else { continue };
            let address = variables(path, id);
            let answer = ask(client, "GET", &address, "").await;
            eye.note(&address, answer.0, &[&answer.2], &answer.3);
        }
        let _ = item;
    }
    // What is hidden, by every name that it has, through every operation.
    for (path, item) in paths.iter().filter(|(path, _)| path.contains("/{id}")) {
        let kinds: &[&str] = match path.split('/').nth(3) {
            Some("incidents") => &["incident", "uuid", "second", "third"],
            Some("alerts") => &["alert"],
            Some("events") => &["event"],
            _ => &[],
        };
        for kind in kinds {
            for method in ["get", "post", "put", "patch", "delete"] {
                if item.get(method).is_none() {
                    continue;
                }
                let grant = eye.hidden["grant"].clone();
                let address = variables(&path.replace("{grant}", &grant), &eye.hidden[kind]);
                let body = if method == "get" { "" } else { r#"{"reason":"x","text":"x","title":"x"}"# };
                let answer = ask(client, &method.to_uppercase(), &address, body).await;
                eye.note(&format!("{method} {address}"), answer.0, &[&answer.2], &answer.3);
            }
        }
    }
    for address in ["/healthz", "/metrics", "/api/v1/nothing", "/api/v1/incidents/INC-ZZZZZ"] {
        let forwarded = [("x-forwarded-for", "192.0.2.1")];
        let answer = client.call("GET", address, &forwarded, "").await.expect("an answer");
        // The numbers of the whole installation are for those who set it up; nobody else gets one of them.
        let numbers = answer.status == 200 && address == "/metrics";
        let text = if numbers { "numbers".to_owned() } else { answer.text() };
        eye.note(address, answer.status, &[], &text);
    }
}

async fn ask(client: &Client, method: &str, address: &str, body: &str) -> (u16, Value, String, String) {
    let headers: &[(&str, &str)] = if body.is_empty() { &[] } else { &[("content-type", "application/json")] };
    let answer = client.call(method, address, headers, body.to_owned()).await;
    let answer = answer.unwrap_or_else(|error| panic!("{method} {address}: {error:#}"));
    let shown = format!("{} {} {}", answer.header("content-type"), answer.header("etag"), answer.header("link"));
    (answer.status, answer.json(), shown, answer.text())
}

fn variables(path: &str, id: &str) -> String {
    let mut path = path.replace("{id}", id).replace("{login}", id).replace("{role}", "scribe").replace("{number}", "1");
    while let Some((head, rest)) = path.split_once('{') {
        let tail = rest.split_once('}').map_or("", |(_, tail)| tail).to_owned();
        path = format!("{head}{id}{tail}");
    }
    path
}

/// Every page that links lead to, and those of what is hidden.
async fn pages(house: &House, who: Option<&Who>, eye: &mut Eye<'_>) {
    let cookie = who.map(|who| who.cookie.clone()).unwrap_or_default();
    let mut starts = rooms();
    starts.extend(SECRETS.iter().map(|word| format!("/search?text={word}")));
    for (room, name) in
        [("incidents", "incident"), ("incidents", "second"), ("incidents", "third"), ("alerts", "alert"), ("events", "event")]
    {
        starts.push(format!("/{room}/{}", eye.hidden[name]));
    }
    starts.push(format!("/record?incident={}", eye.hidden["incident"]));
    starts.push(format!("/alerts?incident={}", eye.hidden["incident"]));
    walk(house, &cookie, starts, |address, answer| {
        let headers = [answer.header("location"), answer.header("etag")];
        eye.note(&format!("page {address}"), answer.status, &headers, &answer.text());
    })
    .await;
}

/// Where a walk begins.
pub(super) fn rooms() -> Vec<String> {
    let rooms = "/ /incidents /alerts /events /record /sources /plans /people /teams /tokens /status /sign-in \
        /search?text=Checkout /incidents?show=all /alerts?show=all";
    rooms.split_whitespace().map(str::to_owned).collect()
}

/// Looks at pages, and at those that their links lead to.
pub(super) async fn walk(house: &House, cookie: &str, starts: Vec<String>, mut see: impl FnMut(&str, &Answer)) {
    let client = house.client(None);
    let mut known: BTreeSet<String> = starts.iter().cloned().collect();
    let mut waiting = VecDeque::from(starts);
    let mut looked = 0;
    while let Some(address) = waiting.pop_front() {
        looked += 1;
        assert!(looked < PAGES * 3, "the pages do not end: {address}");
        let headers: &[(&str, &str)] = if cookie.is_empty() { &[] } else { &[("cookie", cookie)] };
        let answer = client.call("GET", &address, headers, "").await.unwrap_or_else(|error| panic!("{address}: {error:#}"));
        if looked < PAGES {
            let text = answer.text();
            let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
            for link in links {
                let link = link.split('#').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&");
                let followed = link.starts_with('/')
                    && !link.starts_with("/assets")
                    && !link.contains("cursor=")
                    && !link.contains("before=");
                if followed && known.insert(link.clone()) {
                    waiting.push_back(link);
                }
            }
        }
        see(&address, &answer);
    }
}

/// The first words of the live streams.
async fn streams(house: &House, who: Option<&Who>, eye: &mut Eye<'_>) {
    let cookie = who.map(|who| who.cookie.clone()).unwrap_or_default();
    let hidden = [("incidents", "incident"), ("alerts", "alert")].map(|(room, name)| format!("/{room}/{}", eye.hidden[name]));
    for page in ["/incidents", "/alerts", "/events", "/record", "/sources"].into_iter().map(str::to_owned).chain(hidden) {
        let text = stream_begin(house, &cookie, &page).await;
        eye.note(&format!("live {page}"), 0, &[], &text);
    }
}

/// Opens a stream and reads until it says that it is live, that there is nothing, or why it is none.
pub(super) async fn stream_begin(house: &House, cookie: &str, page: &str) -> String {
    let mut socket = tokio::net::TcpStream::connect(house.address()).await.expect("the server listens");
    let escaped = page.replace('?', "%3F").replace('&', "%26").replace('=', "%3D");
    let request = format!(
        "GET /live?page={escaped} HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\naccept: text/event-stream\r\n\r\n",
        house.address()
    );
    socket.write_all(request.as_bytes()).await.expect("sent");
    let mut text = String::new();
    let mut buffer = vec![0; 65_536];
    let read = async {
        while let Ok(count @ 1..) = socket.read(&mut buffer).await {
            text.push_str(&String::from_utf8_lossy(&buffer[..count]));
            let none = text.starts_with("HTTP/1.1 4") && text.contains("\r\n\r\n");
            if text.contains("event: ready") || text.contains("event: gone") || none {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), read).await.unwrap_or_else(|_| panic!("{page}: the stream says nothing"));
    // What stands between the head and the first event is the server's own business.
    text.split_once("\r\n\r\n")
        .map_or(text.clone(), |(head, body)| format!("{}\n{}", head.lines().next().unwrap_or_default(), chunks(body)))
}

/// Takes the sizes of chunks out of a chunked body.
pub(super) fn chunks(body: &str) -> String {
    let size = |line: &str| !line.is_empty() && line.len() <= 8 && line.bytes().all(|byte| byte.is_ascii_hexdigit());
    body.split("\r\n").filter(|line| !size(line)).collect()
}

async fn codenames(house: &House) -> Vec<String> {
    let page = watchfire_engine::PageRequest { cursor: None, limit: 200 };
    let machine = house.machine();
    let all = house.engine.incidents(&machine, watchfire_engine::IncidentFilter::default(), page).await.expect("incidents");
    all.items.into_iter().map(|row| row.incident.codename).collect()
}

/// Takes out what differs between two runs of the same: ids, numbers of the record, cursors, names by chance.
fn normal(text: &str, names: &[String]) -> String {
    static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        let rule = |pattern: &str, with: &'static str| (Regex::new(pattern).expect("a pattern"), with);
        vec![
            rule(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"),
            rule(r"\b([0-9a-f]{32}|[0-9a-f]{12})\b", "HEX"),
            rule(r"\bINC-[0-9A-Z]{5}\b", "INC-ID"),
            rule(r"\b[0-9a-f]{64}\b", "HASH"),
            rule(r"wf[a-z]_[0-9A-Za-z]{49}", "TOKEN"),
            rule(
                r##"("seq":|\?seen=|id="row-|class="num mono">|name="entry-|"corrects":|data-seq="|before=|after=|"next":"|cursor=|\bid: |id="e-?|#e-?|href="#)\d+(\.[0-9a-f-]*|\.UUID)?"##,
                "${1}N",
            ),
            rule(r"\d{10,}\.UUID", "CURSOR"),
            // The end of an id, as pages show it in place of the whole.
            rule(r"…[0-9a-f]{8}\b", "…UUID"),
            rule(r"127\.0\.0\.1:\d+", "HOST"),
        ]
    });
    let mut text = text.to_owned();
    for name in names {
        text = text.replace(name.as_str(), "CODENAME");
    }
    for (pattern, with) in RULES.iter() {
        text = pattern.replace_all(&text, *with).into_owned();
    }
    text
}
