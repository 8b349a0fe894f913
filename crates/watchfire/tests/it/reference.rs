//! The reference pages that are kept are what the code says.

use crate::harness::{Folder, run, text};

#[test]
fn the_reference_pages_are_up_to_date() {
    let folder = Folder::new();
    let written = run(&["generate-reference", &text(&folder.path("fresh"))], &[]);
    assert!(written.status.success(), "{written:?}");
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference");
    for name in ["api.md", "cli.md", "configuration.md", "openapi.json", "sources.md"] {
        let fresh = std::fs::read_to_string(folder.path("fresh").join(name)).expect("just written");
        let old = std::fs::read_to_string(kept.join(name)).unwrap_or_default();
        assert!(fresh == old, "docs/reference/{name} is out of date: run `cargo xtask generate` and commit the result");
    }
}
