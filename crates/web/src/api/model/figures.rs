//! Counts and figures.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::Severity;
use watchfire_core::incident::Kind;
use watchfire_core::metrics::{self, Spans};
use watchfire_engine::{Counts, SpanRow};

use super::At;
use super::words::SeverityWord;

/// What there is now, as far as you may see it. Drills and tests are not counted.
#[derive(Serialize, ToSchema)]
#[schema(as = Counts)]
pub(crate) struct CountsDocument {
    /// Alerts by status.
    alerts: BTreeMap<String, i64>,
    incidents_open: i64,
    /// Incidents by phase.
    by_phase: BTreeMap<String, i64>,
    /// Open incidents by severity; `unknown` where nobody has set one.
    by_severity: BTreeMap<String, i64>,
    /// The worst severity among the open incidents.
    #[schema(value_type = Option<SeverityWord>)]
    worst: Option<Severity>,
    /// Events that could not be read and wait for a person.
    quarantined: i64,
}

/// How quick the response was.
#[derive(Serialize, ToSchema)]
#[schema(as = Figures)]
pub(crate) struct FiguresDocument {
    from: At,
    until: At,
    definitions: Definitions,
    /// Real incidents detected in the span.
    real: Group,
    /// Drills, counted apart.
    drill: Group,
}

/// What each figure means.
#[derive(Serialize, ToSchema)]
struct Definitions {
    mttd: &'static str,
    mtta: &'static str,
    mttr: &'static str,
}

/// The three figures of a group of incidents.
#[derive(Serialize, ToSchema)]
#[schema(as = FigureGroup)]
struct Group {
    incidents: usize,
    mttd: Figure,
    mtta: Figure,
    mttr: Figure,
}

/// One figure in seconds; null while no incident of the group has it.
#[derive(Default, Serialize, ToSchema)]
struct Figure {
    /// Incidents whose both ends are known.
    count: usize,
    mean_s: Option<i64>,
    /// Percentiles by nearest rank.
    p50_s: Option<i64>,
    p90_s: Option<i64>,
    p95_s: Option<i64>,
    max_s: Option<i64>,
}

impl FiguresDocument {
    /// Summarises incidents.
    pub(crate) fn of(from: At, until: At, real: &[SpanRow], drill: &[SpanRow]) -> Self {
        let definitions = Definitions { mttd: metrics::MTTD, mtta: metrics::MTTA, mttr: metrics::MTTR };
        Self { from, until, definitions, real: Group::of(real), drill: Group::of(drill) }
    }
}

impl Group {
    fn of(rows: &[SpanRow]) -> Self {
        let figure = |pick: fn(&Spans) -> Option<i64>| Figure::of(rows.iter().filter_map(|row| pick(&row.spans)).collect());
        Self {
            incidents: rows.len(),
            mttd: figure(|spans| spans.to_detect_s),
            mtta: figure(|spans| spans.to_acknowledge_s),
            mttr: figure(|spans| spans.to_resolve_s),
        }
    }
}

impl Figure {
    fn of(mut seconds: Vec<i64>) -> Self {
        seconds.sort_unstable();
        let count = seconds.len();
        let sum: i128 = seconds.iter().map(|value| i128::from(*value)).sum();
        let mean = (count > 0).then(|| i64::try_from(sum / count.max(1) as i128).unwrap_or(i64::MAX));
        Self {
            count,
            mean_s: mean,
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

impl From<Counts> for CountsDocument {
    fn from(counts: Counts) -> Self {
        let (mut by_phase, mut by_severity) = (BTreeMap::new(), BTreeMap::new());
        for row in counts.incidents.iter().filter(|row| row.kind == Kind::Real) {
            *by_phase.entry(row.phase.as_str().to_owned()).or_insert(0) += row.number;
            if row.phase.is_open() {
                let severity = row.severity.map_or("unknown", Severity::as_str);
                *by_severity.entry(severity.to_owned()).or_insert(0) += row.number;
            }
        }
        Self {
            alerts: counts.alerts.iter().map(|(status, count)| ((*status).to_owned(), *count)).collect(),
            incidents_open: counts.open(),
            by_phase,
            by_severity,
            worst: counts.worst(),
            quarantined: counts.quarantined,
        }
    }
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
        assert_eq!(Figure::of(vec![10, 20, 60]).mean_s, Some(30));
    }
}
