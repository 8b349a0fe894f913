//! First paint without a jump: what stands on the page stays where it is.

use super::driver::Window;
use super::house::House;

/// Adds up how far things moved since the page began, without what the reader's own acts moved.
const SHIFTED: &str = "const done = arguments[arguments.length - 1];
    let sum = 0; const moved = [];
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) {
        sum += entry.value;
        moved.push(...entry.sources.map((source) => source.node?.parentElement?.outerHTML?.slice(0, 90) ?? 'gone'));
    } }).observe({ type: 'layout-shift', buffered: true });
    const look = () => document.querySelector('#state')?.textContent === 'Live'
        ? requestAnimationFrame(() => requestAnimationFrame(() => done([sum, moved]))) : requestAnimationFrame(look);
    look();";

/// More than nothing for what rounding moves, less than one line of a phone.
const BUDGET: f64 = 0.01;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_jumps_while_a_page_loads_on_a_desk() {
    check("browser::paint::desk", Window::Desk).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_jumps_while_a_page_loads_at_360_pixels() {
    check("browser::paint::phone", Window::Phone).await;
}

async fn check(test: &str, window: Window) {
    let Some(house) = House::open(test, window).await else { return };
    let id = house.declare("Checkout answers slowly").await;
    house.fire("CheckoutLatencyHigh").await;
    let mut faults = Vec::new();
    for path in
        ["/incidents".to_owned(), format!("/incidents/{id}"), "/alerts".to_owned(), "/work".to_owned(), "/board".to_owned()]
    {
        house.browser.open(&format!("{}{path}", house.server.url())).await;
        let shifted = house.browser.run_to_end(SHIFTED).await;
        if shifted[0].as_f64().is_none_or(|sum| sum > BUDGET) {
            faults.push(format!("{path}: {shifted}"));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}
