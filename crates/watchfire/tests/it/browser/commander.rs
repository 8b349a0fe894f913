//! One person leads an incident from declaration to closing, by keyboard alone.

use serde_json::Value;

use super::driver::Window;
use super::house::House;

const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";
const DOWN: &str = "\u{e015}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_leads_an_incident_to_its_end_by_keyboard_on_a_desk() {
    lead("browser::commander::desk", Window::Desk, "desk").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_leads_an_incident_to_its_end_by_keyboard_at_360_pixels() {
    lead("browser::commander::phone", Window::Phone, "phone").await;
}

async fn lead(test: &str, window: Window, size: &str) {
    let Some(house) = House::open(test, window).await else { return };
    let browser = &house.browser;
    browser.wait_for("the list", "document.querySelector('#state').textContent === 'Live'").await;
    browser.press("c").await;
    browser.wait_for("the form", "document.activeElement.id === 'd-title'").await;
    pictures(&house, &format!("lead-1-declare-{size}")).await;
    // The title, then SEV2 by its guideline, then the class by its first letters, then on to the button.
    browser.press("Checkout answers slowly").await;
    browser.press(&format!("{TAB} {DOWN}{TAB}Rel{TAB}{TAB}{TAB}{TAB}{TAB}{TAB}")).await;
    browser.wait_for("the button", "document.activeElement.textContent === 'Declare the incident'").await;
    browser.press(ENTER).await;
    browser.wait_for("the incident", "location.pathname.startsWith('/incidents/INC-')").await;
    live(&house).await;
    pictures(&house, &format!("lead-2-declared-{size}")).await;

    // The plans have named who leads: that is nobody's duty any more.
    browser.wait_for("somebody leads", "!document.querySelector('#due h2').textContent.includes('commander')").await;
    browser.press("n").await;
    browser.press(&format!("The payment provider answers with errors since 14:02.{ENTER}")).await;
    said(&house, "answers with errors").await;
    browser.press("/task @me #platform fail over to the second provider by in 90 min").await;
    browser.wait_for("the preview", "document.querySelector('#parse').textContent.includes('team platform')").await;
    pictures(&house, &format!("lead-3-task-{size}")).await;
    browser.press(ENTER).await;
    said(&house, "fail over to the second provider").await;
    browser.press("\u{e00c}").await;

    browser.press("u").await;
    browser.wait_for("the form of the update", "document.activeElement.id === 'u-risk'").await;
    browser.press(&format!("Some orders may be charged twice.{TAB} {TAB}")).await;
    browser.press(&format!("New payments are stopped.{TAB}We move to the second provider.{TAB}")).await;
    browser.press(&format!("Payments again by 16:00.{TAB}{TAB}in 45 min{TAB}{TAB}")).await;
    browser.wait_for("the check", "document.activeElement.value === 'look'").await;
    pictures(&house, &format!("lead-4-update-{size}")).await;
    browser.press(TAB).await;
    browser.press(ENTER).await;
    browser.wait_for("back on the incident", "/^\\/incidents\\/INC-[0-9A-Z]+$/.test(location.pathname)").await;
    live(&house).await;
    said(&house, "Some orders may be charged twice.").await;
    browser.wait_for("the next update is due", "document.querySelector('#due').textContent.includes('Status update')").await;
    pictures(&house, &format!("lead-5-updated-{size}")).await;

    browser.press("n").await;
    browser.press(&format!("/done 1{ENTER}")).await;
    said(&house, "finished T-1").await;
    browser.press("\u{e00c}").await;
    browser.press("f").await;
    browser.wait_for("the phases", "document.querySelector('#phase').matches(':popover-open')").await;
    browser.wait_for("the next one is chosen", "document.activeElement.name === 'to'").await;
    pictures(&house, &format!("lead-6-phase-{size}")).await;
    browser.press(&format!("{TAB}payments run{ENTER}")).await;
    said(&house, "from declared to contained").await;
    live(&house).await;
    browser.press("n").await;
    browser.press(&format!("/resolve the second provider carries all payments{ENTER}")).await;
    said(&house, "resolved the incident").await;
    browser.press(&format!("/close the postmortem is written with the provider{ENTER}")).await;
    said(&house, "closed the incident").await;
    browser.press("\u{e00c}").await;
    browser.wait_for("nothing is due", "document.querySelector('#due h2').textContent === 'Nothing is due'").await;
    pictures(&house, &format!("lead-7-closed-{size}")).await;

    let incidents = house.server.client().get("/api/v1/incidents?state=closed").await;
    let incident = &incidents["items"][0];
    assert_eq!((incident["phase"].as_str(), incident["severity"].as_str()), (Some("closed"), Some("sev2")), "{incident:#}");
    assert_eq!(incident["class"], "reliability");
    assert!(incident["commander"].as_str().is_some_and(|who| who.starts_with("owner@")), "{incident:#}");
    let id = incident["id"].as_str().unwrap_or_default();
    let updates = house.server.client().get(&format!("/api/v1/incidents/{id}/updates")).await;
    assert_eq!(updates["items"].as_array().map_or(0, Vec::len), 1, "{updates:#}");
    assert_eq!(updates["items"][0]["users"], Value::from("some"));
    house.stayed_at_home().await;
}

async fn live(house: &House) {
    house.browser.wait_for("the page is live", "document.querySelector('#state').textContent === 'Live'").await;
}

async fn said(house: &House, words: &str) {
    let expression = format!("document.querySelector('#timeline').textContent.includes({})", serde_json::json!(words));
    house.browser.wait_for(words, &expression).await;
}

/// Keeps a picture in light and in dark.
async fn pictures(house: &House, name: &str) {
    for theme in ["dark", "light"] {
        house.browser.prefer(theme).await;
        house.browser.keep_picture(&format!("{name}-{theme}")).await;
    }
}
