//! The spans of incidents, for the figures of response.

use watchfire_core::Severity;
use watchfire_core::access::Scope;
use watchfire_core::incident::{Class, Kind};
use watchfire_core::metrics::Spans;
use watchfire_core::time::Timestamp;

use crate::statements::Query;
use crate::{Conn, Error, scoped};

/// One text with a line for each incident, its fields split by tabs: handing over ten thousand rows of nine columns takes four
/// times as long as reading them. Times are microseconds; what is missing is empty. Put together below, where it is ordered.
const SPANS: &str = "SELECT STRING_AGG(s.line, '\n') AS lines FROM (SELECT CAST(i.detected_at AS TEXT) || '\t' || i.class || '\t'
      || COALESCE(CAST(i.severity AS TEXT), '') || '\t' || COALESCE(CAST(i.occurred_at AS TEXT), '') || '\t'
      || COALESCE(CAST(i.acknowledged_at AS TEXT), '') || '\t' || COALESCE(CAST(i.resolved_at AS TEXT), '') || '\t'
      || CAST(i.created_at AS TEXT) || '\t' || COALESCE(CAST(i.commanded_at AS TEXT), '') || '\t' || REPLACE(i.team, '\n', ' ') AS line
    FROM incident i WHERE i.phase NOT IN ('dismissed', 'merged')";

/// How many incidents are looked at, at most.
const MOST: usize = 20_000;

/// One incident's spans.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub class: Class,
    pub severity: Option<Severity>,
    pub team: String,
    pub detected_at: Timestamp,
    pub spans: Spans,
}

/// Returns the spans of the incidents of a kind that were detected from `from` (inclusive) to `until` (exclusive), without
/// dismissed and merged ones; of more than 20,000 the newest. The last detected come first.
///
/// # Errors
/// What the database answers.
pub async fn between(conn: &mut Conn, scope: &Scope, kind: Kind, from: Timestamp, until: Timestamp) -> Result<Vec<Row>, Error> {
    let kind = match kind {
        Kind::Real => "real",
        Kind::Drill => "drill",
        Kind::Test => "test",
    };
    let query = Query::new(SPANS).and("i.kind = ?", kind).and("i.detected_at >= ?", from).and("i.detected_at < ?", until);
    let query = scoped::incidents(query, scope).ending("ORDER BY i.detected_at DESC", MOST).closed(") s");
    let rows = conn.query(query).await?;
    let lines = rows.first().map(|row| row.opt_text("lines")).transpose()?.flatten().unwrap_or_default();
    lines.lines().map(|line| row(line).ok_or_else(|| Error::Damaged("the spans of an incident".to_owned()))).collect()
}

/// Reads one line; `None` if it is none of ours.
fn row(line: &str) -> Option<Row> {
    let mut fields = line.splitn(9, '\t');
    let mut field = || fields.next();
    let detected = time(field()?)?;
    let class = Class::parse(field()?)?;
    let severity = field()?;
    let severity = if severity.is_empty() { None } else { Severity::from_level(severity.parse().ok()?) };
    let occurred = field()?;
    let (acknowledged, resolved) = (time(field()?), time(field()?));
    let (created, commanded) = (time(field()?)?, time(field()?));
    let since = |end: Option<Timestamp>, start: Timestamp| Some((end?.as_second() - start.as_second()).max(0));
    Some(Row {
        class,
        severity,
        team: field()?.to_owned(),
        detected_at: detected,
        spans: Spans {
            to_detect_s: time(occurred).map(|occurred| (detected.as_second() - occurred.as_second()).max(0)),
            to_acknowledge_s: since(acknowledged, detected),
            to_resolve_s: since(resolved, detected),
            to_commander_s: since(commanded, created),
        },
    })
}

/// Reads microseconds; `None` where nothing stands.
fn time(field: &str) -> Option<Timestamp> {
    Timestamp::from_microsecond(field.parse().ok()?).ok()
}
