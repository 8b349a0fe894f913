//! Reading alerts.

use serde_json::json;
use watchfire_core::access::Scope;
use watchfire_core::alert::DedupKey;
use watchfire_core::id::{AlertId, EventId, IncidentId, SourceId};
use watchfire_core::time::micros;

use super::{Alert, Filter, row};
use crate::args::{args, rows};
use crate::cursor::bounded;
use crate::statements::{Query, statements};
use crate::{Conn, Cursor, Error, Page, scoped};

statements! {
    ALERTS = "SELECT a.*, s.name AS source_name, s.kind AS source_kind
        FROM alert a LEFT JOIN source s ON s.id = a.source_id WHERE TRUE";
    BY_KEYS = "SELECT a.*, s.name AS source_name, s.kind AS source_kind FROM EACH($1)
        JOIN alert a ON a.source_id = r.value ->> 'source' AND a.dedup_key = r.value ->> 'key'
        LEFT JOIN source s ON s.id = a.source_id";
    BY_GROUPS = "SELECT a.*, s.name AS source_name, s.kind AS source_kind FROM EACH($1)
        JOIN alert a ON a.group_key = r.value ->> 'group' LEFT JOIN source s ON s.id = a.source_id ORDER BY a.id";
    // One alert for each row: the group's own, or any of its parts.
    // The ids are found first, or PostgreSQL would look for them once for each alert that there is; the order is that of the index,
    // or it would walk all alerts by id.
    REPRESENTATIVES = "WITH one AS MATERIALIZED (
            SELECT (SELECT m.id FROM alert m WHERE m.group_key = r.value ->> 'group'
                AND m.speaks_for_group = CAST(r.value ->> 'whole' AS BOOLEAN) ORDER BY m.group_key, m.speaks_for_group, m.id LIMIT 1) AS id FROM EACH($1))
        SELECT a.*, s.name AS source_name, s.kind AS source_kind FROM one
        JOIN alert a ON a.id = one.id LEFT JOIN source s ON s.id = a.source_id ORDER BY a.id";
    OPEN_IN_SNAPSHOT = "SELECT a.*, s.name AS source_name, s.kind AS source_kind
        FROM alert a LEFT JOIN source s ON s.id = a.source_id
        WHERE a.source_id = $1 AND a.snapshot_scope = $2 AND a.status <> 'resolved' ORDER BY a.id";
    INCIDENTS_OF = "SELECT l.incident_id FROM incident_alert l JOIN incident i ON i.id = l.incident_id WHERE TRUE";
}

/// How many rows a page that looks for text opens at most; the next page goes on from there.
const LOOKED_AT: usize = 2_000;

/// Returns the alerts under these keys, for triage.
///
/// # Errors
/// What the database answers.
pub async fn by_keys(conn: &mut Conn, keys: &[(SourceId, DedupKey)]) -> Result<Vec<Alert>, Error> {
    let asked = keys.iter().map(|(source, key)| json!({ "source": source, "key": row::key(key.as_str()) })).collect();
    let found = conn.fetch(&BY_KEYS, vec![rows(asked)]).await?;
    row::read(conn, &found).await
}

/// Returns the alerts of these groups, of any source, for triage.
///
/// # Errors
/// What the database answers.
pub async fn by_groups(conn: &mut Conn, groups: &[String]) -> Result<Vec<Alert>, Error> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let asked = groups.iter().map(|group| json!({ "group": row::key(group) })).collect();
    let found = conn.fetch(&BY_GROUPS, vec![rows(asked)]).await?;
    row::read(conn, &found).await
}

/// Returns of each of these groups the alert that speaks for it and one of its parts, where there are such: enough to
/// tell what a further part is, however many there are already.
///
/// # Errors
/// What the database answers.
pub async fn representatives(conn: &mut Conn, groups: &[String]) -> Result<Vec<Alert>, Error> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let both = groups.iter().flat_map(|group| [true, false].map(|whole| json!({ "group": row::key(group), "whole": whole })));
    let found = conn.fetch(&REPRESENTATIVES, vec![rows(both.collect())]).await?;
    row::read(conn, &found).await
}

/// Returns the alerts of a report that are not resolved, for triage.
///
/// # Errors
/// What the database answers.
pub async fn open_in_snapshot(conn: &mut Conn, source: SourceId, snapshot: &str) -> Result<Vec<Alert>, Error> {
    let found = conn.fetch(&OPEN_IN_SNAPSHOT, args![source, row::key(snapshot)]).await?;
    row::read(conn, &found).await
}

