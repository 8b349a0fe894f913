//! Adding and changing people.

use jiff::tz::TimeZone;
use watchfire_core::access::{Identity, Right, Role};
use watchfire_core::actor::Actor;
use watchfire_core::person::{self, Address, Person, State, Tags};
use watchfire_core::record::Draft;
use watchfire_core::text;
use watchfire_store::{Tx, person as people, session};

use crate::incidents::Happening;
use crate::{Engine, Error};

/// Somebody to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub login: String,
    /// Empty takes the login.
    pub name: String,
    pub role: Role,
    /// Invited people come in by their invitation; active ones by whatever sign-in they have.
    pub state: State,
    /// Empty is UTC.
    pub time_zone: String,
    pub tags: Tags,
}

/// What changes of a person; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct PersonChange {
    pub name: Option<String>,
    pub time_zone: Option<String>,
    pub tags: Option<Tags>,
    pub addresses: Option<Vec<Address>>,
}

/// Why a change inside of a transaction was not made.
enum Wont {
    NotThere,
    Unchanged,
    LastOwner,
}

impl From<Wont> for Error {
    fn from(wont: Wont) -> Self {
        match wont {
            Wont::NotThere => Self::NotFound("person"),
            Wont::Unchanged => watchfire_core::incident::Refusal::Unchanged.into(),
            Wont::LastOwner => Self::invalid("role", "this is the last active owner: make somebody else one first"),
        }
    }
}

impl Engine {
    /// Adds a person.
    ///
    /// # Errors
    /// The role does not reach, a field does not fit, the login is taken, or the store does not answer.
    pub async fn add_person(&self, who: &Identity, new: NewPerson) -> Result<Person, Error> {
        who.may(Right::Administer)?;
        let person = fresh(new, self.now())?;
        let (happening, put) = (self.happening(who), person.clone());
        let added = self.store().write(move |tx| {
            let (happening, put) = (happening.clone(), put.clone());
            Box::pin(async move { insert(tx, &put, &happening).await })
        });
        if added.await? { Ok(person) } else { Err(Error::invalid("login", "somebody has this login already")) }
    }

    /// Makes the first owner, as long as there is nobody; afterwards it changes nothing. Returns whether it did.
    ///
    /// # Errors
    /// The login is none, or the store does not answer.
    pub async fn first_owner(&self, login: &str) -> Result<bool, Error> {
        self.owner(login, true).await
    }

    /// Makes sure that the person of a login that whoever runs the program named is there; one who is there stays as they
    /// are. Returns whether they were made.
    ///
    /// # Errors
    /// The login is none, or the store does not answer.
    pub async fn ensure_owner(&self, login: &str) -> Result<bool, Error> {
        self.owner(login, false).await
    }

    async fn owner(&self, login: &str, only_if_first: bool) -> Result<bool, Error> {
        let new = NewPerson {
            login: login.to_owned(),
            name: String::new(),
            role: Role::Owner,
            state: State::Active,
            time_zone: String::new(),
            tags: Tags::default(),
        };
        let (person, happening) = (fresh(new, self.now())?, self.happening(&Identity::machine("setup")));
        let made = self.store().write(move |tx| {
            let (person, happening) = (person.clone(), happening.clone());
            Box::pin(async move {
                if only_if_first && people::any(tx).await? {
                    return Ok(false);
                }
                insert(tx, &person, &happening).await
            })
        });
        Ok(made.await?)
    }

    /// Changes what describes a person: they themselves may, and owners.
    ///
    /// # Errors
    /// Not found or not allowed for this caller, a field does not fit, nothing would change, or the store does not answer.
    pub async fn change_person(&self, who: &Identity, login: &str, change: PersonChange) -> Result<Person, Error> {
        let login = person::login(login).ok_or(Error::NotFound("person"))?;
        Self::self_or(who, &login, Right::Administer)?;
        let zone = change.time_zone.as_deref().map(time_zone).transpose()?;
        let addresses = change.addresses.as_deref().map(addresses).transpose()?;
        self.alter(who, &login, move |person| {
            let before = person.clone();
            if let Some(name) = &change.name {
                person.name = named(name, &person.login);
            }
            if let Some(zone) = &zone {
                person.time_zone.clone_from(zone);
            }
            if let Some(tags) = &change.tags {
                person.tags = tags.cleaned();
            }
            if let Some(addresses) = &addresses {
                person.addresses.clone_from(addresses);
            }
            let changed: Vec<&str> = [
                ("name", before.name != person.name),
                ("time_zone", before.time_zone != person.time_zone),
                ("tags", before.tags != person.tags),
                ("addresses", before.addresses != person.addresses),
            ]
            .into_iter()
            .filter_map(|(field, changed)| changed.then_some(field))
            .collect();
            (!changed.is_empty()).then(|| ("person.changed", vec![("fields", changed.join(" "))]))
        })
        .await
    }

    /// Gives a person another role. Takes effect at once, on tokens, sessions and open pages alike.
    ///
    /// # Errors
    /// Not found or not allowed for this caller, the last owner, it is so already, or the store does not answer.
    pub async fn set_role(&self, who: &Identity, login: &str, role: Role) -> Result<Person, Error> {
        who.may(Right::Administer)?;
        self.proved(who)?;
        let login = person::login(login).ok_or(Error::NotFound("person"))?;
        self.alter(who, &login, move |person| {
            let from = std::mem::replace(&mut person.role, role);
            let told = vec![("from", from.as_str().to_owned()), ("to", role.as_str().to_owned())];
            (from != role).then_some(("person.role_changed", told))
        })
        .await
    }

