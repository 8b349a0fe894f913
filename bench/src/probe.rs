//! What the machine can do at all: F, synced appends a second, and C, event inserts without syncing.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use crate::figures::percentile;

const LASTS: Duration = Duration::from_secs(3);
/// Bytes of one append: a delivery of one alert, sealed.
const APPEND: usize = 2_048;

/// Synced appends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Synced {
    pub(crate) rate: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

/// Appends 2 KiB and waits for `fdatasync`, one after the other, on the file system of a folder.
pub(crate) fn synced(folder: &Path) -> Result<Synced> {
    let mut file = File::create(folder.join("probe"))?;
    let (bytes, began, mut took) = ([0x5a; APPEND], Instant::now(), Vec::new());
    while began.elapsed() < LASTS {
        let one = Instant::now();
        file.write_all(&bytes)?;
        file.sync_data()?;
        took.push(one.elapsed());
    }
    let rate = took.len() as f64 / began.elapsed().as_secs_f64();
    Ok(Synced { rate, p50: percentile(&mut took, 50), p99: percentile(&mut took, 99) })
}

/// Inserts rows as wide and as indexed as events into SQLite without syncing, so many in one transaction, and returns rows a second.
pub(crate) async fn unsynced(folder: &Path, batch: usize) -> Result<f64> {
    let options = SqliteConnectOptions::new()
        .filename(folder.join(format!("probe-{batch}.db")))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Off);
    let mut connection = options.connect().await?;
    for statement in [
        "create table event (seq integer primary key, id text not null, source_id text not null, received_at integer not null, \
         trust text not null, delivery_id text, status text not null, reason text, alerts integer not null, size integer not null, \
         sealed blob, blob text)",
        "create unique index event_id on event (id)",
        "create index event_source on event (source_id, seq)",
        "create index event_pending on event (source_id, seq) where status = 'pending'",
    ] {
        sqlx::query(statement).execute(&mut connection).await?;
    }
    let (body, mut rows, began) = (vec![0x5a_u8; APPEND], 0_u64, Instant::now());
    while began.elapsed() < LASTS {
        let mut transaction = connection.begin().await?;
        for _ in 0..batch {
            rows += 1;
            sqlx::query(
                "insert into event (id, source_id, received_at, trust, status, alerts, size, sealed) values (?, ?, ?, 'token', 'pending', 0, ?, ?)",
            )
            .bind(format!("0193{rows:016x}-7000-8000"))
            .bind("01939c5e-0000-7000-8000-000000000000")
            .bind(1_700_000_000_000_000_i64)
            .bind(i64::try_from(APPEND)?)
            .bind(&body)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
    }
    Ok(rows as f64 / began.elapsed().as_secs_f64())
}
