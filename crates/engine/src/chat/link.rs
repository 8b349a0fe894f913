//! Whose account a member of a chat is: made by a code, never by a name or a mail address.

use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Right};
use watchfire_core::actor::Actor;
use watchfire_core::id::ChannelId;
use watchfire_core::token::{self, TokenKind};
use watchfire_core::{chance, text};
use watchfire_store::{channel, chat};

use crate::{Engine, Error};

/// How long a code works.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// A code just made: the only time that it is shown.
#[derive(Clone, Debug)]
pub struct ChatCode {
    pub code: String,
    pub expires_at: Timestamp,
}

/// A chat account of the caller.
#[derive(Clone, Debug)]
pub struct ChatLink {
    pub channel: ChannelId,
    /// The channel's name; empty if it is gone.
    pub channel_name: String,
    pub member: String,
    pub linked_at: Timestamp,
}

impl Engine {
    /// Makes a code by which the caller links a chat account, in place of earlier ones. It works once, for ten minutes.
    ///
    /// # Errors
    /// The caller is no person, or the store does not answer.
    pub async fn chat_code(&self, who: &Identity) -> Result<ChatCode, Error> {
        let login = person(who)?;
        let happening = self.happening(who);
        let expires_at = happening.now.checked_add(CODE_LIFE).unwrap_or(happening.now);
        let code = token::write(TokenKind::ChatCode, chance::bytes(self.0.chance.as_ref()));
        let hash = token::hash(&code);
        self.store()
            .write(move |tx| {
                let (happening, login) = (happening.clone(), login.clone());
                Box::pin(async move {
                    tx.record(happening.draft("chat.code_made").with("login", login.as_str()));
                    chat::put_code(tx, hash, &login, expires_at).await
                })
            })
            .await?;
        Ok(ChatCode { code, expires_at })
    }

    /// Lists the caller's chat accounts.
    ///
    /// # Errors
    /// The caller is no person, or the store does not answer.
    pub async fn chat_links(&self, who: &Identity) -> Result<Vec<ChatLink>, Error> {
        let login = person(who)?;
        let mut reader = self.store().read().await?;
        let channels = channel::list(&mut reader).await?;
        let links = chat::links_of(&mut reader, &login).await?;
        let name = |id: ChannelId| channels.iter().find(|channel| channel.id == id).map(|channel| channel.name.clone());
        Ok(links
            .into_iter()
            .map(|link| ChatLink {
                channel: link.channel,
                channel_name: name(link.channel).unwrap_or_default(),
                member: link.member,
                linked_at: link.linked_at,
            })
            .collect())
    }

    /// Ends a link of the caller's.
    ///
    /// # Errors
    /// Not the caller's, or the store does not answer.
    pub async fn chat_unlink(&self, who: &Identity, channel: ChannelId, member: &str) -> Result<(), Error> {
        let (login, member, happening) = (person(who)?, text::line(member, 100), self.happening(who));
        let ended = self.store().write(move |tx| {
            let (login, member, happening) = (login.clone(), member.clone(), happening.clone());
            Box::pin(async move {
                let ended = chat::unlink(tx, &login, channel, &member).await?;
                if ended {
                    tx.record(
                        happening
                            .draft("chat.unlinked")
                            .with("channel", channel.to_string())
                            .with("login", login)
                            .with("member", member),
                    );
                }
                Ok(ended)
            })
        });
        if ended.await? { Ok(()) } else { Err(Error::NotFound("chat account")) }
    }

    /// Uses a code up: from now on the member is the person whose code it was. Returns the login.
    pub(super) async fn chat_link(&self, channel: ChannelId, member: &str, code: &str) -> Result<Option<String>, Error> {
        if !token::is_well_formed(TokenKind::ChatCode, code) {
            return Ok(None);
        }
        let (hash, member) = (token::hash(code), member.to_owned());
        let (now, version) = (self.now(), self.0.plans.load().version.clone());
        let linked = self.store().write(move |tx| {
            let (member, version) = (member.clone(), version.clone());
            Box::pin(async move {
                let Some(login) = chat::take_code(tx, hash).await? else { return Ok(None) };
                chat::link(tx, channel, &member, &login).await?;
                let actor = Actor::Person { id: login.clone() };
                let happening = crate::incidents::Happening::now(actor, now, &version);
                tx.record(
                    happening
                        .draft("chat.linked")
                        .with("channel", channel.to_string())
                        .with("login", login.as_str())
                        .with("member", member),
                );
                Ok(Some(login))
            })
        });
        Ok(linked.await?)
    }
}

/// Only people talk in chats.
fn person(who: &Identity) -> Result<String, Error> {
    who.may(Right::Read)?;
    match &who.actor {
        Actor::Person { id } => Ok(id.clone()),
        _ => Err(Error::invalid("caller", "only a person has a chat account")),
    }
}
