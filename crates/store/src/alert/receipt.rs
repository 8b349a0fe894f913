//! Receipts: which event said what of which alert.

use serde_json::json;
use watchfire_core::alert::Change;
use watchfire_core::id::{AlertId, EventId, IncidentId, SourceId};
use watchfire_core::time::{Timestamp, micros};

use crate::args::{args, rows, storable};
use crate::cursor::bounded;
use crate::db::Row;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    ADD = "INSERT INTO receipt (alert_id, event_id, source_id, at, change, incident_id, plan_version, trace)
        SELECT r.value ->> 'alert', r.value ->> 'event', r.value ->> 'source', CAST(r.value ->> 'at' AS BIGINT),
               r.value ->> 'change', r.value ->> 'incident', r.value ->> 'plan_version', r.value ->> 'trace'
        FROM EACH($1) WHERE TRUE ON CONFLICT DO NOTHING";
    OF_ALERT = "SELECT c.*, s.name AS source_name FROM receipt c LEFT JOIN source s ON s.id = c.source_id
        WHERE c.alert_id = $1 ORDER BY c.at DESC, c.event_id DESC LIMIT $2";
    OF_EVENT = "SELECT c.*, s.name AS source_name FROM receipt c LEFT JOIN source s ON s.id = c.source_id
        WHERE c.event_id = $1 ORDER BY c.alert_id LIMIT 5000";
}

/// One event that spoke of an alert, and what came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    pub alert: AlertId,
    pub event: EventId,
    pub source: SourceId,
    /// Read with the receipt, never saved with it; empty if the source no longer exists.
    pub source_name: String,
    pub at: Timestamp,
    pub change: Change,
    /// The open incident that the alert belonged to by then.
    pub incident: Option<IncidentId>,
    /// The plans under which it was decided.
    pub plan_version: String,
    /// The decision's steps as JSON; only of what fired.
    pub trace: Option<String>,
}

/// Notes receipts; the same again changes nothing.
///
/// # Errors
/// What the database answers.
pub async fn add_receipts(tx: &mut Tx, receipts: &[Receipt]) -> Result<(), Error> {
    if receipts.is_empty() {
        return Ok(());
    }
    let json = receipts
        .iter()
        .map(|receipt| {
            json!({
                "alert": receipt.alert,
                "event": receipt.event,
                "source": receipt.source,
                "at": micros(receipt.at),
                "change": receipt.change,
                "incident": receipt.incident,
                "plan_version": receipt.plan_version,
                "trace": receipt.trace.as_deref().map(storable),
            })
        })
        .collect();
    tx.execute(&ADD, vec![rows(json)]).await.map(drop)
}

/// Returns an alert's receipts, newest first. Ask [`super::get`] first whether the alert may be seen.
///
/// # Errors
/// What the database answers.
pub async fn receipts(conn: &mut Conn, alert: AlertId, limit: usize) -> Result<Vec<Receipt>, Error> {
    let rows = conn.fetch(&OF_ALERT, args![alert, bounded(limit)]).await?;
    rows.iter().map(receipt).collect()
}

/// Returns what an event said of which alerts, at most 5,000. Ask for the alerts first whether they may be seen.
///
/// # Errors
/// What the database answers.
pub async fn receipts_of_event(conn: &mut Conn, event: EventId) -> Result<Vec<Receipt>, Error> {
    let rows = conn.fetch(&OF_EVENT, args![event]).await?;
    rows.iter().map(receipt).collect()
}

fn receipt(row: &Row) -> Result<Receipt, Error> {
    let change = serde_json::Value::from(row.text("change")?);
    Ok(Receipt {
        alert: row.id("alert_id")?,
        event: row.id("event_id")?,
        source: row.id("source_id")?,
        source_name: row.opt_text("source_name")?.unwrap_or_default(),
        at: row.time("at")?,
        change: serde_json::from_value(change).map_err(|_| Error::damaged("a receipt's change"))?,
        incident: row.opt_id("incident_id")?,
        plan_version: row.text("plan_version")?,
        trace: row.opt_text("trace")?,
    })
}
