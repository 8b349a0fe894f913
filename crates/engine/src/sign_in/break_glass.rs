//! Break-glass: an owner who signs in here although the organisation has an identity provider.
//!
//! It always works, because a company whose sign-on is breached or down still has to respond; and everybody who owns the
//! installation learns of it.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};
use watchfire_core::access::{Identity, Role};
use watchfire_core::chance;
use watchfire_core::channel::Message;
use watchfire_core::person::State;
use watchfire_core::text::hex;
use watchfire_store::{Error as StoreError, Tx, paging, setting};

use super::letter::Desk;
use crate::channels::{Dispatch, dispatch};
use crate::incidents::Happening;
use crate::paging::open_contacts;
use crate::{Engine, Error};

const LAST: &str = "sign_in.break_glass";
/// How long owners are shown that it was used.
const SHOWN: SignedDuration = SignedDuration::from_hours(72);

/// The last use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BreakGlass {
    pub login: String,
    pub at: Timestamp,
}

/// What the owners are told with, drawn before the transaction.
#[derive(Clone)]
pub(super) struct Bell {
    desk: Desk,
    /// Tells the messages of this use from all others.
    seed: String,
}

/// Records that an owner signed in here beside a configured provider, and announces it, in the transaction that opens the
/// session: on every page of every owner, and by a message through each of their verified contacts. An owner without one
/// gets a mail to their login, where a channel writes mail. Does nothing without a bell: no provider is configured.
pub(super) async fn note(tx: &mut Tx, happening: &Happening, role: Role, bell: Option<&Bell>) -> Result<(), StoreError> {
    let Some(bell) = bell.filter(|_| role == Role::Owner) else { return Ok(()) };
    tx.record(happening.draft("sign_in.break_glass"));
    let told = json!({ "login": happening.actor.id(), "at": happening.now.to_string() });
    setting::put(tx, LAST, &told.to_string(), happening.now).await?;
    bell.ring(tx, happening).await
}

impl Bell {
    async fn ring(&self, tx: &mut Tx, happening: &Happening) -> Result<(), StoreError> {
        let owns = |person: &paging::Somebody| person.role == Role::Owner && person.state == State::Active;
        let owners = paging::everybody(tx).await?.into_iter().filter(owns).map(|person| person.login).collect::<Vec<_>>();
        let contacts = open_contacts(tx, &owners).await?;
        let mail = self.desk.mail_channel(tx).await?;
        for owner in owners {
            let own = contacts.iter().filter(|contact| contact.login == owner);
            let mut ways: Vec<(String, String)> = own.map(|contact| (contact.channel.clone(), contact.address.clone())).collect();
            if let (true, Some(mail)) = (ways.is_empty(), &mail) {
                ways.push((mail.name.clone(), owner.clone()));
            }
            for (channel, address) in ways {
                let message = self.word(happening, &channel, &address);
                dispatch(tx, None, &Dispatch::new(channel, message)).await?;
            }
        }
        Ok(())
    }

    fn word(&self, happening: &Happening, channel: &str, address: &str) -> Message {
        let (login, at) = (happening.actor.id(), happening.now.strftime("%-d %B %Y, %H:%M:%S UTC"));
        let subject = format!("{login} signed in beside the identity provider");
        let text = format!(
            "{login} signed in to Watchfire at {at} with a password or passkey kept here, not through the identity provider.\n\
             Nobody who should? Disable the account, and look at the record."
        );
        let key = hex(&Sha256::digest(format!("{}|{channel}|{address}", self.seed)))[..32].to_owned();
        self.desk.letter(address, subject, text, "/record", key)
    }
}

impl Engine {
    /// Returns what owners are told with when one of them signs in here; `None` without an identity provider.
    pub(super) fn bell(&self) -> Option<Bell> {
        let seed = || hex(&chance::bytes::<16>(self.0.chance.as_ref()));
        self.0.ways.sign_on.is_some().then(|| Bell { desk: self.desk(), seed: seed() })
    }

    /// Returns the last use of break-glass sign-in of the last three days, for owners alone.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn break_glass(&self, who: &Identity) -> Result<Option<BreakGlass>, Error> {
        if who.role != Role::Owner || self.0.ways.sign_on.is_none() {
            return Ok(None);
        }
        let mut reader = self.store().read().await?;
        let settings = setting::all(&mut reader).await?;
        let read = |text: &String| {
            let value: serde_json::Value = serde_json::from_str(text).ok()?;
            Some(BreakGlass { login: value["login"].as_str()?.to_owned(), at: value["at"].as_str()?.parse().ok()? })
        };
        let last = settings.get(LAST).and_then(read);
        Ok(last.filter(|last| self.now().duration_since(last.at) < SHOWN))
    }
}
