//! How often people were told, for the budget of pages.

use watchfire_core::access::Scope;
use watchfire_core::id::IncidentId;
use watchfire_core::time::Timestamp;

use crate::statements::Query;
use crate::{Conn, Error, scoped};

/// One telling may go through several contacts: it counts once. Put together below, where it is grouped.
const TOLD: &str = "SELECT t.login, t.page_id, t.times, CAST(MAX(CASE WHEN t.night THEN 1 ELSE 0 END) AS BIGINT) AS nights,
      MIN(t.created_at) AS at, i.id AS incident_id, i.phase, i.rule
    FROM page_attempt t JOIN incident i ON i.id = t.incident_id
    WHERE i.kind = 'real'";

/// Tellings of one answer: more than a year of a large team.
const TOLD_MAX: usize = 100_000;

/// One telling of one person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    pub person: String,
    pub at: Timestamp,
    /// It was night where the person is.
    pub night: bool,
    pub incident: IncidentId,
    /// The incident was none: dismissed.
    pub dismissed: bool,
    /// The routing rule that raised it; empty if a person did.
    pub rule: String,
}

/// Returns who was told within a span about incidents that a scope shows, the first first; drills and tests are left out.
///
/// # Errors
/// What the database answers.
pub async fn told_between(conn: &mut Conn, scope: &Scope, from: Timestamp, until: Timestamp) -> Result<Vec<Told>, Error> {
    let query = Query::new(TOLD).and("t.created_at >= ?", from).and("t.created_at < ?", until);
    let grouped = "GROUP BY t.login, t.page_id, t.times, i.id, i.phase, i.rule ORDER BY at";
    let rows = conn.query(scoped::incidents(query, scope).ending(grouped, TOLD_MAX)).await?;
    let told = rows.iter().map(|row| {
        Ok(Told {
            person: row.text("login")?,
            at: row.time("at")?,
            night: row.int("nights")? > 0,
            incident: row.id("incident_id")?,
            dismissed: row.text("phase")? == "dismissed",
            rule: row.text("rule")?,
        })
    });
    told.collect()
}
