//! Backups: complete, of one moment, checked, and without the key.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use watchfire_core::access::Role;
use watchfire_core::actor::Actor;
use watchfire_core::incident::Visibility;
use watchfire_core::record::Draft;
use watchfire_core::time::Clock;

use super::harness::{Dir, Fixture, commit, everything, on_both, scope};
use crate::doctor::{self, State};
use crate::{Error, Settings, Store, Work, alert, backup, entry, event, incident};

/// Fills a store with something of everything that matters.
async fn fill(fixture: &Fixture) {
    let source = fixture.source("one").await;
    for size in [10_usize, 1_000, 200_000] {
        let body: Vec<u8> = (0..size).map(|at| (at % 253) as u8).collect();
        fixture.store.append_event(fixture.event(source, Some(&format!("d-{size}")), &body)).await.expect("an event");
    }
    let alerts: Vec<_> = (0..20).map(|number| fixture.alert(source, &format!("{number}"))).collect();
    let incident = fixture.incident("one", Visibility::Restricted);
    commit!(fixture.store, |tx| [alerts, incident] {
        alert::save(tx, &alerts).await?;
        incident::insert(tx, &incident).await?;
        incident::link_alert(tx, incident.id, alerts[0].id, tx.now()).await?;
        for number in 0..30 {
            let mut draft = Draft::new("incident.noted", Actor::machine("test"), tx.now()).secretly("text", format!("note {number}"));
            draft.incident = Some(incident.id);
            tx.record(draft);
        }
        Ok(())
    }).expect("filled");
}

/// Opens a restored store and compares it with what [`fill`] made.
async fn compare(settings: Settings, clock: Arc<dyn Clock>, entries: usize) {
    let store = Store::open(settings, clock).await.expect("it opens");
    let mut conn = store.read().await.expect("a connection");
    let owner = scope("o", Role::Owner);
    assert_eq!(alert::list(&mut conn, &owner, &alert::Filter::default(), None, 100).await.expect("alerts").items.len(), 20);
    let incidents = incident::list(&mut conn, &owner, &incident::Filter::default(), None, 100).await.expect("incidents");
    assert_eq!(incidents.items.first().map(|incident| incident.title.as_str()), Some("one"));
    let page = event::list(&mut conn, &everything(), &event::Filter::default(), None, 100).await.expect("events");
    let mut sizes = Vec::new();
    for kept in page.items.iter().rev().take(3) {
        sizes.push(event::get(&mut conn, kept.id).await.expect("contents").expect("there").body.len());
    }
    assert_eq!(sizes, [10, 1_000, 200_000]);
    let verified = entry::verify(&mut conn).await.expect("a check");
    assert!(verified.entries >= i64::try_from(entries).expect("few") && verified.wrong.is_empty() && verified.erased == 0);
    drop(conn);
    // It goes on where it stood: numbers, unique deliveries, keys.
    let head = store
        .write(|tx| {
            Box::pin(async move {
                tx.record(Draft::new("test.after", Actor::machine("t"), tx.now()));
                Ok(())
            }) as Work<'_, ()>
        })
        .await;
    assert_eq!(head, Ok(()));
    let mut conn = store.read().await.expect("a connection");
    assert_eq!(entry::verify(&mut conn).await.expect("a check").wrong, Vec::<String>::new());
    drop(conn);
    store.close().await;
}

on_both! {
    async fn a_backup_made_while_writing_comes_back_on_both_databases(fixture: Fixture) {
        fill(&fixture).await;
        let stop = Arc::new(AtomicBool::new(false));
        let writing = {
            let (store, stop) = (fixture.store.clone(), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut written = 0;
                while !stop.load(Ordering::Relaxed) {
                    store.write(|tx| Box::pin(async move {
                        tx.record(Draft::new("test.meanwhile", Actor::machine("t"), tx.now()).secretly("text", "x"));
                        Ok(())
                    }) as Work<'_, ()>).await.expect("writing goes on");
                    written += 1;
                }
                written
            })
        };
        let archive = fixture.dir.path().join("archive");
        let manifest = backup::create(&fixture.store, &archive).await.expect("a backup");
        stop.store(true, Ordering::Relaxed);
        assert!(writing.await.expect("the task ends") > 0);
        let key = fixture.store.key_path();
        assert_eq!(manifest.rows.get("event"), Some(&3));
        assert!(manifest.files.len() >= 2, "the database and a blob");
        assert!(!holds_key(&archive, &std::fs::read_to_string(&key).expect("the key")), "a backup never holds the key");
        let report = backup::verify(&archive, &key).await.expect("a report");
        assert_eq!((report.wrong.as_slice(), report.opened), (&[][..], 3));
        let clock = Arc::clone(&fixture.clock) as Arc<dyn Clock>;
        let elsewhere = Dir::new();
        let mut settings = Settings::new(elsewhere.path().join("data"));
        settings.key_file = Some(key.clone());
        backup::restore(&archive, settings.clone(), Arc::clone(&clock)).await.expect("restored to SQLite");
        compare(settings.clone(), Arc::clone(&clock), 30).await;
        let again = backup::restore(&archive, settings, Arc::clone(&clock)).await;
        assert!(matches!(again, Err(Error::Refused(_))), "never over an existing one");
        if let Some(target) = Fixture::postgres_empty().await {
            let mut settings = target.settings();
            settings.key_file = Some(key.clone());
            backup::restore(&archive, settings.clone(), Arc::clone(&clock)).await.expect("restored to PostgreSQL");
            compare(settings, clock, 30).await;
            target.drop_database().await;
        }
    }
}

