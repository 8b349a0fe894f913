//! The objects that somebody may see.

use super::{Identity, Right, Role};

/// The objects that somebody may see. Made by [`Identity::scope`] alone, so that a query without one does not compile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    everything: bool,
    restricted: bool,
    open: bool,
    login: String,
}

impl Scope {
    pub(super) fn of(who: &Identity) -> Self {
        let reads = who.carries(Right::Read).is_ok();
        Self {
            everything: who.is_machine(),
            restricted: reads && who.role == Role::Owner,
            open: reads && who.role > Role::Restricted,
            // A service may be called like a person; grants are for people alone.
            login: who.login().filter(|_| reads).unwrap_or_default().to_owned(),
        }
    }

    /// Tells whether nothing at all is left out.
    pub fn sees_everything(&self) -> bool {
        self.everything
    }

    /// Tells whether restricted incidents are seen without being on them, unless their sensitivity shuts owners out.
    pub fn sees_restricted(&self) -> bool {
        self.restricted
    }

    /// Tells whether open incidents are seen.
    pub fn sees_open(&self) -> bool {
        self.open
    }

    /// Returns the login whose own incidents are seen: where it holds a role, or where it or its team has a grant. Empty
    /// for whoever is no person.
    pub fn login(&self) -> &str {
        &self.login
    }
}
