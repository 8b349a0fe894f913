//! Who may do and see what: the one place that decides.

use serde::{Deserialize, Serialize};

use crate::actor::Actor;

/// How far somebody's rights reach in the installation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees what is open to them alone, and works on nothing that is not theirs.
    Restricted,
    /// Works on incidents.
    Member,
    /// Sets up sources and plans besides.
    Manager,
    /// Everything.
    Owner,
}

impl Role {
    /// All roles, weakest first.
    pub const ALL: [Self; 4] = [Self::Restricted, Self::Member, Self::Manager, Self::Owner];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restricted => "restricted",
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Owner => "owner",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// Who asks: made from a verified credential alone, taken by every engine call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    pub actor: Actor,
    pub role: Role,
}

/// What an engine call is about to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right {
    /// Read alerts, incidents, events, the record.
    Read,
    /// Change alerts and incidents.
    Act,
    /// Set up sources, silences and plans.
    Configure,
    /// Make and revoke credentials.
    Administer,
}

/// Says that the identity's role does not reach; the text names the role that does.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("this needs the role {needed}", needed = .needed.as_str())]
pub struct Denied {
    pub needed: Role,
}

impl Identity {
    /// Watchfire's own work, which is bound by no role.
    pub fn machine(id: &str) -> Self {
        Self { actor: Actor::machine(id), role: Role::Owner }
    }

    /// Tells whether the identity has a right at all; which objects it reaches is told by [`Scope`].
    ///
    /// # Errors
    /// [`Denied`] names the least role that has it.
    pub fn may(&self, right: Right) -> Result<(), Denied> {
        let needed = match right {
            Right::Read => Role::Restricted,
            Right::Act => Role::Member,
            Right::Configure => Role::Manager,
            Right::Administer => Role::Owner,
        };
        if self.role >= needed { Ok(()) } else { Err(Denied { needed }) }
    }

    /// Returns the objects that the identity may see; the store takes it for every list and look-up.
    pub fn scope(&self) -> Scope {
        Scope { restricted: self.role == Role::Owner, open: self.role > Role::Restricted, login: self.actor.id().to_owned() }
    }
}

/// The objects that somebody may see. Made by [`Identity::scope`] alone, so that a query without one does not compile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    restricted: bool,
    open: bool,
    login: String,
}

impl Scope {
    /// Tells whether restricted incidents are seen without being on them.
    pub fn sees_restricted(&self) -> bool {
        self.restricted
    }

    /// Tells whether open incidents are seen.
    pub fn sees_open(&self) -> bool {
        self.open
    }

    /// Returns the login whose own incidents are seen: those where it holds a role.
    pub fn login(&self) -> &str {
        &self.login
    }
}
