//! Incidents: saving, finding, scoping, counting.

use watchfire_core::Severity;
use watchfire_core::access::Role;
use watchfire_core::incident::{Assignment, Kind, Phase, Postmortem, Role as IncidentRole, Task, TaskState, Visibility};

use super::harness::{Fixture, commit, on_both, scope};
use crate::incident::{self, Filter};
use crate::{Error, grouping, random, spans, task};

on_both! {
    async fn an_incident_is_read_as_it_was_saved(fixture: Fixture) {
        let mut incident = fixture.incident("Intruder on \"db-1\"", Visibility::Restricted);
        incident.summary = "two\nlines".to_owned();
        incident.postmortem = Postmortem::Waived { reason: "drill".to_owned() };
        incident.roles = vec![Assignment { role: IncidentRole::commander(), holder: "ann".to_owned(), since: fixture.now(), offered_to: None }];
        incident.occurred_at = Some(fixture.now());
        incident.merged_into = Some(random::id(fixture.now()).expect("an id"));
        commit!(fixture.store, |tx| [incident] incident::insert(tx, &incident).await).expect("an incident");
        let mut conn = fixture.store.read().await.expect("a connection");
        let owner = scope("o", Role::Owner);
        for name in [incident.short_id.clone(), incident.short_id.to_lowercase(), incident.id.to_string()] {
            let read = incident::get(&mut conn, &owner, &name).await.expect("an answer").expect("there");
            assert_eq!(read, incident);
        }
        assert_eq!(incident::get(&mut conn, &owner, "INC-00000").await, Ok(None));
        assert_eq!(incident::get(&mut conn, &owner, "'; DROP TABLE incident; --").await, Ok(None));
        drop(conn);
        let mut twin = fixture.incident("twin", Visibility::Open);
        twin.short_id.clone_from(&incident.short_id);
        let taken = commit!(fixture.store, |tx| [twin] incident::insert(tx, &twin).await);
        assert_eq!(taken, Err(Error::ShortIdTaken));
        incident.title = "renamed".to_owned();
        commit!(fixture.store, |tx| [incident] incident::save(tx, &incident).await).expect("saved");
        let stale = commit!(fixture.store, |tx| [incident] incident::save(tx, &incident).await);
        assert_eq!(stale, Err(Error::Conflict), "the version was counted up");
    }
}

on_both! {
    async fn counts_follow_changes_and_scopes(fixture: Fixture) {
        let mut one = fixture.incident("one", Visibility::Restricted);
        one.roles = vec![Assignment { role: IncidentRole::commander(), holder: "ann".to_owned(), since: fixture.now(), offered_to: None }];
        let two = fixture.incident("two", Visibility::Open);
        let mut drill = fixture.incident("drill", Visibility::Open);
        drill.kind = Kind::Drill;
        drill.severity = None;
        commit!(fixture.store, |tx| [one, two, drill] {
            for incident in [&one, &two, &drill] {
                incident::insert(tx, incident).await?;
            }
            Ok(())
        }).expect("incidents");
        let mut changed = two.clone();
        changed.phase = Phase::Triaged;
        changed.severity = Some(Severity::Sev4);
        commit!(fixture.store, |tx| [changed] incident::save(tx, &changed).await).expect("saved");
        let mut conn = fixture.store.read().await.expect("a connection");
        for (login, role, numbers) in [
            ("o", Role::Owner, (1, 1, 1)),
            ("m", Role::Member, (0, 1, 1)),
            ("ann", Role::Member, (1, 1, 1)),
            ("ann", Role::Restricted, (1, 0, 0)),
            ("r", Role::Restricted, (0, 0, 0)),
        ] {
            let counts = incident::counts(&mut conn, &scope(login, role)).await.expect("counts");
            let number = |kind, phase, severity| {
                counts.iter().filter(|count| (count.kind, count.phase, count.severity) == (kind, phase, severity)).map(|count| count.number).sum::<i64>()
            };
            let seen = (
                number(Kind::Real, Phase::Reported, Some(Severity::Sev2)),
                number(Kind::Real, Phase::Triaged, Some(Severity::Sev4)),
                number(Kind::Drill, Phase::Reported, None),
            );
            assert_eq!(seen, numbers, "{login} {role:?}");
            let listed = incident::list(&mut conn, &scope(login, role), &Filter::default(), None, 10).await.expect("a page");
            assert_eq!(i64::try_from(listed.items.len()).expect("few"), numbers.0 + numbers.1 + numbers.2);
        }
        drop(conn);
    }
}

