//! Puts the parts together: the store, the sources, the one way out, the engine.

use std::sync::Arc;

use anyhow::Context;
use watchfire_connect::egress::{self, Egress};
use watchfire_connect::{channels, sources};
use watchfire_core::access::Identity;
use watchfire_engine::{Engine, Parts};
use watchfire_store::{Settings, Store};

use crate::config::SignInSettings;
use crate::outside::Outside;
use crate::ways;
use crate::world::{SystemChance, SystemClock};

/// An open store and the engine on it.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) engine: Engine,
}

/// Opens the store and starts the engine.
///
/// # Errors
/// The store refuses (another process has it, the key does not fit, an old database) or cannot be reached.
pub(crate) async fn open(
    settings: Settings,
    base_url: String,
    outside: egress::Settings,
    sign_in: SignInSettings,
) -> anyhow::Result<House> {
    let egress = Egress::new(outside).context("cannot set up the way out")?;
    let ways = ways::ways(sign_in, &egress, &base_url).context("cannot set up signing in")?;
    let clock = Arc::new(SystemClock);
    let store = Store::open(settings, clock.clone()).await.context("cannot open the store")?;
    let parts = Parts {
        store: store.clone(),
        clock,
        chance: Arc::new(SystemChance),
        sources: sources::all(),
        channels: channels::all(&egress),
        fetch: Arc::new(Outside::new(egress)),
        base_url,
        ways,
    };
    match Engine::start(parts).await {
        Ok(engine) => Ok(House { store, engine }),
        Err(error) => {
            store.close().await;
            Err(error).context("cannot start on what the store holds")
        }
    }
}

impl House {
    /// Writes what waits and closes.
    pub(crate) async fn close(&self) {
        self.store.close().await;
    }
}

/// Who acts where the process itself does, at the start.
pub(crate) fn machine() -> Identity {
    Identity::machine("start")
}
