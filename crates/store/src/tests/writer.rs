//! The group commit writer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::harness::{Fixture, commit, on_both};
use crate::{Error, Settings, Store, Work, tally};

on_both! {
    async fn one_failing_operation_harms_no_other(fixture: Fixture) {
        let mut waiting = Vec::new();
        for number in 0..50_i64 {
            let store = fixture.store.clone();
            waiting.push(tokio::spawn(async move {
                store.write(move |tx| Box::pin(async move {
                    tx.tally("tests.kept", 1);
                    if number % 10 == 3 {
                        return Err(Error::Damaged(format!("number {number}")));
                    }
                    if number % 10 == 7 {
                        panic!("number {number}");
                    }
                    Ok(number)
                }) as Work<'_, i64>).await
            }));
        }
        for (number, task) in (0_i64..).zip(waiting) {
            let answer = task.await.expect("the task ends");
            match number % 10 {
                3 => assert_eq!(answer, Err(Error::Damaged(format!("number {number}")))),
                7 => assert_eq!(answer, Err(Error::Panicked)),
                _ => assert_eq!(answer, Ok(number)),
            }
        }
        let mut conn = fixture.store.read().await.expect("a connection");
        let kept = tally::under(&mut conn, "tests.").await.expect("tallies");
        assert_eq!(kept.get("kept"), Some(&40), "what failed must leave nothing, what did not must be kept once");
        drop(conn);
    }
}

on_both! {
    async fn an_answer_comes_after_the_commit(fixture: Fixture) {
        for round in 1..=20_i64 {
            commit!(fixture.store, |tx| [] { tx.tally("tests.rounds", 1); Ok(()) }).expect("a write");
            // Another connection sees it: it is committed, not only written.
            let mut conn = fixture.store.read().await.expect("a connection");
            let seen = tally::under(&mut conn, "tests.").await.expect("tallies");
            assert_eq!(seen.get("rounds"), Some(&round));
        }
    }
}

on_both! {
    async fn commits_are_announced(fixture: Fixture) {
        let mut commits = fixture.store.commits();
        commits.mark_unchanged();
        commit!(fixture.store, |tx| [] { tx.tally("tests.one", 1); Ok(()) }).expect("a write");
        tokio::time::timeout(std::time::Duration::from_secs(5), commits.changed()).await.expect("a hint").expect("open");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_node_learns_of_a_commit() {
    let Some(fixture) = Fixture::postgres().await else { return };
    let second = fixture.second().await.expect("a second node");
    let mut commits = second.commits();
    commits.mark_unchanged();
    commit!(fixture.store, |tx| [] { tx.tally("tests.one", 1); Ok(()) }).expect("a write");
    tokio::time::timeout(std::time::Duration::from_secs(5), commits.changed()).await.expect("a hint").expect("open");
    second.close().await;
    fixture.end().await;
}

on_both! {
    async fn many_operations_share_a_commit(fixture: Fixture) {
        let before = fixture.store.commits().borrow().commits;
        let gate = Arc::new(AtomicBool::new(false));
        let tasks: Vec<_> = (0..200).map(|_| {
            let (store, gate) = (fixture.store.clone(), Arc::clone(&gate));
            tokio::spawn(async move {
                let held = Arc::clone(&gate);
                store.write(move |tx| {
                    let held = Arc::clone(&held);
                    Box::pin(async move {
                        // The first one holds the writer until all others wait.
                        while !held.load(Ordering::Acquire) {
                            tokio::task::yield_now().await;
                        }
                        tx.tally("tests.shared", 1);
                        Ok(())
                    }) as Work<'_, ()>
                }).await
            })
        }).collect();
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        gate.store(true, Ordering::Release);
        for task in tasks {
            task.await.expect("the task ends").expect("a write");
        }
        let commits = fixture.store.commits().borrow().commits - before;
        assert!(commits < 100, "200 operations that wait together took {commits} commits");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(tally::under(&mut conn, "tests.").await.expect("tallies").get("shared"), Some(&200));
        drop(conn);
    }
}

on_both! {
    async fn a_conflict_with_another_transaction_is_tried_again(fixture: Fixture) {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let answer = fixture.store.write(move |_| {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                if run < 3 { Err(Error::Retry("as if two transactions had met".to_owned())) } else { Ok(run) }
            }) as Work<'_, u32>
        }).await;
        assert_eq!(answer, Ok(3));
        let forever: Result<(), _> = fixture.store.write(|_| {
            Box::pin(async move { Err(Error::Retry("always".to_owned())) }) as Work<'_, ()>
        }).await;
        assert_eq!(forever, Err(Error::Unavailable("always".to_owned())), "retries end");
    }
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let dir = super::harness::Dir::new();
    let mut settings = Settings::new(dir.path().join("data"));
    settings.queue = 2;
    let clock = Arc::new(Still);
    let store = Store::open(settings, clock).await.expect("the store opens");
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let mut tasks = Vec::new();
    for _ in 0..10 {
        let (store, gate) = (store.clone(), Arc::clone(&gate));
        tasks.push(tokio::spawn(async move {
            let held = Arc::clone(&gate);
            store
                .write(move |_| {
                    let held = Arc::clone(&held);
                    Box::pin(async move {
                        held.acquire().await.map_err(|_| Error::Closed)?.forget();
                        Ok(())
                    }) as Work<'_, ()>
                })
                .await
        }));
        tokio::task::yield_now().await;
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    gate.add_permits(100);
    let mut overloaded = 0;
    for task in tasks {
        match task.await.expect("the task ends") {
            Ok(()) => {}
            Err(Error::Overloaded) => overloaded += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(overloaded >= 5, "a queue of two took all but {overloaded} of ten");
    store.close().await;
    let closed: Result<(), _> = store.write(|_| Box::pin(async { Ok(()) }) as Work<'_, ()>).await;
    assert_eq!(closed, Err(Error::Closed));
}

struct Still;

impl watchfire_core::time::Clock for Still {
    fn now(&self) -> watchfire_core::time::Timestamp {
        watchfire_core::time::from_micros(1_790_000_000_000_000)
    }
}
