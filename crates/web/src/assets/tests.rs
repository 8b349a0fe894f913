use std::collections::BTreeSet;
use std::path::Path;

use axum::extract::Path as Address;
use axum::http::{HeaderMap, HeaderValue, header};
use flate2::read::GzDecoder;

use super::{ASSETS, SCRIPTS, STYLES, address, serve, takes_gzip};

fn files_of(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(folder);
    let entries = std::fs::read_dir(folder).expect("the folder is part of the source tree");
    entries.map(|entry| std::fs::read_to_string(entry.expect("readable").path()).expect("UTF-8")).collect()
}

#[test]
fn every_style_and_script_file_is_in_its_list() {
    assert_eq!(files_of("css"), STYLES.iter().map(|text| (*text).to_owned()).collect());
    assert_eq!(files_of("js"), SCRIPTS.iter().map(|text| (*text).to_owned()).collect());
}

#[test]
fn the_script_stays_small_and_uses_no_forbidden_sink() {
    let script = ASSETS.iter().find(|asset| asset.name == "console.js").expect("the script is served");
    // All that is sent, before compression: the budget of 60 KB after it is kept with room to spare.
    assert!(script.text.len() <= 44 * 1024, "{} bytes", script.text.len());
    for sink in
        ["eval(", "new Function", "innerHTML", "outerHTML =", "document.write", "insertAdjacentHTML", ".style.", "setTimeout(\""]
    {
        assert!(!script.text.contains(sink), "{sink}");
    }
}

#[test]
fn colours_stand_in_the_tokens_alone() {
    for style in STYLES.iter().skip(1) {
        let at = style.find("oklch(").or_else(|| style.find("rgb(")).or_else(|| style.find(": #"));
        assert!(at.is_none(), "{:?}", at.and_then(|at| style.get(at..at + 60)));
    }
}

#[test]
fn every_style_file_closes_what_it_opens() {
    for style in STYLES {
        let count = |brace: char| style.matches(brace).count();
        assert_eq!(count('{'), count('}'), "{}", style.lines().next().unwrap_or_default());
    }
}

#[test]
fn no_asset_asks_another_host() {
    for asset in ASSETS.iter() {
        let foreign = asset.text.replace("http://www.w3.org/", "");
        assert!(!foreign.contains("http://") && !foreign.contains("https://") && !foreign.contains("@import"), "{}", asset.name);
    }
}

async fn asked(encoding: &'static str) -> axum::response::Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(encoding));
    let hash = address("console.css").split('/').nth(2).expect("an address has its hash").to_owned();
    serve(Address((hash, "console.css".to_owned())), headers).await
}

#[tokio::test]
async fn a_browser_that_takes_gzip_gets_a_quarter_of_the_bytes_and_the_same_text() {
    let response = asked("br, gzip").await;
    assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
    let packed = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("the body reads");
    let style = ASSETS.iter().find(|asset| asset.name == "console.css").expect("the style is served");
    assert!(packed.len() * 4 < style.text.len(), "{} of {} bytes", packed.len(), style.text.len());
    assert_eq!(std::io::read_to_string(GzDecoder::new(packed.as_ref())).expect("it unpacks"), style.text);

    let plain = asked("identity").await;
    assert!(plain.headers().get(header::CONTENT_ENCODING).is_none());
    assert_eq!(plain.headers()[header::VARY], "accept-encoding");
}

#[test]
fn gzip_is_taken_by_name_and_not_with_a_weight_of_zero() {
    let takes =
        |value: &'static str| takes_gzip(&[(header::ACCEPT_ENCODING, HeaderValue::from_static(value))].into_iter().collect());
    assert!(takes("GZIP") && takes("deflate, gzip;q=0.5"));
    assert!(!takes("gzip;q=0") && !takes("gzip;q=0.000") && !takes("br") && !takes_gzip(&HeaderMap::new()));
}