on_both! {
    async fn a_backup_and_a_check_need_no_running_server_and_disturb_none(fixture: Fixture) {
        fill(&fixture).await;
        let settings = fixture.settings();
        let key = fixture.store.key_path();
        for state in ["running", "stopped"] {
            let archive = fixture.dir.path().join(state);
            let manifest = backup::create_beside(&settings, fixture.clock.as_ref(), &archive).await.expect(state);
            assert_eq!(manifest.rows.get("alert"), Some(&20), "{state}");
            assert_eq!(backup::verify(&archive, &key).await.expect(state).wrong, Vec::<String>::new());
            let findings = doctor::check(&settings, fixture.clock.as_ref()).await;
            assert!(findings.iter().all(|finding| finding.state == State::Ok), "{state}: {findings:#?}");
            fixture.store.close().await;
        }
    }
}

on_both! {
    async fn a_damaged_backup_is_refused_before_anything_is_written(fixture: Fixture) {
        fill(&fixture).await;
        let archive = fixture.dir.path().join("archive");
        let manifest = backup::create(&fixture.store, &archive).await.expect("a backup");
        let key = fixture.store.key_path();
        let clock = Arc::clone(&fixture.clock) as Arc<dyn Clock>;
        for (name, _) in manifest.files {
            let path = archive.join(&name);
            let good = std::fs::read(&path).expect("a file");
            for at in [0, good.len() / 2, good.len() - 1] {
                let mut bad = good.clone();
                bad[at] ^= 1;
                std::fs::write(&path, &bad).expect("a flipped bit");
                let target = Dir::new();
                let mut settings = Settings::new(target.path().join("data"));
                settings.key_file = Some(key.clone());
                let refused = backup::restore(&archive, settings.clone(), Arc::clone(&clock)).await;
                assert!(matches!(&refused, Err(Error::Refused(text)) if text.contains(&name)), "{name} at {at}: {refused:?}");
                assert!(!settings.data_dir.exists(), "nothing may be written");
            }
            std::fs::write(&path, &good).expect("mended");
        }
        let other = Fixture::sqlite().await;
        let wrong_key = backup::verify(&archive, &other.store.key_path()).await;
        assert!(matches!(wrong_key, Err(Error::Refused(_))), "{wrong_key:?}");
        other.end().await;
        std::fs::remove_file(archive.join("manifest.json")).expect("removed");
        assert!(matches!(backup::verify(&archive, &key).await, Err(Error::Refused(_))), "incomplete");
    }
}

on_both! {
    async fn a_healthy_installation_has_no_finding_and_a_broken_one_has(fixture: Fixture) {
        fill(&fixture).await;
        let settings = fixture.settings();
        let findings = doctor::check(&settings, fixture.clock.as_ref()).await;
        assert!(findings.iter().all(|finding| finding.state == State::Ok), "{findings:#?}");
        assert!(findings.len() >= 10);
        fixture.clock.advance(3_600);
        let names = |findings: Vec<doctor::Finding>| {
            findings.into_iter().filter(|finding| finding.state != State::Ok).map(|finding| finding.name).collect::<Vec<_>>()
        };
        assert_eq!(names(doctor::check(&settings, fixture.clock.as_ref()).await), ["pending events"]);
        fixture.clock.advance(-3_600);
        let mut link = fixture.behind_our_back().await;
        link.script("UPDATE tally SET value = 7 WHERE name = 'alerts.firing'").await.expect("a wrong tally");
        link.script("DELETE FROM entry_secret WHERE seq = 1").await.expect("an erased field");
        drop(link);
        std::fs::remove_dir_all(settings.blob_dir()).expect("no blobs");
        assert_eq!(names(doctor::check(&settings, fixture.clock.as_ref()).await), ["blobs", "tallies"]);
        let mut wrong_key = settings.clone();
        wrong_key.key_file = Some(fixture.dir.path().join("none.key"));
        assert_eq!(names(doctor::check(&wrong_key, fixture.clock.as_ref()).await), ["key file", "key"]);
    }
}

on_both! {
    async fn the_list_of_tables_is_the_schema(fixture: Fixture) {
        let mut link = fixture.behind_our_back().await;
        let text = match link.engine() {
            crate::db::Engine::Sqlite => "SELECT m.name AS tab, c.name AS col, lower(c.type) AS kind FROM sqlite_master m
                JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
            crate::db::Engine::Postgres => "SELECT table_name::text AS tab, column_name::text AS col, data_type::text AS kind
                FROM information_schema.columns WHERE table_schema = current_schema() AND table_name IN (
                  SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE')",
        };
        let mut found: Vec<_> = Vec::new();
        for row in link.fetch_text(text, Vec::new()).await.expect("the schema") {
            found.push(format!("{}.{}", row.text("tab").expect("a table"), row.text("col").expect("a column")));
        }
        drop(link);
        found.retain(|name| !name.starts_with("schema_version."));
        found.sort();
        let mut listed: Vec<_> = backup::TABLES.iter()
            .flat_map(|table| table.columns.iter().map(|(column, _)| format!("{}.{column}", table.name))).collect();
        listed.sort();
        assert_eq!(found, listed, "a backup would lack what is not in the list");
    }
}

fn holds_key(path: &Path, key: &str) -> bool {
    let hex = key.split_whitespace().last().unwrap_or_default();
    let bytes = watchfire_core::text::unhex(hex).expect("a key in hex");
    if path.is_dir() {
        return std::fs::read_dir(path).expect("a directory").any(|entry| holds_key(&entry.expect("an entry").path(), key));
    }
    let content = std::fs::read(path).expect("a file");
    content.windows(bytes.len()).any(|window| window == bytes)
        || content.windows(hex.len()).any(|window| window == hex.as_bytes())
}
