//! People. Names and addresses are sealed; the login, by which everything names them, stands in the clear.

use serde::{Deserialize, Serialize};
use watchfire_core::access::Role;
use watchfire_core::person::{Address, Person, State};

use crate::args::{Value, args};
use crate::db::Row;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    INSERT = "INSERT INTO person (login, role, state, time_zone, tags, sealed, created_at, changed_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (login) DO NOTHING";
    SAVE = "UPDATE person SET role = $2, state = $3, time_zone = $4, tags = $5, sealed = $6, created_at = $7,
        changed_at = $8, version = $9 + 1 WHERE login = $1 AND version = $9";
    BY_LOGIN = "SELECT * FROM person WHERE login = $1";
    STANDING = "SELECT role, state FROM person WHERE login = $1";
    STANDINGS = "SELECT login, role, state FROM person ORDER BY login LIMIT 10000";
    LIST = "SELECT * FROM person WHERE login > $1 ORDER BY login LIMIT $2";
    BY_LOGINS = "SELECT p.* FROM EACH($1) JOIN person p ON p.login = r.value ->> 'login' ORDER BY p.login";
    OWNERS = "SELECT COUNT(*) AS number FROM person WHERE role = 'owner' AND state = 'active'";
    // Rows are only added and changed, each change counts in the version.
    CHANGES = "SELECT COUNT(*) AS people, CAST(COALESCE(SUM(version), 0) AS BIGINT) AS changes FROM person";
    ANY = "SELECT 1 AS found FROM person LIMIT 1";
    // Installations from before there were people: whoever holds a credential is one.
    STRANGERS = "SELECT login, CAST(MAX(rank) AS BIGINT) AS rank FROM (
          SELECT actor_id AS login, CASE role WHEN 'owner' THEN 3 WHEN 'manager' THEN 2 WHEN 'member' THEN 1 ELSE 0 END AS rank
            FROM token WHERE actor_kind = 'person' AND revoked_at IS NULL
          UNION ALL
          SELECT actor_id AS login, CASE role WHEN 'owner' THEN 3 WHEN 'manager' THEN 2 WHEN 'member' THEN 1 ELSE 0 END AS rank
            FROM session WHERE actor_kind = 'person' AND kind = 'session') held
        WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.login = held.login) GROUP BY login ORDER BY login LIMIT 1000";
}

/// What stands sealed.
#[derive(Serialize, Deserialize)]
struct Words {
    name: String,
    addresses: Vec<Address>,
}

/// Stores a new person. Returns `false` if the login is taken.
///
/// # Errors
/// What the database answers.
pub async fn insert(tx: &mut Tx, person: &Person) -> Result<bool, Error> {
    let args = columns(tx, person).await?;
    Ok(tx.execute(&INSERT, args).await? > 0)
}

