//! Alerts: saving, finding, scoping.

use watchfire_core::Severity;
use watchfire_core::access::Role;
use watchfire_core::alert::{Change, Status};
use watchfire_core::incident::{Assignment, Role as IncidentRole, Visibility};

use super::harness::{Fixture, commit, on_both, scope};
use crate::alert::{self, Filter, Receipt};
use crate::{Error, incident};

on_both! {
    async fn an_alert_is_read_as_it_was_saved(fixture: Fixture) {
        let source = fixture.source("one").await;
        let mut alert = fixture.alert(source, "a");
        alert.group = Some("ab".repeat(32));
        alert.snapshot_scope = Some("sarif/tool/repo".to_owned());
        alert.title = "NUL \0 and \u{1f525}".to_owned();
        commit!(fixture.store, |tx| [alert] alert::save(tx, std::slice::from_ref(&alert)).await).expect("saved");
        let mut conn = fixture.store.read().await.expect("a connection");
        let read = alert::get(&mut conn, &scope("m", Role::Member), alert.id).await.expect("an answer").expect("there");
        alert.version = 1;
        alert.source_name = "one".to_owned();
        alert.source_kind = "generic".to_owned();
        assert_eq!(read, alert);
        let keys = [(source, alert.dedup_key.clone()), (source, watchfire_core::alert::DedupKey::new("test", 1, "none"))];
        assert_eq!(alert::by_keys(&mut conn, &keys).await.expect("alerts"), [alert.clone()]);
        assert_eq!(alert::by_groups(&mut conn, &["ab".repeat(32)]).await.expect("alerts"), [alert.clone()]);
        assert_eq!(alert::open_in_snapshot(&mut conn, source, "sarif/tool/repo").await.expect("alerts"), [alert.clone()]);
        drop(conn);
        alert.current.status = Status::Resolved;
        alert.current.ended_at = Some(fixture.now());
        commit!(fixture.store, |tx| [alert] alert::save(tx, std::slice::from_ref(&alert)).await).expect("saved");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert!(alert::open_in_snapshot(&mut conn, source, "sarif/tool/repo").await.expect("alerts").is_empty());
        let counts = alert::counts(&mut conn, &scope("m", Role::Member)).await.expect("counts");
        assert_eq!((counts.get("firing"), counts.get("resolved")), (Some(&0), Some(&1)));
        drop(conn);
    }
}

on_both! {
    async fn saving_over_a_newer_version_is_refused(fixture: Fixture) {
        let source = fixture.source("one").await;
        let alert = fixture.alert(source, "a");
        commit!(fixture.store, |tx| [alert] alert::save(tx, std::slice::from_ref(&alert)).await).expect("saved");
        let again = commit!(fixture.store, |tx| [alert] alert::save(tx, std::slice::from_ref(&alert)).await);
        assert_eq!(again, Err(Error::Conflict), "a second first save");
        let mut twin = fixture.alert(source, "a");
        twin.title = "same key, another id".to_owned();
        let twin = commit!(fixture.store, |tx| [twin] alert::save(tx, std::slice::from_ref(&twin)).await);
        assert_eq!(twin, Err(Error::Conflict), "one alert for one key");
        let mut known = alert.clone();
        known.version = 1;
        commit!(fixture.store, |tx| [known] alert::save(tx, std::slice::from_ref(&known)).await).expect("saved");
        let stale = commit!(fixture.store, |tx| [known] alert::save(tx, std::slice::from_ref(&known)).await);
        assert_eq!(stale, Err(Error::Conflict));
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(alert::counts(&mut conn, &scope("m", Role::Member)).await.expect("counts").get("firing"), Some(&1));
        drop(conn);
    }
}

