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
    /// The real ones by team, by severity (`unknown` where nobody has set one) and by class.
    by_team: BTreeMap<String, Group>,
    by_severity: BTreeMap<String, Group>,
    by_class: BTreeMap<String, Group>,
}

/// What each figure means.
#[derive(Serialize, ToSchema)]
struct Definitions {
    mttd: &'static str,
    mtta: &'static str,
    mttr: &'static str,
    /// Time to commander.
    mttc: &'static str,
}

/// The three figures of a group of incidents.
#[derive(Serialize, ToSchema)]
#[schema(as = FigureGroup)]
struct Group {
    incidents: usize,
    mttd: Figure,
    mtta: Figure,
    mttr: Figure,
    /// From the console to a first commander.
    mttc: Figure,
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
        let definitions = Definitions { mttd: metrics::MTTD, mtta: metrics::MTTA, mttr: metrics::MTTR, mttc: metrics::MTTC };
        let by = |name: fn(&SpanRow) -> String| {
            let mut groups: BTreeMap<String, Vec<&SpanRow>> = BTreeMap::new();
            for row in real {
                groups.entry(name(row)).or_default().push(row);
            }
            groups.into_iter().map(|(name, rows)| (name, Group::of(rows))).collect()
        };
        Self {
            from,
            until,
            definitions,
            real: Group::of(real),
            drill: Group::of(drill),
            by_team: by(|row| row.team.clone()),
            by_severity: by(|row| row.severity.map_or("unknown", Severity::as_str).to_owned()),
            by_class: by(|row| row.class.as_str().to_owned()),
        }
    }
}

impl Group {
    fn of<'a>(rows: impl IntoIterator<Item = &'a SpanRow>) -> Self {
        let rows: Vec<&SpanRow> = rows.into_iter().collect();
        let figure = |pick: fn(&Spans) -> Option<i64>| {
            Figure::from(metrics::Figure::of(rows.iter().filter_map(|row| pick(&row.spans)).collect()))
        };
        Self {
            incidents: rows.len(),
            mttd: figure(|spans| spans.to_detect_s),
            mtta: figure(|spans| spans.to_acknowledge_s),
            mttr: figure(|spans| spans.to_resolve_s),
            mttc: figure(|spans| spans.to_commander_s),
        }
    }
}

impl From<metrics::Figure> for Figure {
    fn from(figure: metrics::Figure) -> Self {
        let metrics::Figure { count, mean_s, p50_s, p90_s, p95_s, max_s } = figure;
        Self { count, mean_s, p50_s, p90_s, p95_s, max_s }
    }
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