/// Saves a changed person, who carries the version that was read; in the store it becomes one more.
///
/// # Errors
/// [`Error::Conflict`] if somebody else changed them since.
pub async fn save(tx: &mut Tx, person: &Person) -> Result<(), Error> {
    let args = columns(tx, person).await?;
    if tx.execute(&SAVE, args).await? == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// Returns a person by login; `None` if there is none.
///
/// # Errors
/// What the database answers.
pub async fn by_login(conn: &mut Conn, login: &str) -> Result<Option<Person>, Error> {
    match conn.first(&BY_LOGIN, args![login]).await? {
        Some(row) => person(conn, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Returns the people with these logins, in order of login; those who are not there are left out.
///
/// # Errors
/// What the database answers.
pub async fn by_logins(conn: &mut Conn, logins: &[String]) -> Result<Vec<Person>, Error> {
    if logins.is_empty() {
        return Ok(Vec::new());
    }
    let asked = logins.iter().map(|login| serde_json::json!({ "login": crate::args::storable(login) })).collect();
    let rows = conn.fetch(&BY_LOGINS, vec![crate::args::rows(asked)]).await?;
    people(conn, &rows).await
}

/// Returns role and state of a person without opening what is sealed: for every request.
///
/// # Errors
/// What the database answers.
pub async fn standing(conn: &mut Conn, login: &str) -> Result<Option<(Role, State)>, Error> {
    let Some(row) = conn.first(&STANDING, args![login]).await? else { return Ok(None) };
    Ok(Some((row.word("role", Role::parse)?, row.word("state", State::parse)?)))
}

/// Returns login, role and state of everybody, in order of login, without opening what is sealed.
///
/// # Errors
/// What the database answers.
pub async fn standings(conn: &mut Conn) -> Result<Vec<(String, Role, State)>, Error> {
    let rows = conn.fetch(&STANDINGS, Vec::new()).await?;
    rows.iter().map(|row| Ok((row.text("login")?, row.word("role", Role::parse)?, row.word("state", State::parse)?))).collect()
}

/// Returns people in order of login, those after `after` (empty is the beginning).
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn, after: &str, limit: usize) -> Result<Vec<Person>, Error> {
    let rows = conn.fetch(&LIST, args![after, limit]).await?;
    people(conn, &rows).await
}

/// Returns two numbers that differ as soon as anybody was added or changed.
///
/// # Errors
/// What the database answers.
pub async fn changes(conn: &mut Conn) -> Result<(i64, i64), Error> {
    let row = conn.first(&CHANGES, Vec::new()).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int("people")?, row.int("changes")?)))
}

/// Counts the active owners: there must always be one.
///
/// # Errors
/// What the database answers.
pub async fn active_owners(conn: &mut Conn) -> Result<i64, Error> {
    conn.first(&OWNERS, Vec::new()).await?.map_or(Ok(0), |row| row.int("number"))
}

/// Tells whether there is anybody yet.
///
/// # Errors
/// What the database answers.
pub async fn any(conn: &mut Conn) -> Result<bool, Error> {
    Ok(conn.first(&ANY, Vec::new()).await?.is_some())
}

/// Returns who holds a token or a session and is no person yet, with the highest role among what they hold.
///
/// # Errors
/// What the database answers.
pub async fn strangers(conn: &mut Conn) -> Result<Vec<(String, Role)>, Error> {
    let rows = conn.fetch(&STRANGERS, Vec::new()).await?;
    let role = |rank: i64| usize::try_from(rank).ok().and_then(|rank| Role::ALL.get(rank).copied()).unwrap_or(Role::Restricted);
    rows.iter().map(|row| Ok((row.text("login")?, role(row.int("rank")?)))).collect()
}

async fn columns(tx: &mut Tx, person: &Person) -> Result<Vec<Value>, Error> {
    let words = Words { name: person.name.clone(), addresses: person.addresses.clone() };
    let plain = serde_json::to_vec(&words).map_err(Error::damaged)?;
    let sealed = tx.seal(&place(&person.login), &plain).await?;
    let tags = crate::args::storable(&serde_json::to_string(&person.tags).map_err(Error::damaged)?);
    Ok(args![
        &person.login,
        person.role.as_str(),
        person.state.as_str(),
        &person.time_zone,
        tags,
        sealed,
        person.created_at,
        person.changed_at,
        person.version,
    ])
}

async fn people(conn: &mut Conn, rows: &[Row]) -> Result<Vec<Person>, Error> {
    let mut people = Vec::with_capacity(rows.len());
    for row in rows {
        people.push(person(conn, row).await?);
    }
    Ok(people)
}

async fn person(conn: &mut Conn, row: &Row) -> Result<Person, Error> {
    let login = row.text("login")?;
    let plain = conn.open(&place(&login), &row.blob("sealed")?).await?;
    let words: Words = serde_json::from_slice(&plain).map_err(|_| Error::damaged("a person's name"))?;
    Ok(Person {
        name: words.name,
        addresses: words.addresses,
        role: row.word("role", Role::parse)?,
        state: row.word("state", State::parse)?,
        time_zone: row.text("time_zone")?,
        tags: row.json("tags")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
        version: row.int("version")?,
        login,
    })
}

fn place(login: &str) -> Place<'_> {
    Place { table: "person", row: login, field: "sealed", incident: None }
}