    /// Lets nobody in under this login any more: sessions and links end, tokens and open pages die with the same commit.
    ///
    /// # Errors
    /// As [`Engine::set_role`].
    pub async fn disable_person(&self, who: &Identity, login: &str) -> Result<Person, Error> {
        let person = self.set_state(who, login, State::Disabled, "person.disabled").await?;
        // Those who have left and still hold something are also found by a duty, should this not come to its end.
        self.person_is_gone(&person.login).await?;
        Ok(person)
    }

    /// Lets a person in again, or one who was invited without waiting for them. Sessions have to be opened anew; tokens
    /// that were not revoked work again.
    ///
    /// # Errors
    /// As [`Engine::set_role`].
    pub async fn enable_person(&self, who: &Identity, login: &str) -> Result<Person, Error> {
        self.set_state(who, login, State::Active, "person.enabled").await
    }

    async fn set_state(&self, who: &Identity, login: &str, state: State, kind: &'static str) -> Result<Person, Error> {
        who.may(Right::Administer)?;
        self.proved(who)?;
        let login = person::login(login).ok_or(Error::NotFound("person"))?;
        self.alter(who, &login, move |person| {
            let from = std::mem::replace(&mut person.state, state);
            (from != state).then_some((kind, Vec::new()))
        })
        .await
    }

    /// Loads, changes, records and saves in one transaction. `change` returns the entry's kind and fields, or `None` if
    /// nothing changes.
    async fn alter(
        &self,
        who: &Identity,
        login: &str,
        change: impl Fn(&mut Person) -> Option<(&'static str, Vec<(&'static str, String)>)> + Send + Sync + 'static,
    ) -> Result<Person, Error> {
        let (happening, login, change) = (self.happening(who), login.to_owned(), std::sync::Arc::new(change));
        let altered = self.store().write(move |tx| {
            let (happening, login, change) = (happening.clone(), login.clone(), std::sync::Arc::clone(&change));
            Box::pin(async move {
                let Some(before) = people::by_login(tx, &login).await? else { return Ok(Err(Wont::NotThere)) };
                let mut person = before.clone();
                let Some((kind, fields)) = change(&mut person) else { return Ok(Err(Wont::Unchanged)) };
                let was_owner = before.effective_role() == Some(Role::Owner);
                if was_owner && person.effective_role() != Some(Role::Owner) && people::active_owners(tx).await? <= 1 {
                    return Ok(Err(Wont::LastOwner));
                }
                person.changed_at = happening.now;
                people::save(tx, &person).await?;
                person.version += 1;
                if person.state != State::Active {
                    session::delete_of(tx, &Actor::Person { id: login.clone() }).await?;
                }
                let draft = happening.draft(kind).with("person", login);
                tx.record(fields.into_iter().fold(draft, |draft: Draft, (name, value)| draft.with(name, value)));
                Ok(Ok(person))
            })
        });
        altered.await?.map_err(Error::from)
    }
}

/// Writes a person and the entry; `false` if the login is taken.
pub(crate) async fn insert(tx: &mut Tx, person: &Person, happening: &Happening) -> Result<bool, watchfire_store::Error> {
    if !people::insert(tx, person).await? {
        return Ok(false);
    }
    let draft = happening.draft("person.added").with("person", person.login.as_str()).with("role", person.role.as_str());
    tx.record(draft.with("state", person.state.as_str()).secretly("name", &person.name));
    Ok(true)
}

pub(crate) fn fresh(new: NewPerson, now: jiff::Timestamp) -> Result<Person, Error> {
    let login = person::login(&new.login)
        .ok_or_else(|| Error::invalid("login", format!("{:?} is no login address, such as ada@example.org", new.login)))?;
    Ok(Person {
        name: named(&new.name, &login),
        role: new.role,
        state: new.state,
        time_zone: time_zone(&new.time_zone)?,
        tags: new.tags.cleaned(),
        addresses: Vec::new(),
        created_at: now,
        changed_at: now,
        version: 1,
        login,
    })
}

fn named(name: &str, login: &str) -> String {
    let name = text::line(name, person::NAME_CHARS);
    if name.is_empty() { login.to_owned() } else { name }
}

fn time_zone(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() {
        return Ok("UTC".to_owned());
    }
    match TimeZone::get(name) {
        Ok(zone) => Ok(zone.iana_name().unwrap_or(name).to_owned()),
        Err(_) => Err(Error::invalid("time_zone", format!("{name:?} is no time zone, such as Europe/Berlin"))),
    }
}

fn addresses(wanted: &[Address]) -> Result<Vec<Address>, Error> {
    if wanted.len() > person::ADDRESSES {
        return Err(Error::invalid("addresses", format!("at most {}", person::ADDRESSES)));
    }
    let clean = |address: &Address| match person::login(&address.address) {
        Some(text) => Ok(Address { address: text, verified_at: address.verified_at }),
        None => Err(Error::invalid("addresses", format!("{:?} is no mail address", address.address))),
    };
    wanted.iter().map(clean).collect()
}
