//! The page of measurements: what stands between its marks is replaced, what people wrote around it stays.

use std::path::Path;

use anyhow::{Context, Result};

const BEGIN: &str = "<!-- written by cargo xtask bench --write -->";
const END: &str = "<!-- end of what is written -->";

/// Puts a run's tables into the page.
///
/// # Errors
/// The page cannot be read or written, or has no marks.
pub(crate) fn write(page: &Path, text: &str) -> Result<()> {
    let old = std::fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
    let new = replaced(&old, text).with_context(|| format!("{} lacks the lines {BEGIN} and {END}", page.display()))?;
    std::fs::write(page, new).with_context(|| format!("cannot write {}", page.display()))
}

fn replaced(page: &str, text: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays_and_a_page_without_marks_is_left_alone() {
        let page = format!("# Benchmarks\n\n{BEGIN}\nold\n{END}\n\n## What is not met\n");
        let new = replaced(&page, "| new |\n").expect("the page has marks");
        assert_eq!(new, format!("# Benchmarks\n\n{BEGIN}\n\n| new |\n\n{END}\n\n## What is not met\n"));
        assert_eq!(replaced("# Benchmarks\n", "new"), None);
    }
}
