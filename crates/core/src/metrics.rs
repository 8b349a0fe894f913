//! The figures of response, each with its definition.

use jiff::Timestamp;

use crate::incident::Incident;

/// The definition of time to detect, printed beside the number.
pub const MTTD: &str = "detected minus occurred; unknown while nobody knows when it began";
/// The definition of time to acknowledge, printed beside the number.
pub const MTTA: &str = "acknowledged by a person minus detected";
/// The definition of time to resolve, printed beside the number.
pub const MTTR: &str = "resolved minus detected";

/// The definition of time to commander, printed beside the number.
pub const MTTC: &str = "first commander minus reported in the console; how long it takes until somebody leads";

/// The spans of one incident in seconds; `None` while an end is unknown. Never negative.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spans {
    pub to_detect_s: Option<i64>,
    pub to_acknowledge_s: Option<i64>,
    pub to_resolve_s: Option<i64>,
    /// From when it stood in the console to its first commander; `None` while nobody led it, or not known here.
    pub to_commander_s: Option<i64>,
}

impl Spans {
    /// Measures an incident.
    pub fn of(incident: &Incident) -> Self {
        let since = |end: Option<Timestamp>, start: Option<Timestamp>| Some((end?.as_second() - start?.as_second()).max(0));
        Self {
            to_detect_s: since(Some(incident.detected_at), incident.occurred_at),
            to_acknowledge_s: since(incident.acknowledged_at, Some(incident.detected_at)),
            to_resolve_s: since(incident.resolved_at, Some(incident.detected_at)),
            to_commander_s: None,
        }
    }
}

/// A figure over a group of incidents, in seconds.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Figure {
    /// Incidents whose both ends are known; the others are in no percentile.
    pub count: usize,
    pub mean_s: Option<i64>,
    /// Percentiles by nearest rank; `None` of none.
    pub p50_s: Option<i64>,
    pub p90_s: Option<i64>,
    pub p95_s: Option<i64>,
    pub max_s: Option<i64>,
}

impl Figure {
    /// Summarises spans; their order does not matter.
    pub fn of(mut seconds: Vec<i64>) -> Self {
        seconds.sort_unstable();
        let count = seconds.len();
        let sum: i128 = seconds.iter().map(|value| i128::from(*value)).sum();
        let mean = i128::try_from(count).ok().and_then(|count| sum.checked_div(count));
        Self {
            count,
            mean_s: mean.map(|mean| i64::try_from(mean).unwrap_or(i64::MAX)),
            p50_s: percentile(&seconds, 50),
            p90_s: percentile(&seconds, 90),
            p95_s: percentile(&seconds, 95),
            max_s: seconds.last().copied(),
        }
    }
}

/// Returns a percentile of sorted values by nearest rank; `None` of none.
fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::{Figure, percentile};

    #[test]
    fn percentiles_are_taken_by_nearest_rank() {
        let sorted: Vec<i64> = (1..=20).collect();
        assert_eq!([50, 90, 95, 100].map(|percent| percentile(&sorted, percent)), [Some(10), Some(18), Some(19), Some(20)]);
        assert_eq!(percentile(&[7], 50), Some(7));
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn a_figure_without_values_is_unknown_and_not_zero() {
        let figure = Figure::of(Vec::new());
        assert_eq!((figure.count, figure.mean_s, figure.max_s), (0, None, None));
        assert_eq!(Figure::of(vec![60, 10, 20]).mean_s, Some(30));
    }
}
