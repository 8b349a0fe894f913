//! Telling one person: an attempt for each contact, and its message in the outbox.

use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use watchfire_core::access::{GrantSource, Level};
use watchfire_core::chance;
use watchfire_core::channel::{Kind, Message, Named};
use watchfire_core::escalation::Place;
use watchfire_core::incident::Incident;
use watchfire_core::token::{self, TokenKind};
use watchfire_core::{Severity, text};
use watchfire_store::grant::{self, Grant, Grantee};
use watchfire_store::paging::{self, Attempt, AttemptStatus, Contact, Link, Page};
use watchfire_store::{Error, Tx, channel};

use super::drive::{With, entry, is_real};
use crate::channels::{Dispatch, Way, dispatch};
use crate::grants;

/// The timer by which the outbox says what became of a message; its subject is the message's key.
pub(crate) const ANSWERED: &str = "page.answered";
/// The channel of attempts that only the console shows.
pub(crate) const CONSOLE: &str = "console";
/// What the purpose of a page by hand begins with.
pub(super) const BY_HAND: &str = "by-hand:";
/// How long a link acknowledges.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Tells a person: in the console always, and by their verified contacts. SEV1 and SEV2 go through all of them at once, the
/// rest through the first that works.
///
/// # Errors
/// As the store.
pub(super) async fn tell(
    tx: &mut Tx,
    page: &Page,
    incident: &Incident,
    (person, place, times): (&str, Place, u32),
    with: &With,
) -> Result<(), Error> {
    let now = with.happening.now;
    let attempt = |contact: Option<&Contact>| Attempt {
        id: chance::id(with.chance.as_ref(), now),
        page: page.id,
        incident: incident.id,
        person: person.to_owned(),
        place,
        times,
        contact: contact.map(|contact| contact.id),
        channel: contact.map_or(CONSOLE, |contact| &contact.channel).to_owned(),
        key: key(page, person, times, contact),
        status: if contact.is_some() { AttemptStatus::Waiting } else { AttemptStatus::Sent },
        tries: i64::from(contact.is_none()),
        reply: if contact.is_some() { String::new() } else { "shown in the console".to_owned() },
        address: contact.map(|contact| contact.address.clone()).unwrap_or_default(),
        night: with.roster.is_night(person),
        created_at: now,
        changed_at: now,
    };
    if !paging::add_attempt(tx, &attempt(None)).await? {
        return Ok(());
    }
    if incident.is_shut() && grant::level(tx, incident.id, person, now).await?.is_none() {
        let granted = Grant {
            id: chance::id(with.chance.as_ref(), now),
            incident: incident.id,
            grantee: Grantee::Person(person.to_owned()),
            level: Level::Act,
            source: GrantSource::Role,
            reason: "paged".to_owned(),
            by: with.happening.actor.id().to_owned(),
            granted_at: now,
            until: None,
        };
        grants::give(tx, &granted, &with.happening).await?;
    }
    let contacts = if is_real(incident) { usable(tx, person).await? } else { Vec::new() };
    let told = entry(page, "page.told", with).with("person", person).with("step", place.to_string()).with("times", times);
    let channels = std::iter::once(CONSOLE).chain(contacts.iter().map(|contact| contact.channel.as_str()));
    tx.record(told.with("through", channels.collect::<Vec<_>>().join(", ")));
    let Some((first, others)) = contacts.split_first() else { return Ok(()) };
    let link = acknowledge_link(tx, page, person, with).await?;
    let (at_once, instead) = if page.state.urgent { (&contacts[..], &[][..]) } else { (std::slice::from_ref(first), others) };
    for contact in at_once {
        let attempt = attempt(Some(contact));
        if !paging::add_attempt(tx, &attempt).await? {
            continue;
        }
        let message = message(page, incident, contact, &attempt.key, Some(link.clone()), with);
        let ways = instead.iter().map(|other| Way { channel: other.channel.clone(), to: Some(other.address.clone()) });
        let mut wish = Dispatch::new(contact.channel.as_str(), message);
        wish.instead = ways.collect();
        wish.then = Some(ANSWERED.to_owned());
        dispatch(tx, Some(incident.id), &wish).await?;
    }
    Ok(())
}

