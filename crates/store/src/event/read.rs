//! Reading events.

use watchfire_core::access::Scope;
use watchfire_core::event::Status;
use watchfire_core::id::{EventId, SourceId};

use super::{Event, Opened, body};
use crate::args::args;
use crate::cursor::bounded;
use crate::db::Row;
use crate::statements::{Query, statements};
use crate::{Conn, Cursor, Error, Page, scoped};

statements! {
    GET = "SELECT e.*, s.name AS source_name, s.kind AS source_kind
        FROM event e LEFT JOIN source s ON s.id = e.source_id WHERE e.id = $1";
    LIST = "SELECT e.seq, e.id, e.source_id, e.received_at, e.trust, e.delivery_id, e.status, e.reason, e.remark, e.alerts,
        e.size, s.name AS source_name, s.kind AS source_kind
        FROM event e LEFT JOIN source s ON s.id = e.source_id WHERE TRUE";
    // Takes the oldest few of each source by its index, so that a flood on one is not even looked at; contents are read only
    // of those that are taken.
    PENDING = "WITH waiting AS (
          SELECT e.seq, e.size, ROW_NUMBER() OVER (PARTITION BY e.source_id ORDER BY e.seq) AS turn
          FROM source s CROSS JOIN event e ON e.seq IN (
            SELECT p.seq FROM event p WHERE p.source_id = s.id AND p.status = 'pending' ORDER BY p.seq LIMIT $1)),
        taken AS (SELECT seq, turn, SUM(size) OVER (ORDER BY turn, seq) - size AS bytes FROM waiting)
        SELECT e.*, s.name AS source_name, s.kind AS source_kind
        FROM taken CROSS JOIN event e ON e.seq = taken.seq JOIN source s ON s.id = e.source_id
        WHERE taken.bytes < $3 ORDER BY taken.turn, taken.seq LIMIT $2",
        // PostgreSQL runs a subquery under IN once for each pair of rows; LATERAL runs it once for each source.
        postgres "WITH waiting AS (
          SELECT e.seq, e.size, ROW_NUMBER() OVER (PARTITION BY e.source_id ORDER BY e.seq) AS turn
          FROM source s CROSS JOIN LATERAL (
            SELECT p.* FROM event p WHERE p.source_id = s.id AND p.status = 'pending' ORDER BY p.seq LIMIT $1) AS e),
        taken AS (SELECT seq, turn, SUM(size) OVER (ORDER BY turn, seq) - size AS bytes FROM waiting)
        SELECT e.*, s.name AS source_name, s.kind AS source_kind
        FROM taken JOIN event e ON e.seq = taken.seq JOIN source s ON s.id = e.source_id
        WHERE taken.bytes < $3 ORDER BY taken.turn, taken.seq LIMIT $2";
}

/// How much is taken up at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    /// Events of one source at most.
    pub per_source: usize,
    /// Events of all sources at most.
    pub total: usize,
    /// Bytes of bodies after which no further event is taken; the first one always is.
    pub bytes: usize,
}

/// Begin of a query for one event with its contents.
const SHOWN: &str = "SELECT e.*, s.name AS source_name, s.kind AS source_kind
    FROM event e LEFT JOIN source s ON s.id = e.source_id WHERE TRUE";

/// Which events a list shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    pub source: Option<SourceId>,
    pub status: Option<Status>,
}

/// Returns an event with its contents, for the flow itself.
///
/// # Errors
/// What the database answers, or that the contents cannot be opened.
pub async fn get(conn: &mut Conn, id: EventId) -> Result<Option<Opened>, Error> {
    match conn.first(&GET, args![id]).await? {
        Some(row) => open(conn, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Returns an event with its contents; `None` if there is none or the scope does not show it.
///
/// # Errors
/// What the database answers, or that the contents cannot be opened.
pub async fn shown(conn: &mut Conn, scope: &Scope, id: EventId) -> Result<Option<Opened>, Error> {
    let query = scoped::events(Query::new(SHOWN).and("e.id = ?", id), scope);
    match conn.query(query).await?.first() {
        Some(row) => open(conn, row).await.map(Some),
        None => Ok(None),
    }
}

/// Returns events without contents, newest first.
///
/// # Errors
/// What the database answers.
pub async fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Page<Event>, Error> {
    let limit = bounded(limit);
    let query = scoped::events(Query::new(LIST.text), scope)
        .and_if("e.source_id = ?", filter.source)
        .and_if("e.status = ?", filter.status.map(Status::as_str))
        .and_if("e.seq < ?", after.map(|cursor| cursor.at))
        .ending("ORDER BY e.seq DESC", limit + 1);
    let rows = conn.query(query).await?;
    let mut items = rows.iter().map(event).collect::<Result<Vec<_>, _>>()?;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|last| Cursor { at: last.seq, id: String::new() });
    Ok(Page { items, next })
}

/// Returns pending events with their contents, oldest first and fair between sources: a share in which the first of each
/// source comes before the second of any.
///
/// An event whose contents cannot be opened is left out of the answer as `(event, error)` in the second list, so that it
/// holds up nobody else.
///
/// # Errors
/// What the database answers.
pub async fn pending(conn: &mut Conn, share: Share) -> Result<(Vec<Opened>, Vec<(Event, Error)>), Error> {
    let rows = conn.fetch(&PENDING, args![share.per_source, share.total, share.bytes]).await?;
    let (mut opened, mut closed) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in &rows {
        match open(conn, row).await {
            Ok(event) => opened.push(event),
            Err(error @ (Error::Sealed(_) | Error::Damaged(_) | Error::File { .. })) => closed.push((event(row)?, error)),
            Err(error) => return Err(error),
        }
    }
    Ok((opened, closed))
}

async fn open(conn: &mut Conn, row: &Row) -> Result<Opened, Error> {
    let event = event(row)?;
    let (headers, body) = body::open(conn, &event.id.to_string(), &row.blob("sealed")?, row.opt_text("blob")?).await?;
    Ok(Opened { event, headers, body })
}

fn event(row: &Row) -> Result<Event, Error> {
    Ok(Event {
        id: row.id("id")?,
        seq: row.int("seq")?,
        source: row.id("source_id")?,
        source_name: row.opt_text("source_name")?.unwrap_or_default(),
        source_kind: row.opt_text("source_kind")?.unwrap_or_default(),
        received_at: row.time("received_at")?,
        trust: row.text("trust")?,
        delivery_id: row.opt_text("delivery_id")?,
        status: row.word("status", Status::parse)?,
        reason: row.opt_text("reason")?,
        remark: row.opt_text("remark")?,
        alerts: row.int("alerts")?,
        size: row.int("size")?,
    })
}
