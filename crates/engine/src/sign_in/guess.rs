//! How often somebody may guess: by account and by network, in rows.

use std::net::IpAddr;

use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use watchfire_store::sign_in::guess::{self, Patience};

use super::SignInError;
use crate::Engine;

/// Failures that are borne at once, and the time over which they are forgiven again.
const AT_ONCE: i32 = 10;
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Failures of one account without a success between them; then its password opens nothing any more until it is set anew.
const IN_ALL: i64 = 100;

/// One try, counted as failed until it is told to have succeeded, so that tries in parallel are not evaluated beyond the
/// limit.
#[derive(Clone, Copy)]
pub(super) struct Try {
    account: [u8; 32],
    network: [u8; 32],
}

impl Engine {
    /// Begins a try at an account, known or not, from an address.
    ///
    /// # Errors
    /// [`SignInError::TooOften`] if account or network have failed too often, whether or not there is such an account.
    pub(super) async fn begin_try(&self, login: &str, address: IpAddr) -> Result<Try, SignInError> {
        let this = Try { account: account(login), network: network(address) };
        let step = WINDOW / AT_ONCE;
        let counted = self.store().write(move |tx| {
            Box::pin(async move {
                let network = Patience { step, window: WINDOW, failures: i64::MAX };
                let account = Patience { failures: IN_ALL, ..network };
                // The network first: whoever tries one account after the other closes their own way.
                Ok(guess::count(tx, this.network, network).await? && guess::count(tx, this.account, account).await?)
            })
        });
        if counted.await? { Ok(this) } else { Err(SignInError::TooOften) }
    }
}

impl Try {
    /// Takes the count back, in the transaction that opens the session.
    pub(super) async fn succeeded(self, tx: &mut watchfire_store::Tx) -> Result<(), watchfire_store::Error> {
        guess::forget(tx, self.account).await?;
        guess::give_back(tx, self.network, WINDOW / AT_ONCE).await
    }
}

/// Lets an account be guessed at anew: for whoever sets its password by a proof of another kind.
pub(super) async fn forget(tx: &mut watchfire_store::Tx, login: &str) -> Result<(), watchfire_store::Error> {
    guess::forget(tx, account(login)).await.map(drop)
}

fn account(login: &str) -> [u8; 32] {
    let login: String = login.trim().to_lowercase().chars().take(320).collect();
    Sha256::digest(format!("account {login}")).into()
}

/// IPv4 is counted by /24, IPv6 by /48: so much has whoever has one address of it.
fn network(address: IpAddr) -> [u8; 32] {
    let name = match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("network {a}.{b}.{c}")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("network {a:x}:{b:x}:{c:x}")
        }
    };
    Sha256::digest(name).into()
}
