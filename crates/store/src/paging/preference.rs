//! When people want to be left alone, and how the console calls them.

use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    SAVE = "INSERT INTO paging_preference (login, time_zone, quiet_from, quiet_until, sound, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (login) DO UPDATE SET time_zone = excluded.time_zone, quiet_from = excluded.quiet_from,
          quiet_until = excluded.quiet_until, sound = excluded.sound, changed_at = excluded.changed_at";
    GET = "SELECT * FROM paging_preference WHERE login = $1";
    ALL_QUIET = "SELECT * FROM paging_preference ORDER BY login LIMIT 10000";
}

/// How somebody wants to be paged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preference {
    pub login: String,
    /// An IANA name; `None` takes the one of their account.
    pub time_zone: Option<String>,
    /// Quiet from and until, in minutes after local midnight; from later than until goes over midnight.
    pub quiet: Option<(i64, i64)>,
    /// Open consoles make a sound.
    pub sound: bool,
    pub changed_at: Timestamp,
}

/// Stores what somebody wants.
///
/// # Errors
/// What the database answers.
pub async fn save_preference(tx: &mut Tx, wish: &Preference) -> Result<(), Error> {
    let (from, until) = (wish.quiet.map(|quiet| quiet.0), wish.quiet.map(|quiet| quiet.1));
    let args = args![&wish.login, wish.time_zone.as_deref(), from, until, wish.sound, wish.changed_at];
    tx.execute(&SAVE, args).await.map(drop)
}

/// Returns what somebody wants; `None` if they never said.
///
/// # Errors
/// What the database answers.
pub async fn preference(conn: &mut Conn, login: &str) -> Result<Option<Preference>, Error> {
    conn.first(&GET, args![login]).await?.map(|row| read(&row)).transpose()
}

/// Returns what everybody wants who has said so.
///
/// # Errors
/// What the database answers.
pub async fn preferences(conn: &mut Conn) -> Result<Vec<Preference>, Error> {
    conn.fetch(&ALL_QUIET, Vec::new()).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Preference, Error> {
    Ok(Preference {
        login: row.text("login")?,
        time_zone: row.opt_text("time_zone")?,
        quiet: row.opt_int("quiet_from")?.zip(row.opt_int("quiet_until")?),
        sound: row.bool("sound")?,
        changed_at: row.time("changed_at")?,
    })
}
