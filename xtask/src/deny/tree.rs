//! The packages of the dependency tree and which of them the policy refuses.

use std::collections::HashSet;

use serde_json::Value;

use super::licence::satisfied;
use super::policy::Policy;

/// One package as `cargo metadata` describes it; `source` is `None` for our own.
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) licence: Option<String>,
    pub(crate) source: Option<String>,
}

/// Returns the names in the output of `cargo tree`, one package a line.
pub(crate) fn names(tree: &str) -> HashSet<&str> {
    tree.lines().filter_map(|line| line.split_whitespace().next()).collect()
}

/// Reads the packages that are built. `cargo metadata` also lists what a feature would bring if another one were on.
pub(crate) fn packages(metadata: &Value, built: &HashSet<&str>) -> Vec<Package> {
    let text = |package: &Value, key: &str| package.get(key).and_then(Value::as_str).map(str::to_owned);
    let list = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|package| {
        Some(Package { name: text(package, "name")?, licence: text(package, "license"), source: text(package, "source") })
    })
    .filter(|package| built.contains(package.name.as_str()))
    .collect()
}

/// Returns one line per refusal.
pub(crate) fn refused(policy: &Policy, packages: &[Package]) -> Vec<String> {
    let mut lines = Vec::new();
    for Package { name, licence, source } in packages {
        match licence {
            None => lines.push(format!("{name}: names no licence")),
            Some(licence) if !satisfied(licence, &policy.licences) => {
                lines.push(format!("{name}: licence {licence} is not allowed"));
            }
            Some(_) => {}
        }
        if let Some(source) = source {
            let origin = source.strip_prefix("registry+").unwrap_or(source);
            if !policy.registries.iter().any(|allowed| allowed == origin) {
                lines.push(format!("{name}: comes from {origin}, which is not allowed"));
            }
        }
        if let Some((_, reason)) = policy.banned.iter().find(|(banned, _)| banned == name) {
            lines.push(format!("{name}: banned, {reason}"));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_licences_origins_and_banned_names_are_refused() {
        let policy = Policy::read(
            "[licenses]\nallow = ['MIT']\n[sources]\nallow-registry = ['https://example.org/index']\n[bans]\ndeny = [{ crate = 'bad', reason = 'why' }]\n",
        )
        .expect("the sample is valid");
        let package = |name: &str, licence: Option<&str>, source: Option<&str>| Package {
            name: name.to_owned(),
            licence: licence.map(str::to_owned),
            source: source.map(str::to_owned),
        };
        let home = Some("registry+https://example.org/index");
        assert!(refused(&policy, &[package("good", Some("MIT"), home), package("own", Some("MIT"), None)]).is_empty());
        assert_eq!(refused(&policy, &[package("gpl", Some("GPL-3.0"), home)]).len(), 1);
        assert_eq!(refused(&policy, &[package("none", None, home)]).len(), 1);
        assert_eq!(refused(&policy, &[package("git", Some("MIT"), Some("git+https://example.org/x"))]).len(), 1);
        assert_eq!(refused(&policy, &[package("bad", Some("MIT"), home)]), ["bad: banned, why"]);
    }
}
