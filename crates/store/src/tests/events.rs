//! Keeping and reading events.

use watchfire_core::event::Status;

use super::harness::{Fixture, commit, everything, on_both};
use crate::event::{self, Filter, Settled, Share};

on_both! {
    async fn an_event_is_kept_verbatim_small_or_large(fixture: Fixture) {
        let source = fixture.source("one").await;
        for size in [0_usize, 1, 64 * 1024, 64 * 1024 + 1, 3_000_000] {
            let body: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            let new = fixture.event(source, None, &body);
            let id = new.id;
            let kept = fixture.store.append_event(new).await.expect("an event");
            assert!(!kept.duplicate);
            let mut conn = fixture.store.read().await.expect("a connection");
            let opened = event::get(&mut conn, id).await.expect("the event").expect("it is there");
            assert_eq!(opened.body.as_ref(), body.as_slice(), "{size} bytes");
            assert_eq!(opened.headers.get("content-type"), Some("application/json"));
            assert_eq!(opened.event.size, i64::try_from(size).expect("small"));
            assert_eq!(opened.event.source_name, "one");
        }
    }
}

on_both! {
    async fn the_same_delivery_again_is_the_first_event(fixture: Fixture) {
        let (one, two) = (fixture.source("one").await, fixture.source("two").await);
        let first = fixture.store.append_event(fixture.event(one, Some("d-1"), b"first")).await.expect("an event");
        let again = fixture.store.append_event(fixture.event(one, Some("d-1"), b"again")).await.expect("an event");
        assert_eq!((again.id, again.seq, again.duplicate), (first.id, first.seq, true));
        let other = fixture.store.append_event(fixture.event(two, Some("d-1"), b"other")).await.expect("an event");
        assert!(!other.duplicate, "another source's deliveries are its own");
        let long = "x".repeat(100_000);
        let kept = fixture.store.append_event(fixture.event(one, Some(&long), b"long")).await.expect("an event");
        let again = fixture.store.append_event(fixture.event(one, Some(&long), b"long")).await.expect("an event");
        assert_eq!(kept.id, again.id);
        let nul = fixture.store.append_event(fixture.event(one, Some("a\0b"), b"nul")).await.expect("an event");
        assert!(!nul.duplicate);
        let tasks: Vec<_> = (0..50).map(|_| {
            let (store, event) = (fixture.store.clone(), fixture.event(one, Some("d-2"), b"at once"));
            tokio::spawn(async move { store.append_event(event).await.expect("an event") })
        }).collect();
        let mut ids = Vec::new();
        let mut firsts = 0;
        for task in tasks {
            let kept = task.await.expect("the task ends");
            firsts += u32::from(!kept.duplicate);
            ids.push(kept.id);
        }
        ids.sort();
        ids.dedup();
        assert_eq!((ids.len(), firsts), (1, 1), "fifty copies at once are one event");
    }
}

fn share(per_source: usize, total: usize) -> Share {
    Share { per_source, total, bytes: usize::MAX >> 8 }
}

on_both! {
    async fn pending_events_are_taken_until_their_bytes_fill_the_share(fixture: Fixture) {
        let (one, two) = (fixture.source("one").await, fixture.source("two").await);
        for source in [one, one, two, two] {
            fixture.store.append_event(fixture.event(source, None, &[b'x'; 1000])).await.expect("an event");
        }
        let mut conn = fixture.store.read().await.expect("a connection");
        for (bytes, expected) in [(1, 1), (1000, 1), (1001, 2), (3500, 4)] {
            let (opened, _) = event::pending(&mut conn, Share { bytes, ..share(10, 10) }).await.expect("events");
            assert_eq!(opened.len(), expected, "{bytes} bytes");
        }
        let (opened, _) = event::pending(&mut conn, Share { bytes: 1001, ..share(10, 10) }).await.expect("events");
        assert_ne!(opened[0].event.source, opened[1].event.source, "the first of each source comes before the second of any");
        drop(conn);
    }
}

on_both! {
    async fn pending_events_are_fair_between_sources(fixture: Fixture) {
        let (loud, quiet) = (fixture.source("loud").await, fixture.source("quiet").await);
        for number in 0..30 {
            fixture.store.append_event(fixture.event(loud, None, format!("loud {number}").as_bytes())).await.expect("an event");
        }
        fixture.store.append_event(fixture.event(quiet, None, b"quiet")).await.expect("an event");
        let mut conn = fixture.store.read().await.expect("a connection");
        let (opened, closed) = event::pending(&mut conn, share(10, 5)).await.expect("events");
        assert!(closed.is_empty());
        assert_eq!(opened.len(), 5);
        let quiet_at = opened.iter().position(|event| event.event.source == quiet);
        assert!(quiet_at.is_some_and(|at| at < 2), "the quiet source's one event waits behind a flood: {quiet_at:?}");
        let (opened, _) = event::pending(&mut conn, share(10, 100)).await.expect("events");
        assert_eq!(opened.len(), 11, "ten of the loud one, one of the quiet one");
        let loud_ones: Vec<_> = opened.iter().filter(|event| event.event.source == loud).map(|event| event.event.seq).collect();
        assert!(loud_ones.is_sorted(), "of one source the oldest first");
        drop(conn);
    }
}

