//! Signing in with a passkey.

use std::sync::Arc;

use serde_json::json;
use sha2::{Digest, Sha256};
use watchfire_core::person::State;
use watchfire_store::person as people;
use watchfire_store::sign_in::passkey::{self, Passkey};

use super::session::Opened;
use super::{Passkeys, Question, SignInError, break_glass};
use crate::Engine;

const KIND: &str = "passkey";

impl Engine {
    /// Asks whoever sits there to prove who they are with a passkey; nobody's name is asked or told.
    ///
    /// # Errors
    /// Passkeys do not work at this address, or the store does not answer.
    pub async fn ask_for_passkey(&self) -> Result<Question, SignInError> {
        let asked = self.passkeys()?.ask()?;
        let secret = self.keep_question(KIND, json!({ "state": asked.state })).await?;
        Ok(Question { options: asked.options, secret })
    }

    /// Signs in with the answer to [`Engine::ask_for_passkey`].
    ///
    /// # Errors
    /// [`SignInError::Wrong`] for every answer that is not a passkey of an active person to this very question.
    pub async fn sign_in_by_passkey(&self, secret: &str, answer: &str, device: &str) -> Result<Opened, SignInError> {
        let found = self.answered_by(secret, answer).await?;
        let (opening, login) = (self.opening("passkey", device), found.login.clone());
        let bell = self.bell();
        let opened = {
            let opening = opening.clone();
            self.store().write(move |tx| {
                let (opening, found, bell) = (opening.clone(), found.clone(), bell.clone());
                Box::pin(async move {
                    let Some((role, State::Active)) = people::standing(tx, &found.login).await? else { return Ok(false) };
                    passkey::used(tx, &found).await?;
                    opening.open(tx, &found.login, role).await?;
                    break_glass::note(tx, &opening.happening(&found.login), role, bell.as_ref()).await?;
                    Ok(true)
                })
            })
        };
        if opened.await? { Ok(opening.opened(&login)) } else { Err(SignInError::Wrong) }
    }

    /// Returns the passkey that answered a question, as it is to be kept from now on.
    ///
    /// # Errors
    /// [`SignInError::Wrong`], whatever is wrong.
    pub(super) async fn answered_by(&self, secret: &str, answer: &str) -> Result<Passkey, SignInError> {
        let question = self.take_question(KIND, secret).await?;
        let passkeys = self.passkeys()?;
        let (credential, handle) = passkeys.claimed(answer).map_err(|_| SignInError::Wrong)?;
        let mut reader = self.store().read().await?;
        let found = passkey::by_credential(&mut reader, Sha256::digest(&credential).into()).await?;
        drop(reader);
        let mut found = found.filter(|found| found.handle == handle).ok_or(SignInError::Wrong)?;
        let state = question["state"].as_str().unwrap_or_default();
        match passkeys.check(state, answer, &found.data) {
            Ok(changed) => {
                if let Some(data) = changed {
                    found.data = data;
                }
                Ok(found)
            }
            Err(refused) => {
                tracing::info!(reason = %refused, "a passkey's answer was refused");
                Err(SignInError::Wrong)
            }
        }
    }

    /// Returns the ceremonies.
    ///
    /// # Errors
    /// Browsers know no passkeys at this installation's address.
    pub(super) fn passkeys(&self) -> Result<Arc<dyn Passkeys>, SignInError> {
        let told = "passkeys need a host name with TLS, or localhost: whoever runs the server sets --base-url to it";
        self.0.ways.passkeys.clone().ok_or_else(|| SignInError::Refused(told.to_owned()))
    }

    /// Tells whether passkeys work at this installation's address.
    pub fn has_passkeys(&self) -> bool {
        self.0.ways.passkeys.is_some()
    }
}
