//! What the engine fetches from vendors, through the one egress client.

use futures::future::BoxFuture;
use watchfire_connect::egress::Egress;
use watchfire_engine::{Fetch, FetchError};

/// Fetches through the egress client, which keeps away from inner networks.
pub(crate) struct Outside(Egress);

impl Outside {
    /// Makes the client; nothing is sent yet.
    ///
    /// # Errors
    /// The system's TLS settings cannot be used.
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self(Egress::new()?))
    }
}

impl Fetch for Outside {
    fn certificate<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async move { self.0.get(url).await.map_err(|error| FetchError(error.to_string())) })
    }

    fn confirm<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), FetchError>> {
        Box::pin(async move { self.0.get(url).await.map(drop).map_err(|error| FetchError(error.to_string())) })
    }
}
