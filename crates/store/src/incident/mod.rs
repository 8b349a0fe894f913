//! Incidents. Title, summary and reasons are sealed under the incident's own key.

mod count;
mod link;
mod read;
mod row;
mod save;
mod triage;

use watchfire_core::Severity;
use watchfire_core::incident::{Class, Kind, Phase, Visibility};

pub(crate) use count::any_hidden;
pub use count::{Count, counts};
pub use link::{link_alert, link_alerts, link_all_of, links, unlink_alert};
pub use read::{alert_ids, get, list, reader_count, visible};
pub use save::{insert, insert_all, save, save_all};
pub use triage::{alert_counts, by_id, by_ids, open_of_alerts, short_id_taken, with_open_alerts};

#[cfg(test)]
pub(crate) const STATEMENTS: &[&[(&str, crate::statements::Sql)]] = &[link::ALL, read::ALL, save::ALL, triage::ALL];

/// Which incidents a list shows; empty is all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    pub phases: Vec<Phase>,
    pub severities: Vec<Severity>,
    /// Those whose severity nobody knows yet, besides those of `severities`.
    pub severity_unknown: bool,
    pub class: Option<Class>,
    pub team: Option<String>,
    pub commander: Option<String>,
    /// Those on which this login holds a role or is offered one.
    pub person: Option<String>,
    /// Those for which one of these words of the plans is accountable; empty is all.
    pub accountable: Vec<String>,
    pub kind: Option<Kind>,
    pub visibility: Option<Visibility>,
    /// Looked for in title, summary, short id and codename, without regard to case.
    pub text: Option<String>,
}
