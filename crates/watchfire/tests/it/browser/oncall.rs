//! On call by keyboard alone, on a desk and at 360 pixels.

use serde_json::json;

use super::driver::Window;
use super::house::House;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_override_is_made_by_keyboard_and_another_page_shows_it_live() {
    let Some(house) = House::open("browser::oncall", Window::Desk).await else { return };
    let browser = &house.browser;
    browser.press("go").await;
    browser.wait_for("the board", "location.pathname === '/on-call'").await;
    browser.wait_for("its script runs", "document.querySelector('#state').textContent === 'Live'").await;
    browser.press("o").await;
    browser.wait_for("the form", "document.querySelector('#override').matches(':popover-open')").await;
    browser.wait_for("its first field", "document.activeElement.id === 'ov-schedule'").await;
    for _ in 0..20 {
        if browser.run("return document.activeElement.id").await == json!("ov-reason") {
            break;
        }
        browser.press(TAB).await;
    }
    browser.press("ill").await;
    browser.keep_picture("oncall-override").await;
    browser.press(ENTER).await;
    browser.wait_for("the override on the board", "document.querySelector('.oc-wide .shift.ov')").await;
    browser.wait_for("the override in the list", "document.querySelector('#oc-below').textContent.includes('ill')").await;

    let until = json!({ "schedule": "platform", "until": "2100-01-01T00:00:00Z", "reason": "live" });
    let refused = house.server.client().post("/api/v1/on-call/overrides", &until).await.expect("an answer");
    assert_eq!(refused.status, 422, "{}", refused.text());
    browser.wait_for("its script runs", "document.querySelector('#state').textContent === 'Live'").await;
    let board = house.server.client().get("/api/v1/on-call").await;
    let until = board["schedules"][3]["now"]["until"].clone();
    let wish = json!({ "schedule": "platform", "until": until, "reason": "seen live" });
    let made = house.server.client().post("/api/v1/on-call/overrides", &wish).await.expect("an answer");
    assert_eq!(made.status, 201, "{}", made.text());
    browser.wait_for("the other override", "document.querySelector('#oc-below').textContent.includes('seen live')").await;
    house.stayed_at_home().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_360_pixels_the_board_opens_on_the_day_and_nothing_overflows() {
    let Some(house) = House::open("browser::oncall_phone", Window::Phone).await else { return };
    let browser = &house.browser;
    browser.open(&format!("{}/on-call", house.server.url())).await;
    browser.wait_for("the day", "document.querySelector('.oc-narrow').offsetParent").await;
    browser.wait_for("no week", "!document.querySelector('.oc-wide').offsetParent").await;
    let overflow = browser.run("return document.documentElement.scrollWidth - innerWidth").await;
    assert_eq!(overflow, json!(0));
    let board = browser.run("const b = document.querySelector('.oc-narrow'); return b.scrollWidth - b.clientWidth").await;
    assert_eq!(board, json!(0), "the day fits");
}
