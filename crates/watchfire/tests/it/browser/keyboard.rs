//! The console by keyboard alone.

use super::driver::Window;
use super::house::House;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_room_is_reached_and_left_by_keys() {
    let Some(house) = House::open("browser::keyboard", Window::Desk).await else { return };
    let browser = &house.browser;
    let id = house.declare("Checkout answers slowly").await;
    browser.wait_for("the incident", &format!("document.querySelector('#row-{id}')")).await;

    browser.press("j").await;
    browser.wait_for("the row has the focus", "document.activeElement.classList.contains('go')").await;
    browser.press(ENTER).await;
    browser.wait_for("the incident's page", &format!("location.pathname === '/incidents/{id}'")).await;
    browser.wait_for("its script runs", "document.querySelector('#state').textContent === 'Live'").await;
    browser.press("n").await;
    browser.wait_for("the composer has the focus", "document.activeElement.id === 'say'").await;
    browser.press("?").await;
    let typed = browser.run("return document.querySelector('#say').value").await;
    assert_eq!(typed, "?", "in a field a letter is a letter");
    browser.run("document.querySelector('#say').value = ''").await;
    browser.press(ESCAPE).await;
    browser.wait_for("the field is left", "document.activeElement === document.body").await;

    browser.press("?").await;
    browser.wait_for("the keys", "document.querySelector('#keys').matches(':popover-open')").await;
    let inside = "document.querySelector('#keys').contains(document.activeElement)";
    browser.wait_for("the focus is in it", inside).await;
    browser.press(&format!("{TAB}{TAB}{TAB}")).await;
    assert_eq!(browser.run(&format!("return {inside}")).await, true, "and stays in it");
    browser.keep_picture("keys").await;
    browser.press(ESCAPE).await;
    browser.wait_for("the keys are closed", "!document.querySelector('#keys').matches(':popover-open')").await;
    browser.press("/").await;
    browser.wait_for("the palette", "document.activeElement.id === 'seek'").await;
    browser.press("sour").await;
    browser.wait_for("the verbs are narrowed", "[...document.querySelectorAll('#verbs li')].some((item) => item.hidden)").await;
    browser.keep_picture("palette").await;
    browser.press(ESCAPE).await;
    browser.wait_for("the palette is closed", "!document.querySelector('#palette').matches(':popover-open')").await;

    browser.press("f").await;
    browser.wait_for("the phases", "document.querySelector('#phase').matches(':popover-open')").await;
    browser.keep_picture("phase").await;
    browser.press(ESCAPE).await;
    browser.wait_for("the phases are closed", "!document.querySelector('#phase').matches(':popover-open')").await;
    browser.run("document.activeElement.blur()").await;
    browser.press("ga").await;
    browser.wait_for("the alerts", "location.pathname === '/alerts'").await;
    browser.wait_for("its script runs", "document.querySelector('#state').textContent === 'Live'").await;
    browser.press("gs").await;
    browser.wait_for("the sources", "location.pathname === '/sources'").await;
    house.stayed_at_home().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_clocks_updates_record_and_selected_alerts_have_keys_too() {
    let Some(house) = House::open("browser::keyboard::acts", Window::Desk).await else { return };
    let browser = &house.browser;
    let id = house.declare("Checkout answers slowly").await;
    let incident = format!("{}/incidents/{id}", house.server.url());
    let live = "document.querySelector('#state').textContent === 'Live'";
    browser.open(&incident).await;
    browser.wait_for("its script runs", live).await;
    browser.press("p").await;
    browser.wait_for("whom to page", "document.activeElement.id === 'page-to'").await;
    browser.keep_picture("page-somebody").await;
    browser.press(&format!("owners{ENTER}")).await;
    browser.wait_for("the page is an entry", "document.querySelector('#timeline').textContent.includes('by hand')").await;
    browser.wait_for("its script runs", live).await;
    browser.press("k").await;
    browser.wait_for("a clock has the focus", "!!document.activeElement.closest('#due')").await;
    browser.press("m").await;
    browser.wait_for("what was said", "location.pathname.endsWith('/updates')").await;
    browser.open(&incident).await;
    browser.wait_for("its script runs", live).await;
    browser.press("e").await;
    browser.wait_for("the record", "location.pathname === '/record' && location.search.includes('INC-')").await;
    browser.wait_for("its script runs", live).await;
    browser.wait_for("it has the incident's tabs", "document.querySelectorAll('.tabs a').length > 5").await;
    browser.press(ESCAPE).await;
    browser.wait_for("back on the incident", &format!("location.pathname === '/incidents/{id}'")).await;

    house.fire("DiskFull").await;
    browser.open(&format!("{}/alerts", house.server.url())).await;
    browser.wait_for("the alert", "!!document.querySelector('.alerts-list .go')").await;
    browser.wait_for("its script runs", live).await;
    browser.press("jx").await;
    browser.wait_for("it is selected", "document.querySelectorAll('.pick :checked').length === 1").await;
    browser.keep_picture("alerts-selected").await;
    browser.press("a").await;
    browser.wait_for("it is acknowledged", "document.querySelector('.alerts-list').textContent.includes('Acknowledged')").await;
    browser.wait_for("it is said", "document.querySelector('#toasts').textContent === '1 alert acknowledged'").await;
    browser.wait_for("and no more than once", "location.search === ''").await;
    browser.wait_for("the focus is in the list", "document.activeElement.classList.contains('go')").await;
    house.stayed_at_home().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enter_assigns_a_role_and_the_palette_knows_the_verbs_of_an_incident() {
    let Some(house) = House::open("browser::keyboard::verbs", Window::Desk).await else { return };
    let browser = &house.browser;
    let id = house.declare("Checkout answers slowly").await;
    let live = "document.querySelector('#state').textContent === 'Live'";
    browser.open(&format!("{}/incidents/{id}", house.server.url())).await;
    browser.wait_for("its script runs", live).await;
    browser.press("r").await;
    browser.wait_for("the roles", "document.activeElement.id === 'role-word'").await;
    browser.press(&format!("Scr{TAB}me{ENTER}")).await;
    browser.wait_for("it is said", "document.querySelector('#toasts').textContent === 'The role is changed'").await;
    let offered = browser.run("return document.querySelector('#roles-pane').textContent.includes('offered to')").await;
    assert_eq!(offered, false, "Enter assigns, and offers nothing");
    browser.wait_for("its script runs", live).await;

    browser.press("/").await;
    browser.wait_for("the palette", "document.activeElement.id === 'seek'").await;
    browser.press("owner").await;
    browser.wait_for("a row", "document.querySelector('#verbs .first')?.textContent.startsWith('Assign a role')").await;
    browser.press(ENTER).await;
    browser.wait_for("the roles", "document.activeElement.id === 'role-word'").await;
    browser.press(ESCAPE).await;
    browser.wait_for("closed", "!document.querySelector('#roles').matches(':popover-open')").await;
    browser.press("/").await;
    browser.wait_for("the palette", "document.activeElement.id === 'seek'").await;
    browser.press("nonsense words").await;
    browser.wait_for("no verb", "!document.querySelector('#no-verb').hidden").await;
    browser.run("document.querySelector('#seek').value = ''").await;
    browser.press("/severity sev1 it burns").await;
    let first = format!("document.querySelector('#verbs .first')?.textContent.startsWith('On {id}: ')");
    browser.wait_for("what the line will do", &first).await;
    browser.keep_picture("palette-line").await;
    browser.press(ENTER).await;
    browser.wait_for("it is done", "document.querySelector('#timeline').textContent.includes('it burns')").await;

    browser.open(&format!("{}/work", house.server.url())).await;
    browser.wait_for("its script runs", live).await;
    browser.press("j").await;
    browser.wait_for("a row has the focus", "!!document.activeElement.closest('.work-list')").await;
    house.stayed_at_home().await;
}
