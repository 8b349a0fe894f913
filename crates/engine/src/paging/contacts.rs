//! Contacts of people: added, shown to be read by a code, put in order, removed.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use watchfire_core::access::{Identity, Right};
use watchfire_core::channel::{Kind, Message};
use watchfire_core::id::ContactId;
use watchfire_core::{chance, person, text, token};
use watchfire_store::paging::{self, Code, Contact, Preference};
use watchfire_store::{channel, person as people};

use super::hours::DAY_MINUTES;
use crate::channels::{Dispatch, dispatch};
use crate::{Engine, Error};

/// Contacts of one person.
const CONTACTS: usize = 10;
/// Characters of an address.
const ADDRESS_CHARS: usize = 254;
/// How long a code works.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(30);
/// Wrong codes after which a new one has to be asked for: one in ten million is guessed.
const CODE_TRIES: i64 = 5;
/// How soon another code may be asked for: nobody is flooded through us.
const CODE_EVERY: SignedDuration = SignedDuration::from_secs(30);

impl Engine {
    /// Lists a person's contacts in their order: they themselves may, and owners.
    ///
    /// # Errors
    /// Not allowed for this caller, or the store does not answer.
    pub async fn contacts(&self, who: &Identity, login: &str) -> Result<Vec<Contact>, Error> {
        let login = own(who, login)?;
        let mut reader = self.store().read().await?;
        Ok(paging::contacts(&mut reader, &login).await?)
    }

    /// Adds a contact, last in order, and sends it a code. Nothing but codes is sent to it until the code was given back.
    ///
    /// # Errors
    /// There is no such channel or it carries no pages, the address is empty or too long, there are too many contacts, not
    /// allowed for this caller, or the store does not answer.
    pub async fn add_contact(&self, who: &Identity, login: &str, channel: &str, address: &str) -> Result<Contact, Error> {
        let login = own(who, login)?;
        let address = text::line(address, ADDRESS_CHARS);
        let mut reader = self.store().read().await?;
        if people::standing(&mut reader, &login).await?.is_none() {
            return Err(Error::NotFound("person"));
        }
        let found = channel::find(&mut reader, channel).await?;
        let found = found.ok_or_else(|| Error::invalid("channel", "there is no channel of this name"))?;
        let known = paging::contacts(&mut reader, &login).await?;
        drop(reader);
        if !self.0.channels.get(found.kind.as_str()).is_some_and(|kind| kind.about().capabilities.page) {
            return Err(Error::invalid("channel", "this channel carries no pages"));
        }
        if known.len() >= CONTACTS {
            return Err(Error::invalid("contact", format!("at most {CONTACTS}: remove one first")));
        }
        if known.iter().any(|contact| contact.channel == found.name && contact.address == address) {
            return Err(Error::invalid("contact", "it is there already"));
        }
        let happening = self.happening(who);
        let contact = Contact {
            id: chance::id(self.0.chance.as_ref(), happening.now),
            login,
            channel: found.name,
            address,
            position: known.iter().map(|contact| contact.position).max().unwrap_or(0) + 1,
            created_at: happening.now,
            verified_at: None,
            code: None,
        };
        let (row, draft) = (contact.clone(), happening.draft("contact.added").with("person", contact.login.as_str()));
        let draft = draft.with("contact", contact.id.to_string()).with("channel", contact.channel.as_str());
        self.store()
            .write(move |tx| {
                let (row, draft) = (row.clone(), draft.clone());
                Box::pin(async move {
                    tx.record(draft.secretly("address", row.address.as_str()));
                    paging::add_contact(tx, &row).await
                })
            })
            .await?;
        self.send_code(who, contact.id).await
    }

