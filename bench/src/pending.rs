//! Events that were accepted and not yet processed, written by the store itself while no server runs.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use watchfire_core::chance::{self, Chance};
use watchfire_core::event::Status;
use watchfire_core::id::SourceId;
use watchfire_core::source::Headers;
use watchfire_core::time::{Clock, Timestamp};
use watchfire_store::event::NewEvent;
use watchfire_store::{Settings, Store};
use watchfire_testkit::{Alert, NewSource, Server, alertmanager_group};

/// Events on their way to the writer.
const AT_ONCE: usize = 512;

/// The wall clock.
pub(crate) struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the measurement is at the rim")]
        Timestamp::now()
    }
}

struct Random;

impl Chance for Random {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.iter_mut().for_each(|byte| *byte = rand::random());
    }
}

/// Leaves so many deliveries of one alert pending in the ended server's database.
///
/// # Errors
/// The store refuses.
pub(crate) async fn fill(server: &Server, source: &NewSource, count: usize) -> Result<()> {
    let settings = Settings { database_url: server.database_url().map(str::to_owned), ..Settings::new(server.data()) };
    let store = open(settings).await?;
    let id = source.id.parse().ok().context("a source's id is one")?;
    let mut writes = tokio::task::JoinSet::new();
    for at in 0..count {
        let event = event(at, Some(id));
        if writes.len() >= AT_ONCE {
            writes.join_next().await.context("there is one")???;
        }
        let store = store.clone();
        writes.spawn(async move { store.append_event(event).await });
    }
    while let Some(written) = writes.join_next().await {
        written??;
    }
    store.close().await;
    Ok(())
}

/// Returns a delivery of one alert, of a new source if none is given.
pub(crate) fn event(at: usize, source: Option<SourceId>) -> NewEvent {
    let group = format!("Pending{}", at % 200);
    let body = alertmanager_group(&group, &[Alert::firing(&group, &format!("host-{at}"))]).to_string();
    let now = Wall.now();
    NewEvent {
        id: chance::id(&Random, now),
        source: source.unwrap_or_else(|| chance::id(&Random, now)),
        received_at: now,
        trust: "token".to_owned(),
        delivery_id: None,
        headers: Headers::default(),
        body: Bytes::from(body),
        status: Status::Pending,
        reason: None,
    }
}

/// The killed server's lock may take a moment to go.
async fn open(settings: Settings) -> Result<Store> {
    for _ in 0..50 {
        if let Ok(store) = Store::open(settings.clone(), Arc::new(Wall)).await {
            return Ok(store);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(Store::open(settings, Arc::new(Wall)).await?)
}
