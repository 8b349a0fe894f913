//! The figures of response: medians and percentiles, trends, by team, severity and class.

use std::collections::BTreeMap;

use askama::Template;
use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::Right;
use watchfire_core::incident::Kind;
use watchfire_core::metrics::{self, Figure, Spans};
use watchfire_engine::{Budget, Error, SpanRow};

use super::chart::Chart;
use super::frame::Room;
use super::list::Choice;
use super::visit::{Answer, Visit};
use super::{filters, words};

/// The room.
#[derive(Template)]
#[template(path = "metrics.html")]
pub(crate) struct Metrics {
    pub(crate) weeks: i64,
    pub(crate) kinds: Vec<Choice>,
    pub(crate) lengths: Vec<Choice>,
    pub(crate) teams: Vec<Choice>,
    pub(crate) csv: String,
    pub(crate) incidents: usize,
    pub(crate) drills: bool,
    pub(crate) tally: Vec<Tally>,
    pub(crate) charts: Vec<(Tally, Chart)>,
    pub(crate) tables: Vec<Table>,
    /// How often people were paged in the same weeks; `None` for those whose role does not reach.
    pub(crate) budget: Option<Budget>,
}

/// One figure of the head.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    pub(crate) name: &'static str,
    pub(crate) definition: &'static str,
    pub(crate) figure: Figure,
    /// Incidents that have not got it.
    pub(crate) blank: usize,
}

/// Figures by one property.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) title: &'static str,
    pub(crate) column: &'static str,
    pub(crate) rows: Vec<Group>,
}

/// The figures of one group.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) incidents: usize,
    pub(crate) figures: [Figure; 4],
}

/// The four figures: name, definition, which span.
type Pick = fn(&Spans) -> Option<i64>;
const FIGURES: [(&str, &str, Pick); 4] = [
    ("Acknowledge (MTTA)", metrics::MTTA, |spans| spans.to_acknowledge_s),
    ("Commander", metrics::MTTC, |spans| spans.to_commander_s),
    ("Resolve (MTTR)", metrics::MTTR, |spans| spans.to_resolve_s),
    ("Detect (MTTD)", metrics::MTTD, |spans| spans.to_detect_s),
];

/// The greatest number of weeks that is looked at.
const WEEKS_MOST: i64 = 104;

/// The greatest number of days that the budget of pages looks back over.
const BUDGET_DAYS_MOST: i64 = 366;

/// Writes a figure in seconds; `None` is unknown.
pub(crate) fn seconds(value: &Option<i64>) -> String {
    value.map_or_else(|| "unknown".to_owned(), words::exact)
}

/// Answers with the figures.
pub(crate) async fn show(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("Metrics", Room::Metrics, false, room).await
}

/// Answers with the spans of every incident as CSV.
pub(crate) async fn csv(visit: Visit) -> Answer {
    Ok(crate::csv::figures(&rows(&visit).await?))
}

async fn build(visit: &Visit) -> Result<Metrics, Error> {
    let query = &visit.query;
    let weeks = weeks(visit);
    // Two long questions, each on a connection of its own.
    let (rows, budget) = tokio::try_join!(rows(visit), budget(visit, weeks))?;
    let from = begin(visit.now, weeks);
    let tally: Vec<Tally> = FIGURES.iter().map(|figure| tally(figure, &rows)).collect();
    let charts = FIGURES.iter().zip(&tally).map(|((name, _, pick), tally)| {
        let series: Vec<(String, Option<i64>)> = (0..weeks)
            .map(|week| {
                let start = from.checked_add(SignedDuration::from_hours(week * 168)).unwrap_or(from);
                let end = start.checked_add(SignedDuration::from_hours(168)).unwrap_or(start);
                let within = rows.iter().filter(|row| start <= row.detected_at && row.detected_at < end);
                let figure = Figure::of(within.filter_map(|row| pick(&row.spans)).collect());
                (start.strftime("%-d %b").to_string(), figure.p50_s)
            })
            .collect();
        (tally.clone(), Chart::of(&format!("{name}, median"), &series))
    });
    let charts = charts.collect();
    let team_words: std::collections::BTreeSet<String> =
        visit.engine.plans().teams.iter().map(|team| team.id.clone()).chain(rows.iter().map(|row| row.team.clone())).collect();
    let choice = |name: &str, value: Option<&str>, label: &str| Choice {
        label: label.to_owned(),
        href: query.with(name, value).href("/figures"),
        on: query.get(name) == value,
        count: None,
    };
    Ok(Metrics {
        budget,
        weeks,
        kinds: vec![choice("kind", None, "Real"), choice("kind", Some("drill"), "Drills")],
        lengths: [("4", "4 weeks"), ("13", "13 weeks"), ("52", "52 weeks")]
            .map(|(value, label)| choice("weeks", Some(value).filter(|value| *value != "13"), label))
            .to_vec(),
        teams: std::iter::once(choice("team", None, "All teams"))
            .chain(team_words.iter().map(|team| choice("team", Some(team), team)))
            .collect(),
        csv: query.href("/figures.csv"),
        incidents: rows.len(),
        drills: query.get("kind") == Some("drill"),
        tally,
        charts,
        tables: vec![
            table("By team", "Team", &rows, |row| row.team.clone()),
            table("By severity", "Severity", &rows, |row| super::scheme::label(row.severity).to_owned()),
            table("By class", "Class", &rows, |row| row.class.title().to_owned()),
        ],
    })
}

async fn budget(visit: &Visit, weeks: i64) -> Result<Option<Budget>, Error> {
    if !visit.may(Right::Act) {
        return Ok(None);
    }
    visit.engine.page_budget(&visit.who, (weeks * 7).clamp(1, BUDGET_DAYS_MOST)).await.map(Some)
}

async fn rows(visit: &Visit) -> Result<Vec<SpanRow>, Error> {
    let kind = if visit.query.get("kind") == Some("drill") { Kind::Drill } else { Kind::Real };
    let from = begin(visit.now, weeks(visit));
    let until = visit.now.checked_add(SignedDuration::from_secs(1)).unwrap_or(visit.now);
    let mut rows = visit.engine.spans(&visit.who, kind, from, until).await?;
    if let Some(team) = visit.query.get("team") {
        rows.retain(|row| row.team == team);
    }
    Ok(rows)
}

fn weeks(visit: &Visit) -> i64 {
    visit.query.get("weeks").and_then(|weeks| weeks.parse().ok()).unwrap_or(13).clamp(1, WEEKS_MOST)
}

fn begin(now: Timestamp, weeks: i64) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(weeks * 168)).unwrap_or(Timestamp::MIN)
}

fn tally((name, definition, pick): &(&'static str, &'static str, Pick), rows: &[SpanRow]) -> Tally {
    let figure = Figure::of(rows.iter().filter_map(|row| pick(&row.spans)).collect());
    Tally { name, definition, blank: rows.len() - figure.count, figure }
}

fn table(title: &'static str, column: &'static str, rows: &[SpanRow], name: fn(&SpanRow) -> String) -> Table {
    let mut groups: BTreeMap<String, Vec<&SpanRow>> = BTreeMap::new();
    for row in rows {
        groups.entry(name(row)).or_default().push(row);
    }
    let group = |(name, rows): (String, Vec<&SpanRow>)| Group {
        name,
        incidents: rows.len(),
        figures: FIGURES.map(|(_, _, pick)| Figure::of(rows.iter().filter_map(|row| pick(&row.spans)).collect())),
    };
    Table { title, column, rows: groups.into_iter().map(group).collect() }
}
