//! The record: order, gaps, leaves, and that nothing in it changes.

use proptest::prelude::*;
use watchfire_core::access::Role;
use watchfire_core::actor::Actor;
use watchfire_core::incident::Visibility;
use watchfire_core::record::Draft;

use super::harness::{Fixture, commit, on_both, scope};
use crate::entry::{self, Filter};
use crate::{Error, Work, incident};

on_both! {
    async fn numbers_are_dense_in_the_order_of_commits_whatever_fails(fixture: Fixture) {
        let (one, two) = (fixture.incident("one", Visibility::Open), fixture.incident("two", Visibility::Open));
        commit!(fixture.store, |tx| [one, two] {
            incident::insert(tx, &one).await?;
            incident::insert(tx, &two).await
        }).expect("incidents");
        let ids = [one.id, two.id];
        let tasks: Vec<_> = (0..120_usize).map(|number| {
            let store = fixture.store.clone();
            tokio::spawn(async move {
                store.write(move |tx| Box::pin(async move {
                    let mut draft = Draft::new("test.happened", Actor::machine("test"), tx.now())
                        .with("number", number as u64)
                        .secretly("text", format!("text {number}"));
                    draft.incident = (number % 3 != 2).then(|| ids[number % 3]);
                    tx.record(draft);
                    if number % 10 == 9 { Err(Error::Damaged("on purpose".to_owned())) } else { Ok(()) }
                }) as Work<'_, ()>).await.is_ok()
            })
        }).collect();
        let mut kept = 0;
        for task in tasks {
            kept += i64::from(task.await.expect("the task ends"));
        }
        assert_eq!(kept, 108);
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(entry::head(&mut conn).await.expect("the head"), kept);
        assert_eq!(fixture.store.commits().borrow().head, kept);
        let verified = entry::verify(&mut conn).await.expect("a check");
        assert_eq!((verified.entries, verified.fields, verified.wrong.as_slice()), (kept, kept, &[][..]));
        for id in ids {
            let filter = Filter { incident: Some(id), after: Some(0), ..Filter::default() };
            let entries = entry::list(&mut conn, &scope("o", Role::Owner), &filter, 200).await.expect("entries");
            let numbers: Vec<_> = entries.iter().filter_map(|entry| entry.incident_seq).collect();
            assert_eq!(numbers, (1..=i64::try_from(numbers.len()).expect("few")).collect::<Vec<_>>());
            for entry in &entries {
                let number = entry.public.get("number").and_then(serde_json::Value::as_u64).expect("a number");
                assert_eq!(entry.confidential.get("text"), Some(&Some(format!("text {number}"))));
            }
        }
        drop(conn);
    }
}

on_both! {
    async fn entries_cannot_be_changed_or_deleted(fixture: Fixture) {
        commit!(fixture.store, |tx| [] { tx.record(Draft::new("test.happened", Actor::machine("test"), tx.now())); Ok(()) })
            .expect("an entry");
        let mut link = fixture.behind_our_back().await;
        for attempt in ["UPDATE entry SET kind = 'test.never'", "DELETE FROM entry", "DELETE FROM entry WHERE seq = 1"] {
            let refused = link.script(attempt).await.expect_err("the record is append-only");
            assert!(refused.to_string().contains("append-only"), "{attempt}: {refused}");
        }
        drop(link);
    }
}

on_both! {
    async fn what_was_changed_behind_our_back_is_found(fixture: Fixture) {
        commit!(fixture.store, |tx| [] {
            for number in 0..5 {
                let draft = Draft::new("test.happened", Actor::machine("test"), tx.now()).secretly("text", format!("{number}"));
                tx.record(draft);
            }
            Ok(())
        }).expect("entries");
        let mut link = fixture.behind_our_back().await;
        let (off, on) = if fixture.settings().database_url.is_some() {
            ("ALTER TABLE entry DISABLE TRIGGER entry_no_change", "ALTER TABLE entry ENABLE TRIGGER entry_no_change")
        } else {
            ("DROP TRIGGER entry_no_update; DROP TRIGGER entry_no_delete", "SELECT 1")
        };
        link.script(off).await.expect("an administrator may");
        link.script("UPDATE entry SET leaf = replace(leaf, 'test.happened', 'test.nothing') WHERE seq = 2").await.expect("forged");
        link.script("UPDATE entry SET kind = 'test.nothing' WHERE seq = 3").await.expect("forged");
        link.script("DELETE FROM entry WHERE seq = 5").await.expect("deleted");
        link.script("UPDATE entry_secret SET sealed = (SELECT sealed FROM entry_secret WHERE seq = 1) WHERE seq = 4").await.expect("moved");
        link.script(on).await.expect("an administrator may");
        drop(link);
        let mut conn = fixture.store.read().await.expect("a connection");
        let verified = entry::verify(&mut conn).await.expect("a check");
        let wrong = verified.wrong.join("\n");
        for sign in ["entry 2: the leaf", "entry 3: the columns", "the last entry is 4"] {
            assert!(wrong.contains(sign), "{sign} is missing in:\n{wrong}");
        }
        // Bytes moved to another entry do not open there: the field counts as erased, never as that entry's text.
        assert_eq!(verified.erased, 1);
        drop(conn);
    }
}

on_both! {
    async fn nobody_reads_entries_of_what_they_may_not_see(fixture: Fixture) {
        let hidden = fixture.incident("hidden", Visibility::Restricted);
        let open = fixture.incident("open", Visibility::Open);
        let mut own = fixture.incident("own", Visibility::Restricted);
        own.roles.push(watchfire_core::incident::Assignment {
            role: watchfire_core::incident::Role::commander(),
            holder: "ann@example.org".to_owned(),
            since: fixture.now(),
            offered_to: Some("ben@example.org".to_owned()),
        });
        let source = fixture.source("one").await;
        let (secret_alert, free_alert) = (fixture.alert(source, "secret"), fixture.alert(source, "free"));
        commit!(fixture.store, |tx| [hidden, open, own, secret_alert, free_alert] {
            crate::alert::save(tx, &[secret_alert.clone(), free_alert.clone()]).await?;
            for incident in [&hidden, &open, &own] {
                incident::insert(tx, incident).await?;
                let mut draft = Draft::new(format!("of.{}", incident.title), Actor::machine("test"), tx.now());
                draft.incident = Some(incident.id);
                tx.record(draft);
            }
            incident::link_alert(tx, hidden.id, secret_alert.id, tx.now()).await?;
            for alert in [&secret_alert, &free_alert] {
                let mut draft = Draft::new(format!("of.{}", alert.dedup_key.as_str().replace("test:1:", "")), Actor::machine("test"), tx.now());
                draft.alert = Some(alert.id);
                tx.record(draft);
            }
            tx.record(Draft::new("of.all", Actor::machine("test"), tx.now()));
            Ok(())
        }).expect("entries");
        let mut conn = fixture.store.read().await.expect("a connection");
        for (login, role, expected) in [
            ("o@example.org", Role::Owner, "of.hidden of.open of.own of.secret of.free of.all"),
            ("m@example.org", Role::Member, "of.open of.free of.all"),
            ("ann@example.org", Role::Member, "of.open of.own of.free of.all"),
            ("ben@example.org", Role::Restricted, "of.own"),
            ("r@example.org", Role::Restricted, ""),
        ] {
            let scope = scope(login, role);
            let filter = Filter { after: Some(0), ..Filter::default() };
            let listed = entry::list(&mut conn, &scope, &filter, 100).await.expect("entries");
            let kinds: Vec<_> = listed.iter().map(|entry| entry.kind.as_str()).collect();
            assert_eq!(kinds.join(" "), expected, "{login}");
        }
        drop(conn);
    }
}

fn draft() -> impl Strategy<Value = (String, String, Vec<(String, String)>, Option<usize>)> {
    let word = "[a-z]{1,8}\\.[a-z]{1,8}";
    (word, any::<String>(), proptest::collection::vec(("[a-z]{1,6}", any::<String>()), 0..4), proptest::option::of(0_usize..3))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn leaves_of_any_history_verify(history in proptest::collection::vec(proptest::collection::vec(draft(), 1..6), 1..8)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(async {
            for fixture in [Some(Fixture::sqlite().await), Fixture::postgres().await].into_iter().flatten() {
                let incidents: Vec<_> = (0..3).map(|number| fixture.incident(&format!("{number}"), Visibility::Open)).collect();
                commit!(fixture.store, |tx| [incidents] {
                    for incident in &incidents {
                        incident::insert(tx, incident).await?;
                    }
                    Ok(())
                }).expect("incidents");
                let ids: Vec<_> = incidents.iter().map(|incident| incident.id).collect();
                let mut total = 0;
                for batch in &history {
                    total += i64::try_from(batch.len()).expect("few");
                    commit!(fixture.store, |tx| [batch, ids] {
                        for (kind, public, confidential, of) in &batch {
                            let mut draft = Draft::new(kind.clone(), Actor::Person { id: public.clone() }, tx.now())
                                .with("words", public.clone());
                            for (name, text) in confidential {
                                draft = draft.secretly(name, text.clone());
                            }
                            draft.incident = of.and_then(|at| ids.get(at).copied());
                            tx.record(draft);
                        }
                        Ok(())
                    }).expect("entries");
                }
                let mut conn = fixture.store.read().await.expect("a connection");
                let verified = entry::verify(&mut conn).await.expect("a check");
                assert_eq!((verified.entries, verified.wrong.as_slice()), (total, &[][..]));
                assert_eq!(verified.erased, 0);
                drop(conn);
                fixture.end().await;
            }
        });
    }
}
