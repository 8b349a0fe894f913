//! The names of people, as the reader of a page may know them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;

use watchfire_core::access::{Identity, Role};
use watchfire_engine::{Engine, Error};

tokio::task_local! {
    /// What the page that this task writes may name. Filters of templates ask here, so that not every room carries the names.
    static KNOWN: RefCell<Names>;
}

/// Names by login.
#[derive(Debug)]
pub(crate) struct Names {
    names: Arc<BTreeMap<String, String>>,
    /// Names, and parts of logins before the @, that more than one person has.
    shared: BTreeSet<String>,
    /// Everybody is among them. A restricted reader knows only themselves, and so cannot tell what is unambiguous.
    whole: bool,
}

impl Default for Names {
    fn default() -> Self {
        Self { names: Arc::default(), shared: BTreeSet::new(), whole: true }
    }
}

impl Names {
    /// Makes the names of people from their logins.
    pub(crate) fn of(names: Arc<BTreeMap<String, String>>, whole: bool) -> Self {
        let mut seen = BTreeSet::new();
        let words = names.iter().flat_map(|(login, name)| [local(login), name.trim()]);
        let shared = words.filter(|word| !word.is_empty() && !seen.insert(*word)).map(str::to_owned).collect();
        Self { names, shared, whole }
    }

    /// Reads the names that a caller may look up.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn read(engine: &Engine, who: &Identity) -> Result<Self, Error> {
        match engine.people_names(who).await {
            Ok(names) => Ok(Self::of(names, who.role > Role::Restricted)),
            // Who may read nothing is told so by the page itself.
            Err(Error::Denied(_)) => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes a person: their name, else the part of the login before the @, else, where two would look the same, the login.
    fn word<'a>(&'a self, login: &'a str) -> &'a str {
        let name = self.names.get(login).map(|name| name.trim()).filter(|name| !name.is_empty() && *name != login);
        if let Some(name) = name {
            return if self.shared.contains(name) { login } else { name };
        }
        let short = local(login);
        let others = self.names.keys().any(|known| known != login && local(known) == short);
        if short.is_empty() || !self.whole || others || self.shared.contains(short) { login } else { short }
    }
}

/// Writes a login for the reader of this page.
pub(crate) fn person(login: &str) -> String {
    KNOWN.try_with(|known| known.borrow().word(login).to_owned()).unwrap_or_else(|_| Names::default().word(login).to_owned())
}

/// Does something that writes people by these names.
pub(crate) async fn within<T>(names: Names, inner: impl Future<Output = T>) -> T {
    KNOWN.scope(RefCell::new(names), inner).await
}

/// Takes over the names for the rest of this request; without a place for them logins stand as they are.
pub(crate) fn learn(names: Names) {
    let _ = KNOWN.try_with(|known| known.replace(names));
}

fn local(login: &str) -> &str {
    login.rsplit_once('@').map_or(login, |(local, _)| local)
}

#[cfg(test)]
mod tests;
