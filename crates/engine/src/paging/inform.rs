//! Telling a person something that asks for no answer.

use watchfire_core::channel::Message;
use watchfire_core::id::IncidentId;
use watchfire_store::{Error, Tx};

use super::tell::usable;
use crate::channels::{Dispatch, Way, dispatch};

/// Sends a message to a person through the first of their contacts that works; `false` if they have none that is verified. The
/// message is kept under the incident, and so is what comes back.
///
/// # Errors
/// As the store.
pub(crate) async fn inform(tx: &mut Tx, person: &str, incident: Option<IncidentId>, message: &Message) -> Result<bool, Error> {
    let contacts = usable(tx, person).await?;
    let Some((first, others)) = contacts.split_first() else { return Ok(false) };
    let address = |address: &str| (!address.is_empty()).then(|| address.to_owned());
    let mut wish = Dispatch::new(first.channel.as_str(), Message { to: address(&first.address), ..message.clone() });
    wish.instead = others.iter().map(|other| Way { channel: other.channel.clone(), to: address(&other.address) }).collect();
    wish.only = true;
    dispatch(tx, incident, &wish).await?;
    Ok(true)
}
