//! Reading incidents.

use std::collections::HashMap;

use watchfire_core::access::Scope;
use watchfire_core::codename::is_short_id;
use watchfire_core::id::{AlertId, IncidentId};
use watchfire_core::incident::{Class, Incident};

use super::{Filter, row};
use crate::args::{args, rows};
use crate::cursor::bounded;
use crate::statements::{Query, statements};
use crate::{Conn, Cursor, Error, Page, scoped};

statements! {
    INCIDENTS = "SELECT i.* FROM incident i WHERE TRUE";
    READERS = "SELECT COUNT(DISTINCT login) AS number FROM incident_reader WHERE incident_id = $1";
    // The newest alerts of a page's incidents by one question, a text of ids for each: handing over thousands of rows takes much longer
    // than reading them. Ids begin with the time of their making.
    ALERTS = "SELECT r.value ->> 'id' AS incident_id, (SELECT STRING_AGG(newest.alert_id, ' ') FROM (
          SELECT l.alert_id FROM incident_alert l WHERE l.incident_id = r.value ->> 'id' ORDER BY l.alert_id DESC LIMIT $2
        ) newest) AS alerts FROM EACH($1)";
}

/// How many rows a page that looks for text opens at most; the next page goes on from there.
const LOOKED_AT: usize = 2_000;

/// Returns an incident by id or short id (in either case); `None` if there is none or the scope does not show it.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, scope: &Scope, name: &str) -> Result<Option<Incident>, Error> {
    let query = Query::new(INCIDENTS.text);
    let query = if is_short_id(name) {
        query.and("i.short_id = ?", name.to_ascii_uppercase())
    } else {
        let Ok(id) = name.parse::<IncidentId>() else { return Ok(None) };
        query.and("i.id = ?", id)
    };
    let found = conn.query(scoped::incidents(query, scope)).await?;
    Ok(row::read(conn, &found).await?.pop())
}

/// Returns incidents, newest first.
///
/// # Errors
/// What the database answers.
pub async fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Page<Incident>, Error> {
    let limit = bounded(limit);
    let wanted = filter.text.as_deref().map(str::to_lowercase).filter(|text| !text.is_empty());
    let mut after = after.cloned();
    let (mut items, mut looked_at) = (Vec::new(), 0);
    loop {
        let page = page(conn, scope, filter, after.as_ref(), limit).await?;
        let full = page.len() > limit;
        for incident in page.into_iter().take(limit) {
            looked_at += 1;
            after = Some(Cursor { at: 0, id: incident.id.to_string() });
            if wanted.as_deref().is_none_or(|text| holds(&incident, text)) {
                items.push(incident);
                if items.len() == limit {
                    let next = after.filter(|_| full || items.len() < looked_at);
                    return Ok(Page { items, next });
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

/// Returns those of these incidents that the scope shows, in no order, by one question.
///
/// # Errors
/// What the database answers.
pub async fn visible(conn: &mut Conn, scope: &Scope, ids: &[IncidentId]) -> Result<Vec<Incident>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let words: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let query = scoped::incidents(Query::new(INCIDENTS.text).and_any("i.id", &words), scope);
    let found = conn.query(query.ending("ORDER BY i.id", ids.len())).await?;
    row::read(conn, &found).await
}

/// Returns the ids of the alerts linked to these incidents, of each the newest, at most `limit`, the newest first; an incident without
/// alerts is left out. Ask within a scope first whether the incidents may be seen: whoever sees an incident sees its alerts.
///
/// # Errors
/// What the database answers.
pub async fn alert_ids(conn: &mut Conn, ids: &[IncidentId], limit: usize) -> Result<HashMap<IncidentId, Vec<AlertId>>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let asked = rows(ids.iter().map(|id| serde_json::json!({ "id": id })).collect());
    let found = conn.fetch(&ALERTS, vec![asked, limit.into()]).await?;
    let mut all = HashMap::new();
    for row in &found {
        let Some(text) = row.opt_text("alerts")? else { continue };
        let alerts = text.split(' ').map(|id| id.parse().map_err(|_| Error::Damaged("the id of a linked alert".to_owned())));
        let mut alerts = alerts.collect::<Result<Vec<AlertId>, Error>>()?;
        alerts.sort_unstable_by(|a, b| b.cmp(a));
        all.insert(row.id("incident_id")?, alerts);
    }
    Ok(all)
}

/// Returns how many people may see an incident by a role or a grant.
///
/// # Errors
/// What the database answers.
pub async fn reader_count(conn: &mut Conn, id: IncidentId) -> Result<i64, Error> {
    conn.first(&READERS, args![id]).await?.map_or(Ok(0), |row| row.int("number"))
}

/// Reads one incident more than `limit`. Each phase has its own index range, so several are read one after the other; what one
/// commander leads is few.
async fn page(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Incident>, Error> {
    let words: Vec<String> = filter.phases.iter().map(|phase| phase.as_str().to_owned()).collect();
    let together = words.len() < 2 || filter.commander.is_some();
    let phases: Vec<&[String]> = if together { vec![&words] } else { words.chunks(1).collect() };
    let mut severities: Vec<i64> = filter.severities.iter().map(|severity| i64::from(severity.level())).collect();
    if filter.severity_unknown {
        severities.push(0);
    }
    let mut found = Vec::new();
    for phase in &phases {
        let query = Query::new(INCIDENTS.text)
            .and_any("i.phase", phase)
            .and_if("i.class = ?", filter.class.map(Class::as_str))
            .and_if("i.team = ?", filter.team.as_deref())
            .and_if("i.commander = ?", filter.commander.as_deref())
            .and_if("i.kind = ?", filter.kind.as_ref().map(row::word))
            .and_if("i.visibility = ?", filter.visibility.as_ref().map(row::word))
            .and_if(
                "EXISTS (SELECT 1 FROM incident_person mine WHERE mine.incident_id = i.id AND mine.login = ?)",
                filter.person.as_deref(),
            )
            .and_any("(SELECT q.accountable FROM responsibility q WHERE q.incident_id = i.id)", &filter.accountable)
            .and_any_int("COALESCE(i.severity, 0)", &severities)
            .and_if("i.id < ?", after.map(|cursor| cursor.id.as_str()));
        found.extend(conn.query(scoped::incidents(query, scope).ending("ORDER BY i.id DESC", limit + 1)).await?);
    }
    let mut incidents = row::read(conn, &found).await?;
    if phases.len() > 1 {
        incidents.sort_by_key(|incident| std::cmp::Reverse(incident.id));
        incidents.truncate(limit + 1);
    }
    Ok(incidents)
}

fn holds(incident: &Incident, text: &str) -> bool {
    let has = |value: &str| value.to_lowercase().contains(text);
    has(&incident.title) || has(&incident.summary) || has(&incident.short_id) || has(&incident.codename)
}
