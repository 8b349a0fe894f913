//! The first sign-in.

use serde_json::json;

use super::house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_one_time_link_signs_in_once_and_looking_at_it_does_not_use_it_up() {
    let Some(house) = House::open_by_link("browser::sign_in").await else { return };
    let link = house.server.sign_in_link().expect("the server printed a link");
    let path = link.replace(&house.server.url(), "");
    house.browser.keep_picture("incidents-practice").await;
    let script = house.browser.run("return document.cookie").await;
    assert!(!script.as_str().unwrap_or_default().contains("watchfire"), "the session is out of the script's reach");

    let again = house.server.stranger().call("POST", &path, &[("sec-fetch-site", "same-origin")], "").await.expect("an answer");
    assert_eq!(again.status, 401, "a link works once");
    let foreign = house.server.stranger().call("POST", &path, &[("sec-fetch-site", "cross-site")], "").await.expect("an answer");
    assert_eq!(foreign.status, 403, "another site's form is refused");

    house.browser.open(&format!("{}/alerts?status=firing", house.server.url())).await;
    house.browser.wait_for("the alerts", "document.querySelector('h1').textContent === 'Alerts'").await;
    house.browser.run("document.querySelector('form[action=\"/sign-out\"]').requestSubmit()").await;
    house.browser.wait_for("the sign-in page", "location.pathname === '/sign-in'").await;
    house.browser.open(&format!("{}/alerts?status=firing", house.server.url())).await;
    let sent = house.browser.run("return [location.pathname, new URLSearchParams(location.search).get('next')]").await;
    assert_eq!(sent, json!(["/sign-in", "/alerts?status=firing"]));

    house.sign_in_by_token().await;
    house.browser.wait_for("the page that was wanted", "location.pathname === '/alerts'").await;
    house.stayed_at_home().await;
}
