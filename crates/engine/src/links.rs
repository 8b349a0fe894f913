//! Where the people of an incident meet: its call, its room, a document elsewhere.

use watchfire_core::access::{Identity, Right};
use watchfire_core::incident::{Fact, Refusal};
use watchfire_core::text;
use watchfire_store::incident;
use watchfire_store::link::{self, Link};

use crate::incidents::record;
use crate::{Engine, Error};

/// The words under which an incident keeps addresses.
pub const LINKS: [(&str, &str); 3] = [("call", "Call"), ("room", "Chat room"), ("document", "Document elsewhere")];
/// Characters of an address.
const ADDRESS_CHARS: usize = 2_000;

impl Engine {
    /// Sets where people meet; an empty address takes it away.
    ///
    /// # Errors
    /// Not found for this caller, an unknown word, an address that is no web link, nothing would change, or the store
    /// does not answer.
    pub async fn set_link(&self, who: &Identity, id: &str, word: &str, address: &str) -> Result<(), Error> {
        if !LINKS.iter().any(|(known, _)| *known == word) {
            return Err(Error::invalid("link", "it is none of call, room, document"));
        }
        let address = address.trim().to_owned();
        if !address.is_empty() && (!text::is_web_link(&address) || address.chars().count() > ADDRESS_CHARS) {
            return Err(Error::invalid("address", "write an address that begins with https:// or http://"));
        }
        let incident = self.reach(who, Right::Act, id).await?.id;
        let happening = self.happening(who);
        let wish = Link { link: word.to_owned(), address, set_by: who.actor.id().to_owned(), set_at: happening.now };
        let done = self.store().write(move |tx| {
            let (happening, wish) = (happening.clone(), wish.clone());
            Box::pin(async move {
                let Some(mut incident) = incident::by_id(tx, incident).await? else {
                    return Ok(Err(Error::NotFound("incident")));
                };
                let known = link::list(tx, incident.id).await?.into_iter().find(|known| known.link == wish.link);
                if known.map(|known| known.address).unwrap_or_default() == wish.address {
                    return Ok(Err(Refusal::Unchanged.into()));
                }
                if wish.address.is_empty() {
                    link::clear(tx, incident.id, &wish.link).await?;
                } else {
                    link::set(tx, incident.id, &wish).await?;
                }
                let fact = Fact::LinkSet { link: wish.link, address: wish.address };
                record(tx, &mut incident, &[fact], &happening);
                incident::save(tx, &incident).await?;
                Ok(Ok(()))
            })
        });
        done.await?
    }

    /// Returns where people meet.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn links(&self, who: &Identity, id: &str) -> Result<Vec<Link>, Error> {
        let incident = self.find(who, id).await?.id;
        let mut reader = self.store().read().await?;
        Ok(link::list(&mut reader, incident).await?)
    }
}