on_both! {
    async fn what_became_of_events_is_noted_once(fixture: Fixture) {
        let source = fixture.source("one").await;
        let good = fixture.store.append_event(fixture.event(source, None, b"good")).await.expect("an event");
        let bad = fixture.store.append_event(fixture.event(source, None, b"bad")).await.expect("an event");
        let settled = vec![
            Settled { seq: good.seq, id: good.id, status: Status::Processed, reason: None, remark: Some("ping".into()), alerts: 2 },
            Settled { seq: bad.seq, id: bad.id, status: Status::Quarantined, reason: Some("no JSON".into()), remark: None, alerts: 0 },
        ];
        let first = commit!(fixture.store, |tx| [settled] event::settle(tx, &settled).await).expect("settled");
        assert_eq!(first.len(), 2);
        let again = commit!(fixture.store, |tx| [settled] event::settle(tx, &settled).await).expect("settled");
        assert!(again.is_empty(), "settled events stay as they are");
        let mut conn = fixture.store.read().await.expect("a connection");
        let overview = crate::source::list(&mut conn, &everything()).await.expect("sources").pop().expect("one");
        assert_eq!((overview.events, overview.pending, overview.quarantined), (2, 0, 1));
        assert_eq!(overview.last_event_at, Some(fixture.now()));
        let filter = Filter { status: Some(Status::Quarantined), source: Some(source) };
        let page = event::list(&mut conn, &everything(), &filter, None, 10).await.expect("a page");
        assert_eq!(page.items.len(), 1);
        assert_eq!(page.items[0].reason.as_deref(), Some("no JSON"));
        drop(conn);
        let id = bad.id;
        assert!(commit!(fixture.store, |tx| [] event::requeue(tx, id).await).expect("requeued"));
        assert!(!commit!(fixture.store, |tx| [] event::requeue(tx, id).await).expect("nothing to requeue"));
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(event::pending(&mut conn, share(10, 10)).await.expect("events").0.len(), 1);
        drop(conn);
    }
}

on_both! {
    async fn a_list_of_events_is_read_page_by_page(fixture: Fixture) {
        let source = fixture.source("one").await;
        for number in 0..25 {
            fixture.store.append_event(fixture.event(source, None, format!("{number}").as_bytes())).await.expect("an event");
        }
        let mut conn = fixture.store.read().await.expect("a connection");
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = event::list(&mut conn, &everything(), &Filter::default(), cursor.as_ref(), 10).await.expect("a page");
            seen.extend(page.items.iter().map(|event| event.seq));
            match page.next {
                Some(next) => cursor = crate::Cursor::parse(&next.to_string()),
                None => break,
            }
        }
        assert_eq!(seen.len(), 25);
        assert!(seen.is_sorted_by(|a, b| a > b), "newest first, none twice");
        drop(conn);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_of_a_delivery_on_two_nodes_are_one_event() {
    let Some(fixture) = Fixture::postgres().await else { return };
    let second = fixture.second().await.expect("a second node");
    let source = fixture.source("one").await;
    let tasks: Vec<_> = (0..100)
        .map(|number| {
            let store = if number % 2 == 0 { fixture.store.clone() } else { second.clone() };
            let event = fixture.event(source, Some(&format!("d-{}", number / 10)), b"copy");
            tokio::spawn(async move { store.append_event(event).await.expect("an event") })
        })
        .collect();
    let mut firsts = 0;
    for task in tasks {
        firsts += u32::from(!task.await.expect("the task ends").duplicate);
    }
    assert_eq!(firsts, 10);
    second.close().await;
    fixture.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blobs_that_no_event_refers_to_are_swept_up_after_an_hour() {
    let fixture = Fixture::sqlite().await;
    let source = fixture.source("one").await;
    let kept = fixture.store.append_event(fixture.event(source, None, &[7; 100_000])).await.expect("an event");
    fixture.store.blobs().put(&"ab".repeat(32), b"orphan").expect("a blob without an event");
    assert_eq!(event::sweep_blobs(&fixture.store).await, Ok(0), "a young one may still get its row");
    let fresh = std::fs::metadata(fixture.settings().blob_dir()).and_then(|folder| folder.modified()).expect("a folder");
    let long_ago = fresh - std::time::Duration::from_secs(7_200);
    let blobs = fixture.settings().blob_dir();
    let part = blobs.join("ab").join("broken.part");
    std::fs::write(&part, b"half").expect("a part");
    for name in fixture.store.blobs().names().expect("names") {
        let path = blobs.join(&name[..2]).join(format!("{name}.sealed"));
        std::fs::File::open(path).expect("a blob").set_modified(long_ago).expect("older");
    }
    std::fs::File::open(&part).expect("a part").set_modified(long_ago).expect("older");
    assert_eq!(event::sweep_blobs(&fixture.store).await, Ok(2), "the orphan and the part");
    let mut conn = fixture.store.read().await.expect("a connection");
    assert_eq!(event::get(&mut conn, kept.id).await.expect("contents").expect("there").body.len(), 100_000);
    drop(conn);
    fixture.end().await;
}
