//! The practice senders: each delivers over HTTP as its vendor does.

use std::net::SocketAddr;

use anyhow::Context;
use http::Method;
use serde_json::Value;
use watchfire_connect::clients::watchfire::{Options, Watchfire, Write};
use watchfire_core::source::Settings;
use watchfire_engine::{Engine, Error};

use crate::wiring::machine;

/// A source of the practice with its credentials.
pub(super) struct Sender {
    client: Watchfire,
    path: String,
    pub(super) key: String,
}

impl Sender {
    /// Connects a source under a name; one that is there from an earlier run gets a new secret.
    pub(super) async fn new(engine: &Engine, bound: SocketAddr, kind: &str, path: Option<&str>) -> anyhow::Result<Self> {
        let name = format!("practice-{kind}");
        let source = match engine.source(&machine(), &name).await {
            Ok(_) => engine.rotate_source(&machine(), &name).await?,
            Err(Error::NotFound(_)) => engine.add_source(&machine(), kind, &name, Settings::new()).await?,
            Err(error) => return Err(error.into()),
        };
        let options = Options { url: format!("http://{bound}"), token: Some(source.secret), ..Options::default() };
        let client = Watchfire::new(options)?;
        let path = path.map_or_else(|| format!("/hooks/{kind}/{}", source.key), str::to_owned);
        Ok(Self { client, path, key: source.key })
    }

    /// Delivers a payload; returns after the server has kept it.
    pub(super) async fn send(&self, payload: &Value) -> anyhow::Result<()> {
        let write = Write { body: Some(payload), idempotency_key: None };
        self.client.write(Method::POST, &self.path, write).await.context("the intake refuses what the practice sends")?;
        Ok(())
    }
}
