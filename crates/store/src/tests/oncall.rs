//! Overrides, swaps and feeds.

use watchfire_core::time::{Timestamp, from_micros};

use super::harness::{Fixture, commit, on_both};
use crate::oncall::{self, OverrideRow, Swap, SwapState, feed};

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    from_micros(now.as_microsecond() + seconds * 1_000_000)
}

fn row(id: &str, now: Timestamp, from: i64, until: i64) -> OverrideRow {
    OverrideRow {
        id: id.to_owned(),
        schedule: "seoc".to_owned(),
        login: "bo@example.org".to_owned(),
        instead_of: Some("ada@example.org".to_owned()),
        from: later(now, from),
        until: later(now, until),
        reason: "ill".to_owned(),
        made_by: "ada@example.org".to_owned(),
        made_at: now,
        swap: None,
        ended_at: None,
        ended_by: None,
    }
}

on_both! {
    async fn overrides_of_a_span_come_in_the_order_in_which_they_were_made(fixture: Fixture) {
        let now = fixture.now();
        let (first, mut second, over) = (row("b", now, 10, 20), row("a", now, 0, 100), row("c", now, 0, 5));
        second.made_at = later(now, 1);
        let rows = [second.clone(), first.clone(), over];
        commit!(fixture.store, |tx| [rows] {
            for row in &rows {
                oncall::insert(tx, row).await?;
            }
            Ok(())
        }).expect("overrides");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(oncall::list(&mut conn, later(now, 5), later(now, 11)).await, Ok(vec![first.clone(), second.clone()]));
        assert_eq!(oncall::list(&mut conn, later(now, 5), later(now, 10)).await, Ok(vec![second]), "ends are not included");
        drop(conn);
        assert_eq!(commit!(fixture.store, |tx| [] oncall::end(tx, "b", later(now, 15), "bo@example.org").await), Ok(true));
        assert_eq!(commit!(fixture.store, |tx| [] oncall::end(tx, "b", later(now, 16), "bo@example.org").await), Ok(false));
        let mut conn = fixture.store.read().await.expect("a connection");
        let ended = oncall::override_by_id(&mut conn, "b").await.expect("an answer").expect("there");
        assert_eq!(ended.change().expect("it counted for a while").until, later(now, 15));
        assert_eq!(OverrideRow { ended_at: Some(now), ..first }.change(), None, "ended before it began");
    }
}

on_both! {
    async fn a_swap_is_settled_once(fixture: Fixture) {
        let now = fixture.now();
        let swap = Swap {
            id: "s".to_owned(),
            schedule: "seoc".to_owned(),
            offered_by: "ada@example.org".to_owned(),
            offered_to: "bo@example.org".to_owned(),
            give: (now, later(now, 5)),
            take: (later(now, 10), later(now, 15)),
            reason: "a wedding".to_owned(),
            state: SwapState::Offered,
            offered_at: now,
            settled_at: None,
        };
        commit!(fixture.store, |tx| [swap] oncall::insert_swap(tx, &swap).await).expect("an offer");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(oncall::list_swaps(&mut conn, now).await, Ok(vec![swap]));
        drop(conn);
        let accept = commit!(fixture.store, |tx| [] oncall::settle(tx, "s", SwapState::Accepted, later(now, 1)).await);
        let again = commit!(fixture.store, |tx| [] oncall::settle(tx, "s", SwapState::Withdrawn, later(now, 2)).await);
        assert_eq!((accept, again), (Ok(true), Ok(false)));
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(oncall::swap_by_id(&mut conn, "s").await.expect("an answer").expect("there").state, SwapState::Accepted);
        assert_eq!(oncall::list_swaps(&mut conn, later(now, 1)).await, Ok(Vec::new()), "settled ones go after a while");
    }
}

on_both! {
    async fn a_feed_is_found_by_its_hash_until_it_is_revoked(fixture: Fixture) {
        let now = fixture.now();
        let made = feed::Feed {
            id: "f".to_owned(),
            schedule: Some("seoc".to_owned()),
            login: None,
            made_by: "ada@example.org".to_owned(),
            made_at: now,
            read_at: None,
        };
        commit!(fixture.store, |tx| [made] feed::insert(tx, &made, [7; 32]).await).expect("a feed");
        commit!(fixture.store, |tx| [] feed::touch(tx, "f", now).await).expect("read");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(feed::by_hash(&mut conn, [7; 32]).await, Ok(Some(feed::Feed { read_at: Some(now), ..made })));
        drop(conn);
        let first = commit!(fixture.store, |tx| [] feed::revoke(tx, "f", now).await);
        let second = commit!(fixture.store, |tx| [] feed::revoke(tx, "f", now).await);
        assert_eq!((first, second), (Ok(true), Ok(false)));
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(feed::by_hash(&mut conn, [7; 32]).await, Ok(None));
        assert_eq!(feed::list(&mut conn).await, Ok(Vec::new()));
    }
}
