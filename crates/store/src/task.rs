//! Tasks of incidents; their titles are sealed.

use watchfire_core::id::{IncidentId, TaskId};
use watchfire_core::incident::{Task, TaskState};

use crate::args::{args, rows};
use crate::db::Row;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO task (id, incident_id, number, sealed, owner, state, due_at, created_at, changed_at, team,
          consult, consulted_by, consulted_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    SAVE = "UPDATE task SET sealed = $4, owner = $5, state = $6, due_at = $7, created_at = $8, changed_at = $9,
          team = $10, consult = $11, consulted_by = $12, consulted_at = $13
        WHERE id = $1 AND incident_id = $2 AND number = $3";
    GET = "SELECT * FROM task WHERE id = $1";
    LIST = "SELECT * FROM task WHERE incident_id = $1 ORDER BY number LIMIT 1000";
    OPEN = "SELECT t.incident_id, COUNT(*) AS number FROM EACH($1) JOIN task t ON t.incident_id = r.value ->> 'id'
        WHERE t.state IN ('open', 'accepted', 'doing') GROUP BY t.incident_id";
    OPEN_OWNERS = "SELECT DISTINCT t.incident_id, t.owner FROM EACH($1) JOIN task t ON t.incident_id = r.value ->> 'id'
        WHERE t.state IN ('open', 'accepted', 'doing') AND t.owner IS NOT NULL ORDER BY t.incident_id, t.owner LIMIT 10000";
    OF_OWNER = "SELECT t.* FROM task t WHERE t.owner = $1 AND t.state IN ('open', 'accepted', 'doing')
        ORDER BY COALESCE(t.due_at, 9223372036854775807), t.id LIMIT $2";
    OVERDUE = "SELECT t.incident_id, COUNT(*) AS number FROM EACH($1) JOIN task t ON t.incident_id = r.value ->> 'id'
        WHERE t.state IN ('open', 'accepted', 'doing') AND t.due_at < $2 GROUP BY t.incident_id";
    NEXT = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM task WHERE incident_id = $1";
}

/// Stores a new task.
///
/// # Errors
/// [`Error::Conflict`] if another task of the incident has the number.
pub async fn insert(tx: &mut Tx, task: &Task) -> Result<(), Error> {
    let args = columns(tx, task).await?;
    tx.execute(&INSERT, args).await.map(drop)
}

/// Saves a changed task.
///
/// # Errors
/// [`Error::Conflict`] if there is none.
pub async fn save(tx: &mut Tx, task: &Task) -> Result<(), Error> {
    let args = columns(tx, task).await?;
    if tx.execute(&SAVE, args).await? == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// Returns a task.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, id: TaskId) -> Result<Option<Task>, Error> {
    match conn.first(&GET, args![id]).await? {
        Some(row) => task(conn, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Returns an incident's tasks by number. Ask [`crate::incident::get`] first whether the incident may be seen.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Task>, Error> {
    let rows = conn.fetch(&LIST, args![incident]).await?;
    let mut tasks = Vec::with_capacity(rows.len());
    for row in &rows {
        tasks.push(task(conn, row).await?);
    }
    Ok(tasks)
}

/// Returns how many tasks of incidents are open; incidents without one are left out.
///
/// # Errors
/// What the database answers.
pub async fn open_counts(conn: &mut Conn, incidents: &[IncidentId]) -> Result<Vec<(IncidentId, i64)>, Error> {
    let asked = rows(incidents.iter().map(|id| serde_json::json!({ "id": id })).collect());
    let found = conn.fetch(&OPEN, vec![asked]).await?;
    found.iter().map(|row| Ok((row.id("incident_id")?, row.int("number")?))).collect()
}

/// Returns who owns open tasks of incidents, each person once for each incident, at most 10,000.
///
/// # Errors
/// What the database answers.
pub async fn open_owners(conn: &mut Conn, incidents: &[IncidentId]) -> Result<Vec<(IncidentId, String)>, Error> {
    let asked = rows(incidents.iter().map(|id| serde_json::json!({ "id": id })).collect());
    let found = conn.fetch(&OPEN_OWNERS, vec![asked]).await?;
    found.iter().map(|row| Ok((row.id("incident_id")?, row.text("owner")?))).collect()
}

/// Returns how many open tasks of incidents are past their time; incidents without one are left out.
///
/// # Errors
/// What the database answers.
pub async fn overdue_counts(
    conn: &mut Conn,
    incidents: &[IncidentId],
    now: watchfire_core::time::Timestamp,
) -> Result<Vec<(IncidentId, i64)>, Error> {
    let asked = rows(incidents.iter().map(|id| serde_json::json!({ "id": id })).collect());
    let found = conn.fetch(&OVERDUE, vec![asked, now.into()]).await?;
    found.iter().map(|row| Ok((row.id("incident_id")?, row.int("number")?))).collect()
}

/// Returns the open tasks of an owner over all incidents, the next due first, unscoped: ask
/// [`crate::incident::by_ids`] within the scope which of their incidents may be seen.
///
/// # Errors
/// What the database answers.
pub async fn of_owner(conn: &mut Conn, owner: &str, limit: usize) -> Result<Vec<Task>, Error> {
    let rows = conn.fetch(&OF_OWNER, args![owner, limit]).await?;
    let mut tasks = Vec::with_capacity(rows.len());
    for row in &rows {
        tasks.push(task(conn, row).await?);
    }
    Ok(tasks)
}

/// Returns the number of an incident's next task.
///
/// # Errors
/// What the database answers.
pub async fn next_number(conn: &mut Conn, incident: IncidentId) -> Result<i64, Error> {
    conn.first(&NEXT, args![incident]).await?.map_or(Ok(1), |row| row.int("number"))
}

async fn columns(tx: &mut Tx, task: &Task) -> Result<Vec<crate::args::Value>, Error> {
    let id = task.id.to_string();
    let sealed = tx.seal(&place(&id, task.incident), task.title.as_bytes()).await?;
    Ok(args![
        &id,
        task.incident,
        task.number,
        sealed,
        task.owner.as_deref(),
        task.state.as_str(),
        task.due_at,
        task.created_at,
        task.changed_at,
        task.team.as_deref(),
        task.consult,
        task.consulted_by.as_deref(),
        task.consulted_at,
    ])
}

async fn task(conn: &mut Conn, row: &Row) -> Result<Task, Error> {
    let incident = row.id("incident_id")?;
    let title = conn.open_text(&place(&row.text("id")?, incident), &row.blob("sealed")?).await?;
    Ok(Task {
        id: row.id("id")?,
        incident,
        number: row.int("number")?,
        title: title.unwrap_or_else(|| "(erased)".to_owned()),
        owner: row.opt_text("owner")?,
        state: row.word("state", TaskState::parse)?,
        due_at: row.opt_time("due_at")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
        team: row.opt_text("team")?,
        consult: row.bool("consult")?,
        consulted_by: row.opt_text("consulted_by")?,
        consulted_at: row.opt_time("consulted_at")?,
    })
}

fn place(id: &str, incident: IncidentId) -> Place<'_> {
    Place { table: "task", row: id, field: "sealed", incident: Some(incident) }
}