on_both! {
    async fn lists_are_newest_change_first_and_filtered(fixture: Fixture) {
        let source = fixture.source("one").await;
        let other = fixture.source("two").await;
        let mut alerts = Vec::new();
        for number in 0..45_u32 {
            fixture.clock.advance(1);
            let mut alert = fixture.alert(if number % 5 == 0 { other } else { source }, &format!("key-{number}"));
            alert.current.status = Status::ALL[number as usize % 4];
            alert.severity = if number % 3 == 0 { None } else { Severity::from_level(i64::from(number % 3)) };
            if number == 7 { alert.title = "a Needle in the hay".to_owned(); }
            alerts.push(alert);
        }
        commit!(fixture.store, |tx| [alerts] alert::save(tx, &alerts).await).expect("saved");
        let mut conn = fixture.store.read().await.expect("a connection");
        let member = scope("m", Role::Member);
        let filters = [
            (Filter::default(), 45),
            (Filter { statuses: vec![Status::Firing], ..Filter::default() }, 12),
            (Filter { statuses: vec![Status::Firing, Status::Resolved], ..Filter::default() }, 23),
            (Filter { source: Some(other), ..Filter::default() }, 9),
            (Filter { severities: vec![Severity::Sev1, Severity::Sev2], ..Filter::default() }, 30),
            (Filter { text: Some("needle".to_owned()), ..Filter::default() }, 1),
            (Filter { team: Some("nobody".to_owned()), ..Filter::default() }, 0),
        ];
        for (filter, expected) in filters {
            let (mut seen, mut cursor) = (Vec::new(), None);
            loop {
                let page = alert::list(&mut conn, &member, &filter, cursor.as_ref(), 7).await.expect("a page");
                assert!(page.items.len() <= 7);
                seen.extend(page.items.into_iter().map(|alert| (alert.current.changed_at, alert.id)));
                match page.next {
                    Some(next) => cursor = crate::Cursor::parse(&next.to_string()),
                    None => break,
                }
            }
            assert_eq!(seen.len(), expected, "{filter:?}");
            assert!(seen.is_sorted_by(|a, b| a > b), "{filter:?}");
        }
        drop(conn);
    }
}

on_both! {
    async fn alerts_of_hidden_incidents_are_not_there(fixture: Fixture) {
        let source = fixture.source("one").await;
        let hidden = fixture.incident("hidden", Visibility::Restricted);
        let mut own = fixture.incident("own", Visibility::Restricted);
        own.roles.push(Assignment { role: IncidentRole::commander(), holder: "ann".to_owned(), since: fixture.now(), offered_to: None });
        let open = fixture.incident("open", Visibility::Open);
        let names = ["free", "hidden", "own", "open", "both"];
        let alerts: Vec<_> = names.iter().map(|name| fixture.alert(source, name)).collect();
        let event = fixture.store.append_event(fixture.event(source, None, b"x")).await.expect("an event").id;
        commit!(fixture.store, |tx| [alerts, hidden, own, open] {
            alert::save(tx, &alerts).await?;
            for incident in [&hidden, &own, &open] {
                incident::insert(tx, incident).await?;
            }
            let now = tx.now();
            for (incident, at) in [(hidden.id, 1), (own.id, 2), (open.id, 3), (hidden.id, 4), (open.id, 4)] {
                assert!(incident::link_alert(tx, incident, alerts[at].id, now).await?);
            }
            let receipts: Vec<_> = alerts.iter()
                .map(|alert| Receipt {
                    alert: alert.id,
                    event,
                    source,
                    source_name: String::new(),
                    at: now,
                    change: Change::Fired,
                    incident: None,
                    plan_version: String::new(),
                    trace: None,
                }).collect();
            alert::add_receipts(tx, &receipts).await?;
            alert::add_receipts(tx, &receipts).await
        }).expect("linked");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(alert::receipts(&mut conn, alerts[0].id, 10).await.expect("receipts").len(), 1);
        for (login, role, expected) in [
            ("o", Role::Owner, vec!["free", "hidden", "own", "open", "both"]),
            ("m", Role::Member, vec!["free", "open", "both"]),
            ("ann", Role::Manager, vec!["free", "own", "open", "both"]),
            ("ann", Role::Restricted, vec!["own"]),
            ("r", Role::Restricted, vec![]),
        ] {
            let scope = scope(login, role);
            let page = alert::list(&mut conn, &scope, &Filter::default(), None, 100).await.expect("a page");
            let mut listed: Vec<_> = page.items.iter().map(|alert| alert.dedup_key.as_str().replace("test:1:", "")).collect();
            listed.sort();
            let mut sorted = expected.clone();
            sorted.sort_unstable();
            assert_eq!(listed, sorted, "{login} {role:?}");
            let counts = alert::counts(&mut conn, &scope).await.expect("counts");
            assert_eq!(counts.get("firing"), Some(&i64::try_from(expected.len()).expect("few")), "{login} {role:?}");
            let of_event = alert::of_event(&mut conn, &scope, event).await.expect("alerts");
            assert_eq!(of_event.len(), expected.len());
            for (name, alert) in names.iter().zip(&alerts) {
                let got = alert::get(&mut conn, &scope, alert.id).await.expect("an answer");
                assert_eq!(got.is_some(), expected.contains(name), "{login} {role:?} {name}");
            }
            let of_hidden = alert::incidents_of(&mut conn, &scope, alerts[4].id).await.expect("incidents");
            let seen = match (login, role) { ("o", _) => 2, (_, Role::Restricted) => 0, _ => 1 };
            assert_eq!(of_hidden.len(), seen, "{login} {role:?}");
        }
        drop(conn);
    }
}
