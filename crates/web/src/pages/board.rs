//! The status board: open incidents that everybody may know of, for those who are on none of them.

use askama::Template;
use jiff::Timestamp;
use watchfire_engine::{BoardRow, Error};

use super::filters;
use super::frame::Room;
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "board.html", blocks = ["rows"])]
pub(crate) struct Board {
    pub(crate) now: Timestamp,
    pub(crate) rows: Vec<BoardRow>,
}

/// Answers with the board.
pub(crate) async fn show(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("Status board", Room::Board, true, room).await
}

/// Gathers the board.
///
/// # Errors
/// The store does not answer.
pub(crate) async fn build(visit: &Visit) -> Result<Board, Error> {
    let mut rows = visit.engine.board(&visit.who).await?;
    rows.sort_by_key(|row| (row.incident.severity.unwrap_or(watchfire_core::Severity::UNKNOWN_AS), row.incident.detected_at));
    Ok(Board { now: visit.now, rows })
}

impl Board {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_rows().render()?])
    }
}
