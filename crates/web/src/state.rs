//! What every handler has at hand.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use watchfire_engine::Engine;

use crate::auth::WrongTokens;
use crate::health::Readiness;
use crate::limit::{Rate, SignIns, TrustedProxies};
use crate::telemetry::Metrics;

/// Questions that one address may ask at once; then one a second.
const QUESTIONS: NonZeroU32 = NonZeroU32::new(30).expect("thirty is not zero");

/// The engine and what the web layer itself remembers. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub engine: Engine,
    pub(crate) metrics: Metrics,
    pub(crate) proxies: TrustedProxies,
    /// Failed sign-ins by account and network.
    pub(crate) sign_ins: SignIns,
    pub(crate) readiness: Arc<Readiness>,
    /// Questions (passkeys, sign-ons) by network, each of which costs a row.
    pub(crate) questions: Arc<Rate<IpAddr>>,
    /// Wrong tokens by network.
    pub(crate) wrong_tokens: Arc<WrongTokens>,
}

impl AppState {
    /// Starts with an engine and no memory of anybody.
    pub fn new(engine: Engine, metrics: Metrics, proxies: TrustedProxies) -> Self {
        let questions = Arc::new(Rate::new("question", NonZeroU32::MIN, QUESTIONS));
        Self {
            questions,
            engine,
            metrics,
            proxies,
            sign_ins: SignIns::default(),
            readiness: Arc::default(),
            wrong_tokens: Arc::default(),
        }
    }

    /// Tells whether people reach us over TLS: then cookies are `Secure` and carry the `__Host-` prefix.
    pub fn is_https(&self) -> bool {
        self.engine.base_url().starts_with("https://")
    }
}
