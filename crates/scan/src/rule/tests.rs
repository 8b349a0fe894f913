//! Tests of rule files and of the loader.

use std::{fs, path::PathBuf};

use super::{RuleSet, check, synthesis};

fn rule_files() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the rules folder exists")
        .map(|entry| entry.expect("the folder is readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    paths.sort();
    paths
}

#[test]
fn every_builtin_rule_passes_its_check() {
    let report = check::builtin();
    assert!(report.problems.is_empty(), "{} problems:\n{}", report.problems.len(), report.problems.join("\n"));
    assert_eq!(report.rules, RuleSet::builtin().rules().len());
}

/// Writes only when asked to; otherwise it says which rule lacks examples.
#[test]
fn examples_are_written_into_rule_files() {
    let bless = std::env::var_os("WATCHFIRE_BLESS").is_some();
    let mut failed = Vec::new();
    for path in rule_files() {
        if bless {
            failed.extend(synthesis::bless(&path));
        } else if !fs::read_to_string(&path).expect("readable").contains("negatives:") {
            failed.push(path.display().to_string());
        }
    }
    assert!(failed.is_empty(), "without enough examples:\n{}", failed.join("\n"));
}

#[test]
fn rules_cover_at_least_450_services() {
    let report = check::builtin();
    assert!(report.services >= 450, "{} services", report.services);
}