    /// Sends a contact a new code; the one before works no longer.
    ///
    /// # Errors
    /// Not found for this caller, too soon after the last one, or the store does not answer.
    pub async fn send_code(&self, who: &Identity, id: ContactId) -> Result<Contact, Error> {
        let mut contact = self.own_contact(who, id).await?;
        let now = self.now();
        let sent_at = contact.code.as_ref().and_then(|code| code.expires_at.checked_sub(CODE_LIFE).ok());
        if sent_at.is_some_and(|sent_at| now.duration_since(sent_at) < CODE_EVERY) {
            return Err(Error::invalid("contact", "a code was sent a moment ago: look for it, or ask again in half a minute"));
        }
        let random: [u8; 16] = chance::bytes(self.0.chance.as_ref());
        let code = format!("{:08}", u128::from_be_bytes(random) % 100_000_000);
        let expires_at = now.checked_add(CODE_LIFE).unwrap_or(now);
        contact.code = Some(Code { hash: hash(id, &code), expires_at, tries: 0 });
        let base = self.0.base_url.clone();
        let message = Message {
            kind: Kind::Notice,
            to: (!contact.address.is_empty()).then(|| contact.address.clone()),
            subject: format!("{code} is your Watchfire code"),
            text: format!("Give {code} in Watchfire to be paged here. It works for half an hour. Nobody asked? Then ignore it."),
            severity: None,
            incident: None,
            link: Some(format!("{base}/contacts")),
            acknowledge: None,
            console: base,
            key: text::hex(&chance::bytes::<16>(self.0.chance.as_ref())),
            matter: text::hex(&chance::bytes::<16>(self.0.chance.as_ref())),
            thread: None,
        };
        let wish = Dispatch::new(contact.channel.as_str(), message);
        let row = contact.clone();
        self.store()
            .write(move |tx| {
                let (row, wish) = (row.clone(), wish.clone());
                Box::pin(async move {
                    paging::save_contact(tx, &row).await?;
                    dispatch(tx, None, &wish).await
                })
            })
            .await?;
        Ok(contact)
    }

    /// Takes a code that a contact got: from now on pages go there.
    ///
    /// # Errors
    /// Not found for this caller, a wrong or expired code, too many tries, or the store does not answer.
    pub async fn verify_contact(&self, who: &Identity, id: ContactId, code: &str) -> Result<Contact, Error> {
        self.own_contact(who, id).await?;
        let (happening, given) = (self.happening(who), hash(id, code.trim()));
        let verified = self.store().write(move |tx| {
            let happening = happening.clone();
            Box::pin(async move {
                let Some(mut contact) = paging::contact(tx, id).await? else { return Ok(Err(Error::NotFound("contact"))) };
                let Some(code) = contact.code.as_mut().filter(|code| happening.now < code.expires_at) else {
                    return Ok(Err(Error::invalid("code", "it is over: ask for a new one")));
                };
                if code.tries >= CODE_TRIES {
                    return Ok(Err(Error::invalid("code", "too many tries: ask for a new one")));
                }
                if code.hash != given {
                    code.tries += 1;
                    paging::save_contact(tx, &contact).await?;
                    return Ok(Err(Error::invalid("code", "this is not the code that was sent")));
                }
                (contact.verified_at, contact.code) = (Some(happening.now), None);
                paging::save_contact(tx, &contact).await?;
                let draft = happening.draft("contact.verified").with("person", contact.login.as_str());
                tx.record(draft.with("contact", id.to_string()).with("channel", contact.channel.as_str()));
                Ok(Ok(contact))
            })
        });
        verified.await?
    }

    /// Puts a person's contacts in order: those that are named come first, as they are named.
    ///
    /// # Errors
    /// Not allowed for this caller, or the store does not answer.
    pub async fn order_contacts(&self, who: &Identity, login: &str, ids: Vec<ContactId>) -> Result<Vec<Contact>, Error> {
        let login = own(who, login)?;
        let (happening, person) = (self.happening(who), login.clone());
        self.store()
            .write(move |tx| {
                let (happening, ids, login) = (happening.clone(), ids.clone(), login.clone());
                Box::pin(async move {
                    let mut contacts = paging::contacts(tx, &login).await?;
                    contacts.sort_by_key(|contact| ids.iter().position(|id| *id == contact.id).unwrap_or(usize::MAX));
                    for (contact, position) in contacts.iter_mut().zip(1..) {
                        contact.position = position;
                        paging::save_contact(tx, contact).await?;
                    }
                    tx.record(happening.draft("contact.ordered").with("person", login));
                    Ok(())
                })
            })
            .await?;
        self.contacts(who, &person).await
    }

