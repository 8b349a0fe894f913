//! The figures of response, each with its definition.

use jiff::Timestamp;

use crate::incident::Incident;

/// The definition of time to detect, printed beside the number.
pub const MTTD: &str = "detected minus occurred; unknown while nobody knows when it began";
/// The definition of time to acknowledge, printed beside the number.
pub const MTTA: &str = "acknowledged by a person minus detected";
/// The definition of time to resolve, printed beside the number.
pub const MTTR: &str = "resolved minus detected";

/// The three spans of one incident in seconds; `None` while an end is unknown. Never negative.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spans {
    pub to_detect_s: Option<i64>,
    pub to_acknowledge_s: Option<i64>,
    pub to_resolve_s: Option<i64>,
}

impl Spans {
    /// Measures an incident.
    pub fn of(incident: &Incident) -> Self {
        let since = |end: Option<Timestamp>, start: Option<Timestamp>| Some((end?.as_second() - start?.as_second()).max(0));
        Self {
            to_detect_s: since(Some(incident.detected_at), incident.occurred_at),
            to_acknowledge_s: since(incident.acknowledged_at, Some(incident.detected_at)),
            to_resolve_s: since(incident.resolved_at, Some(incident.detected_at)),
        }
    }
}
