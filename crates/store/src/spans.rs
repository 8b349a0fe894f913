//! The spans of incidents, for the figures of response.

use watchfire_core::Severity;
use watchfire_core::access::Scope;
use watchfire_core::incident::{Class, Kind};
use watchfire_core::metrics::Spans;
use watchfire_core::time::Timestamp;

use crate::statements::{Query, statements};
use crate::{Conn, Error, scoped};

statements! {
    SPANS = "SELECT i.class, i.severity, i.team, i.occurred_at, i.detected_at, i.acknowledged_at, i.resolved_at, i.created_at,
          i.commanded_at
        FROM incident i WHERE i.phase NOT IN ('dismissed', 'merged')";
}

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
/// dismissed and merged ones; of more than 20,000 the newest.
///
/// # Errors
/// What the database answers.
pub async fn between(conn: &mut Conn, scope: &Scope, kind: Kind, from: Timestamp, until: Timestamp) -> Result<Vec<Row>, Error> {
    let kind = match kind {
        Kind::Real => "real",
        Kind::Drill => "drill",
        Kind::Test => "test",
    };
    let query = Query::new(SPANS.text).and("i.kind = ?", kind).and("i.detected_at >= ?", from).and("i.detected_at < ?", until);
    let rows = conn.query(scoped::incidents(query, scope).ending("ORDER BY i.detected_at DESC", MOST)).await?;
    rows.iter()
        .map(|row| {
            let detected = row.time("detected_at")?;
            let since = |end: Option<Timestamp>, start: Option<Timestamp>| Some((end?.as_second() - start?.as_second()).max(0));
            Ok(Row {
                class: row.word("class", Class::parse)?,
                severity: row.opt_int("severity")?.and_then(Severity::from_level),
                team: row.text("team")?,
                detected_at: detected,
                spans: Spans {
                    to_detect_s: since(Some(detected), row.opt_time("occurred_at")?),
                    to_acknowledge_s: since(row.opt_time("acknowledged_at")?, Some(detected)),
                    to_resolve_s: since(row.opt_time("resolved_at")?, Some(detected)),
                    to_commander_s: since(row.opt_time("commanded_at")?, Some(row.time("created_at")?)),
                },
            })
        })
        .collect()
}
