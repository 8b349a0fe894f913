//! Who holds a schedule at one instant.

use jiff::Timestamp;

use super::Schedule;

/// Somebody who is on call, and why.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Holder {
    pub login: String,
    pub reason: Reason,
}

/// Why somebody is on call.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// The turn of a layer, both by number from 0.
    Layer { layer: usize, turn: i64 },
    /// An override by its id, or half of a swap, and whose place it took.
    Override { id: String, is_swap: bool, instead_of: Vec<String> },
}

impl Schedule {
    /// Returns who is on call at an instant, by login and once each; empty is a gap.
    pub fn holders(&self, at: Timestamp) -> Vec<Holder> {
        let mut holders = self.planned(at);
        for change in self.overrides.iter().filter(|change| change.covers(at)) {
            let leaves = |holder: &Holder| match &change.instead_of {
                Some(login) => holder.login == *login,
                None => true,
            };
            if change.instead_of.is_some() && !holders.iter().any(leaves) {
                continue;
            }
            let (left, mut stay): (Vec<_>, Vec<_>) = holders.into_iter().partition(leaves);
            let instead_of = left.into_iter().map(|holder| holder.login).filter(|login| *login != change.login).collect();
            stay.retain(|holder| holder.login != change.login);
            stay.push(Holder {
                login: change.login.clone(),
                reason: Reason::Override { id: change.id.clone(), is_swap: change.is_swap, instead_of },
            });
            holders = stay;
        }
        holders.sort();
        holders
    }

    /// Returns who would be on call without overrides.
    pub fn planned(&self, at: Timestamp) -> Vec<Holder> {
        let active = self.layers.iter().enumerate().rev().find_map(|(layer, rotation)| Some((layer, rotation.active(at)?)));
        let Some((layer, (turn, slot))) = active else { return Vec::new() };
        let mut logins = slot.to_vec();
        logins.sort();
        logins.dedup();
        logins.into_iter().map(|login| Holder { login, reason: Reason::Layer { layer, turn } }).collect()
    }
}
