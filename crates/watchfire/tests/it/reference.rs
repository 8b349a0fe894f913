//! The reference pages that are kept are what the code says.

use crate::harness::{Folder, run, text};

#[test]
fn the_reference_pages_are_up_to_date() {
    let folder = Folder::new();
    let written = run(&["generate-reference", &text(&folder.path("fresh"))], &[]);
    assert!(written.status.success(), "{written:?}");
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference");
    let pages: Vec<_> =
        std::fs::read_dir(folder.path("fresh")).expect("just written").map(|page| page.expect("readable").path()).collect();
    assert!(pages.len() >= 6, "{pages:?}");
    for page in pages {
        let name = page.file_name().expect("a file").to_string_lossy().into_owned();
        let fresh = std::fs::read_to_string(&page).expect("just written");
        let old = std::fs::read_to_string(kept.join(&name)).unwrap_or_default();
        assert!(fresh == old, "docs/reference/{name} is out of date: run `cargo xtask generate` and commit the result");
    }
}
