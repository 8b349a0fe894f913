//! The store alone: events kept a second without HTTP, parsing or triage, to tell where the time goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use watchfire_store::{Settings, Store};
use watchfire_testkit::Folder;

use crate::Kind;
use crate::figures::{Report, per_second};
use crate::pending::{Wall, event};

const LASTS: Duration = Duration::from_secs(4);

/// Measures one and 64 callers on a database of their own.
pub(crate) async fn measure(kind: Kind, report: &mut Report) -> Result<()> {
    let folder = Folder::new();
    let database = kind.create();
    let data = folder.path().join("data");
    let settings = Settings { database_url: database.url().map(str::to_owned), ..Settings::new(&data) };
    let store = Store::open(settings, Arc::new(Wall)).await?;
    for callers in [1, 64] {
        let rate = rate(&store, callers).await?;
        report.fact(&format!("the store alone, {callers} callers"), kind.name(), per_second(rate));
    }
    store.close().await;
    Ok(())
}

async fn rate(store: &Store, callers: usize) -> Result<f64> {
    let (kept, began) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let source = event(0, None).source;
    let mut tasks = Vec::new();
    for caller in 0..callers {
        let (store, kept) = (store.clone(), Arc::clone(&kept));
        tasks.push(tokio::spawn(async move {
            let mut turn = caller;
            while began.elapsed() < LASTS {
                store.append_event(event(turn, Some(source))).await?;
                kept.fetch_add(1, Ordering::Relaxed);
                turn += callers;
            }
            Ok::<(), watchfire_store::Error>(())
        }));
    }
    for task in tasks {
        task.await.context("a caller panicked")??;
    }
    Ok(kept.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64())
}
