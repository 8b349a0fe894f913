//! What a reader can reach and read: nothing lies beyond the edge, nothing moves, people have their names.

use serde_json::json;

use super::driver::Window;
use super::house::House;

/// Says what of a page lies beyond its right edge, other than in what scrolls by itself or is clipped on purpose.
const BEYOND: &str =
    "const scrolls = '.scroll-x, .oc-scroll, .tabs, .filter, .vh, thead, pre, code, svg, .cut, .clip, .due-rest';
    return [...document.querySelectorAll('main *')].filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && box.right > innerWidth + 1 && !element.closest(scrolls);
    }).slice(0, 3).map((element) => `${element.tagName}.${element.className} ends at ${element.getBoundingClientRect().right}`);";
const LONG: &str = "wolfeschlegelsteinhausenbergerdorff@engineering.example.org";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_lies_beyond_the_edge_of_a_desk() {
    reach("browser::layout::desk", Window::Desk).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_lies_beyond_the_edge_at_360_pixels() {
    reach("browser::layout::phone", Window::Phone).await;
}

async fn reach(test: &str, window: Window) {
    let Some(house) = House::open(test, window).await else { return };
    let desk = matches!(window, Window::Desk);
    let (browser, client) = (&house.browser, house.server.client());
    let id =
        house.declare("Customers in three regions cannot sign in after the provider rotated its signing keys too early").await;
    let people = [(LONG, ""), ("ines.vidal@example.org", "Ines Vidal")];
    for (login, name) in people {
        let person = json!({ "login": login, "name": name, "role": "member", "time_zone": "UTC" });
        let answer = client.post("/api/v1/people", &person).await.expect("an answer");
        assert!(answer.is_success(), "{}", answer.text());
        let task = json!({ "title": format!("Rotate the keys of {login}"), "owner": login, "due_at": "2100-01-01T00:00:00Z" });
        let answer = client.post(&format!("/api/v1/incidents/{id}/tasks"), &task).await.expect("an answer");
        assert!(answer.is_success(), "{}", answer.text());
        let page = json!({ "to": login, "text": "Come to the bridge" });
        let answer = client.post(&format!("/api/v1/incidents/{id}/pages"), &page).await.expect("an answer");
        assert!(answer.is_success(), "{}", answer.text());
    }
    for room in
        ["/incidents", "/alerts", "/pages", "/people", "/teams", "/on-call", "/work", "/board", "/record", "/incidents/new"]
    {
        browser.open(&format!("{}{room}", house.server.url())).await;
        assert_eq!(browser.run(BEYOND).await, json!([]), "{room}");
    }
    browser.open(&format!("{}/incidents/{id}", house.server.url())).await;
    assert_eq!(browser.run(BEYOND).await, json!([]), "the incident");
    let named = "document.querySelector('#tasks [title=\"ines.vidal@example.org\"]')?.textContent";
    assert_eq!(browser.run(&format!("return {named}")).await, json!("Ines Vidal"));
    if desk {
        // Its columns scroll; the page around them does not.
        browser.run("scrollTo(0, 5000)").await;
        assert_eq!(browser.run("return [scrollY, document.documentElement.scrollHeight - innerHeight]").await, json!([0, 0]));
    }
    let due = "return [...document.querySelectorAll('.due-rest a > span')].every((what) => what.clientWidth > 60)";
    assert_eq!(browser.run(due).await, json!(true), "what is due can be read beside whoever owes it");
    house.stayed_at_home().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_new_announces_itself_and_moves_nothing() {
    for window in [Window::Desk, Window::Phone] {
        let Some(house) = House::open("browser::layout::chip", window).await else { return };
        house.declare("The first").await;
        let browser = &house.browser;
        browser.open(&format!("{}/incidents", house.server.url())).await;
        browser.wait_for("its script runs", "document.querySelector('#state').textContent === 'Live'").await;
        let places = "return ['#rows', '.filter', '.find'].map((part) => {
            const box = document.querySelector(part).getBoundingClientRect();
            return [box.x, box.y];
        })";
        let before = browser.run(places).await;
        house.declare("Another one with quite a long title that goes on and on for a while, and a little longer than that").await;
        browser.wait_for("the news", "document.querySelector('#chip')").await;
        assert_eq!(browser.run(places).await, before);
        let fits = "const chip = document.querySelector('#chip').getBoundingClientRect(); return chip.left >= 0 && chip.right <= innerWidth";
        assert_eq!(browser.run(fits).await, json!(true));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_not_there_has_the_chosen_theme_and_a_way_on() {
    let Some(house) = House::open("browser::layout::fault", Window::Desk).await else { return };
    let browser = &house.browser;
    browser.run("document.cookie = 'wf-theme=dark; path=/'").await;
    for path in ["/incidents/INC-00000", "/nothing-here"] {
        browser.open(&format!("{}{path}", house.server.url())).await;
        let seen = browser
            .run("return [document.documentElement.dataset.theme, !!document.querySelector('a[href=\"/incidents\"]')]")
            .await;
        assert_eq!(seen, json!(["dark", true]), "{path}");
    }
}
