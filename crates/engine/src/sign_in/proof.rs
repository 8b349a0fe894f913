//! Proving again who one is, before what is dangerous.

use std::net::IpAddr;

use jiff::SignedDuration;
use watchfire_core::access::{Identity, Proof};
use watchfire_core::chance;
use watchfire_core::token::{self, TokenKind};
use watchfire_store::session;
use watchfire_store::sign_in::passkey::{self, Passkey};
use watchfire_store::sign_in::session as own;

use super::guess::Try;
use super::{Opened, SignInError};
use crate::{Engine, Error};

/// How old a proof may be.
pub(crate) const PROOF_LIFE: SignedDuration = SignedDuration::from_mins(5);

impl Engine {
    /// Lets through who has proved who they are within the last five minutes. The program's own work needs no proof; a
    /// token that administers was made with one, for that.
    ///
    /// # Errors
    /// [`Error::Proof`] says what to do.
    pub(crate) fn proved(&self, who: &Identity) -> Result<(), Error> {
        match who.proof() {
            Proof::NotAsked => Ok(()),
            Proof::Session(Some(at)) if self.now().duration_since(at) < PROOF_LIFE => Ok(()),
            Proof::Session(_) => Err(Error::Proof),
        }
    }

    /// Tells whether somebody's proof is fresh enough for what is dangerous.
    pub fn is_proved(&self, who: &Identity) -> bool {
        self.proved(who).is_ok()
    }

    /// Proves again by password; counts towards the limits like a sign-in. The session gets another secret.
    ///
    /// # Errors
    /// As [`Engine::sign_in_by_password`].
    pub async fn prove_by_password(
        &self,
        who: &Identity,
        secret: &str,
        password: &str,
        address: IpAddr,
    ) -> Result<Opened, SignInError> {
        let login = who.login().ok_or(SignInError::Wrong)?;
        let this = self.begin_try(login, address).await?;
        if !self.knows_password(login, password).await? {
            return Err(SignInError::Wrong);
        }
        self.prove(who, secret, How::Password(this)).await
    }

    /// Proves again by a passkey: the answer to [`Engine::ask_for_passkey`]. The session gets another secret.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] also for the passkey of somebody else.
    pub async fn prove_by_passkey(
        &self,
        who: &Identity,
        secret: &str,
        question: &str,
        answer: &str,
    ) -> Result<Opened, SignInError> {
        let found = self.answered_by(question, answer).await?;
        if who.login() != Some(found.login.as_str()) {
            return Err(SignInError::Wrong);
        }
        self.prove(who, secret, How::Passkey(Box::new(found))).await
    }

    async fn prove(&self, who: &Identity, secret: &str, how: How) -> Result<Opened, SignInError> {
        let login = who.login().ok_or(SignInError::Wrong)?.to_owned();
        let (happening, from) = (self.happening(who), token::hash(secret));
        let fresh = token::write(TokenKind::Session, chance::bytes(self.0.chance.as_ref()));
        let (to, named) = (token::hash(&fresh), login.clone());
        let proved = self.store().write(move |tx| {
            let (happening, login, how) = (happening.clone(), login.clone(), how.clone());
            Box::pin(async move {
                let Some(known) = session::by_hash(tx, from, happening.now).await? else { return Ok(None) };
                let means = match &how {
                    How::Password(this) => {
                        this.succeeded(tx).await?;
                        "password"
                    }
                    How::Passkey(found) => {
                        passkey::used(tx, found).await?;
                        "passkey"
                    }
                };
                if !own::proved(tx, from, &login).await? || !own::rotate(tx, from, to).await? {
                    return Ok(None);
                }
                tx.record(happening.draft("session.proved").with("means", means));
                Ok(Some(known.expires_at))
            })
        });
        let expires_at = proved.await?.ok_or(SignInError::Wrong)?;
        Ok(Opened { secret: fresh, expires_at, login: named })
    }
}

/// What the proof was.
#[derive(Clone)]
enum How {
    Password(Try),
    Passkey(Box<Passkey>),
}
