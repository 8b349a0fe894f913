//! Pages.

use serde_json::json;
use watchfire_core::access::Scope;
use watchfire_core::escalation::{self, Policy};
use watchfire_core::id::{IncidentId, PageId};
use watchfire_core::time::Timestamp;

use crate::args::{args, rows, storable};
use crate::cursor::bounded;
use crate::db::Row;
use crate::keys::Place;
use crate::statements::{Query, statements};
use crate::{Conn, Cursor, Error, Tx, scoped};

statements! {
    INSERT = "INSERT INTO page (id, incident_id, purpose, policy, plan_version, status, state, sealed, begun_by, created_at,
          changed_at, ended_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (incident_id, purpose) DO NOTHING";
    SAVE = "UPDATE page SET status = $2, state = $3, changed_at = $4, ended_at = $5, version = version + 1
        WHERE id = $1 AND version = $6";
    GET = "SELECT p.* FROM page p WHERE p.id = $1";
    OF_INCIDENT = "SELECT p.* FROM page p WHERE p.incident_id = $1 ORDER BY p.id LIMIT 1000";
    OPEN_OF = "SELECT p.* FROM page_person w JOIN page p ON p.id = w.page_id
        WHERE w.login = $1 AND w.is_open = TRUE ORDER BY p.id LIMIT 1000";
    PAGES = "SELECT p.* FROM page p JOIN incident i ON i.id = p.incident_id WHERE TRUE";
    OPEN_PAGES_OF = "SELECT p.* FROM page_person w CROSS JOIN page p CROSS JOIN incident i
        WHERE p.id = w.page_id AND i.id = p.incident_id AND w.login = $1 AND w.is_open = TRUE";
    PEOPLE_CLEAR = "DELETE FROM page_person WHERE page_id = $1";
    PEOPLE_ADD = "INSERT INTO page_person (page_id, login, answer, told_at, is_open)
        SELECT $2, r.value ->> 'login', r.value ->> 'answer', CAST(r.value ->> 'at' AS BIGINT), $3 FROM EACH($1) WHERE TRUE
        ON CONFLICT DO NOTHING";
    // Steps from each team to the next in the index: its cost is that of the teams, not of the alerts.
    TEAMS = "WITH RECURSIVE involved (team) AS (
            SELECT MIN(l.team) FROM incident_alert l WHERE l.incident_id = $1
            UNION ALL
            SELECT (SELECT MIN(l.team) FROM incident_alert l WHERE l.incident_id = $1 AND l.team > involved.team)
            FROM involved WHERE involved.team IS NOT NULL)
        SELECT team FROM involved WHERE team <> '' LIMIT 100";
}

/// A page as kept.
#[derive(Clone, PartialEq, Debug)]
pub struct Page {
    pub id: PageId,
    pub incident: IncidentId,
    /// What it is for; one page per incident and purpose, so that the same cause pages once.
    pub purpose: String,
    /// The policy as it was when the page began: plans that change meanwhile do not reach it.
    pub policy: Policy,
    pub plan_version: String,
    pub state: escalation::Page,
    /// Why it began, in words.
    pub reason: String,
    /// The login, source or duty that began it.
    pub begun_by: String,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    /// When it was acknowledged or withdrawn.
    pub ended_at: Option<Timestamp>,
    /// Counts changes from 1; [`save`] refuses to save over a newer one.
    pub version: i64,
}

/// Which pages are wanted; what is left out does not narrow.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    pub incident: Option<IncidentId>,
    /// Only pages that told this login.
    pub person: Option<String>,
    /// Only those that still await an answer.
    pub open: bool,
}

/// Stores a new page. Returns `false` if the incident has one for the purpose already.
///
/// # Errors
/// What the database answers.
pub async fn insert(tx: &mut Tx, page: &Page) -> Result<bool, Error> {
    let (policy, state) = texts(page)?;
    let id = page.id.to_string();
    let sealed = tx.seal(&place(&id, page.incident), page.reason.as_bytes()).await?;
    let args = args![
        id,
        page.incident,
        &page.purpose,
        policy,
        &page.plan_version,
        page.state.status.as_str(),
        state,
        sealed,
        &page.begun_by,
        page.created_at,
        page.changed_at,
        page.ended_at,
        page.version
    ];
    if tx.execute(&INSERT, args).await? == 0 {
        return Ok(false);
    }
    people(tx, page).await?;
    Ok(true)
}

/// Saves a changed page, which carries the version that was read.
///
/// # Errors
/// [`Error::Conflict`] if somebody else changed it since.
pub async fn save(tx: &mut Tx, page: &Page) -> Result<(), Error> {
    let (_, state) = texts(page)?;
    let args = args![page.id, page.state.status.as_str(), state, page.changed_at, page.ended_at, page.version];
    if tx.execute(&SAVE, args).await? == 0 {
        return Err(Error::Conflict);
    }
    tx.execute(&PEOPLE_CLEAR, args![page.id]).await?;
    people(tx, page).await
}

