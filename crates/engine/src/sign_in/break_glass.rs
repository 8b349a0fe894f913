//! Break-glass: an owner who signs in here although the organisation has an identity provider.
//!
//! It always works, because a company whose sign-on is breached or down still has to respond; and everybody who owns the
//! installation learns of it.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use watchfire_core::access::{Identity, Role};
use watchfire_store::{Error as StoreError, Tx, setting};

use crate::incidents::Happening;
use crate::{Engine, Error};

const LAST: &str = "sign_in.break_glass";
/// How long owners are shown that it was used.
const SHOWN: SignedDuration = SignedDuration::from_hours(72);

/// The last use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BreakGlass {
    pub login: String,
    pub at: Timestamp,
}

/// Records that an owner signed in here beside a configured provider, and announces it, in the transaction that opens the
/// session. Whatever else is to reach the owners (a page, a message) joins here, as rows of the outbox.
pub(super) async fn note(tx: &mut Tx, happening: &Happening, role: Role, sign_on: bool) -> Result<(), StoreError> {
    if !sign_on || role != Role::Owner {
        return Ok(());
    }
    tx.record(happening.draft("sign_in.break_glass"));
    let told = json!({ "login": happening.actor.id(), "at": happening.now.to_string() });
    setting::put(tx, LAST, &told.to_string(), happening.now).await
}

impl Engine {
    /// Returns the last use of break-glass sign-in of the last three days, for owners alone.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn break_glass(&self, who: &Identity) -> Result<Option<BreakGlass>, Error> {
        if who.role != Role::Owner || self.0.ways.sign_on.is_none() {
            return Ok(None);
        }
        let mut reader = self.store().read().await?;
        let settings = setting::all(&mut reader).await?;
        let read = |text: &String| {
            let value: serde_json::Value = serde_json::from_str(text).ok()?;
            Some(BreakGlass { login: value["login"].as_str()?.to_owned(), at: value["at"].as_str()?.parse().ok()? })
        };
        let last = settings.get(LAST).and_then(read);
        Ok(last.filter(|last| self.now().duration_since(last.at) < SHOWN))
    }
}
