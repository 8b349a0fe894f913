//! What differs between two sets of files.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use similar::TextDiff;

/// How long the search for the smallest diff may take; after it the diff is larger, never wrong.
const PATIENCE: Duration = Duration::from_millis(200);

/// Writes a unified diff of all files that differ, in order of name; empty if none does.
pub(crate) fn unified(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> String {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut out = String::new();
    for name in names {
        let (old, new) = (before.get(name), after.get(name));
        if old == new {
            continue;
        }
        let side = |prefix: &str, present: bool| if present { format!("{prefix}/{name}") } else { "/dev/null".to_owned() };
        let text = |side: Option<&String>| side.cloned().unwrap_or_default();
        let (old_text, new_text) = (text(old), text(new));
        let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(&old_text, &new_text);
        let header = (side("a", old.is_some()), side("b", new.is_some()));
        out.push_str(&diff.unified_diff().context_radius(3).header(&header.0, &header.1).to_string());
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::unified;

    fn files(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn only_what_differs_is_shown_with_its_place() {
        let before = files(&[("a.yaml", "one\ntwo\nthree\n"), ("same.yaml", "x\n")]);
        let after = files(&[("a.yaml", "one\n2\nthree\n"), ("new.yaml", "y\n"), ("same.yaml", "x\n")]);
        assert_eq!(
            unified(&before, &after),
            "--- a/a.yaml\n+++ b/a.yaml\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n--- /dev/null\n+++ b/new.yaml\n@@ -0,0 +1 @@\n+y\n"
        );
        assert_eq!(unified(&after, &after), "");
    }
}
