//! Law: one thing per file, so that a file can be held in mind.

use anyhow::Result;

use super::tree::{Breach, File, Tree};

/// Lines at which to think again.
const THINK: usize = 300;
/// Lines from which a file must say why, by [`REASON`] near its top.
const REASONED: usize = 500;
/// Lines that no file of code may have.
const MOST: usize = 800;
/// The comment that a long file carries: `// long: why one file is right here`.
const REASON: &str = "// long: ";

/// Measures the Rust files; tables under `tests/` and snapshots may be longer.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Breach>> {
    Ok(tree.rust().filter_map(breach).collect())
}

fn breach(file: &File) -> Option<Breach> {
    let lines = file.text.lines().count();
    let reasoned = file.text.lines().take(40).any(|line| line.trim_start().starts_with(REASON));
    if lines > MOST && !file.is_test() {
        Some(Breach::error(&file.path, format!("{lines} lines; {MOST} is the limit, split it by things")))
    } else if lines > REASONED && !reasoned {
        Some(Breach::error(&file.path, format!("{lines} lines; split it, or say why not in a line `{REASON}...`")))
    } else if lines > THINK && !reasoned && !file.is_test() {
        Some(Breach::warning(&file.path, format!("{lines} lines; is it still one thing?")))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::sample;
    use super::*;

    fn check_file(path: &str, lines: usize, head: &str) -> Option<bool> {
        let text = format!("{head}\n{}", "x\n".repeat(lines));
        check(&sample(&[(path, &text)])).expect("sizes never fail to be taken").first().map(|breach| breach.warning)
    }

    #[test]
    fn long_files_are_told_then_need_a_reason_then_fail() {
        assert_eq!(check_file("crates/a/src/b.rs", 200, ""), None);
        assert_eq!(check_file("crates/a/src/b.rs", 350, ""), Some(true));
        assert_eq!(check_file("crates/a/src/b.rs", 600, ""), Some(false));
        assert_eq!(check_file("crates/a/src/b.rs", 600, "// long: one table"), None);
        assert_eq!(check_file("crates/a/src/b.rs", 900, "// long: one table"), Some(false));
        assert_eq!(check_file("crates/a/tests/it/b.rs", 900, "// long: one table"), None);
    }
}
