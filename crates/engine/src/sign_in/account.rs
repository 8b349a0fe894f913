//! One's own account: password, passkeys, the identity provider.

use jiff::Timestamp;
use watchfire_core::access::Identity;
use watchfire_core::id::Id;
use watchfire_core::token;
use watchfire_store::sign_in::passkey::{self, Passkey};
use watchfire_store::sign_in::session as own;
use watchfire_store::sign_in::{password, sign_on};

use super::{Credential, Question, SignInError};
use crate::{Engine, Error};

/// How somebody signs in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Account {
    pub password_set_at: Option<Timestamp>,
    pub passkeys: Vec<PasskeyRow>,
    /// Issuers of the identity provider's accounts that are theirs.
    pub sign_on: Vec<String>,
}

/// A passkey as its person sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PasskeyRow {
    pub id: String,
    pub name: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

impl Engine {
    /// Returns how somebody signs in themselves.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn account(&self, who: &Identity) -> Result<Account, Error> {
        let Some(login) = who.login() else { return Ok(Account::default()) };
        let mut reader = self.store().read().await?;
        let row = |passkey: Passkey| PasskeyRow {
            id: passkey.id.to_string(),
            name: passkey.name,
            created_at: passkey.created_at,
            last_used_at: passkey.last_used_at,
        };
        Ok(Account {
            password_set_at: password::set_at(&mut reader, login).await?,
            passkeys: passkey::of(&mut reader, login).await?.into_iter().map(row).collect(),
            sign_on: sign_on::of(&mut reader, login).await?.into_iter().map(|tie| tie.issuer).collect(),
        })
    }

    /// Asks one's own browser for a new passkey.
    ///
    /// # Errors
    /// The proof is not fresh, passkeys do not work at this address, or the store does not answer.
    pub async fn ask_for_own_passkey(&self, who: &Identity) -> Result<Question, SignInError> {
        self.proved(who)?;
        let login = who.login().ok_or(SignInError::Wrong)?;
        let name = self.person_by_login(login).await?.map(|person| person.name).unwrap_or_default();
        self.ask_for_new_passkey(login, &name).await
    }

    /// Sets one's own password or adds a passkey. A new password ends all other sessions.
    ///
    /// # Errors
    /// The proof is not fresh, [`SignInError::Weak`], or the passkey's answer is refused.
    pub async fn set_credential(&self, who: &Identity, secret: &str, credential: Credential) -> Result<(), SignInError> {
        self.proved(who)?;
        let login = who.login().ok_or(SignInError::Wrong)?.to_owned();
        let person = self.person_by_login(&login).await?.ok_or(SignInError::Wrong)?;
        let organisation = self.organisation(who).await?.name;
        let ready = self.ready(&login, &credential, &[&person.name, &organisation]).await?;
        let (happening, here) = (self.happening(who), token::hash(secret));
        let ends_others = matches!(credential, Credential::Password(_));
        self.store()
            .write(move |tx| {
                let (happening, ready, login) = (happening.clone(), ready.clone(), login.clone());
                Box::pin(async move {
                    ready.keep(tx, &login, &happening).await?;
                    if ends_others {
                        own::end_others(tx, &login, here).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }

    /// Forgets one of one's own passkeys, as long as another way to sign in is left.
    ///
    /// # Errors
    /// Not found, the proof is not fresh, it is the last way to sign in, or the store does not answer.
    pub async fn remove_passkey(&self, who: &Identity, id: Id<Passkey>) -> Result<(), Error> {
        self.proved(who)?;
        let login = who.login().ok_or(Error::NotFound("passkey"))?.to_owned();
        let account = self.account(who).await?;
        if account.password_set_at.is_none() && account.sign_on.is_empty() && account.passkeys.len() <= 1 {
            return Err(Error::invalid(
                "passkey",
                "it is the only way in that you have: set a password or add another passkey first",
            ));
        }
        let happening = self.happening(who);
        let removed = self.store().write(move |tx| {
            let (happening, login) = (happening.clone(), login.clone());
            Box::pin(async move {
                let removed = passkey::delete(tx, &login, id).await?;
                if removed {
                    tx.record(happening.draft("person.passkey_removed").with("person", login).with("passkey", id.to_string()));
                }
                Ok(removed)
            })
        });
        if removed.await? { Ok(()) } else { Err(Error::NotFound("passkey")) }
    }
}
