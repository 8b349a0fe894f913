//! Who is there, in a form that is cheap to read: no sealed field is opened.

use watchfire_core::access::Role;
use watchfire_core::id::IncidentId;
use watchfire_core::person::State;

use crate::args::args;
use crate::statements::statements;
use crate::{Conn, Error};

statements! {
    EVERYBODY = "SELECT login, role, state, time_zone FROM person ORDER BY login LIMIT 100000";
    GONE = "SELECT DISTINCT q.login FROM person q JOIN incident_person p ON p.login = q.login
          JOIN incident i ON i.id = p.incident_id
        WHERE q.state = 'disabled' AND i.phase IN ('reported', 'triaged', 'declared', 'contained', 'eradicated', 'recovered')
        ORDER BY q.login LIMIT 100";
    ROLES_OF = "SELECT i.id FROM incident_person p JOIN incident i ON i.id = p.incident_id
        WHERE p.login = $1 AND i.phase IN ('reported', 'triaged', 'declared', 'contained', 'eradicated', 'recovered')
        ORDER BY i.id LIMIT 1000";
}

/// What paging knows of a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Somebody {
    pub login: String,
    pub role: Role,
    pub state: State,
    /// An IANA name.
    pub time_zone: String,
}

/// Returns everybody in order of login.
///
/// # Errors
/// What the database answers.
pub async fn everybody(conn: &mut Conn) -> Result<Vec<Somebody>, Error> {
    let rows = conn.fetch(&EVERYBODY, Vec::new()).await?;
    let read = |row: &crate::db::Row| {
        Ok(Somebody {
            login: row.text("login")?,
            role: row.word("role", Role::parse)?,
            state: row.word("state", State::parse)?,
            time_zone: row.text("time_zone")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Returns the open incidents in which somebody holds a role or is offered one.
///
/// # Errors
/// What the database answers.
pub async fn incidents_of(conn: &mut Conn, login: &str) -> Result<Vec<IncidentId>, Error> {
    conn.fetch(&ROLES_OF, args![login]).await?.iter().map(|row| row.id("id")).collect()
}

/// Returns who is disabled and still on an open incident.
///
/// # Errors
/// What the database answers.
pub async fn gone(conn: &mut Conn) -> Result<Vec<String>, Error> {
    conn.fetch(&GONE, Vec::new()).await?.iter().map(|row| row.text("login")).collect()
}
