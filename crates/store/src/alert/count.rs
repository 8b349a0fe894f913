//! How many alerts there are.

use std::collections::BTreeMap;

use watchfire_core::access::Scope;
use watchfire_core::alert::Status;

use crate::incident::any_hidden;
use crate::statements::Query;
use crate::{Conn, Error, scoped, tally};

/// Begins of queries that end with a scope's condition and `GROUP BY`: the alerts of incidents that not everybody sees. The
/// incidents are looked at first, by their own index.
const HIDDEN: &str = "SELECT a.status, COUNT(*) AS number FROM alert a WHERE a.id IN (
    SELECT l.alert_id FROM incident i CROSS JOIN incident_alert l
    WHERE (i.visibility = 'restricted' OR i.sensitivity <> 'normal') AND l.incident_id = i.id)";
/// And those of incidents that not even every owner sees.
const SHUT: &str = "SELECT a.status, COUNT(*) AS number FROM alert a WHERE a.id IN (
    SELECT l.alert_id FROM incident i CROSS JOIN incident_alert l WHERE i.sensitivity <> 'normal' AND l.incident_id = i.id)";
const OWN: &str = "SELECT a.status, COUNT(*) AS number FROM alert a WHERE TRUE";

/// Returns how many alerts of each status the scope shows.
///
/// # Errors
/// What the database answers.
pub async fn counts(conn: &mut Conn, scope: &Scope) -> Result<BTreeMap<&'static str, i64>, Error> {
    let mut counts: BTreeMap<&'static str, i64> = Status::ALL.into_iter().map(|status| (status.as_str(), 0)).collect();
    if !scope.sees_open() && !scope.sees_everything() {
        let mut query = scoped::alerts(Query::new(OWN), scope);
        query.text.push_str(" GROUP BY a.status");
        for row in conn.query(query).await? {
            *counts.entry(row.word("status", Status::parse)?.as_str()).or_default() += row.int("number")?;
        }
        return Ok(counts);
    }
    for (name, value) in tally::under(conn, "alerts.").await? {
        if let Some(status) = Status::parse(&name) {
            counts.insert(status.as_str(), value);
        }
    }
    if !scope.sees_everything() && any_hidden(conn, scope).await? {
        // What belongs to a hidden incident is taken off, and what of that is visible after all put back.
        let hidden = if scope.sees_restricted() { SHUT } else { HIDDEN };
        let mut query = Query::new(hidden);
        query.text.push_str(" GROUP BY a.status");
        for row in conn.query(query).await? {
            *counts.entry(row.word("status", Status::parse)?.as_str()).or_default() -= row.int("number")?;
        }
        let mut query = scoped::alerts(Query::new(hidden), scope);
        query.text.push_str(" GROUP BY a.status");
        for row in conn.query(query).await? {
            *counts.entry(row.word("status", Status::parse)?.as_str()).or_default() += row.int("number")?;
        }
    }
    Ok(counts)
}
