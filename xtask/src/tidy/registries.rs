//! Law: every file of a folder of things is in that folder's list, and the list is in order.

use anyhow::Result;

use super::scrub::{Keep, scrub};
use super::tree::{Breach, Tree};

/// A folder that holds one thing per file.
struct Registry {
    folder: &'static str,
    /// The file with the list.
    list: &'static str,
    /// Files of the folder that are not things.
    besides: &'static [&'static str],
    form: Form,
}

/// How the list names a thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// By its `mod` line alone: the compiler or the test runner does the rest.
    Module,
    /// By its `mod` line, and again as `thing::...` in the list of entries.
    Entry,
}

const REGISTRIES: &[Registry] = &[
    Registry { folder: "crates/connect/src/sources/", list: "mod.rs", besides: &["reference"], form: Form::Entry },
    Registry { folder: "crates/connect/src/channels/", list: "mod.rs", besides: &["exchange", "words"], form: Form::Entry },
    Registry { folder: "crates/connect/src/clients/", list: "mod.rs", besides: &[], form: Form::Module },
    Registry { folder: "crates/engine/src/duties/", list: "mod.rs", besides: &[], form: Form::Entry },
    Registry { folder: "crates/web/src/api/", list: "mod.rs", besides: &[], form: Form::Module },
    Registry { folder: "crates/web/src/pages/", list: "mod.rs", besides: &[], form: Form::Module },
    Registry { folder: "crates/watchfire/src/cli/", list: "mod.rs", besides: &[], form: Form::Module },
    Registry { folder: "crates/watchfire/tests/it/", list: "main.rs", besides: &[], form: Form::Module },
    Registry { folder: "xtask/src/tidy/", list: "mod.rs", besides: &["run", "scrub", "tree"], form: Form::Entry },
];

/// Looks into every folder of things that exists.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Breach>> {
    Ok(REGISTRIES.iter().flat_map(|registry| missing(tree, registry)).collect())
}

fn missing(tree: &Tree, registry: &Registry) -> Vec<Breach> {
    let things = things(tree, registry);
    if things.is_empty() {
        return Vec::new();
    }
    let place = format!("{}{}", registry.folder, registry.list);
    let Some(list) = tree.text(&place) else {
        return vec![Breach::error(place, "the folder has no list")];
    };
    let list = scrub(list, Keep::Code);
    let modules: Vec<&str> = list.lines().filter_map(module_name).collect();
    let test_only: Vec<&str> = list.split("#[cfg(test)]").skip(1).filter_map(|rest| rest.lines().find_map(module_name)).collect();
    let entries: Vec<&&str> =
        modules.iter().filter(|name| !registry.besides.contains(name) && !test_only.contains(name)).collect();
    let mut found = Vec::new();
    for thing in &things {
        if !modules.contains(&thing.as_str()) {
            found.push(Breach::error(&place, format!("has no `mod {thing};` line, so nothing compiles or runs it")));
        } else if registry.form == Form::Entry
            && !registry.besides.contains(&thing.as_str())
            && !list.contains(&format!("{thing}::"))
        {
            found.push(Breach::error(&place, format!("does not list `{thing}::...` among its entries")));
        }
    }
    if !entries.is_sorted() {
        found.push(Breach::error(&place, "its `mod` lines are not in alphabetical order"));
    }
    found
}

/// Returns the names of the files and folders directly in the registry's folder.
fn things(tree: &Tree, registry: &Registry) -> Vec<String> {
    let inside = tree.rust().filter_map(|file| file.path.strip_prefix(registry.folder));
    let mut names: Vec<String> = inside
        .filter(|path| *path != registry.list && *path != "tests.rs")
        .filter_map(|path| path.split('/').next())
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .filter(|name| name != "tests" && !name.ends_with("_tests"))
        .collect();
    names.sort();
    names.dedup();
    names
}

fn module_name(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ").trim_start_matches("pub ");
    line.strip_prefix("mod ")?.strip_suffix(';').filter(|name| *name != "tests")
}

#[cfg(test)]
mod tests {
    use super::super::tree::sample;
    use super::*;

    const SOURCES: Registry = Registry { folder: "s/", list: "mod.rs", besides: &["helper"], form: Form::Entry };

    fn check(list: &str, expected: &[&str]) {
        let tree =
            sample(&[("s/mod.rs", list), ("s/alpha.rs", ""), ("s/beta/mod.rs", ""), ("s/beta/x.rs", ""), ("s/helper.rs", "")]);
        let found: Vec<String> = missing(&tree, &SOURCES).into_iter().map(|breach| breach.text).collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (text, part) in found.iter().zip(expected) {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn a_file_without_a_line_or_an_entry_is_named() {
        check("mod alpha;\npub mod beta;\nmod helper;\nconst ALL: &[T] = &[&alpha::A, &beta::B];", &[]);
        check("mod alpha;\nmod beta;\nmod helper;\nconst ALL: &[T] = &[&alpha::A]; // beta::B", &["`beta::...`"]);
        check("mod alpha;\nmod helper;\nconst ALL: &[T] = &[&alpha::A];", &["mod beta;"]);
    }

    #[test]
    fn a_list_out_of_order_is_named() {
        check("mod alpha;\nmod beta;\nconst ALL: &[T] = &[&alpha::A, &beta::B];\n\n#[cfg(test)]\nmod aids;\nmod helper;", &[]);
        check("mod beta;\nmod alpha;\nmod helper;\nconst ALL: &[T] = &[&alpha::A, &beta::B];", &["alphabetical"]);
    }
}
