//! Law: nothing of one machine is in the project: no home folders, no private package hosts.

use anyhow::Result;

use super::tree::{Breach, Tree};
use crate::command::root;

/// Looks for this machine's paths and hosts in every file.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Breach>> {
    Ok(breaches(tree, &forbidden()))
}

/// Returns the texts that may not appear: the folder above the project, the home folder, private registries.
fn forbidden() -> Vec<String> {
    let mut texts = Vec::new();
    if let Some(above) = root().parent().filter(|above| above.components().count() > 2) {
        texts.push(format!("{}/", above.display()));
    }
    let home = std::env::var("HOME").unwrap_or_default();
    if home.len() > 1 {
        texts.push(format!("{home}/"));
    }
    for file in ["config.toml", "config"] {
        let settings = std::fs::read_to_string(format!("{home}/.cargo/{file}")).unwrap_or_default();
        texts.extend(hosts(&settings).filter(|host| !host.ends_with("crates.io")));
    }
    for manager in ["cargo", "npm", "pypi", "debian"] {
        // Written in two halves, since this file is looked at too.
        texts.push(format!("/api/{manager}{}", "/"));
    }
    texts
}

/// Returns the host of every `https://` address in a text.
fn hosts(text: &str) -> impl Iterator<Item = String> {
    text.split("https://").skip(1).filter_map(|rest| {
        let end = rest.find(['/', '"', '\'', ':', '\n']).unwrap_or(rest.len());
        rest.get(..end).filter(|host| host.contains('.')).map(str::to_owned)
    })
}

fn breaches(tree: &Tree, forbidden: &[String]) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in &tree.files {
        for (number, line) in file.text.lines().enumerate() {
            if forbidden.iter().any(|text| line.contains(text.as_str())) {
                found.push(Breach::error(format!("{}:{}", file.path, number + 1), "names a path or host of this machine"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tree::sample;
    use super::*;

    #[test]
    fn a_machine_path_is_found_with_its_line() {
        let tree = sample(&[("docs/a.md", "fine\nsee /somewhere/private/x\n")]);
        let found = breaches(&tree, &["/somewhere/private/".to_owned()]);
        assert_eq!(found, [Breach::error("docs/a.md:2", "names a path or host of this machine")]);
    }

    #[test]
    fn hosts_are_read_from_cargo_settings() {
        let text = "[source.x]\nregistry = \"sparse+https://packages.example.org/index/\"\nother = 'https://index.crates.io'";
        assert_eq!(hosts(text).collect::<Vec<_>>(), ["packages.example.org", "index.crates.io"]);
    }
}
