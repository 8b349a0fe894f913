use std::collections::BTreeSet;

use watchfire_core::Severity;

use super::*;
use crate::sources::render_reference;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_file_of_the_folder_is_in_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sources");
    let not_sources = ["mod", "reference", "tests"];
    let files: BTreeSet<String> = fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .filter(|name| !not_sources.contains(&name.as_str()))
        .collect();
    let listed: BTreeSet<String> = all().keys().map(|kind| (*kind).to_owned()).collect();
    assert_eq!(files, listed);
}

#[test]
fn the_list_is_alphabetical() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sources/mod.rs")).expect("a file");
    let lines: Vec<&str> = text.lines().filter(|line| line.trim().starts_with("Arc::new(")).collect();
    assert_eq!(lines.len(), all().len());
    assert!(lines.is_sorted(), "{lines:#?}");
}

#[test]
fn every_source_has_a_fuzz_target() {
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("the manifest of fuzz/");
    for kind in all().keys() {
        assert!(manifest.contains(&format!("name = \"{kind}\"\n")), "{kind} is not in fuzz/Cargo.toml");
        let target = fs::read_to_string(root().join(format!("fuzz/fuzz_targets/{kind}.rs"))).expect("a target");
        assert!(target.contains(&format!("exercise(\"{kind}\", ")), "{kind}");
    }
}

#[test]
fn every_source_describes_itself_completely() {
    for (kind, source) in all() {
        let about = source.about();
        assert_eq!(about.kind, kind);
        assert!(about.reference.starts_with("https://"), "{kind}");
        assert!(about.summary.ends_with('.'), "{kind}");
        assert!(about.setup.contains("{url}") || about.setup.contains("{base_url}/v2/"), "{kind}");
        assert!(!about.severities.is_empty(), "{kind}");
        // In the set-up the credential is named by its placeholder, unless the vendor brings its own.
        let own = ["sns", "sentry"].contains(&kind);
        assert!(own || about.setup.contains("{secret}") || about.setup.contains("{key}"), "{kind}");
        for (theirs, ours) in about.severities {
            let prose = ["unknown", "SEV1 to SEV5", "as for eventbridge"].contains(ours);
            assert!(prose || ours.parse::<Severity>().is_ok(), "{kind}: {theirs} -> {ours}");
        }
        for name in about.settings.iter().map(|(name, _)| name) {
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{kind}: {name}");
        }
    }
}

#[test]
fn the_reference_page_is_what_the_sources_say() {
    let path = root().join("docs/reference/sources.md");
    let rendered = render_reference();
    if std::env::var_os("WATCHFIRE_BLESS").is_some() {
        fs::write(&path, &rendered).expect("docs/reference can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == rendered, "docs/reference/sources.md is stale; run the tests once with WATCHFIRE_BLESS=1");
}
