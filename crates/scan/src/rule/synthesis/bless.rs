//! Writes examples into the rule files.

use std::{fmt::Write as _, fs, path::Path};

use super::{Random, negatives, positive};
use crate::rule::{Rule, VendorFile, example};

/// Appends the examples that a rule of the file at `path` lacks; returns the ids of rules that could not get them.
pub(crate) fn bless(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("the rule file is readable");
    let file: VendorFile = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut failed = Vec::new();
    for source in &file.rules {
        if !source.positives.is_empty() {
            continue;
        }
        let rule = Rule::new(source.clone(), &file.service, &file.advice, &file.references).expect("the rule is whole");
        let mut random = Random::of(&source.id);
        let mut found: Vec<String> = Vec::new();
        for _ in 0..12 {
            let made = positive(&rule, &mut random).map(|made| example::split(&made.text, made.start, made.end));
            if let Some(text) = made.filter(|text| !found.contains(text)) {
                found.push(text);
            }
            if found.len() == 3 {
                break;
            }
        }
        let misses: Vec<String> =
            negatives(&rule, &mut random, 3).iter().map(|text| example::split(text, 0, text.len())).collect();
        if found.len() < 3 || misses.len() < 3 {
            failed.push(format!("{}: {} positive, {} negative", source.id, found.len(), misses.len()));
        }
        insert(&mut lines, &source.id, &found, &misses);
    }
    fs::write(path, lines.join("\n") + "\n").expect("the rule file is writable");
    failed
}

fn insert(lines: &mut Vec<String>, id: &str, found: &[String], misses: &[String]) {
    let start = lines.iter().position(|line| line.trim() == format!("- id: {id}")).expect("the rule stands in its file");
    let end = lines.iter().skip(start + 1).position(|line| line.starts_with("  - id: ")).map_or(lines.len(), |at| start + 1 + at);
    let mut block = String::new();
    for (name, texts) in [("positives", found), ("negatives", misses)] {
        let _ = writeln!(block, "    {name}:");
        for text in texts {
            let _ = writeln!(block, "      - {}", serde_json::to_string(text).expect("a string serialises"));
        }
    }
    lines.insert(end, block.trim_end().to_owned());
}