/// Returns an alert; `None` if there is none or the scope does not show it.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, scope: &Scope, id: AlertId) -> Result<Option<Alert>, Error> {
    let query = scoped::alerts(Query::new(ALERTS.text).and("a.id = ?", id), scope);
    let found = conn.query(query).await?;
    Ok(row::read(conn, &found).await?.pop())
}

/// Returns the alerts that an event spoke of.
///
/// # Errors
/// What the database answers.
pub async fn of_event(conn: &mut Conn, scope: &Scope, event: EventId) -> Result<Vec<Alert>, Error> {
    let query = Query::new(ALERTS.text).and("a.id IN (SELECT c.alert_id FROM receipt c WHERE c.event_id = ?)", event);
    let found = conn.query(scoped::alerts(query, scope).ending("ORDER BY a.id", 5_000)).await?;
    row::read(conn, &found).await
}

/// Returns the alerts of an incident, in order of their making.
///
/// # Errors
/// What the database answers.
pub async fn of_incident(conn: &mut Conn, scope: &Scope, incident: IncidentId, limit: usize) -> Result<Vec<Alert>, Error> {
    let query = Query::new(ALERTS.text).and(OF_INCIDENT, incident);
    let found = conn.query(scoped::alerts(query, scope).ending("ORDER BY a.id", limit)).await?;
    row::read(conn, &found).await
}

/// Returns the incidents that an alert belongs to.
///
/// # Errors
/// What the database answers.
pub async fn incidents_of(conn: &mut Conn, scope: &Scope, alert: AlertId) -> Result<Vec<IncidentId>, Error> {
    let query = Query::new(INCIDENTS_OF.text).and("l.alert_id = ?", alert);
    let found = conn.query(scoped::incidents(query, scope).ending("ORDER BY l.incident_id", 200)).await?;
    found.iter().map(|row| row.id("incident_id")).collect()
}

const OF_INCIDENT: &str = "a.id IN (SELECT l.alert_id FROM incident_alert l WHERE l.incident_id = ?)";

/// Returns alerts, those first whose status changed last.
///
/// # Errors
/// What the database answers.
pub async fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Page<Alert>, Error> {
    let limit = bounded(limit);
    let wanted = filter.text.as_deref().map(str::to_lowercase).filter(|text| !text.is_empty());
    let mut after = after.cloned();
    let (mut items, mut looked_at) = (Vec::new(), 0);
    loop {
        let page = page(conn, scope, filter, after.as_ref(), limit).await?;
        let full = page.len() > limit;
        for alert in page.into_iter().take(limit) {
            looked_at += 1;
            after = Some(Cursor { at: micros(alert.current.changed_at), id: alert.id.to_string() });
            if wanted.as_deref().is_none_or(|text| holds(&alert, text)) {
                items.push(alert);
                if items.len() == limit {
                    return Ok(Page { items, next: after });
                }
            }
        }
        if !full {
            return Ok(Page { items, next: None });
        }
        if looked_at >= LOOKED_AT {
            return Ok(Page { items, next: after });
        }
    }
}

/// Reads one page more than `limit` by the order of change. Each status has its own index range, so several statuses are
/// read one after the other and merged.
async fn page(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Alert>, Error> {
    let statuses: Vec<_> =
        if filter.statuses.is_empty() { vec![None] } else { filter.statuses.iter().copied().map(Some).collect() };
    let severities: Vec<i64> = filter.severities.iter().map(|severity| i64::from(severity.level())).collect();
    let mut found = Vec::new();
    for status in &statuses {
        let mut query = Query::new(ALERTS.text)
            .and_if("a.status = ?", status.map(watchfire_core::alert::Status::as_str))
            .and_if("a.source_id = ?", filter.source)
            .and_if("a.team = ?", filter.team.as_deref())
            .and_if(OF_INCIDENT, filter.incident)
            .and_any_int("a.severity", &severities);
        if let Some(after) = after {
            query = query.and_before("(a.changed_at, a.id)", after.at, &after.id);
        }
        let query = scoped::alerts(query, scope).ending("ORDER BY a.changed_at DESC, a.id DESC", limit + 1);
        found.extend(conn.query(query).await?);
    }
    let mut alerts = row::read(conn, &found).await?;
    if statuses.len() > 1 {
        alerts.sort_by_key(|alert| std::cmp::Reverse((alert.current.changed_at, alert.id)));
        alerts.truncate(limit + 1);
    }
    Ok(alerts)
}

fn holds(alert: &Alert, text: &str) -> bool {
    let has = |value: &str| value.to_lowercase().contains(text);
    has(&alert.title)
        || alert.resource.as_deref().is_some_and(has)
        || has(alert.dedup_key.as_str())
        || alert.labels.values().any(|value| has(value))
}
