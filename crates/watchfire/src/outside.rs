//! What the engine fetches from vendors, through the one egress client.

use futures::future::BoxFuture;
use watchfire_connect::egress::{Egress, EgressError, sns};
use watchfire_engine::{Fetch, FetchError};

/// Fetches through the egress client, which reaches the vendor's hosts alone.
pub(crate) struct Outside(Egress);

impl Outside {
    /// Fetches through this client.
    pub(crate) fn new(egress: Egress) -> Self {
        Self(egress)
    }
}

impl Fetch for Outside {
    fn certificate<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        Box::pin(async move { sns::fetch_certificate(&self.0, url, &[]).await.map_err(told) })
    }

    fn confirm<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), FetchError>> {
        Box::pin(async move { sns::confirm(&self.0, url, &[]).await.map_err(told) })
    }
}

fn told(error: EgressError) -> FetchError {
    FetchError(error.to_string())
}
