//! Signing in with a password.

use std::net::IpAddr;

use watchfire_core::person::{self, State};
use watchfire_store::person as people;
use watchfire_store::sign_in::password;

use super::session::Opened;
use super::{SignInError, break_glass};
use crate::Engine;

impl Engine {
    /// Signs in with a password.
    ///
    /// Whatever is wrong, one hash is computed and one answer given: an unknown account, one without a password, a wrong
    /// password, a disabled person.
    ///
    /// # Errors
    /// [`SignInError::Wrong`], [`SignInError::TooOften`] before anything is evaluated, or the store does not answer.
    pub async fn sign_in_by_password(
        &self,
        login: &str,
        password: &str,
        address: IpAddr,
        device: &str,
    ) -> Result<Opened, SignInError> {
        let this = self.begin_try(login, address).await?;
        let login = person::login(login).unwrap_or_default();
        if !self.knows_password(&login, password).await? {
            return Err(SignInError::Wrong);
        }
        let (opening, named) = (self.opening("password", device), login.clone());
        let bell = self.bell();
        let opened = {
            let opening = opening.clone();
            self.store().write(move |tx| {
                let (opening, login, bell) = (opening.clone(), login.clone(), bell.clone());
                Box::pin(async move {
                    let Some((role, State::Active)) = people::standing(tx, &login).await? else { return Ok(false) };
                    this.succeeded(tx).await?;
                    opening.open(tx, &login, role).await?;
                    break_glass::note(tx, &opening.happening(&login), role, bell.as_ref()).await?;
                    Ok(true)
                })
            })
        };
        if opened.await? { Ok(opening.opened(&named)) } else { Err(SignInError::Wrong) }
    }

    /// Tells whether a password is somebody's, with the same work for everybody.
    pub(super) async fn knows_password(&self, login: &str, password: &str) -> Result<bool, SignInError> {
        let mut reader = self.store().read().await?;
        let kept = password::get(&mut reader, login).await?;
        drop(reader);
        // Longer texts are nobody's password; they still cost one hash, of their beginning.
        let most = watchfire_core::password::LONGEST * 4;
        let whole = password.len() <= most;
        let tried = if whole { password } else { "" };
        let right = self.0.hasher.verify(tried, kept.as_ref().map(|kept| kept.hash.as_str())).await?;
        Ok(right && whole)
    }
}
