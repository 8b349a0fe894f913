//! Keys: erasing and changing them.

use watchfire_core::access::Role;
use watchfire_core::actor::Actor;
use watchfire_core::incident::Visibility;
use watchfire_core::record::Draft;

use super::harness::{Fixture, commit, on_both, scope};
use crate::{entry, incident, keys};

on_both! {
    async fn an_erased_incident_opens_no_more_and_its_record_still_verifies(mut fixture: Fixture) {
        let (gone, stays) = (fixture.incident("gone", Visibility::Open), fixture.incident("stays", Visibility::Open));
        commit!(fixture.store, |tx| [gone, stays] {
            for incident in [&gone, &stays] {
                incident::insert(tx, incident).await?;
                let mut draft = Draft::new("incident.noted", Actor::machine("test"), tx.now()).secretly("text", &incident.title);
                draft.incident = Some(incident.id);
                tx.record(draft);
            }
            Ok(())
        }).expect("incidents");
        let id = gone.id;
        assert!(commit!(fixture.store, |tx| [] keys::erase_incident(tx, id).await).expect("erased"));
        assert!(!commit!(fixture.store, |tx| [] keys::erase_incident(tx, id).await).expect("nothing to erase"));
        let owner = scope("o@example.org", Role::Owner);
        for _ in 0..2 {
            let mut conn = fixture.store.read().await.expect("a connection");
            let read = incident::get(&mut conn, &owner, &gone.short_id).await.expect("an answer").expect("it is there");
            assert_eq!(read.title, "(erased)");
            let read = incident::get(&mut conn, &owner, &stays.short_id).await.expect("an answer").expect("it is there");
            assert_eq!(read.title, "stays");
            let entries = entry::list(&mut conn, &owner, &entry::Filter::default(), 10).await.expect("entries");
            let texts: Vec<_> = entries.iter().map(|entry| entry.confidential.get("text").cloned().flatten()).collect();
            assert_eq!(texts, [Some("stays".to_owned()), None]);
            let verified = entry::verify(&mut conn).await.expect("a check");
            assert_eq!((verified.entries, verified.fields, verified.erased, verified.wrong.len()), (2, 1, 1, 0));
            drop(conn);
            // The same after a restart, when nothing is in memory.
            fixture.reopen().await;
        }
    }
}

on_both! {
    async fn a_key_that_was_made_in_a_failed_transaction_is_forgotten(mut fixture: Fixture) {
        let incident = fixture.incident("one", Visibility::Open);
        let failed: Result<(), _> = commit!(fixture.store, |tx| [incident] {
            incident::insert(tx, &incident).await?;
            Err(crate::Error::Damaged("on purpose".to_owned()))
        });
        assert!(failed.is_err());
        commit!(fixture.store, |tx| [incident] incident::insert(tx, &incident).await).expect("an incident");
        fixture.reopen().await;
        let mut conn = fixture.store.read().await.expect("a connection");
        let read = incident::get(&mut conn, &scope("o", Role::Owner), &incident.short_id).await.expect("an answer").expect("there");
        assert_eq!(read.title, "one", "it must be sealed under a key that was kept");
        drop(conn);
    }
}

on_both! {
    async fn after_a_change_of_the_key_everything_opens_and_the_old_key_does_not(mut fixture: Fixture) {
        let incident = fixture.incident("one", Visibility::Open);
        commit!(fixture.store, |tx| [incident] incident::insert(tx, &incident).await).expect("an incident");
        let source = fixture.source("one").await;
        let event = fixture.store.append_event(fixture.event(source, None, b"body")).await.expect("an event");
        let path = fixture.store.key_path();
        let old = std::fs::read(&path).expect("the old key");
        let count = keys::rotate(&fixture.store, &path).await.expect("a new key");
        assert_eq!(count, 2, "the installation's and the incident's");
        assert_ne!(std::fs::read(&path).expect("the new key"), old);
        let after = fixture.incident("two", Visibility::Open);
        commit!(fixture.store, |tx| [after] incident::insert(tx, &after).await).expect("an incident");
        fixture.reopen().await;
        let mut conn = fixture.store.read().await.expect("a connection");
        for (short_id, title) in [(&incident.short_id, "one"), (&after.short_id, "two")] {
            let read = incident::get(&mut conn, &scope("o", Role::Owner), short_id).await.expect("an answer").expect("there");
            assert_eq!(read.title, title);
        }
        let read = crate::event::get(&mut conn, event.id).await.expect("the event").expect("there");
        assert_eq!(read.body.as_ref(), b"body");
        drop(conn);
        fixture.store.close().await;
        let stale = fixture.dir.path().join("old.key");
        std::fs::write(&stale, &old).expect("the old key");
        let mut permissions = std::fs::metadata(&stale).expect("meta").permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o400);
        std::fs::set_permissions(&stale, permissions).expect("the mode");
        let mut link = fixture.behind_our_back().await;
        let mut settings = fixture.settings();
        settings.key_file = Some(stale);
        assert!(keys::Keyring::open(&mut link, &settings, fixture.now()).await.is_err());
        drop(link);
    }
}
