//! Receipts: which event said what of which alert.

use serde_json::json;
use watchfire_core::alert::Change;
use watchfire_core::id::{AlertId, EventId, SourceId};
use watchfire_core::time::{Timestamp, micros};

use crate::args::{args, rows};
use crate::cursor::bounded;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    ADD = "INSERT INTO receipt (alert_id, event_id, source_id, at, change)
        SELECT r.value ->> 'alert', r.value ->> 'event', r.value ->> 'source', CAST(r.value ->> 'at' AS BIGINT),
               r.value ->> 'change'
        FROM EACH($1) WHERE TRUE ON CONFLICT DO NOTHING";
    OF_ALERT = "SELECT alert_id, event_id, source_id, at, change FROM receipt WHERE alert_id = $1
        ORDER BY at DESC, event_id DESC LIMIT $2";
}

/// One event that spoke of an alert.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    pub alert: AlertId,
    pub event: EventId,
    pub source: SourceId,
    pub at: Timestamp,
    pub change: Change,
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
    rows.iter()
        .map(|row| {
            let change = serde_json::Value::from(row.text("change")?);
            Ok(Receipt {
                alert: row.id("alert_id")?,
                event: row.id("event_id")?,
                source: row.id("source_id")?,
                at: row.time("at")?,
                change: serde_json::from_value(change).map_err(|_| Error::damaged("a receipt's change"))?,
            })
        })
        .collect()
}
