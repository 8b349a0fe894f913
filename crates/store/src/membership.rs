//! Who is in which team. Which teams there are is said by the plans.

use watchfire_core::person::Membership;

use crate::args::args;
use crate::db::Row;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    PUT = "INSERT INTO team_member (team, login, lead, since) VALUES ($1, $2, $3, $4)
        ON CONFLICT (team, login) DO UPDATE SET lead = excluded.lead";
    REMOVE = "DELETE FROM team_member WHERE team = $1 AND login = $2";
    GET = "SELECT * FROM team_member WHERE team = $1 AND login = $2";
    OF_PERSON = "SELECT * FROM team_member WHERE login = $1 ORDER BY team LIMIT 1000";
    OF_TEAM = "SELECT * FROM team_member WHERE team = $1 ORDER BY login LIMIT 10000";
    EVERYBODY = "SELECT * FROM team_member ORDER BY team, login LIMIT 100000";
}

/// Puts a person into a team, or changes whether they lead it.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, membership: &Membership) -> Result<(), Error> {
    tx.execute(&PUT, args![&membership.team, &membership.login, membership.lead, membership.since]).await.map(drop)
}

/// Takes a person out of a team. Returns `false` if they are not in it.
///
/// # Errors
/// What the database answers.
pub async fn remove(tx: &mut Tx, team: &str, login: &str) -> Result<bool, Error> {
    Ok(tx.execute(&REMOVE, args![team, login]).await? > 0)
}

/// Returns a person's place in a team.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, team: &str, login: &str) -> Result<Option<Membership>, Error> {
    conn.first(&GET, args![team, login]).await?.as_ref().map(membership).transpose()
}

/// Returns the teams of a person.
///
/// # Errors
/// What the database answers.
pub async fn of_person(conn: &mut Conn, login: &str) -> Result<Vec<Membership>, Error> {
    conn.fetch(&OF_PERSON, args![login]).await?.iter().map(membership).collect()
}

/// Returns the members of a team in order of login.
///
/// # Errors
/// What the database answers.
pub async fn of_team(conn: &mut Conn, team: &str) -> Result<Vec<Membership>, Error> {
    conn.fetch(&OF_TEAM, args![team]).await?.iter().map(membership).collect()
}

/// Returns all memberships in order of team and login.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn) -> Result<Vec<Membership>, Error> {
    conn.fetch(&EVERYBODY, Vec::new()).await?.iter().map(membership).collect()
}

fn membership(row: &Row) -> Result<Membership, Error> {
    Ok(Membership { team: row.text("team")?, login: row.text("login")?, lead: row.bool("lead")?, since: row.time("since")? })
}
