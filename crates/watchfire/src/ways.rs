//! What signing in needs from outside, handed to the engine: the identity provider's client and the ceremonies of passkeys.

use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::Timestamp;
use watchfire_connect::clients::oidc;
use watchfire_connect::clients::passkeys;
use watchfire_connect::egress::Egress;
use watchfire_engine::sign_in::{Asked, Callback, Claims, Cost, Flow, Passkeys, Refused, SignOn, SignOnWay, Ways};

use crate::config::SignInSettings;

/// Puts the ways together.
///
/// # Errors
/// The settings of the identity provider cannot be used.
pub(crate) fn ways(settings: SignInSettings, egress: &Egress, base_url: &str) -> anyhow::Result<Ways> {
    let sign_on = match settings.sign_on {
        None => None,
        Some(sign_on) => {
            let client = oidc::Client::new(egress.clone(), sign_on.provider)?;
            Some(SignOnWay { name: sign_on.name, provider: Arc::new(Provider(client)), groups: sign_on.groups })
        }
    };
    let ceremonies = passkeys::Passkeys::new(base_url).ok();
    let passkeys = ceremonies.map(|ceremonies| Arc::new(Ceremonies(ceremonies)) as Arc<dyn Passkeys>);
    Ok(Ways { sessions: settings.sessions, cost: Cost::USUAL, passkeys, sign_on })
}

struct Provider(oidc::Client);

impl SignOn for Provider {
    fn probe(&self, now: Timestamp) -> BoxFuture<'_, Result<(), Refused>> {
        Box::pin(async move { self.0.probe(now).await.map_err(refused) })
    }

    fn begin<'a>(&'a self, flow: &'a Flow, now: Timestamp) -> BoxFuture<'a, Result<String, Refused>> {
        Box::pin(async move { self.0.begin(&theirs(flow), now).await.map_err(refused) })
    }

    fn finish<'a>(&'a self, back: &'a Callback, flow: &'a Flow, now: Timestamp) -> BoxFuture<'a, Result<Claims, Refused>> {
        Box::pin(async move {
            let Callback { state, code, issuer, error } = back.clone();
            let back = oidc::Callback { state, code, issuer, error };
            let claims = self.0.finish(&back, &theirs(flow), now).await.map_err(refused)?;
            Ok(Claims {
                issuer: claims.issuer,
                subject: claims.subject,
                email: claims.email,
                email_verified: claims.email_verified,
                name: claims.name,
                groups: claims.groups,
            })
        })
    }
}

struct Ceremonies(passkeys::Passkeys);

impl Passkeys for Ceremonies {
    fn ask_for_new(&self, handle: &str, login: &str, name: &str, known: &[String]) -> Result<Asked, Refused> {
        let asked = self.0.ask_for_new(handle, login, name, known).map_err(refused)?;
        Ok(Asked { options: asked.options, state: asked.state })
    }

    fn new_one(&self, state: &str, answer: &str) -> Result<(Vec<u8>, String), Refused> {
        let made = self.0.new_one(state, answer).map_err(refused)?;
        Ok((made.id, made.passkey))
    }

    fn ask(&self) -> Result<Asked, Refused> {
        let asked = self.0.ask().map_err(refused)?;
        Ok(Asked { options: asked.options, state: asked.state })
    }

    fn claimed(&self, answer: &str) -> Result<(Vec<u8>, String), Refused> {
        let claimed = self.0.claimed(answer).map_err(refused)?;
        Ok((claimed.id, claimed.handle))
    }

    fn check(&self, state: &str, answer: &str, kept: &str) -> Result<Option<String>, Refused> {
        self.0.check(state, answer, kept).map_err(refused)
    }
}

fn theirs(flow: &Flow) -> oidc::Flow {
    let Flow { state, nonce, verifier, redirect_uri, again } = flow.clone();
    oidc::Flow { state, nonce, verifier, redirect_uri, again }
}

fn refused(error: impl std::error::Error) -> Refused {
    Refused(error.to_string())
}
