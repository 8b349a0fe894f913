//! Grants: rights on one incident. A grant that is over is deleted; the record keeps what was.

use watchfire_core::access::{GrantSource, Level};
use watchfire_core::id::{Id, IncidentId};
use watchfire_core::time::Timestamp;

use crate::args::args;
use crate::db::Row;
use crate::keys::Place;
use crate::statements::statements;
use crate::{Conn, Error, Tx};

statements! {
    PUT = "INSERT INTO incident_grant (id, incident_id, grantee_kind, grantee, level, source, sealed, granted_by, granted_at,
          until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    GET = "SELECT * FROM incident_grant WHERE id = $1 AND incident_id = $2";
    OF = "SELECT * FROM incident_grant WHERE incident_id = $1 AND grantee_kind = $2 AND grantee = $3 AND source = $4";
    LIST = "SELECT * FROM incident_grant WHERE incident_id = $1 ORDER BY granted_at, id LIMIT 1000";
    REMOVE = "DELETE FROM incident_grant WHERE id = $1";
    // What has run out is left out by the caller: without the present instant among its arguments the question stays the same.
    LEVELS = "SELECT g.level, g.until FROM incident_grant g WHERE g.incident_id = $1
          AND ((g.grantee_kind = 'person' AND g.grantee = $2) OR (g.grantee_kind = 'team'
            AND EXISTS (SELECT 1 FROM team_member m WHERE m.team = g.grantee AND m.login = $2)))
        UNION ALL
        SELECT CASE WHEN i.commander = $2 THEN 'manage' ELSE 'act' END AS level, CAST(NULL AS BIGINT) AS until
          FROM incident_person p JOIN incident i ON i.id = p.incident_id WHERE p.incident_id = $1 AND p.login = $2";
    PEOPLE = "SELECT g.grantee AS login, g.level FROM incident_grant g
          WHERE g.incident_id = $1 AND g.grantee_kind = 'person' AND (g.until IS NULL OR g.until > $2)
        UNION ALL
        SELECT m.login, g.level FROM incident_grant g JOIN team_member m ON m.team = g.grantee
          WHERE g.incident_id = $1 AND g.grantee_kind = 'team' AND (g.until IS NULL OR g.until > $2)
        UNION ALL
        SELECT p.login, CASE WHEN i.commander = p.login THEN 'manage' ELSE 'act' END AS level
          FROM incident_person p JOIN incident i ON i.id = p.incident_id WHERE p.incident_id = $1
        ORDER BY login LIMIT 10000";
    EXPIRED = "SELECT * FROM incident_grant WHERE until <= $1 ORDER BY until, id LIMIT $2";
    MANAGERS = "SELECT COUNT(*) AS number FROM incident_grant WHERE incident_id = $1 AND grantee_kind = 'person'
        AND level = 'manage' AND until IS NULL AND id <> $2";
}

/// Marks ids of grants.
pub enum GrantKind {}
/// Identifies a grant.
pub type GrantId = Id<GrantKind>;

/// Who is given the right.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Grantee {
    /// A person, by login.
    Person(String),
    /// All members of a team, by its word.
    Team(String),
}

impl Grantee {
    /// Returns the kind's word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Team(_) => "team",
        }
    }

    /// Returns the login or the team's word.
    pub fn name(&self) -> &str {
        match self {
            Self::Person(name) | Self::Team(name) => name,
        }
    }
}

/// A right on one incident.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    pub id: GrantId,
    pub incident: IncidentId,
    pub grantee: Grantee,
    pub level: Level,
    pub source: GrantSource,
    pub reason: String,
    /// Who gave it: a login, a rule's name.
    pub by: String,
    pub granted_at: Timestamp,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
}

/// Stores a grant; one of the same source for the same grantee is replaced and returned.
///
/// # Errors
/// What the database answers.
pub async fn put(tx: &mut Tx, grant: &Grant) -> Result<Option<Grant>, Error> {
    let asked = args![grant.incident, grant.grantee.kind(), grant.grantee.name(), grant.source.as_str()];
    let before = match tx.first(&OF, asked).await? {
        Some(row) => Some(read(tx, &row).await?),
        None => None,
    };
    if let Some(before) = &before {
        remove(tx, before.id).await?;
    }
    let id = grant.id.to_string();
    let sealed = tx.seal(&place(&id, grant.incident), grant.reason.as_bytes()).await?;
    let args = args![
        &id,
        grant.incident,
        grant.grantee.kind(),
        grant.grantee.name(),
        grant.level.as_str(),
        grant.source.as_str(),
        sealed,
        &grant.by,
        grant.granted_at,
        grant.until,
    ];
    tx.execute(&PUT, args).await?;
    Ok(before)
}

