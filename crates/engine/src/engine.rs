//! The engine's parts and its start.

use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore};
use watchfire_core::chance::Chance;
use watchfire_core::channel;
use watchfire_core::source::Registry;
use watchfire_core::time::Clock;
use watchfire_store::Store;

use crate::channels::Breakers;
use crate::intake::{ActiveSources, Pace};
use crate::outbox::SLOTS;
use crate::people::KnownPeople;
use crate::plans::PlanSet;
use crate::sign_in::{Hasher, Ways};
use crate::{Error, planning};

/// What the wiring hands in.
pub struct Parts {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub sources: Registry,
    pub channels: channel::Registry,
    pub fetch: Arc<dyn Fetch>,
    /// The address that people and senders reach us by, without a slash at the end.
    pub base_url: String,
    /// How people sign in.
    pub ways: Ways,
}

/// Fetches what a source's scheme needs from its vendor, through the one egress client.
pub trait Fetch: Send + Sync {
    /// Fetches a signing certificate as PEM.
    fn certificate<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, FetchError>>;
    /// Calls an address that finishes a subscription.
    fn confirm<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), FetchError>>;
}

/// Says why a fetch failed; never holds what the other side answered.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct FetchError(pub String);

/// The flow behind every door. Cheap to clone.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>, Store);

pub(crate) struct Inner {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) sources: Registry,
    pub(crate) channels: channel::Registry,
    pub(crate) breakers: Breakers,
    /// The places of messages that are being sent.
    pub(crate) sending: Arc<Semaphore>,
    pub(crate) fetch: Arc<dyn Fetch>,
    pub(crate) base_url: String,
    pub(crate) ways: Ways,
    pub(crate) hasher: Hasher,
    pub(crate) plans: ArcSwap<PlanSet>,
    pub(crate) active: ActiveSources,
    /// Rung when events wait to be processed.
    pub(crate) pending: Notify,
    pub(crate) pace: Pace,
    /// People as they were opened last.
    pub(crate) people: ArcSwapOption<KnownPeople>,
}

impl Engine {
    /// Loads the plans in force (the built-in ones are put in force on a new store) and the sources.
    ///
    /// # Errors
    /// The store does not answer, or what it holds as plans cannot be read by this version.
    pub async fn start(parts: Parts) -> Result<Self, Error> {
        let plans = planning::in_force(&parts).await?;
        let inner = Inner {
            clock: parts.clock,
            chance: parts.chance,
            sources: parts.sources,
            channels: parts.channels,
            breakers: Breakers::default(),
            sending: Arc::new(Semaphore::new(SLOTS)),
            fetch: parts.fetch,
            base_url: parts.base_url,
            hasher: Hasher::new(parts.ways.cost),
            ways: parts.ways,
            plans: ArcSwap::from_pointee(plans),
            active: ActiveSources::default(),
            pending: Notify::new(),
            pace: Pace::default(),
            people: ArcSwapOption::empty(),
        };
        let engine = Self(Arc::new(inner), parts.store);
        engine.adopt_holders().await?;
        engine.end_grants().await?;
        engine.reload_sources().await?;
        engine.plan_digest(false).await?;
        Ok(engine)
    }

    /// Returns the present instant of the engine's clock.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Returns the address that people reach us by.
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    pub(crate) fn store(&self) -> &Store {
        &self.1
    }

    /// Returns this engine for pages that look again after each commit: they share what the store answers between two, see
    /// [`Store::sharing_answers`].
    #[must_use]
    pub fn sharing_answers(&self) -> Self {
        Self(Arc::clone(&self.0), self.1.sharing_answers())
    }
}
