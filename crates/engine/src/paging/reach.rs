//! Whom a page would reach outside the console.

use std::collections::BTreeSet;

use watchfire_core::channel::ChannelTrust;
use watchfire_store::paging::{self, Contact};
use watchfire_store::{Conn, Error, channel};

/// Returns the contacts of people that a message can go to now, each person's in their order: those that are verified and
/// whose channel is there, enabled and not burned.
///
/// # Errors
/// As the store.
pub(crate) async fn open_contacts(conn: &mut Conn, logins: &[String]) -> Result<Vec<Contact>, Error> {
    let channels = channel::list(conn).await?;
    let carries = |contact: &Contact| {
        let named = |channel: &&channel::Channel| channel.name == contact.channel || channel.id.to_string() == contact.channel;
        let found = channels.iter().find(named);
        found.is_some_and(|channel| channel.disabled_at.is_none() && channel.trust != ChannelTrust::Burned)
    };
    let mut contacts = paging::contacts_of(conn, logins).await?;
    contacts.retain(|contact| contact.verified_at.is_some() && carries(contact));
    Ok(contacts)
}

/// Returns those of these people whom a page would reach outside the console.
///
/// # Errors
/// As the store.
pub(crate) async fn reachable(conn: &mut Conn, logins: &[String]) -> Result<BTreeSet<String>, Error> {
    Ok(open_contacts(conn, logins).await?.into_iter().map(|contact| contact.login).collect())
}
