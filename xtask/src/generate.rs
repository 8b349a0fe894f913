//! `cargo xtask generate`: the reference pages, written by the binary that they describe.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, passes, root, target_directory};

const REFERENCE: &str = "docs/reference";

/// Stands near the top of every page that code writes; pages without it are written by people or by measurements.
const MARK: &str = "Written by `cargo xtask generate`";

/// Writes `docs/reference`, or with `--check` compares it with what the code would write.
///
/// `--binary PATH` takes a binary that is built already, which saves CI a second build.
pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let mut check = false;
    let mut binary = None;
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--check" => check = true,
            "--binary" => binary = Some(PathBuf::from(arguments.next().context("--binary needs a path")?)),
            unknown => bail!("unknown argument `{unknown}`"),
        }
    }
    let kept = root().join(REFERENCE);
    if !check {
        return write(binary.as_deref(), &kept);
    }
    let fresh = target_directory()?.join("reference-check");
    if fresh.exists() {
        std::fs::remove_dir_all(&fresh)?;
    }
    if !write(binary.as_deref(), &fresh)? {
        return Ok(false);
    }
    let differing = differences(&read_all(&kept)?, &read_all(&fresh)?);
    for difference in &differing {
        println!("{REFERENCE}/{difference}");
    }
    if !differing.is_empty() {
        println!("{} reference pages differ from the code; run `cargo xtask generate` and commit the result", differing.len());
    }
    Ok(differing.is_empty())
}

fn write(binary: Option<&Path>, folder: &Path) -> Result<bool> {
    std::fs::create_dir_all(folder)?;
    let mut command = match binary {
        Some(binary) => Command::new(binary),
        None => {
            let mut command = cargo();
            command.args(["run", "--quiet", "--locked", "-p", "watchfire", "--"]);
            command
        }
    };
    passes(command.arg("generate-reference").arg(folder))
}

/// Returns one line per page that is missing, superfluous or different, in the order of their names. A page that nothing
/// wrote is superfluous only if it says that code wrote it.
fn differences(kept: &BTreeMap<String, Vec<u8>>, fresh: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, text) in fresh {
        match kept.get(name) {
            None => lines.push(format!("{name}: missing")),
            Some(old) if old != text => lines.push(format!("{name}: out of date")),
            Some(_) => {}
        }
    }
    let superfluous = kept.iter().filter(|(name, text)| !fresh.contains_key(*name) && is_generated(name, text));
    lines.extend(superfluous.map(|(name, _)| format!("{name}: nothing writes it any more")));
    lines.sort();
    lines
}

fn is_generated(name: &str, text: &[u8]) -> bool {
    name.ends_with(".json") || String::from_utf8_lossy(text).contains(MARK)
}

fn read_all(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(pairs: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn missing_changed_and_superfluous_pages_are_each_named() {
        let gone = format!("# Gone\n\n{MARK} from what is no more.");
        let kept = pages(&[("cli.md", "old"), ("gone.md", &gone), ("same.md", "s"), ("written-by-people.md", "x")]);
        let fresh = pages(&[("cli.md", "new"), ("added.md", "y"), ("same.md", "s")]);
        let lines = differences(&kept, &fresh);
        assert_eq!(lines, ["added.md: missing", "cli.md: out of date", "gone.md: nothing writes it any more"]);
        assert!(differences(&kept, &kept).is_empty());
    }
}
