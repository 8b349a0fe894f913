//! The people whom schedules name.

use std::collections::BTreeMap;

use watchfire_core::access::{Denied, Identity, Right, Role};
use watchfire_core::oncall::{Directory, Listed};
use watchfire_core::person::State;
use watchfire_store::{Conn, membership, person};

use crate::{Engine, Error, paging};

/// Says that who is on call is the business of those who work here, not of everybody who may sign in.
pub(super) fn may_look(who: &Identity) -> Result<(), Denied> {
    who.may(Right::Read)?;
    if who.role == Role::Restricted { Err(Denied::Role { needed: Role::Member }) } else { Ok(()) }
}

/// Returns who may be on call. Nobody counts as reachable: who is costs a look-up that only [`reachable_directory`] makes.
pub(super) async fn directory(conn: &mut Conn) -> Result<Directory, Error> {
    let mut people: BTreeMap<String, Listed> = BTreeMap::new();
    for (login, role, state) in person::standings(conn).await? {
        let is_active = state == State::Active;
        let is_owner = role == Role::Owner;
        people.insert(login, Listed { is_active, is_owner, teams: Vec::new(), is_reachable: false });
    }
    for of in membership::list(conn).await? {
        if let Some(listed) = people.get_mut(&of.login) {
            listed.teams.push(of.team);
        }
    }
    Ok(Directory(people))
}

/// As [`directory`], and tells whom a page would reach outside the console.
pub(super) async fn reachable_directory(conn: &mut Conn) -> Result<Directory, Error> {
    let mut people = directory(conn).await?;
    let active = people.0.iter().filter(|(_, person)| person.is_active).map(|(login, _)| login.clone()).collect::<Vec<_>>();
    let reached = paging::reachable(conn, &active).await?;
    for (login, person) in &mut people.0 {
        person.is_reachable = reached.contains(login);
    }
    Ok(people)
}

impl Engine {
    /// Says that a login is no active person's.
    pub(super) async fn active_person(conn: &mut Conn, field: &str, login: &str) -> Result<String, Error> {
        let login =
            watchfire_core::person::login(login).ok_or_else(|| Error::invalid(field, "write the login, a mail address"))?;
        match person::standing(conn, &login).await? {
            Some((_, State::Active)) => Ok(login),
            _ => Err(Error::invalid(field, format!("{login} is nobody who works here now"))),
        }
    }
}
