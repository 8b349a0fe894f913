//! Who may connect: a total and a share per address.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::activity::{Activity, Standing};

/// Connections that are looked at to find one to close; the oldest ones.
const LOOK: usize = 256;

/// Knows the open connections.
///
/// Where there is no place left, the oldest connection that has not sent a request makes one, then the oldest
/// idle one: an attacker who holds thousands of silent connections pushes out himself, not those who come to
/// say something. Only when all are busy is a newcomer refused.
#[derive(Debug)]
pub(super) struct Admission {
    connections: usize,
    per_address: usize,
    open: Mutex<Open>,
}

/// Why a connection is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Refusal {
    /// The server is full of busy connections.
    Full,
    /// This address has its share in busy connections.
    Share,
}

/// The right to one connection; given back on drop.
#[derive(Debug)]
pub(super) struct Ticket {
    admission: Arc<Admission>,
    number: u64,
    seat: Seat,
}

#[derive(Clone, Debug)]
struct Seat {
    holder: IpAddr,
    activity: Arc<Activity>,
    leave: Arc<Notify>,
}

#[derive(Default, Debug)]
struct Open {
    last: u64,
    /// In the order in which they came.
    seats: BTreeMap<u64, Seat>,
    by_holder: HashMap<IpAddr, BTreeSet<u64>>,
}

impl Admission {
    /// Begins with no connection; `per_address` 0 is no limit.
    pub(super) fn new(connections: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Self { connections, per_address, open: Mutex::default() })
    }

    /// Admits a connection from an address, or says why not.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Result<Ticket, Refusal> {
        let holder = holder(address);
        let mut open = self.lock();
        let held = open.by_holder.get(&holder).map_or(0, BTreeSet::len);
        if self.per_address > 0 && held >= self.per_address {
            let own: Vec<u64> = open.by_holder.get(&holder).into_iter().flatten().take(LOOK).copied().collect();
            open.make_room(&own).ok_or(Refusal::Share)?;
        }
        if open.seats.len() >= self.connections {
            let oldest: Vec<u64> = open.seats.keys().take(LOOK).copied().collect();
            open.make_room(&oldest).ok_or(Refusal::Full)?;
        }
        let seat = Seat { holder, activity: Arc::new(Activity::new(Instant::now())), leave: Arc::default() };
        open.last += 1;
        let number = open.last;
        open.seats.insert(number, seat.clone());
        open.by_holder.entry(holder).or_default().insert(number);
        Ok(Ticket { admission: Arc::clone(self), number, seat })
    }

    /// Returns how many connections are open.
    pub(super) fn open(&self) -> usize {
        self.lock().seats.len()
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Tells one of the connections to leave and forgets it: the first that sent nothing yet, or the first idle one.
    fn make_room(&mut self, candidates: &[u64]) -> Option<()> {
        let mut idle = None;
        let mut silent = None;
        for number in candidates {
            match self.seats.get(number)?.activity.standing() {
                Standing::Silent => {
                    silent = Some(*number);
                    break;
                }
                Standing::Idle => idle = idle.or(Some(*number)),
                Standing::Busy => {}
            }
        }
        let seat = self.remove(silent.or(idle)?)?;
        seat.leave.notify_one();
        Some(())
    }

    fn remove(&mut self, number: u64) -> Option<Seat> {
        let seat = self.seats.remove(&number)?;
        if let Some(held) = self.by_holder.get_mut(&seat.holder) {
            held.remove(&number);
            if held.is_empty() {
                self.by_holder.remove(&seat.holder);
            }
        }
        Some(seat)
    }
}

impl Ticket {
    /// Returns the state by which the connection is judged.
    pub(super) fn activity(&self) -> &Arc<Activity> {
        &self.seat.activity
    }

    /// Ends when the connection has to make room.
    pub(super) async fn told_to_leave(&self) {
        self.seat.leave.notified().await;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.admission.lock().remove(self.number);
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

    fn busy(admission: &Arc<Admission>, text: &str) -> Ticket {
        let ticket = admission.admit(address(text)).expect("there is room");
        ticket.activity().request_began(false);
        ticket
    }

    #[tokio::test]
    async fn shares_and_the_total_are_kept_and_given_back() {
        let admission = Admission::new(3, 2);
        let first = busy(&admission, "192.0.2.1");
        let second = busy(&admission, "::ffff:192.0.2.1");
        assert_eq!(admission.admit(address("192.0.2.1")).map(drop), Err(Refusal::Share));
        let third = busy(&admission, "2001:db8::1");
        assert_eq!(admission.admit(address("192.0.2.9")).map(drop), Err(Refusal::Full));
        drop(first);
        assert!(admission.admit(address("192.0.2.1")).is_ok());
        drop((second, third));
        assert_eq!(admission.open(), 0);
        assert!(admission.lock().by_holder.is_empty(), "addresses that left are forgotten");
    }

    #[tokio::test]
    async fn the_silent_make_room_before_the_idle_and_the_busy_never() {
        let admission = Admission::new(3, 0);
        let working = busy(&admission, "192.0.2.1");
        let idle = busy(&admission, "192.0.2.2");
        idle.activity().request_ended();
        let silent = admission.admit(address("192.0.2.3")).expect("there is room");
        let fourth = busy(&admission, "192.0.2.4");
        silent.told_to_leave().await;
        let fifth = busy(&admission, "192.0.2.5");
        idle.told_to_leave().await;
        assert_eq!(admission.admit(address("192.0.2.6")).map(drop), Err(Refusal::Full));
        assert_eq!(admission.open(), 3);
        drop((working, idle, silent, fourth, fifth));
        assert_eq!(admission.open(), 0, "who was told to leave is not given back twice");
    }

    #[tokio::test]
    async fn one_ipv6_host_cannot_take_a_share_per_address() {
        let admission = Admission::new(100, 1);
        let _held = busy(&admission, "2001:db8:0:1::1");
        assert_eq!(admission.admit(address("2001:db8:0:1:ffff::2")).map(drop), Err(Refusal::Share));
        assert!(admission.admit(address("2001:db8:0:2::1")).is_ok());
    }
}
