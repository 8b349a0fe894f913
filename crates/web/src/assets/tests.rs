use std::collections::BTreeSet;
use std::path::Path;

use super::{ASSETS, SCRIPTS, STYLES};

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
    assert!(script.text.len() <= 24 * 1024, "{} bytes", script.text.len());
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
