//! No form of any page is taken from another site.

use std::collections::BTreeSet;

use regex::Regex;
use watchfire_core::access::Role;
use watchfire_testkit::Answer;

use super::crawl::{rooms, walk};
use super::day::play;
use super::house::House;

/// What a browser says of a request that another site made it send; the last one is a browser's that says nothing.
const FOREIGN: [&[(&str, &str)]; 6] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://evil.example.org")],
    &[("origin", "http://evil.example.org")],
    &[("origin", "null")],
    &[],
];
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
/// The least number of addresses that forms are found to send to.
const FORMS: usize = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_of_every_page_refuses_other_sites() {
    let house = House::start().await;
    play(&house, true).await;
    let owner = house.person("eve@example.org", Role::Owner).await;
    let mut forms = written();
    walk(&house, &owner.cookie, rooms(), |_, answer| forms.extend(shown(&answer.text()))).await;
    assert!(forms.len() >= FORMS, "only {} forms: {forms:?}", forms.len());
    let client = house.client(None);
    for form in &forms {
        for site in FOREIGN {
            let headers: Vec<_> = [FORM, ("cookie", owner.cookie.as_str())].into_iter().chain(site.iter().copied()).collect();
            let answer = client.call("POST", form, &headers, "reason=x").await.expect("an answer");
            assert!(is_refused(&answer), "{form} with {site:?}: {} {}", answer.status, answer.text());
        }
        // It was the site that was refused, and nothing else: whoever is not signed in gets past this check.
        let own = client.call("POST", form, &[FORM, ("sec-fetch-site", "same-origin")], "").await.expect("an answer");
        assert!(!is_refused(&own), "{form} from its own page: {}", own.text());
    }
    let still = client.call("GET", "/tokens", &[("cookie", owner.cookie.as_str())], "").await.expect("an answer");
    assert_eq!(still.status, 200, "the session is still there after all that");
    house.end().await;
}

fn is_refused(answer: &Answer) -> bool {
    answer.status == 403 && answer.json()["type"].as_str().is_some_and(|kind| kind.ends_with("cross-site"))
}

/// The addresses that the forms of a page send to.
fn shown(text: &str) -> BTreeSet<String> {
    let form = Regex::new(r#"<form[^>]*method="post"[^>]*action="([^"]*)""#).expect("a pattern");
    form.captures_iter(text).map(|found| found[1].replace("&amp;", "&").replace("&#38;", "&")).collect()
}

/// The addresses of all forms as the templates write them, also of those that no page of the day has occasion to show; each
/// variable is an `x`.
fn written() -> BTreeSet<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/templates");
    let code = Regex::new(r"\{%[^%]*%\}|\{\{.*?\}\}").expect("a pattern");
    let files = std::fs::read_dir(folder).expect("the templates").map(|file| file.expect("a file").path());
    let texts = files.map(|path| std::fs::read_to_string(path).expect("a template"));
    texts.flat_map(|text| shown(&code.replace_all(&text, "x"))).collect()
}
