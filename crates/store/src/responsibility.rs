//! Who answers for an incident: responsible, accountable, consulted.

use serde_json::json;
use watchfire_core::id::IncidentId;

use crate::args::{args, rows, storable};
use crate::db::Row;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    PUT = "INSERT INTO responsibility (incident_id, source, responsible, accountable, consulted)
        SELECT r.value ->> 'incident', r.value ->> 'source', r.value ->> 'responsible', r.value ->> 'accountable',
          r.value ->> 'consulted' FROM EACH($1) WHERE TRUE
        ON CONFLICT (incident_id) DO UPDATE SET source = excluded.source, responsible = excluded.responsible,
          accountable = excluded.accountable, consulted = excluded.consulted";
    GET = "SELECT * FROM responsibility WHERE incident_id = $1";
    OPEN = "SELECT q.* FROM incident i JOIN responsibility q ON q.incident_id = i.id
        WHERE q.accountable IS NOT NULL AND i.kind = 'real' AND i.id > $1
          AND i.phase IN ('reported', 'triaged', 'declared', 'contained', 'eradicated', 'recovered')
        ORDER BY i.id LIMIT $2";
}

/// Who answers for an incident, in the words of the plans: `team platform`, `schedule seoc`, `owners`, a login.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Responsibility {
    pub incident: IncidentId,
    /// The source of the alert that raised it; empty if a person did.
    pub source: String,
    /// Who does the work; empty where the plans say nothing.
    pub responsible: Vec<String>,
    /// The one who answers for it that the work is done.
    pub accountable: Option<String>,
    /// Who is asked before a task that says so is done.
    pub consulted: Vec<String>,
}

/// Stores who answers for incidents; what is there is replaced.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, all: &[Responsibility]) -> Result<(), Error> {
    if all.is_empty() {
        return Ok(());
    }
    let list = |words: &[String]| storable(&serde_json::Value::from(words.to_vec()).to_string());
    let row = |of: &Responsibility| {
        json!({
            "incident": of.incident,
            "source": storable(&of.source),
            "responsible": list(&of.responsible),
            "accountable": of.accountable.as_deref().map(storable),
            "consulted": list(&of.consulted),
        })
    };
    tx.execute(&PUT, vec![rows(all.iter().map(row).collect())]).await.map(drop)
}

/// Returns who answers for an incident; `None` where nothing was kept, as for incidents from before. Ask first whether the
/// incident may be seen.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, incident: IncidentId) -> Result<Option<Responsibility>, Error> {
    conn.first(&GET, args![incident]).await?.as_ref().map(read).transpose()
}

/// Returns the open real incidents that somebody is accountable for, after one of them (`None` is the beginning), by id.
///
/// # Errors
/// What the database answers.
pub async fn open(conn: &mut Conn, after: Option<IncidentId>, limit: usize) -> Result<Vec<Responsibility>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    conn.fetch(&OPEN, args![after, limit]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Responsibility, Error> {
    Ok(Responsibility {
        incident: row.id("incident_id")?,
        source: row.text("source")?,
        responsible: row.json("responsible")?,
        accountable: row.opt_text("accountable")?,
        consulted: row.json("consulted")?,
    })
}
