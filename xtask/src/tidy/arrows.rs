//! Law: dependencies run only along the arrows of the map.

use anyhow::Result;
use serde_json::Value;

use super::tree::{Breach, Tree};
use crate::command::metadata;

/// Who may depend on whom: `watchfire -> web -> engine -> store -> core`, `connect -> { scan, core }`.
const ARROWS: &[(&str, &[&str])] = &[
    ("watchfire-core", &[]),
    ("watchfire-scan", &[]),
    ("watchfire-store", &["watchfire-core"]),
    ("watchfire-connect", &["watchfire-core", "watchfire-scan"]),
    ("watchfire-engine", &["watchfire-core", "watchfire-store"]),
    ("watchfire-web", &["watchfire-core", "watchfire-engine"]),
    (
        "watchfire",
        &["watchfire-core", "watchfire-scan", "watchfire-store", "watchfire-connect", "watchfire-engine", "watchfire-web"],
    ),
    ("watchfire-testkit", &[]),
    ("watchfire-bench", &["watchfire-core", "watchfire-scan", "watchfire-store", "watchfire-connect", "watchfire-engine"]),
    ("xtask", &[]),
];

/// The one crate that only tests may use, and the crates whose tests may: the binary's, those of the rim, whose vendors are
/// its fakes, and those of the engine, which run on both databases.
const TESTKIT: (&str, &[&str]) = ("watchfire-testkit", &["watchfire", "watchfire-connect", "watchfire-engine"]);
/// The measurements, which ship as little as tests do and start servers and counterparts in the same way.
const BENCH: &str = "watchfire-bench";

/// Compares the arrows with what cargo says.
pub(crate) fn check(_: &Tree) -> Result<Vec<Breach>> {
    Ok(breaches(&metadata(false)?))
}

fn breaches(metadata: &Value) -> Vec<Breach> {
    let mut found = Vec::new();
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    for package in list(metadata, "packages") {
        let name = text(&package, "name");
        let Some((_, allowed)) = ARROWS.iter().find(|(own, _)| *own == name) else {
            found.push(Breach::error(&name, "the crate is not on the map; add it to ARROWS and to ARCHITECTURE.md"));
            continue;
        };
        for dependency in list(&package, "dependencies") {
            let target = text(&dependency, "name");
            // Only our own crates have a path.
            if dependency.get("path").and_then(Value::as_str).is_none() {
                continue;
            }
            let for_tests = text(&dependency, "kind") == "dev";
            let allowed = if target == TESTKIT.0 {
                name == BENCH || (for_tests && TESTKIT.1.contains(&name.as_str()))
            } else {
                allowed.contains(&target.as_str())
            };
            if !allowed {
                found.push(Breach::error(&name, format!("may not depend on {target}")));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(name: &str, dependency: &str, kind: Option<&str>, expected: usize) {
        let metadata = json!({ "packages": [{
            "name": name,
            "dependencies": [
                { "name": dependency, "path": "crates/x", "kind": kind },
                { "name": "serde", "path": null, "kind": null },
            ],
        }] });
        assert_eq!(breaches(&metadata).len(), expected, "{name} -> {dependency}");
    }

    #[test]
    fn arrows_run_one_way() {
        check("watchfire-web", "watchfire-engine", None, 0);
        check("watchfire-engine", "watchfire-web", None, 1);
        check("watchfire-web", "watchfire-store", None, 1);
        check("watchfire-engine", "watchfire-connect", None, 1);
        check("watchfire-core", "watchfire-store", Some("dev"), 1);
    }

    #[test]
    fn testkit_serves_the_tests_of_binary_engine_and_rim_alone() {
        check("watchfire", "watchfire-testkit", Some("dev"), 0);
        check("watchfire", "watchfire-testkit", None, 1);
        check("watchfire-connect", "watchfire-testkit", Some("dev"), 0);
        check("watchfire-connect", "watchfire-testkit", None, 1);
        check("watchfire-engine", "watchfire-testkit", Some("dev"), 0);
        check("watchfire-engine", "watchfire-testkit", None, 1);
        check("watchfire-bench", "watchfire-testkit", None, 0);
        check("watchfire-web", "watchfire-testkit", Some("dev"), 1);
    }

    #[test]
    fn a_crate_that_is_not_on_the_map_is_named() {
        check("watchfire-surprise", "watchfire-core", None, 1);
    }
}
