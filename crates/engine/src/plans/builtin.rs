//! The plans that ship.

use super::Files;

/// Returns the files that serve until somebody writes their own; `watchfire plans init` writes them out.
pub fn files() -> Files {
    let files = [
        ("access.yaml", include_str!("../../../../plans/access.yaml")),
        ("escalation.yaml", include_str!("../../../../plans/escalation.yaml")),
        ("incidents.yaml", super::incidents::BUILT_IN),
        ("oncall.yaml", include_str!("../../../../plans/oncall.yaml")),
        ("responsibility.yaml", include_str!("../../../../plans/responsibility.yaml")),
        ("roles.yaml", include_str!("../../../../plans/roles.yaml")),
        ("routing.yaml", include_str!("../../../../plans/routing.yaml")),
        ("stakeholders.yaml", include_str!("../../../../plans/stakeholders.yaml")),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}
