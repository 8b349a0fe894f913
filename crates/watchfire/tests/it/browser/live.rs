//! Pages that stay true by themselves.

use super::driver::Window;
use super::house::House;

const LIVE: &str = "document.querySelector('#state').textContent === 'Live'";
/// The page wakes up forty seconds later.
const LATER: &str = "const at = Date.now; Date.now = () => at() + 40000; document.dispatchEvent(new Event('visibilitychange'))";

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_server_is_never_called_live_and_takes_no_text_with_it() {
    let Some(mut house) = House::open("browser::silence", Window::Desk).await else { return };
    let id = house.declare("Checkout answers slowly").await;
    let browser = &house.browser;
    browser.open(&format!("{}/incidents/{id}", house.server.url())).await;
    browser.wait_for("the page is live", LIVE).await;
    browser.press("n").await;
    browser.press("half a thought").await;
    let heard = "document.querySelector('#parse').textContent.includes('Becomes an entry')";
    browser.wait_for("the preview", heard).await;
    house.server.process().signal("STOP").expect("the server stands still");

    let browser = &house.browser;
    browser
        .run("const at = Date.now; Date.now = () => at() + 40000; document.dispatchEvent(new Event('visibilitychange'))")
        .await;
    browser.wait_for("it says since when", "document.querySelector('#state').textContent.startsWith('Shown as of')").await;
    browser.press("\u{e007}").await;
    browser.wait_for("the text is kept", "document.querySelector('#parse').textContent.includes('cannot be reached')").await;
    let kept = browser.run("return [document.querySelector('#say').value, !!document.querySelector('.waiting')]").await;
    assert_eq!(kept, serde_json::json!(["half a thought", false]));
    browser.keep_picture("incident-silent").await;
    house.server.process().signal("CONT").expect("the server goes on");
    house.browser.wait_for("it is live again", LIVE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_survives_the_end_of_the_session_and_a_new_sign_in() {
    let Some(house) = House::open("browser::draft", Window::Desk).await else { return };
    let browser = &house.browser;
    let id = house.declare("Checkout answers slowly").await;
    let incident = format!("{}/incidents/{id}", house.server.url());
    browser.open(&incident).await;
    browser.wait_for("the page is live", LIVE).await;
    browser.press("n").await;
    browser.press("half a thought\u{e00c}\u{e00c}").await;
    browser.wait_for("it is not left", "document.querySelector('#toasts').textContent.includes('not sent')").await;
    // The session is over; the page finds out when it wakes up and asks.
    browser.delete_cookies().await;
    browser.run(LATER).await;
    browser.wait_for("it is told", "document.querySelector('#out')?.textContent.includes('the text is kept')").await;
    assert_eq!(browser.run("return document.querySelector('#say').value").await, "half a thought");
    browser.keep_picture("incident-signed-out").await;

    browser.open(&format!("{}/sign-in", house.server.url())).await;
    house.sign_in_by_token().await;
    browser.wait_for("signed in", "location.pathname === '/incidents'").await;
    browser.open(&incident).await;
    browser.wait_for("the draft is back", "document.querySelector('#say').value === 'half a thought'").await;
    browser.wait_for("the page is live", LIVE).await;
    browser.press("n\u{e007}").await;
    browser.wait_for("it is said", "document.querySelector('#timeline').textContent.includes('half a thought')").await;
    browser.wait_for("and kept no longer", "Object.keys(sessionStorage).every((name) => !name.startsWith('wf-draft'))").await;
    house.stayed_at_home().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_around_the_reader_leaves_focus_and_dialogs() {
    let Some(house) = House::open("browser::focus", Window::Desk).await else { return };
    let browser = &house.browser;
    let id = house.declare("Checkout answers slowly").await;
    let client = house.server.client();
    let send = async |method: &str, path: &str, body: serde_json::Value| {
        let answer = client.send(method, &format!("/api/v1/incidents/{id}/{path}"), &body).await.expect("an answer");
        assert!(answer.is_success(), "{path}: {} {}", answer.status, answer.text());
    };
    for title in ["first", "second"] {
        send("POST", "tasks", serde_json::json!({ "title": title })).await;
    }
    browser.open(&format!("{}/incidents/{id}#task-2", house.server.url())).await;
    browser.wait_for("the page is live", LIVE).await;
    browser
        .wait_for(
            "its button has the focus",
            "document.activeElement.closest('#task-2') && document.activeElement.value === 'take'",
        )
        .await;
    send("POST", "tasks", serde_json::json!({ "title": "third" })).await;
    browser.wait_for("the new task", "document.querySelector('#task-3')").await;
    let at = "document.activeElement.closest('#task-2') && document.activeElement.value === 'take'";
    assert_eq!(browser.run(&format!("return !!({at})")).await, true, "the focus stays on the same button of the same task");

    browser.run("document.activeElement.blur()").await;
    browser.press("v").await;
    browser.wait_for("the dialog", "document.querySelector('#severity').matches(':popover-open')").await;
    send("PUT", "severity", serde_json::json!({ "severity": "sev1", "reason": "It is worse." })).await;
    let told = "document.querySelector('#severity .notice')?.textContent.includes('The severity is SEV1')";
    browser.wait_for("the change is named in the open dialog", told).await;
    browser.press("\u{e00c}").await;
    browser.wait_for("closed, it is true again", "document.querySelector('#severity .under').textContent === 'Now SEV1'").await;
    let opener = "document.activeElement.getAttribute('popovertarget') === 'severity'";
    browser.wait_for("the focus is where the dialog was opened", opener).await;
    house.stayed_at_home().await;
}
