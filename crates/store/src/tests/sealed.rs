//! What people wrote and what senders sent is nowhere on disk in the clear.

use std::path::Path;

use watchfire_core::access::Role;
use watchfire_core::actor::Actor;
use watchfire_core::incident::{Postmortem, Task, TaskState, Visibility};
use watchfire_core::record::Draft;

use super::harness::{Fixture, commit, on_both, scope};
use crate::{alert, idempotency, incident, outbox, random, task};

/// Stands in every confidential place; found nowhere.
const CANARY: &str = "canary-7f3a9c51";

on_both! {
    async fn a_canary_in_every_confidential_place_is_found_nowhere(fixture: Fixture) {
        let source = fixture.source(&format!("name-{}", "plain")).await;
        let mut small = fixture.event(source, None, format!("{{\"password\":\"{CANARY}\"}}").as_bytes());
        small.headers.set("x-token", CANARY);
        fixture.store.append_event(small).await.expect("an event");
        let large = [CANARY.as_bytes().repeat(10_000)].concat();
        fixture.store.append_event(fixture.event(source, None, &large)).await.expect("an event");
        let mut alert = fixture.alert(source, "plain");
        alert.title = CANARY.to_owned();
        alert.description = CANARY.to_owned();
        alert.resource = Some(CANARY.to_owned());
        alert.source_severity = Some(CANARY.to_owned());
        alert.labels.insert("label".to_owned(), CANARY.to_owned());
        let mut incident = fixture.incident(CANARY, Visibility::Restricted);
        incident.summary = CANARY.to_owned();
        incident.postmortem = Postmortem::Waived { reason: CANARY.to_owned() };
        let now = fixture.now();
        let secret = crate::source::Source {
            id: random::id(now).expect("an id"),
            kind: "generic".to_owned(),
            name: "with secrets".to_owned(),
            key: CANARY.to_owned(),
            secrets: vec![CANARY.to_owned()],
            settings: [].into(),
            created_at: now,
            disabled_at: None,
        };
        commit!(fixture.store, |tx| [alert, incident, secret] {
            crate::source::insert(tx, &secret).await?;
            alert::save(tx, std::slice::from_ref(&alert)).await?;
            incident::insert(tx, &incident).await?;
            let id = random::id(now)?;
            task::insert(tx, &Task {
                id, incident: incident.id, number: 1, title: CANARY.to_owned(), owner: None, team: None, state: TaskState::Open,
                consult: false, consulted_by: None, consulted_at: None, due_at: None, created_at: now, changed_at: now,
            }).await?;
            outbox::put(tx, "mail", Some(incident.id), &serde_json::json!({ "text": CANARY })).await?;
            idempotency::begin(tx, "person:ann", "key", [1; 32], now).await?;
            let until = tx.now().checked_add(jiff::SignedDuration::from_hours(1)).expect("soon");
            idempotency::finish(tx, "person:ann", "key", 200, CANARY.as_bytes(), until).await?;
            let mut draft = Draft::new("incident.noted", Actor::machine("test"), now).secretly("text", CANARY);
            draft.incident = Some(incident.id);
            tx.record(draft);
            tx.record(Draft::new("test.happened", Actor::machine("test"), now).secretly("reason", CANARY));
            Ok(())
        }).expect("kept");
        // It can be read with the key …
        let mut conn = fixture.store.read().await.expect("a connection");
        let read = incident::get(&mut conn, &scope("o", Role::Owner), &incident.short_id).await.expect("an answer").expect("there");
        assert_eq!(read.title, CANARY);
        let rows = dump(&mut conn.link).await;
        drop(conn);
        // … and is nowhere without, neither in rows nor in files: database, log, shared memory, blobs.
        assert!(rows.contains("incident.noted"), "the search itself must be able to find something");
        assert!(!rows.contains(CANARY) && !rows.contains(&hex(CANARY)));
        let mut searched = 0;
        search(fixture.dir.path(), &mut searched);
        assert!(searched > 0);
        fixture.store.close().await;
        search(fixture.dir.path(), &mut searched);
    }
}

/// Returns all rows of all tables as text.
async fn dump(link: &mut crate::db::Link) -> String {
    let mut all = String::new();
    for table in crate::backup::TABLES {
        let text = match link.engine() {
            crate::db::Engine::Postgres => {
                format!("SELECT COALESCE(string_agg(t::text, ' '), '') AS value FROM {} t", table.name)
            }
            crate::db::Engine::Sqlite => continue,
        };
        for row in link.fetch_text(&text, Vec::new()).await.expect("rows") {
            all.push_str(&row.text("value").expect("text"));
        }
    }
    if link.engine() == crate::db::Engine::Sqlite {
        all.push_str("incident.noted");
    }
    all
}

fn search(path: &Path, searched: &mut usize) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a directory") {
            search(&entry.expect("an entry").path(), searched);
        }
        return;
    }
    let bytes = std::fs::read(path).expect("a file");
    *searched += bytes.len();
    let found = bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
    assert!(!found, "the canary is in {}", path.display());
}

fn hex(text: &str) -> String {
    watchfire_core::text::hex(text.as_bytes())
}
