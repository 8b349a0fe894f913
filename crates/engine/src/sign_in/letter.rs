//! Letters about signing in: invitations, and word to the owners.

use watchfire_core::access::{Identity, Right};
use watchfire_core::channel::{ChannelTrust, Kind, Message};
use watchfire_store::channel::{self, Channel};
use watchfire_store::{Conn, Error};

use crate::Engine;

/// What the letters of one transaction need; drawn before it, so that it can be run again and says the same.
#[derive(Clone)]
pub(super) struct Desk {
    base_url: String,
    /// The kinds of channels that write to mail addresses.
    mails: Vec<&'static str>,
}

impl Engine {
    /// Gathers what letters need.
    pub(super) fn desk(&self) -> Desk {
        let mails = self.0.channels.iter().filter(|(_, channel)| channel.about().capabilities.mail).map(|(kind, _)| *kind);
        Desk { base_url: self.0.base_url.clone(), mails: mails.collect() }
    }

    /// Returns the name of the channel by which invitations are mailed; `None` where they have to be handed over.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn mails_through(&self, who: &Identity) -> Result<Option<String>, crate::Error> {
        who.may(Right::Configure)?;
        let mut reader = self.store().read().await?;
        Ok(self.desk().mail_channel(&mut reader).await?.map(|channel| channel.name))
    }
}

impl Desk {
    /// Returns the channel that mails people: the first by name that is enabled and trusted; `None` if there is none.
    pub(super) async fn mail_channel(&self, conn: &mut Conn) -> Result<Option<Channel>, Error> {
        let usable = |channel: &Channel| {
            channel.disabled_at.is_none() && channel.trust == ChannelTrust::Trusted && self.mails.contains(&channel.kind.as_str())
        };
        Ok(channel::list(conn).await?.into_iter().find(usable))
    }

    /// Writes a letter about no incident; `link` is a path below our address, or a whole address of ours. The key tells it
    /// from all others.
    pub(super) fn letter(&self, to: &str, subject: String, text: String, link: &str, key: String) -> Message {
        let link = if link.starts_with('/') { format!("{}{link}", self.base_url) } else { link.to_owned() };
        Message {
            kind: Kind::Notice,
            to: (!to.is_empty()).then(|| to.to_owned()),
            subject,
            text,
            severity: None,
            incident: None,
            link: Some(link),
            acknowledge: None,
            console: self.base_url.clone(),
            matter: key.clone(),
            key,
            thread: None,
        }
    }
}
