//! How often people were told, for the budget of pages.

use watchfire_core::access::Scope;
use watchfire_core::time::Timestamp;

use crate::statements::Query;
use crate::{Conn, Error, scoped};

/// One telling may go through several contacts: it counts once. The window counts those of the same person that begin with one
/// and lie within a shift. Put together below, where it is grouped.
const TOLD: &str = "SELECT r.login, r.rule, COUNT(*) AS pages, CAST(SUM(r.night) AS BIGINT) AS nights,
      CAST(SUM(r.idle) AS BIGINT) AS idle, MAX(r.shift) AS worst_shift
    FROM (SELECT o.login, o.rule, o.night, o.idle,
        COUNT(*) OVER (PARTITION BY o.login ORDER BY o.at RANGE BETWEEN CURRENT ROW AND $1 FOLLOWING) AS shift
      FROM (SELECT t.login, MAX(i.rule) AS rule, MIN(t.created_at) AS at, MAX(CASE WHEN t.night THEN 1 ELSE 0 END) AS night,
          MAX(CASE WHEN i.phase = 'dismissed' THEN 1 ELSE 0 END) AS idle
        FROM page_attempt t JOIN incident i ON i.id = t.incident_id
        WHERE i.kind = 'real'";
const GROUPED: &str = "GROUP BY t.login, t.page_id, t.times) o) r GROUP BY r.login, r.rule ORDER BY r.login, r.rule";

/// Pairs of a person and a rule in one answer.
const TOLD_MAX: usize = 100_000;

/// How often one person was told by one rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    pub person: String,
    /// The routing rule that raised the incident; empty if a person did.
    pub rule: String,
    /// Tellings; one through several contacts is one.
    pub pages: i64,
    /// Of them, those when it was night where the person is.
    pub nights: i64,
    /// Of them, those about incidents that were none: dismissed.
    pub non_actionable: i64,
    /// The most within one shift that begins with one of them, whichever rules caused the others.
    pub worst_shift: i64,
}

/// Returns how often who was told within a span about incidents that a scope shows, by person and rule; drills and tests are
/// left out. `shift` is the length of a shift in microseconds.
///
/// # Errors
/// What the database answers.
pub async fn told_between(
    conn: &mut Conn,
    scope: &Scope,
    from: Timestamp,
    until: Timestamp,
    shift: i64,
) -> Result<Vec<Told>, Error> {
    // The end of a shift is not in it.
    let query = Query::new(TOLD).bound(shift.saturating_sub(1).max(0));
    let query = query.and("t.created_at >= ?", from).and("t.created_at < ?", until);
    let rows = conn.query(scoped::incidents(query, scope).ending(GROUPED, TOLD_MAX)).await?;
    let told = rows.iter().map(|row| {
        Ok(Told {
            person: row.text("login")?,
            rule: row.text("rule")?,
            pages: row.int("pages")?,
            nights: row.int("nights")?,
            non_actionable: row.int("idle")?,
            worst_shift: row.int("worst_shift")?,
        })
    });
    told.collect()
}
