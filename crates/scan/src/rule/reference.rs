//! The reference page of all rules.

use std::fmt::Write as _;

use super::RuleSet;

/// Returns the page `docs/reference/secret-rules.md` for `set`.
pub fn page(set: &RuleSet) -> String {
    let mut rules: Vec<_> = set.rules().iter().collect();
    rules.sort_by(|left, right| (&left.service, &left.id).cmp(&(&right.service, &right.id)));
    let services = rules.iter().map(|rule| &rule.service).collect::<std::collections::BTreeSet<_>>().len();
    let mut page = format!(
        "# Secret rules that ship\n\nWritten by `cargo xtask generate` from `rules/`. {} rules for {services} services. How rules work and \
         how to write your own: [the guide](../guide/secret-rules.md).\n\n`proof` says whether a checksum or structure is \
         verified offline; such findings are `certain`.\n\n| service | rule | what | severity | proof |\n| --- | --- | --- | --- | --- |\n",
        rules.len(),
    );
    for rule in rules {
        let severity = format!("{:?}", rule.severity).to_lowercase();
        let proof = if rule.proof.is_some() { "yes" } else { "" };
        let title = rule.title.replace('|', "\\|");
        let reference = rule.references.first().map(String::as_str).unwrap_or_default();
        let _ = writeln!(page, "| {} | `{}` | [{title}]({reference}) | {severity} | {proof} |", rule.service, rule.id);
    }
    page
}
