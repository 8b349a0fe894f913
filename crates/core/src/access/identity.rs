//! Who asks, and what a role reaches.

use jiff::Timestamp;

use super::{Powers, Role, Scope};
use crate::actor::Actor;

/// Who asks: made from a verified credential alone, taken by every engine call. Its role and powers are those of the
/// moment in which the credential was checked; whoever holds one for long looks again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    pub actor: Actor,
    pub role: Role,
    /// What the credential may be used for.
    pub powers: Powers,
    /// Watchfire's own work, which sees everything.
    machine: bool,
    proof: Proof,
}

/// What stands behind a credential beside its being valid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proof {
    /// Nobody sits there to be asked: a token, or the program itself.
    NotAsked,
    /// A session, whose person last proved who they are then; `None` is not known.
    Session(Option<Timestamp>),
}

/// What an engine call is about to do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Right {
    /// Read alerts, incidents, events, the record.
    Read,
    /// Write notes on an incident.
    Say,
    /// Do tasks of an incident, take it up and resolve it.
    Heal,
    /// Change alerts and incidents in every other way.
    Act,
    /// Say who may see an incident.
    Manage,
    /// Set up sources, silences and plans.
    Configure,
    /// Make and revoke credentials, add and disable people.
    Administer,
}

impl Right {
    /// All rights.
    pub const ALL: [Self; 7] = [Self::Read, Self::Say, Self::Heal, Self::Act, Self::Manage, Self::Configure, Self::Administer];
}

/// Says what is missing; the text names what would reach.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Denied {
    #[error("this needs the role {needed}", needed = .needed.as_str())]
    Role { needed: Role },
    /// The grant on the incident does not reach.
    #[error("this needs the right to {needed} on the incident", needed = .needed.as_str())]
    Level { needed: super::Level },
    /// The team leaves less to its developers.
    #[error("your team leaves you {} on incidents: ask who leads this one", autonomy.as_str().replace('_', " "))]
    Autonomy { autonomy: super::Autonomy },
    /// The token was made for less.
    #[error("this token may not be used for that: its scopes are {scopes}")]
    Powers { scopes: String },
}

impl Identity {
    /// An identity with everything that its role gives.
    pub fn new(actor: Actor, role: Role) -> Self {
        Self { actor, role, powers: Powers::ALL, machine: false, proof: Proof::NotAsked }
    }

    /// A person, by login.
    pub fn person(login: &str, role: Role) -> Self {
        Self::new(Actor::Person { id: login.to_owned() }, role)
    }

    /// Watchfire's own work, which is bound by no role.
    pub fn machine(id: &str) -> Self {
        Self { actor: Actor::machine(id), role: Role::Owner, powers: Powers::ALL, machine: true, proof: Proof::NotAsked }
    }

    /// Narrows it to what its credential was made for.
    #[must_use]
    pub fn limited_to(mut self, powers: Powers) -> Self {
        self.powers = self.powers.and(powers);
        self
    }

    /// Says that it comes from a session, whose person last proved who they are then.
    #[must_use]
    pub fn proved_at(mut self, at: Option<Timestamp>) -> Self {
        self.proof = Proof::Session(at);
        self
    }

    /// Tells what stands behind the credential.
    pub fn proof(&self) -> Proof {
        self.proof
    }

    /// Returns the login of a person; nothing else has one, whatever it is called.
    pub fn login(&self) -> Option<&str> {
        match &self.actor {
            Actor::Person { id } => Some(id),
            _ => None,
        }
    }

    /// Tells whether it is Watchfire's own work.
    pub fn is_machine(&self) -> bool {
        self.machine
    }

    /// Tells whether the identity has a right at all; which incidents it reaches is told by [`super::decide`] and
    /// [`Scope`].
    ///
    /// # Errors
    /// [`Denied`] names the least role that has it, or the token's scopes.
    pub fn may(&self, right: Right) -> Result<(), Denied> {
        let needed = match right {
            Right::Read => Role::Restricted,
            Right::Say | Right::Heal | Right::Act => Role::Member,
            Right::Manage | Right::Configure => Role::Manager,
            Right::Administer => Role::Owner,
        };
        if self.role < needed {
            return Err(Denied::Role { needed });
        }
        self.carries(right)
    }

    /// Tells whether the credential may be used for a right, whatever the role says.
    ///
    /// # Errors
    /// [`Denied::Powers`] names what it may be used for.
    pub fn carries(&self, right: Right) -> Result<(), Denied> {
        if self.powers.holds(right) { Ok(()) } else { Err(Denied::Powers { scopes: self.powers.words().join(" ") }) }
    }

    /// Returns the objects that the identity may see; the store takes it for every list and look-up.
    pub fn scope(&self) -> Scope {
        Scope::of(self)
    }
}
