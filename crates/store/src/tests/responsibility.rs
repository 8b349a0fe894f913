//! Who answers for an incident, what waits to be verified, what is overdue.

use watchfire_core::access::{Identity, Role};
use watchfire_core::incident::{Phase, Task, TaskState, Visibility};

use super::harness::{Fixture, commit, on_both};
use crate::resolution::{self, Resolution};
use crate::responsibility::{self, Responsibility};
use crate::{incident, random, task, timer};

on_both! {
    async fn who_answers_is_kept_replaced_and_found_within_the_scope(fixture: Fixture) {
        let open = fixture.incident("open", Visibility::Open);
        let hidden = fixture.incident("hidden", Visibility::Restricted);
        let mut over = fixture.incident("over", Visibility::Open);
        over.phase = Phase::Closed;
        let of = |id, accountable: Option<&str>| Responsibility {
            incident: id,
            source: "it's odd".to_owned(),
            responsible: vec!["team dev".to_owned(), "ada@example.org".to_owned()],
            accountable: accountable.map(str::to_owned),
            consulted: Vec::new(),
        };
        let all = vec![of(open.id, None), of(hidden.id, Some("team dev")), of(over.id, Some("team dev"))];
        let (made, put) = (vec![open.clone(), hidden.clone(), over.clone()], all.clone());
        commit!(fixture.store, |tx| [made, put] {
            incident::insert_all(tx, &made.iter().collect::<Vec<_>>()).await?;
            responsibility::put(tx, &put).await
        }).expect("kept");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(responsibility::get(&mut conn, open.id).await, Ok(Some(all[0].clone())));
        let running = responsibility::open(&mut conn, None, 10).await.expect("rows");
        assert_eq!(running, [all[1].clone()], "neither what is over nor what nobody is accountable for");
        assert_eq!(responsibility::open(&mut conn, Some(hidden.id), 10).await, Ok(vec![]), "after the last one");
        let filter = incident::Filter { accountable: vec!["team dev".to_owned(), "owners".to_owned()], ..incident::Filter::default() };
        let member = Identity::person("bo@example.org", Role::Member).scope();
        let seen = incident::list(&mut conn, &member, &filter, None, 10).await.expect("a page").items;
        assert_eq!(seen.iter().map(|incident| incident.id).collect::<Vec<_>>(), [over.id], "the filter opens nothing");
        let owner = Identity::person("olga@example.org", Role::Owner).scope();
        assert_eq!(incident::list(&mut conn, &owner, &filter, None, 10).await.expect("a page").items.len(), 2);
        drop(conn);
        let again = of(open.id, Some("owners"));
        let put = again.clone();
        commit!(fixture.store, |tx| [put] responsibility::put(tx, &[put]).await).expect("replaced");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(responsibility::get(&mut conn, open.id).await, Ok(Some(again)));
        drop(conn);
    }
}

on_both! {
    async fn a_resolution_waits_once_and_tasks_past_their_time_are_counted(fixture: Fixture) {
        let incident = fixture.incident("one", Visibility::Open);
        let (id, now) = (incident.id, fixture.now());
        let first = Resolution { incident: id, by: "rex@example.org".to_owned(), at: now };
        let second = Resolution { by: "ida@example.org".to_owned(), ..first.clone() };
        let both = (first, second.clone());
        commit!(fixture.store, |tx| [incident, both] {
            incident::insert(tx, &incident).await?;
            resolution::put(tx, &both.0).await?;
            resolution::put(tx, &both.1).await?;
            for (number, state, due_at) in [
                (1, TaskState::Open, Some(now)), (2, TaskState::Done, Some(now)), (3, TaskState::Open, None),
            ] {
                let task = Task {
                    id: random::id(now)?, incident: incident.id, number, title: "look".to_owned(), owner: None, team: None, state,
                    due_at, consult: false, consulted_by: None, consulted_at: None, created_at: now, changed_at: now,
                };
                task::insert(tx, &task).await?;
            }
            let later = now.checked_add(jiff::SignedDuration::from_hours(1)).expect("soon");
            timer::ensure(tx, now, "test", "one", &serde_json::Value::Null).await?;
            timer::ensure(tx, later, "test", "one", &serde_json::Value::Null).await
        }).expect("kept");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(resolution::get(&mut conn, id).await, Ok(Some(second)));
        assert_eq!(task::overdue_counts(&mut conn, &[id], now).await, Ok(vec![]), "due now is not late");
        let later = now.checked_add(jiff::SignedDuration::from_secs(1)).expect("soon");
        assert_eq!(task::overdue_counts(&mut conn, &[id], later).await, Ok(vec![(id, 1)]));
        assert_eq!(timer::next(&mut conn).await, Ok(Some(now)), "a timer that is there stays as it is");
        drop(conn);
        assert!(commit!(fixture.store, |tx| [] resolution::remove(tx, id).await).expect("removed"));
        assert!(!commit!(fixture.store, |tx| [] resolution::remove(tx, id).await).expect("removed before"));
    }
}