/// Tells the systems that were told of a page and keep it open themselves that it is over.
///
/// # Errors
/// As the store.
pub(super) async fn over(tx: &mut Tx, page: &Page, incident: &Incident, by: &str, with: &With) -> Result<(), Error> {
    let kind = if by.is_empty() { Kind::Resolve } else { Kind::Acknowledge };
    let mut told: Vec<(String, String)> = Vec::new();
    for attempt in paging::attempts(tx, page.id).await? {
        let Some(contact) = attempt.contact else { continue };
        let way = (attempt.channel, attempt.address);
        if told.contains(&way) || !keeps_open(tx, &way.0, with).await? {
            continue;
        }
        let contact = Contact {
            id: contact,
            login: attempt.person,
            channel: way.0.clone(),
            address: way.1.clone(),
            position: 0,
            created_at: with.happening.now,
            verified_at: None,
            code: None,
        };
        let key = text::hex(&Sha256::digest(format!("{}|{}|{}", attempt.key, kind.as_str(), page.id)))[..32].to_owned();
        let message = Message { kind, ..message(page, incident, &contact, &key, None, with) };
        dispatch(tx, Some(incident.id), &Dispatch::new(contact.channel.as_str(), message)).await?;
        told.push(way);
    }
    Ok(())
}

/// Returns the contacts of a person that are verified and whose channel is there and carries anything.
pub(super) async fn usable(tx: &mut Tx, person: &str) -> Result<Vec<Contact>, Error> {
    let mut usable = Vec::new();
    for contact in paging::contacts(tx, person).await? {
        let found = channel::find(tx, &contact.channel).await?;
        let open = found
            .is_some_and(|found| found.disabled_at.is_none() && found.trust != watchfire_core::channel::ChannelTrust::Burned);
        if open && contact.verified_at.is_some() {
            usable.push(contact);
        }
    }
    Ok(usable)
}

/// Tells whether a channel's other side keeps what it was told open until it is told otherwise.
async fn keeps_open(tx: &mut Tx, name: &str, with: &With) -> Result<bool, Error> {
    Ok(channel::find(tx, name).await?.is_some_and(|found| with.resolving.contains(&found.kind.as_str())))
}

async fn acknowledge_link(tx: &mut Tx, page: &Page, person: &str, with: &With) -> Result<String, Error> {
    let secret = token::write(TokenKind::Acknowledge, chance::bytes(with.chance.as_ref()));
    let expires_at = with.happening.now.checked_add(LINK_LIFE).unwrap_or(with.happening.now);
    let link = Link { page: page.id, login: person.to_owned(), expires_at };
    paging::add_link(tx, token::hash(&secret), &link).await?;
    Ok(format!("{}/acknowledge/{secret}", with.base_url))
}

/// The key says page, person, telling and contact, and nobody reads them out of it.
fn key(page: &Page, person: &str, times: u32, contact: Option<&Contact>) -> String {
    let contact = contact.map_or_else(|| CONSOLE.to_owned(), |contact| contact.id.to_string());
    let whole = text::hex(&Sha256::digest(format!("page|{}|{person}|{times}|{contact}", page.id)));
    whole[..32].to_owned()
}

/// Writes the message. Of an incident that is shut it says severity and codename, of an open one the title besides.
fn message(page: &Page, incident: &Incident, contact: &Contact, key: &str, link: Option<String>, with: &With) -> Message {
    let severity = incident.severity.map_or("severity unknown", Severity::label);
    let restricted = incident.is_shut();
    let title = if restricted { incident.codename.as_str() } else { incident.title.as_str() };
    let mut lines = vec![format!("{severity} · {} · {} · team {}", incident.short_id, incident.codename, incident.team)];
    // What the plans give as the reason says nothing of the incident; people's words may.
    if !restricted || !page.purpose.starts_with(BY_HAND) {
        lines.push(page.reason.clone());
    }
    if !restricted {
        lines.extend((!incident.summary.is_empty()).then(|| text::prose(&incident.summary, 1_000)));
    }
    Message {
        kind: Kind::Page,
        to: (!contact.address.is_empty()).then(|| contact.address.clone()),
        subject: format!("{severity} {} {title}", incident.short_id),
        text: lines.join("\n"),
        severity: incident.severity,
        incident: Some(Named { short_id: incident.short_id.clone(), codename: incident.codename.clone(), restricted }),
        link: Some(format!("{}/incidents/{}", with.base_url, incident.short_id)),
        acknowledge: link,
        console: with.base_url.clone(),
        key: key.to_owned(),
        matter: page.id.to_string(),
        thread: None,
    }
}