on_both! {
    async fn lists_are_newest_first_and_filtered(fixture: Fixture) {
        let mut incidents = Vec::new();
        for number in 0..30_usize {
            fixture.clock.advance(1);
            let mut incident = fixture.incident(&format!("incident {number}"), Visibility::Open);
            incident.phase = Phase::ALL[number % 5];
            incident.team = if number % 2 == 0 { "platform" } else { "security" }.to_owned();
            incident.resolved_at = (number % 5 == 4).then(|| fixture.now());
            incidents.push(incident);
        }
        commit!(fixture.store, |tx| [incidents] {
            for incident in &incidents {
                incident::insert(tx, incident).await?;
            }
            Ok(())
        }).expect("incidents");
        let member = scope("m", Role::Member);
        let mut conn = fixture.store.read().await.expect("a connection");
        for (filter, expected) in [
            (Filter::default(), 30),
            (Filter { phases: vec![Phase::Reported, Phase::Declared], ..Filter::default() }, 12),
            (Filter { team: Some("platform".to_owned()), ..Filter::default() }, 15),
            (Filter { text: Some("INCIDENT 2".to_owned()), ..Filter::default() }, 11),
            (Filter { kind: Some(Kind::Drill), ..Filter::default() }, 0),
        ] {
            let (mut seen, mut cursor) = (Vec::new(), None);
            loop {
                let page = incident::list(&mut conn, &member, &filter, cursor.as_ref(), 4).await.expect("a page");
                seen.extend(page.items.into_iter().map(|incident| incident.id));
                match page.next {
                    Some(next) => cursor = crate::Cursor::parse(&next.to_string()),
                    None => break,
                }
            }
            assert_eq!(seen.len(), expected, "{filter:?}");
            assert!(seen.is_sorted_by(|a, b| a > b), "{filter:?}");
        }
        let until = fixture.now().checked_add(jiff::SignedDuration::from_secs(1)).expect("later");
        let rows = spans::between(&mut conn, &member, Kind::Real, incidents[0].detected_at, until).await.expect("spans");
        assert_eq!(rows.len(), 30);
        assert_eq!(rows.iter().filter(|row| row.spans.to_resolve_s == Some(0)).count(), 6);
        drop(conn);
    }
}

on_both! {
    async fn tasks_and_groupings_are_kept(fixture: Fixture) {
        let incident = fixture.incident("one", Visibility::Open);
        let id = incident.id;
        let now = fixture.now();
        commit!(fixture.store, |tx| [incident] {
            incident::insert(tx, &incident).await?;
            for title in ["first", "second"] {
                let number = task::next_number(tx, incident.id).await?;
                let task = Task {
                    id: random::id(now)?, incident: incident.id, number, title: title.to_owned(), owner: None,
                    team: None, state: TaskState::Open, consult: true, consulted_by: Some("bo@example.org".to_owned()), consulted_at: Some(now), due_at: None, created_at: now, changed_at: now,
                };
                task::insert(tx, &task).await?;
            }
            grouping::put(tx, &[("team/db".to_owned(), incident.id, now)]).await?;
            grouping::put(tx, &[("team/db".to_owned(), incident.id, now)]).await
        }).expect("tasks");
        let mut conn = fixture.store.read().await.expect("a connection");
        let mut tasks = task::list(&mut conn, id).await.expect("tasks");
        assert_eq!(tasks.iter().map(|task| (task.number, task.title.as_str())).collect::<Vec<_>>(), [(1, "first"), (2, "second")]);
        let found = grouping::find(&mut conn, &["team/db".to_owned(), "team/none".to_owned()]).await.expect("groupings");
        assert_eq!(found, [("team/db".to_owned(), id, now)]);
        drop(conn);
        let mut first = tasks.remove(0);
        first.state = TaskState::Done;
        first.owner = Some("ann".to_owned());
        commit!(fixture.store, |tx| [first] task::save(tx, &first).await).expect("saved");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(task::get(&mut conn, first.id).await, Ok(Some(first)));
        drop(conn);
    }
}