/// Returns a page, whoever asks: the caller has to ask whether its incident may be seen.
///
/// # Errors
/// What the database answers.
pub async fn page(conn: &mut Conn, id: PageId) -> Result<Option<Page>, Error> {
    match conn.first(&GET, args![id]).await? {
        Some(row) => read(conn, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Returns an incident's pages, the oldest first.
///
/// # Errors
/// What the database answers.
pub async fn of_incident(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Page>, Error> {
    let rows = conn.fetch(&OF_INCIDENT, args![incident]).await?;
    read_all(conn, &rows).await
}

/// Returns the pages that have told somebody and still await an answer.
///
/// # Errors
/// What the database answers.
pub async fn open_of_person(conn: &mut Conn, login: &str) -> Result<Vec<Page>, Error> {
    let rows = conn.fetch(&OPEN_OF, args![login]).await?;
    read_all(conn, &rows).await
}

/// Returns one page of the pages that a scope shows, the newest first.
///
/// # Errors
/// What the database answers.
pub async fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<crate::Page<Page>, Error> {
    let limit = bounded(limit);
    // Somebody's open pages are found by their own index, in its order; all others by that of the pages.
    let theirs = filter.person.as_deref().filter(|_| filter.open);
    let (query, order) = match theirs {
        Some(login) => (Query::new(OPEN_PAGES_OF.text).bound(login), "ORDER BY w.page_id DESC"),
        None => (Query::new(PAGES.text), "ORDER BY p.id DESC"),
    };
    let person = filter.person.as_deref().filter(|_| theirs.is_none());
    let mut query = query
        .and_if("p.incident_id = ?", filter.incident)
        .and_if("EXISTS (SELECT 1 FROM page_person w WHERE w.page_id = p.id AND w.login = ?)", person)
        .and_if("p.id < ?", after.map(|cursor| cursor.id.as_str()));
    if filter.open && theirs.is_none() {
        query = query.and_plain("p.ended_at IS NULL");
    }
    let rows = conn.query(scoped::incidents(query, scope).ending(order, limit + 1)).await?;
    let mut items = read_all(conn, &rows).await?;
    let full = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| full).map(|page| Cursor { at: 0, id: page.id.to_string() });
    Ok(crate::Page { items, next })
}

/// Returns the teams that an incident's alerts had when they were put to it, in order, 100 at most.
///
/// # Errors
/// What the database answers.
pub async fn teams_of(conn: &mut Conn, incident: IncidentId) -> Result<Vec<String>, Error> {
    conn.fetch(&TEAMS, args![incident]).await?.iter().map(|row| row.text("team")).collect()
}

async fn people(tx: &mut Tx, page: &Page) -> Result<(), Error> {
    let told = page.state.recipients.iter().map(|told| {
        let at = watchfire_core::time::micros(told.told_at);
        json!({ "login": storable(&told.person), "answer": told.answer.as_str(), "at": at })
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() {
        return Ok(());
    }
    let mut args = vec![rows(told)];
    args.extend(args![page.id, page.ended_at.is_none()]);
    tx.execute(&PEOPLE_ADD, args).await.map(drop)
}

async fn read_all(conn: &mut Conn, rows: &[Row]) -> Result<Vec<Page>, Error> {
    let sealed = rows.iter().map(|row| row.blob("sealed")).collect::<Result<Vec<_>, _>>()?;
    conn.load_keys(sealed.iter().map(Vec::as_slice)).await?;
    let mut pages = Vec::with_capacity(rows.len());
    for row in rows {
        pages.push(read(conn, row).await?);
    }
    Ok(pages)
}

async fn read(conn: &mut Conn, row: &Row) -> Result<Page, Error> {
    let incident = row.id("incident_id")?;
    let reason = conn.open_text(&place(&row.text("id")?, incident), &row.blob("sealed")?).await?;
    Ok(Page {
        id: row.id("id")?,
        incident,
        purpose: row.text("purpose")?,
        policy: row.json("policy")?,
        plan_version: row.text("plan_version")?,
        state: row.json("state")?,
        reason: reason.unwrap_or_default(),
        begun_by: row.text("begun_by")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
        ended_at: row.opt_time("ended_at")?,
        version: row.int("version")?,
    })
}

fn texts(page: &Page) -> Result<(String, String), Error> {
    let policy = serde_json::to_string(&page.policy).map_err(Error::damaged)?;
    Ok((policy, serde_json::to_string(&page.state).map_err(Error::damaged)?))
}

fn place(row: &str, incident: IncidentId) -> Place<'_> {
    Place { table: "page", row, field: "sealed", incident: Some(incident) }
}
