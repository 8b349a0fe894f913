//! What is decided about signing in, and how the identity provider stands.

use watchfire_core::access::{Identity, Right};
use watchfire_store::setting;

use super::{Groups, Sessions};
use crate::{Engine, Error};

const JOIN: &str = "sign_in.join_by_sign_on";

/// How people sign in here.
#[derive(Clone, Debug)]
pub struct SignInSettings {
    pub sessions: Sessions,
    pub passkeys: bool,
    /// People whom the provider vouches for come in without an invitation, as Restricted.
    pub join_by_sign_on: bool,
    pub sign_on: Option<SignOnState>,
}

/// The identity provider as it is now.
#[derive(Clone, Debug)]
pub struct SignOnState {
    pub name: String,
    /// The address that is sent to people ahead: it leads to the provider.
    pub login_url: String,
    /// To be registered at the provider.
    pub redirect_uri: String,
    pub groups: Groups,
    /// Why it does not work just now; `None` works.
    pub trouble: Option<String>,
}

impl Engine {
    /// Returns how people sign in; asks the provider whether it is there.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn sign_in_settings(&self, who: &Identity) -> Result<SignInSettings, Error> {
        who.may(Right::Configure)?;
        let sign_on = match &self.0.ways.sign_on {
            None => None,
            Some(way) => Some(SignOnState {
                name: way.name.clone(),
                login_url: self.login_url(),
                redirect_uri: self.redirect_uri(),
                groups: way.groups.clone(),
                trouble: way.provider.probe(self.now()).await.err().map(|refused| refused.0),
            }),
        };
        let (sessions, passkeys) = (self.0.ways.sessions, self.has_passkeys());
        Ok(SignInSettings { sessions, passkeys, join_by_sign_on: self.joins_by_sign_on().await?, sign_on })
    }

    /// Says whether people whom the provider vouches for come in without an invitation.
    ///
    /// # Errors
    /// The role does not reach, the proof is not fresh, there is no working provider (the text says why), it is so already,
    /// or the store does not answer.
    pub async fn set_join_by_sign_on(&self, who: &Identity, join: bool) -> Result<(), Error> {
        who.may(Right::Administer)?;
        self.proved(who)?;
        let settings = self.sign_in_settings(who).await?;
        if settings.join_by_sign_on == join {
            return Err(watchfire_core::incident::Refusal::Unchanged.into());
        }
        if join {
            let told = |reason: &str| Error::invalid("join_by_sign_on", format!("sign-on is not active: {reason}"));
            let sign_on =
                settings.sign_on.ok_or_else(|| told("no identity provider is set; start the server with --sign-on-issuer"))?;
            if let Some(trouble) = sign_on.trouble {
                return Err(told(&trouble));
            }
        }
        let happening = self.happening(who);
        self.store()
            .write(move |tx| {
                let happening = happening.clone();
                Box::pin(async move {
                    setting::put(tx, JOIN, if join { "yes" } else { "no" }, happening.now).await?;
                    tx.record(happening.draft("sign_in.settings_changed").with("join_by_sign_on", join));
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }

    pub(super) async fn joins_by_sign_on(&self) -> Result<bool, Error> {
        let mut reader = self.store().read().await?;
        Ok(setting::all(&mut reader).await?.get(JOIN).is_some_and(|word| word == "yes"))
    }

    /// Returns what the button of the identity provider says; `None` without one.
    pub fn sign_on_name(&self) -> Option<&str> {
        self.0.ways.sign_on.as_ref().map(|way| way.name.as_str())
    }

    /// Returns the address that leads to the provider.
    pub(super) fn login_url(&self) -> String {
        format!("{}/sign-in/sign-on", self.base_url())
    }

    pub(super) fn redirect_uri(&self) -> String {
        format!("{}/sign-in/sign-on/back", self.base_url())
    }
}
