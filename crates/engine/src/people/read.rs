//! Looking people up.

use std::collections::BTreeMap;
use std::sync::Arc;

use watchfire_core::access::{Denied, Identity, Right, Role};
use watchfire_core::person::{self, Membership, Person, State};
use watchfire_store::{Conn, membership, person as people};

use crate::{Engine, Error};

/// People of one list; an installation has hundreds, not millions.
const PEOPLE: usize = 10_000;

/// Everybody as they were opened last, and what the people's rows said then.
pub(crate) struct KnownPeople {
    changes: (i64, i64),
    /// In order of login.
    pub(crate) people: Vec<Person>,
    names: Arc<BTreeMap<String, String>>,
}

impl KnownPeople {
    fn new(changes: (i64, i64), people: Vec<Person>) -> Self {
        let names = people.iter().map(|person| (person.login.clone(), person.name.clone())).collect();
        Self { changes, people, names: Arc::new(names) }
    }
}

/// A person with their teams.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonRow {
    pub person: Person,
    pub teams: Vec<Membership>,
}

/// Whom a list shows; empty is everybody.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PeopleFilter {
    pub state: Option<State>,
    pub role: Option<Role>,
    pub team: Option<String>,
    /// A skill, a system known or one that they have access to: the whole tag, in either case.
    pub tag: Option<String>,
    /// Looked for in login, name and tags.
    pub text: Option<String>,
}

impl PeopleFilter {
    fn holds(&self, row: &PersonRow) -> bool {
        let PersonRow { person, teams } = row;
        let text = self.text.as_deref().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
        self.state.is_none_or(|state| person.state == state)
            && self.role.is_none_or(|role| person.role == role)
            && self.team.as_deref().is_none_or(|team| teams.iter().any(|of| of.team == team))
            && self.tag.as_deref().is_none_or(|tag| person.tags.holds(tag))
            && text.is_none_or(|text| {
                person.login.contains(&text)
                    || person.name.to_lowercase().contains(&text)
                    || person.tags.all().any(|(_, tag)| tag.contains(&text))
            })
    }
}

impl Engine {
    /// Lists people with their teams, in order of login. Whoever has the role Restricted finds themselves alone.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn people(&self, who: &Identity, filter: PeopleFilter) -> Result<Vec<PersonRow>, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        let found = if who.role > Role::Restricted {
            self.everybody(&mut reader).await?.people.clone()
        } else {
            people::by_login(&mut reader, who.login().unwrap_or_default()).await?.into_iter().collect()
        };
        let mut memberships = membership::list(&mut reader).await?;
        let mut rows = Vec::with_capacity(found.len());
        for person in found {
            let (teams, others) = memberships.into_iter().partition(|of| of.login == person.login);
            memberships = others;
            rows.push(PersonRow { person, teams });
        }
        rows.retain(|row| filter.holds(row));
        Ok(rows)
    }

    /// Returns names by login: of everybody, or for who is restricted of themselves alone. Somebody without a name has it empty.
    ///
    /// # Errors
    /// The caller may not read, or the store does not answer.
    pub async fn people_names(&self, who: &Identity) -> Result<Arc<BTreeMap<String, String>>, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        if who.role == Role::Restricted {
            let own = people::by_login(&mut reader, who.login().unwrap_or_default()).await?;
            return Ok(KnownPeople::new((0, 0), own.into_iter().collect()).names);
        }
        Ok(Arc::clone(&self.everybody(&mut reader).await?.names))
    }

    /// Returns everybody, opened anew only when somebody was added or changed: each of two hundred open pages would open two hundred
    /// sealed rows at each change.
    pub(crate) async fn everybody(&self, reader: &mut Conn) -> Result<Arc<KnownPeople>, Error> {
        let changes = people::changes(reader).await?;
        if let Some(known) = self.0.people.load_full().filter(|known| known.changes == changes) {
            return Ok(known);
        }
        let known = Arc::new(KnownPeople::new(changes, people::list(reader, "", PEOPLE).await?));
        self.0.people.store(Some(Arc::clone(&known)));
        Ok(known)
    }

    /// Shows a person.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn person(&self, who: &Identity, login: &str) -> Result<PersonRow, Error> {
        who.may(Right::Read)?;
        let login = person::login(login).ok_or(Error::NotFound("person"))?;
        if who.role == Role::Restricted && who.login() != Some(login.as_str()) {
            return Err(Error::NotFound("person"));
        }
        let mut reader = self.store().read().await?;
        let person = people::by_login(&mut reader, &login).await?.ok_or(Error::NotFound("person"))?;
        let teams = membership::of_person(&mut reader, &login).await?;
        Ok(PersonRow { person, teams })
    }

    /// Tells whether somebody has an account yet: while nobody has, the first one is made.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn has_people(&self) -> Result<bool, Error> {
        let mut reader = self.store().read().await?;
        Ok(people::any(&mut reader).await?)
    }

    /// Returns the person with a login without asking who wants to know: for the flow itself (paging, on-call).
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn person_by_login(&self, login: &str) -> Result<Option<Person>, Error> {
        let mut reader = self.store().read().await?;
        Ok(people::by_login(&mut reader, login).await?)
    }

    /// Returns the identity that a person has right now; `None` for nobody, the invited and the disabled.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn identity_of(&self, login: &str) -> Result<Option<Identity>, Error> {
        let mut reader = self.store().read().await?;
        Ok(match people::standing(&mut reader, login).await? {
            Some((role, State::Active)) => Some(Identity::person(login, role)),
            _ => None,
        })
    }

    /// Says that only the person themselves or somebody with a right may do this.
    pub(super) fn self_or(who: &Identity, login: &str, right: Right) -> Result<(), Denied> {
        if who.login() == Some(login) { who.carries(Right::Act) } else { who.may(right) }
    }
}
