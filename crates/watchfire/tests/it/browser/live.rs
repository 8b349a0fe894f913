//! Pages that stay true by themselves.

use super::driver::Window;
use super::house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incident_appears_without_reload_and_rows_never_move_under_the_reader() {
    let Some(house) = House::open("browser::live", Window::Desk).await else { return };
    let browser = &house.browser;
    browser.wait_for("the page is live", "document.querySelector('#state').textContent === 'Live'").await;
    browser.run("window.sameDocument = true").await;

    house.fire("CheckoutLatencyHigh").await;
    browser.wait_for("the first incident", "document.querySelector('#rows').textContent.includes('CheckoutLatencyHigh')").await;
    house.fire("DiskFull").await;
    browser.wait_for("the chip", "document.querySelector('#chip')?.textContent.includes('DiskFull')").await;
    let moved = browser.run("return document.querySelectorAll('#rows tr[id]').length").await;
    assert_eq!(moved, 1, "the new row waits behind the chip");
    browser.keep_picture("incidents-one-new").await;
    browser.press("l").await;
    browser.wait_for("both rows", "document.querySelectorAll('#rows tr[id]').length === 2").await;
    assert_eq!(browser.run("return window.sameDocument").await, true, "the page was not loaded again");
    browser.keep_picture("incidents-two").await;
    house.stayed_at_home().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_stands_in_the_timeline_of_every_open_page() {
    let Some(house) = House::open("browser::timeline", Window::Desk).await else { return };
    let browser = &house.browser;
    let id = house.declare("<script>alert(1)</script> & \"quotes\"").await;
    browser.open(&format!("{}/incidents/{id}", house.server.url())).await;
    browser.wait_for("the page is live", "document.querySelector('#state').textContent === 'Live'").await;
    assert_eq!(browser.run("return document.querySelector('h1').textContent").await, "<script>alert(1)</script> & \"quotes\"");
    browser.press("n").await;
    browser.press("/task @me look at <b>this</b> by in 90 min").await;
    browser.wait_for("the preview", "document.querySelector('#parse').textContent.includes('owner owner@')").await;
    browser.keep_picture("incident-composer").await;
    browser.press("\u{e007}").await;
    browser.wait_for("the task", "document.querySelector('#tasks').textContent.includes('look at <b>this</b>')").await;
    browser.wait_for("its entry", "document.querySelector('#timeline').textContent.includes('look at <b>this</b>')").await;
    browser.press("/severity nonsense\u{e007}").await;
    browser.wait_for("the refusal", "document.querySelector('#parse').textContent.includes('no severity')").await;
    assert_eq!(browser.run("return document.querySelector('#say').value").await, "/severity nonsense", "the line is kept");

    browser.run("const say = document.querySelector('#say'); say.value = ''; say.blur()").await;
    let note = serde_json::json!({ "text": "seen from elsewhere" });
    let answer = house.server.client().post(&format!("/api/v1/incidents/{id}/notes"), &note).await.expect("an answer");
    assert!(answer.is_success(), "{} {}", answer.status, answer.text());
    browser.wait_for("the other's note", "document.querySelector('#timeline').textContent.includes('seen from elsewhere')").await;
    browser.keep_picture("incident-live").await;
    house.stayed_at_home().await;
}
