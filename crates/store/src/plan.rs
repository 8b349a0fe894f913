//! Versions of the plans: files as they were applied.

use std::collections::BTreeMap;

use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    PUT = "INSERT INTO plan (version, files, applied_by, applied_at) VALUES ($1, $2, $3, $4)";
    CURRENT = "SELECT * FROM plan ORDER BY seq DESC LIMIT 1";
    GET = "SELECT * FROM plan WHERE version = $1 ORDER BY seq DESC LIMIT 1";
    LIST = "SELECT seq, version, '{}' AS files, applied_by, applied_at FROM plan ORDER BY seq DESC LIMIT $1";
}

/// One application of a set of plan files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// The hash of the files.
    pub version: String,
    /// Contents by path; empty in lists.
    pub files: BTreeMap<String, String>,
    pub applied_by: String,
    pub applied_at: Timestamp,
}

/// Puts plans in force. The same version may come into force again later; each time is kept.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, plan: &Plan) -> Result<(), Error> {
    let files: BTreeMap<_, _> = plan.files.iter().map(|(path, text)| (path, crate::args::storable(text))).collect();
    let files = serde_json::to_string(&files).map_err(Error::damaged)?;
    tx.execute(&PUT, args![&plan.version, files, &plan.applied_by, plan.applied_at]).await.map(drop)
}

/// Returns the plans in force; `None` before the first were applied.
///
/// # Errors
/// What the database answers.
pub async fn current(conn: &mut Conn) -> Result<Option<Plan>, Error> {
    conn.first(&CURRENT, Vec::new()).await?.as_ref().map(plan).transpose()
}

/// Returns a version of the plans, as last applied.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, version: &str) -> Result<Option<Plan>, Error> {
    conn.first(&GET, args![version]).await?.as_ref().map(plan).transpose()
}

/// Returns the applications of plans without their files, newest first.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn, limit: usize) -> Result<Vec<Plan>, Error> {
    conn.fetch(&LIST, args![crate::cursor::bounded(limit)]).await?.iter().map(plan).collect()
}

fn plan(row: &Row) -> Result<Plan, Error> {
    Ok(Plan {
        version: row.text("version")?,
        files: row.json("files")?,
        applied_by: row.text("applied_by")?,
        applied_at: row.time("applied_at")?,
    })
}
