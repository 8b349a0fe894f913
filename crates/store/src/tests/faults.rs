//! Failing storage and failing connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::harness::{Fixture, commit};
use crate::db::{classify_postgres, classify_sqlite};
use crate::{Error, Work, tally};

#[test]
fn a_failed_sync_is_not_taken_for_a_full_disk() {
    for (code, meaning) in [(1034, "fsync"), (1290, "fsync of a directory")] {
        assert!(matches!(classify_sqlite(code, meaning), Error::Stopped(_)), "{meaning}");
    }
    for (code, meaning) in [(13, "full"), (778, "write"), (4874, "shared memory"), (14, "cannot open"), (8, "read-only")] {
        assert!(matches!(classify_sqlite(code, meaning), Error::Unavailable(_)), "{meaning}");
    }
    for code in ["53100", "53300", "58030", "25006"] {
        assert!(matches!(classify_postgres(code, ""), Error::Unavailable(_)), "{code}");
    }
    for code in ["40001", "40P01", "57P01", "08006"] {
        assert!(matches!(classify_postgres(code, ""), Error::Retry(_)), "{code}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_failed_sync_nothing_is_accepted_any_more() {
    let fixture = Fixture::sqlite().await;
    let failed: Result<(), _> =
        fixture.store.write(|_| Box::pin(async { Err(classify_sqlite(1034, "disk I/O error")) }) as Work<'_, ()>).await;
    assert!(matches!(failed, Err(Error::Stopped(_))));
    assert!(matches!(fixture.store.stopped().await, Error::Stopped(_)), "whoever waits for it is told");
    let after: Result<(), _> = commit!(fixture.store, |tx| [] {
        tx.tally("tests.after", 1);
        Ok(())
    });
    assert!(matches!(after, Err(Error::Stopped(_))), "{after:?}");
    let source = watchfire_core::id::SourceId::from_parts(1, [1; 10]);
    let event = fixture.store.append_event(fixture.event(source, None, b"x")).await;
    assert!(matches!(event, Err(Error::Stopped(_))), "{event:?}");
    fixture.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_killed_at_any_moment_lose_and_repeat_nothing() {
    let Some(fixture) = Fixture::postgres().await else { return };
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let (store, stop) = (fixture.store.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let (mut kept, mut refused) = (0_i64, 0_i64);
                while !stop.load(Ordering::Relaxed) {
                    let written = store.write(|tx| {
                        Box::pin(async move {
                            tx.tally("tests.kept", 1);
                            Ok(())
                        }) as Work<'_, ()>
                    });
                    match written.await {
                        Ok(()) => kept += 1,
                        Err(Error::Unavailable(_)) => refused += 1,
                        Err(other) => panic!("{other}"),
                    }
                }
                (kept, refused)
            })
        })
        .collect();
    let mut link = fixture.behind_our_back().await;
    let mut killed = 0;
    for round in 0..60 {
        tokio::time::sleep(Duration::from_millis(5 + round % 7)).await;
        let rows = link
            .fetch_text(
                "SELECT COUNT(pg_terminate_backend(pid)) AS number FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid() AND state IN ('active', 'idle in transaction')",
                Vec::new(),
            )
            .await
            .expect("an administrator may");
        killed += rows.first().expect("a row").int("number").expect("a number");
    }
    stop.store(true, Ordering::Relaxed);
    let (mut kept, mut refused) = (0, 0);
    for writer in writers {
        let (of_one, refused_one) = writer.await.expect("the task ends");
        kept += of_one;
        refused += refused_one;
    }
    drop(link);
    let mut conn = fixture.store.read().await.expect("a connection");
    let counted = tally::under(&mut conn, "tests.").await.expect("tallies").get("kept").copied().unwrap_or(0);
    drop(conn);
    assert!(killed > 5, "only {killed} connections were killed: the test shows nothing");
    assert_eq!(counted, kept, "{refused} were refused, {killed} connections killed");
    fixture.end().await;
}