/// Returns a grant of an incident.
///
/// # Errors
/// What the database answers.
pub async fn get(conn: &mut Conn, incident: IncidentId, id: GrantId) -> Result<Option<Grant>, Error> {
    match conn.first(&GET, args![id, incident]).await? {
        Some(row) => read(conn, &row).await.map(Some),
        None => Ok(None),
    }
}

/// Returns the grants of an incident, oldest first.
///
/// # Errors
/// What the database answers.
pub async fn list(conn: &mut Conn, incident: IncidentId) -> Result<Vec<Grant>, Error> {
    let rows = conn.fetch(&LIST, args![incident]).await?;
    let mut grants = Vec::with_capacity(rows.len());
    for row in &rows {
        grants.push(read(conn, row).await?);
    }
    Ok(grants)
}

/// Takes a grant away. Returns `false` if there is none.
///
/// # Errors
/// What the database answers.
pub async fn remove(tx: &mut Tx, id: GrantId) -> Result<bool, Error> {
    Ok(tx.execute(&REMOVE, args![id]).await? > 0)
}

/// Returns the highest level that a person has on an incident: by a role held in it, by their own grants, by those of their
/// teams. What has run out counts no more.
///
/// # Errors
/// What the database answers.
pub async fn level(conn: &mut Conn, incident: IncidentId, login: &str, now: Timestamp) -> Result<Option<Level>, Error> {
    let mut highest = None;
    for row in &conn.fetch(&LEVELS, args![incident, login]).await? {
        if row.opt_time("until")?.is_none_or(|until| until > now) {
            highest = highest.max(Some(row.word("level", Level::parse)?));
        }
    }
    Ok(highest)
}

/// Returns everybody who is on an incident with the highest level that they have on it, as [`level`] has it, in order of
/// login.
///
/// # Errors
/// What the database answers.
pub async fn people(conn: &mut Conn, incident: IncidentId, now: Timestamp) -> Result<Vec<(String, Level)>, Error> {
    let mut people: Vec<(String, Level)> = Vec::new();
    for row in &conn.fetch(&PEOPLE, args![incident, now]).await? {
        let (login, level) = (row.text("login")?, row.word("level", Level::parse)?);
        match people.last_mut().filter(|(known, _)| *known == login) {
            Some((_, known)) => *known = level.max(*known),
            None => people.push((login, level)),
        }
    }
    Ok(people)
}

/// Returns grants that have run out, the longest ago first.
///
/// # Errors
/// What the database answers.
pub async fn expired(conn: &mut Conn, now: Timestamp, limit: usize) -> Result<Vec<Grant>, Error> {
    let rows = conn.fetch(&EXPIRED, args![now, limit]).await?;
    let mut grants = Vec::with_capacity(rows.len());
    for row in &rows {
        grants.push(read(conn, row).await?);
    }
    Ok(grants)
}

/// Counts the people who may manage an incident by a lasting grant of their own, without counting one grant.
///
/// # Errors
/// What the database answers.
pub async fn other_managers(conn: &mut Conn, incident: IncidentId, without: GrantId) -> Result<i64, Error> {
    conn.first(&MANAGERS, args![incident, without]).await?.map_or(Ok(0), |row| row.int("number"))
}

async fn read(conn: &mut Conn, row: &Row) -> Result<Grant, Error> {
    let (id, incident) = (row.text("id")?, row.id("incident_id")?);
    let reason = match conn.open(&place(&id, incident), &row.blob("sealed")?).await {
        Ok(plain) => String::from_utf8(plain).map_err(|_| Error::damaged("a grant's reason"))?,
        // The incident's key was erased, and its words with it.
        Err(Error::Sealed(_)) => String::new(),
        Err(error) => return Err(error),
    };
    let name = row.text("grantee")?;
    Ok(Grant {
        id: row.id("id")?,
        incident,
        grantee: row.word("grantee_kind", |kind| match kind {
            "person" => Some(Grantee::Person(name)),
            "team" => Some(Grantee::Team(name)),
            _ => None,
        })?,
        level: row.word("level", Level::parse)?,
        source: row.word("source", GrantSource::parse)?,
        reason,
        by: row.text("granted_by")?,
        granted_at: row.time("granted_at")?,
        until: row.opt_time("until")?,
    })
}

fn place(id: &str, incident: IncidentId) -> Place<'_> {
    Place { table: "incident_grant", row: id, field: "sealed", incident: Some(incident) }
}
