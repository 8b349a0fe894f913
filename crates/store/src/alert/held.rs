//! Alerts that fire and are held back.

use super::{Alert, row};
use crate::args::args;
use crate::cursor::bounded;
use crate::statements::statements;
use crate::{Conn, Error};

statements! {
    HELD = "SELECT a.*, s.name AS source_name, s.kind AS source_kind FROM alert a LEFT JOIN source s ON s.id = a.source_id
        WHERE a.status = 'firing' AND (a.suppressed_by IS NOT NULL OR a.flapping) ORDER BY a.changed_at LIMIT $1";
}

/// Returns firing alerts that a silence, a maintenance window or flapping holds back, the oldest first.
///
/// # Errors
/// What the database answers.
pub async fn held(conn: &mut Conn, limit: usize) -> Result<Vec<Alert>, Error> {
    let found = conn.fetch(&HELD, args![bounded(limit)]).await?;
    row::read(conn, &found).await
}
