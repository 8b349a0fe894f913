//! Who may connect: a total and a share per address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts the open connections.
#[derive(Debug)]
pub(super) struct Admission {
    connections: usize,
    per_address: usize,
    open: Mutex<Open>,
}

/// Why a connection is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Refusal {
    /// The server is full.
    Full,
    /// This address has its share.
    Share,
}

/// The right to one connection; given back on drop.
#[derive(Debug)]
pub(super) struct Ticket {
    admission: Arc<Admission>,
    address: IpAddr,
}

#[derive(Default, Debug)]
struct Open {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Admission {
    /// Begins with no connection; `per_address` 0 is no limit.
    pub(super) fn new(connections: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Self { connections, per_address, open: Mutex::default() })
    }

    /// Admits a connection from an address, or says why not.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Result<Ticket, Refusal> {
        let address = holder(address);
        let mut open = self.lock();
        if open.total >= self.connections {
            return Err(Refusal::Full);
        }
        let held = open.by_address.entry(address).or_default();
        if self.per_address > 0 && *held >= self.per_address {
            return Err(Refusal::Share);
        }
        *held += 1;
        open.total += 1;
        Ok(Ticket { admission: Arc::clone(self), address })
    }

    /// Returns how many connections are open.
    pub(super) fn open(&self) -> usize {
        self.lock().total
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut open = self.admission.lock();
        open.total = open.total.saturating_sub(1);
        if let Some(held) = open.by_address.get_mut(&self.address) {
            *held -= 1;
            if *held == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}

/// Returns whose share an address counts to: one IPv4 address, or an IPv6 /64, which is what one host gets.
fn holder(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("a written address")
    }

    #[test]
    fn shares_and_the_total_are_kept_and_given_back() {
        let admission = Admission::new(3, 2);
        let first = admission.admit(address("192.0.2.1"));
        let second = admission.admit(address("::ffff:192.0.2.1"));
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(admission.admit(address("192.0.2.1")).map(drop), Err(Refusal::Share));
        let third = admission.admit(address("2001:db8::1"));
        assert!(third.is_ok());
        assert_eq!(admission.admit(address("192.0.2.9")).map(drop), Err(Refusal::Full));
        drop(first);
        assert!(admission.admit(address("192.0.2.1")).is_ok());
        drop((second, third));
        assert_eq!(admission.open(), 0);
        assert!(admission.lock().by_address.is_empty(), "addresses that left are forgotten");
    }

    #[test]
    fn one_ipv6_host_cannot_take_a_share_per_address() {
        let admission = Admission::new(100, 1);
        let _held = admission.admit(address("2001:db8:0:1::1"));
        assert_eq!(admission.admit(address("2001:db8:0:1:ffff::2")).map(drop), Err(Refusal::Share));
        assert!(admission.admit(address("2001:db8:0:2::1")).is_ok());
    }
}
