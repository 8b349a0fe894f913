//! Sessions: opened by every way alike, seen and ended by their person.

use jiff::Timestamp;
use watchfire_core::access::{Identity, Role};
use watchfire_core::actor::Actor;
use watchfire_core::text::{self, hex};
use watchfire_core::token::{self, TokenKind};
use watchfire_core::{access::Right, chance};
use watchfire_store::session::{self, Kind, Session};
use watchfire_store::sign_in::session as own;
use watchfire_store::{Error as StoreError, Tx};

use crate::incidents::Happening;
use crate::{Engine, Error};

/// Characters of a browser's own name that are kept.
const DEVICE_CHARS: usize = 160;

/// The secret of a session just opened, for its cookie.
#[derive(Clone)]
pub struct Opened {
    pub secret: String,
    pub expires_at: Timestamp,
    pub login: String,
}

/// A session as its person sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionRow {
    pub id: String,
    pub means: String,
    pub device: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
    /// The one that asks.
    pub own: bool,
}

/// A session about to be opened: drawn before the transaction, so that the transaction can be run again.
#[derive(Clone)]
pub(super) struct Opening {
    secret: String,
    id: String,
    means: &'static str,
    device: String,
    plan_version: String,
    now: Timestamp,
    expires_at: Timestamp,
}

impl Engine {
    /// Draws what a new session needs.
    pub(super) fn opening(&self, means: &'static str, device: &str) -> Opening {
        let (chance, now) = (self.0.chance.as_ref(), self.now());
        Opening {
            secret: token::write(TokenKind::Session, chance::bytes(chance)),
            id: hex(&chance::bytes::<16>(chance)),
            means,
            device: text::line(device, DEVICE_CHARS),
            plan_version: self.0.plans.load().version.clone(),
            now,
            expires_at: now.checked_add(self.0.ways.sessions.whole).unwrap_or(now),
        }
    }

    /// Lists somebody's own sessions, last used first; `secret` is that of the one that asks.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sessions(&self, who: &Identity, secret: Option<&str>) -> Result<Vec<SessionRow>, Error> {
        let Some(login) = who.login() else { return Ok(Vec::new()) };
        let mut reader = self.store().read().await?;
        let here = secret.map(token::hash);
        let rows = own::of(&mut reader, login, self.now()).await?;
        let row = |row: own::SessionOf| SessionRow {
            own: here.is_some_and(|here| row.hash == here),
            id: row.id,
            means: row.means,
            device: row.device,
            created_at: row.created_at,
            seen_at: row.seen_at,
            expires_at: row.expires_at,
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Ends one of somebody's own sessions.
    ///
    /// # Errors
    /// Not found among their own, or the store does not answer.
    pub async fn end_own_session(&self, who: &Identity, id: &str) -> Result<(), Error> {
        who.carries(Right::Act)?;
        let login = who.login().ok_or(Error::NotFound("session"))?.to_owned();
        let (happening, id) = (self.happening(who), id.to_owned());
        let ended = self.store().write(move |tx| {
            let (happening, id, login) = (happening.clone(), id.clone(), login.clone());
            Box::pin(async move {
                let ended = own::end(tx, &login, &id).await?;
                if ended {
                    tx.record(happening.draft("session.ended").with("session", id));
                }
                Ok(ended)
            })
        });
        if ended.await? { Ok(()) } else { Err(Error::NotFound("session")) }
    }

    /// Ends all of somebody's own sessions but the one that asks. Returns how many.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn end_other_sessions(&self, who: &Identity, secret: &str) -> Result<u64, Error> {
        let Some(login) = who.login().map(str::to_owned) else { return Ok(0) };
        let (happening, here) = (self.happening(who), token::hash(secret));
        let ended = self.store().write(move |tx| {
            let (happening, login) = (happening.clone(), login.clone());
            Box::pin(async move {
                let ended = own::end_others(tx, &login, here).await?;
                if ended > 0 {
                    tx.record(happening.draft("session.others_ended").with("number", ended));
                }
                Ok(ended)
            })
        });
        Ok(ended.await?)
    }
}

impl Opening {
    /// Writes session and entry.
    pub(super) async fn open(&self, tx: &mut Tx, login: &str, role: Role) -> Result<(), StoreError> {
        let actor = Actor::Person { id: login.to_owned() };
        let (created_at, expires_at) = (self.now, self.expires_at);
        let session = Session::new(role, actor.clone(), created_at, expires_at);
        let hash = token::hash(&self.secret);
        session::insert(tx, Kind::Session, hash, &session).await?;
        own::describe(tx, hash, &self.id, self.means, &self.device).await?;
        let happening = Happening::now(actor, self.now, &self.plan_version);
        tx.record(happening.draft("session.opened").with("means", self.means).secretly("device", &self.device));
        Ok(())
    }

    /// Returns the happening of whoever signs in.
    pub(super) fn happening(&self, login: &str) -> Happening {
        Happening::now(Actor::Person { id: login.to_owned() }, self.now, &self.plan_version)
    }

    /// Returns what the cookie needs.
    pub(super) fn opened(self, login: &str) -> Opened {
        Opened { secret: self.secret, expires_at: self.expires_at, login: login.to_owned() }
    }
}
