//! How often a sign-in may fail: per account and per network.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::rate::Wait;
use crate::telemetry::names;

/// Failures that are forgiven in a row.
const FAILURES: u32 = 10;
/// The time over which one failure after the other is forgiven again.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Keys that are remembered before those at rest are forgotten.
const KEYS: usize = 20_000;

/// Counts failed sign-ins; ten in 15 minutes per account and per network (/24 or /64), as OWASP advises.
///
/// Each key holds one instant, the "theoretical arrival time" of GCRA: when all its failures are forgiven.
#[derive(Clone, Default, Debug)]
pub struct SignIns {
    forgiven_at: Arc<Mutex<HashMap<Key, Instant>>>,
}

/// One try, counted as failed unless it is told to have succeeded.
///
/// Counting first means that tries in parallel are not evaluated beyond the limit.
#[derive(Debug)]
#[must_use = "a try that is dropped counts as failed"]
pub struct Attempt {
    sign_ins: SignIns,
    keys: [Key; 2],
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Key {
    Account(String),
    Network([u8; 8]),
}

impl SignIns {
    /// Begins a try to sign in to an account (by the name that was typed) from an address.
    ///
    /// # Errors
    /// When the account or the network has failed too often; the answer is the same whether or not there is
    /// such an account.
    pub fn begin(&self, account: &str, address: IpAddr) -> Result<Attempt, Wait> {
        let account: String = account.trim().to_lowercase().chars().take(320).collect();
        let keys = [Key::Account(account), Key::Network(network(address))];
        let now = Instant::now();
        let step = WINDOW / FAILURES;
        let mut forgiven_at = self.lock();
        if forgiven_at.len() > KEYS {
            forgiven_at.retain(|_, at| *at > now);
        }
        let latest = keys.iter().map(|key| after_one(&forgiven_at, key, now, step)).max().unwrap_or(now);
        if let Some(wait) = latest.checked_duration_since(now + WINDOW).filter(|wait| !wait.is_zero()) {
            metrics::counter!(names::RATE_LIMITED, "limit" => "sign_in").increment(1);
            return Err(Wait(wait));
        }
        for key in &keys {
            let at = after_one(&forgiven_at, key, now, step);
            forgiven_at.insert(key.clone(), at);
        }
        drop(forgiven_at);
        Ok(Attempt { sign_ins: self.clone(), keys })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Instant>> {
        self.forgiven_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt {
    /// Takes the count back.
    pub fn succeeded(self) {
        let step = WINDOW / FAILURES;
        let mut forgiven_at = self.sign_ins.lock();
        for key in &self.keys {
            if let Some(at) = forgiven_at.get_mut(key) {
                *at = at.checked_sub(step).unwrap_or(*at);
            }
        }
    }
}

fn after_one(forgiven_at: &HashMap<Key, Instant>, key: &Key, now: Instant, step: Duration) -> Instant {
    forgiven_at.get(key).copied().unwrap_or(now).max(now) + step
}

/// Returns the network of an address: the first 24 bits of IPv4, the first 64 of IPv6.
fn network(address: IpAddr) -> [u8; 8] {
    let mut network = [0; 8];
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            // No global IPv6 network begins with zeroes, so the two kinds do not meet.
            network = [0, 0, 0, 0, 4, a, b, c];
        }
        IpAddr::V6(v6) => network.iter_mut().zip(v6.octets()).for_each(|(to, from)| *to = from),
    }
    network
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[tokio::test(start_paused = true)]
    async fn ten_failures_close_an_account_for_a_while() {
        let sign_ins = SignIns::default();
        for failure in 0..10_u8 {
            let other_network = IpAddr::from([10, failure, 0, 1]);
            drop(sign_ins.begin("Ada@Example.org", other_network).expect("within the limit"));
        }
        let wait = sign_ins.begin("ada@example.org ", address(1)).expect_err("over the limit");
        assert!(wait.0 <= WINDOW / FAILURES, "{wait:?}");
        assert!(sign_ins.begin("someone.else@example.org", address(1)).is_ok());
        tokio::time::advance(wait.0).await;
        assert!(sign_ins.begin("ada@example.org", address(1)).is_ok(), "one is forgiven");
        assert!(sign_ins.begin("ada@example.org", address(1)).is_err());
        tokio::time::advance(WINDOW).await;
        for _ in 0..10 {
            drop(sign_ins.begin("ada@example.org", address(1)).expect("all are forgiven"));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn ten_failures_close_a_network_whatever_the_account() {
        let sign_ins = SignIns::default();
        for failure in 0..10_u8 {
            drop(sign_ins.begin(&format!("user{failure}"), address(failure)).expect("within the limit"));
        }
        assert!(sign_ins.begin("user99", address(200)).is_err());
        assert!(sign_ins.begin("user99", IpAddr::from([192, 0, 3, 1])).is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn successes_do_not_count_and_tries_in_parallel_do() {
        let sign_ins = SignIns::default();
        for _ in 0..50 {
            sign_ins.begin("ada", address(1)).expect("successes never close").succeeded();
        }
        let open: Vec<_> = (0..20).map_while(|_| sign_ins.begin("ada", address(1)).ok()).collect();
        assert_eq!(open.len(), 10);
    }
}