    /// Removes a contact; what waits to be sent to it is still sent.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn remove_contact(&self, who: &Identity, id: ContactId) -> Result<Contact, Error> {
        let contact = self.own_contact(who, id).await?;
        let draft = self.happening(who).draft("contact.removed").with("person", contact.login.as_str());
        let draft = draft.with("contact", id.to_string()).with("channel", contact.channel.as_str());
        self.store()
            .write(move |tx| {
                let draft = draft.clone();
                Box::pin(async move {
                    if paging::remove_contact(tx, id).await? {
                        tx.record(draft);
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(contact)
    }

    /// Returns when a person wants to be left alone.
    ///
    /// # Errors
    /// Not allowed for this caller, or the store does not answer.
    pub async fn paging_preference(&self, who: &Identity, login: &str) -> Result<Preference, Error> {
        let login = own(who, login)?;
        let mut reader = self.store().read().await?;
        let known = paging::preference(&mut reader, &login).await?;
        let changed_at = self.now();
        Ok(known.unwrap_or(Preference { login, time_zone: None, quiet: None, sound: false, changed_at }))
    }

    /// Says when a person wants to be left alone. It never holds for SEV1 and SEV2.
    ///
    /// # Errors
    /// The zone is none, the minutes are not within a day, not allowed for this caller, or the store does not answer.
    pub async fn set_paging_preference(&self, who: &Identity, wish: Preference) -> Result<Preference, Error> {
        let login = own(who, &wish.login)?;
        let zone = wish.time_zone.map(|zone| zone.trim().to_owned()).filter(|zone| !zone.is_empty());
        if let Some(zone) = &zone
            && TimeZone::get(zone).is_err()
        {
            return Err(Error::invalid("time_zone", format!("{zone:?} is no time zone, such as Europe/Berlin")));
        }
        if wish.quiet.is_some_and(|(from, until)| [from, until].iter().any(|at| !(0..DAY_MINUTES).contains(at))) {
            return Err(Error::invalid("quiet", "both ends are times of a day"));
        }
        let happening = self.happening(who);
        let row = Preference { login, time_zone: zone, changed_at: happening.now, ..wish };
        let put = row.clone();
        self.store()
            .write(move |tx| {
                let (happening, put) = (happening.clone(), put.clone());
                Box::pin(async move {
                    tx.record(happening.draft("person.paging_changed").with("person", put.login.as_str()));
                    paging::save_preference(tx, &put).await
                })
            })
            .await?;
        Ok(row)
    }

    async fn own_contact(&self, who: &Identity, id: ContactId) -> Result<Contact, Error> {
        let mut reader = self.store().read().await?;
        let contact = paging::contact(&mut reader, id).await?.ok_or(Error::NotFound("contact"))?;
        own(who, &contact.login).map_err(|_| Error::NotFound("contact"))?;
        Ok(contact)
    }
}

/// Says that only the person themselves or an owner may do this; returns the login.
fn own(who: &Identity, login: &str) -> Result<String, Error> {
    let login = person::login(login).ok_or(Error::NotFound("person"))?;
    if who.login() == Some(login.as_str()) {
        who.carries(Right::Act)?;
    } else {
        who.may(Right::Administer)?;
    }
    Ok(login)
}

fn hash(contact: ContactId, code: &str) -> [u8; 32] {
    token::hash(&format!("{contact}|{code}"))
}
