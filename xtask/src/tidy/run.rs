//! All laws over the whole tree.

use anyhow::Result;

use super::LAWS;
use super::tree::Tree;

/// Checks every law and prints what breaks one; passes when nothing does.
pub(crate) fn run() -> Result<bool> {
    let tree = Tree::read()?;
    let mut broken = 0;
    let mut warned = 0;
    for (law, check) in LAWS {
        for breach in check(&tree)? {
            let kind = if breach.warning { "warning" } else { "error" };
            println!("{kind}: {}: {} ({law})", breach.place, breach.text);
            if breach.warning {
                warned += 1;
            } else {
                broken += 1;
            }
        }
    }
    println!("tidy: {} files, {} laws, {broken} errors, {warned} warnings", tree.files.len(), LAWS.len());
    Ok(broken == 0)
}
