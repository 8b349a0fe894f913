//! What signing in needs from outside of the engine, handed in by the wiring.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::Role;

use super::password::Cost;

/// How people sign in at this installation.
#[derive(Clone, Default)]
pub struct Ways {
    pub sessions: Sessions,
    pub cost: Cost,
    /// The ceremonies of passkeys; without them browsers know none at the installation's address.
    pub passkeys: Option<Arc<dyn Passkeys>>,
    /// The organisation's identity provider, where one is set.
    pub sign_on: Option<SignOnWay>,
}

/// How long a session lasts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sessions {
    /// Without use.
    pub idle: SignedDuration,
    /// In all.
    pub whole: SignedDuration,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle: SignedDuration::from_mins(30), whole: SignedDuration::from_hours(12) }
    }
}

/// The identity provider and what its groups mean here.
#[derive(Clone)]
pub struct SignOnWay {
    /// What the button says after "Sign in with".
    pub name: String,
    pub provider: Arc<dyn SignOn>,
    pub groups: Groups,
}

/// What being in a group at the provider means here; a group that is not named means nothing.
#[derive(Clone, Default, Debug)]
pub struct Groups {
    pub roles: Vec<(String, Role)>,
    pub teams: Vec<(String, String)>,
}

impl Groups {
    /// Returns the role of somebody in these groups: the highest of those that are named, else Restricted.
    pub fn role(&self, groups: &[String]) -> Role {
        let named = self.roles.iter().filter(|(group, _)| groups.contains(group)).map(|(_, role)| *role);
        named.max().unwrap_or(Role::Restricted)
    }

    /// Returns the teams of somebody in these groups, each once, in the order of the settings.
    pub fn teams(&self, groups: &[String]) -> Vec<String> {
        let mut teams: Vec<String> = Vec::new();
        for (group, team) in &self.teams {
            if groups.contains(group) && !teams.contains(team) {
                teams.push(team.clone());
            }
        }
        teams
    }
}

/// An identity provider: sends browsers there and redeems what they come back with.
pub trait SignOn: Send + Sync {
    /// Asks the provider whether it is there and fits.
    fn probe(&self, now: Timestamp) -> BoxFuture<'_, Result<(), Refused>>;
    /// Returns the address to send the browser to.
    fn begin<'a>(&'a self, flow: &'a Flow, now: Timestamp) -> BoxFuture<'a, Result<String, Refused>>;
    /// Redeems what the browser came back with.
    fn finish<'a>(&'a self, back: &'a Callback, flow: &'a Flow, now: Timestamp) -> BoxFuture<'a, Result<Claims, Refused>>;
}

/// The ceremonies of passkeys. Texts are JSON, as the browser's own functions take and give it.
pub trait Passkeys: Send + Sync {
    /// Asks for a new passkey; `known` are the passkeys that the person has, as they are kept.
    fn ask_for_new(&self, handle: &str, login: &str, name: &str, known: &[String]) -> Result<Asked, Refused>;
    /// Checks the answer: the credential's id and what is to be kept.
    fn new_one(&self, state: &str, answer: &str) -> Result<(Vec<u8>, String), Refused>;
    /// Asks whoever sits there to prove who they are.
    fn ask(&self) -> Result<Asked, Refused>;
    /// Reads which credential an answer claims to come from, and for which handle it was made; nothing is checked yet.
    fn claimed(&self, answer: &str) -> Result<(Vec<u8>, String), Refused>;
    /// Checks an answer against what is kept; returns what is to be kept from now on, where that has changed.
    fn check(&self, state: &str, answer: &str, kept: &str) -> Result<Option<String>, Refused>;
}

/// Why a proof was not taken; never holds a secret.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// A question for the browser and the state to compare its answer with.
#[derive(Clone, Debug)]
pub struct Asked {
    pub options: String,
    pub state: String,
}

/// What a sign-on is begun with and its end is compared with.
#[derive(Clone)]
pub struct Flow {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
    pub redirect_uri: String,
    /// The person has to prove who they are again, whatever session the provider has.
    pub again: bool,
}

/// What the browser comes back with.
#[derive(Clone, Default)]
pub struct Callback {
    pub state: Option<String>,
    pub code: Option<String>,
    pub issuer: Option<String>,
    pub error: Option<String>,
}

/// What the provider says of somebody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claims {
    pub issuer: String,
    pub subject: String,
    pub email: Option<String>,
    pub email_verified: bool,
    pub name: Option<String>,
    pub groups: Vec<String>,
}

impl fmt::Debug for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign_on = self.sign_on.as_ref().map(|way| &way.name);
        f.debug_struct("Ways").field("sessions", &self.sessions).field("sign_on", &sign_on).finish_non_exhaustive()
    }
}
