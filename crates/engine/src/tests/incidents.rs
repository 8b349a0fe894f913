use serde_json::json;
use watchfire_core::Severity;
use watchfire_core::incident::{Class, Command, Kind, Phase, Refusal, Role, SignalState, TaskState};

use super::world::World;
use crate::{Declare, Error, NewTask, TaskChange, TimelineRequest};

fn wish(title: &str, severity: Option<Severity>) -> Declare {
    Declare {
        title: title.into(),
        class: Class::Reliability,
        severity,
        team: None,
        visibility: None,
        occurred_at: None,
        text: None,
        kind: Kind::Real,
    }
}

#[tokio::test]
async fn a_person_leads_an_incident_from_declared_to_closed() {
    let world = World::new().await;
    let incident = world.engine.declare(&world.owner, wish("Checkout is slow", Some(Severity::Sev2))).await.expect("declared");
    assert_eq!((incident.phase, incident.declared_at), (Phase::Declared, Some(world.engine.now())));
    let id = incident.short_id.to_lowercase();
    let lead = Command::AssignRole { role: Role::commander(), holder: "ines@example.com".into() };
    assert_eq!(world.engine.command(&world.owner, &id, lead).await.expect("assigned").commander(), Some("ines@example.com"));
    world.clock.forward(900);
    let resolved =
        world.engine.command(&world.owner, &id, Command::Resolve { reason: "failed over".into() }).await.expect("resolved");
    assert_eq!(resolved.phase, Phase::Resolved);
    let detail = world.engine.incident(&world.owner, &id).await.expect("the incident");
    assert_eq!(detail.spans.to_resolve_s, Some(900));
    let refused = world.engine.command(&world.owner, &id, Command::Close { waiver: None }).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::PostmortemDue))), "{refused:?}");
    let closed = world.engine.command(&world.owner, &id, Command::Close { waiver: Some("covered elsewhere".into()) }).await;
    assert_eq!(closed.expect("closed").phase, Phase::Closed);
}

#[tokio::test]
async fn a_correction_is_a_new_entry_that_points_back() {
    let world = World::new().await;
    let incident = world.engine.declare(&world.owner, wish("x", Some(Severity::Sev3))).await.expect("declared");
    let id = incident.short_id;
    world.engine.command(&world.owner, &id, Command::Note { text: "41 objects were read".into() }).await.expect("noted");
    let timeline = world.engine.timeline(&world.owner, &id, TimelineRequest::default()).await.expect("a timeline");
    let first = timeline.last().expect("a note");
    let earlier = world.engine.now();
    world.clock.forward(60);
    world
        .engine
        .note_at(&world.owner, &id, "41,208 objects were read", Some(earlier), None, Some(first.seq))
        .await
        .expect("corrected");
    let timeline = world.engine.timeline(&world.owner, &id, TimelineRequest::default()).await.expect("a timeline");
    let last = timeline.last().expect("a note");
    assert_eq!((last.corrects, last.occurred_at), (Some(first.seq), earlier));
    assert!(timeline.iter().any(|entry| entry.seq == first.seq), "the old entry stays");
    let other = world.engine.declare(&world.owner, wish("y", Some(Severity::Sev3))).await.expect("declared");
    let foreign = world.engine.note_at(&world.owner, &other.short_id, "z", None, None, Some(first.seq)).await;
    assert!(matches!(foreign, Err(Error::Invalid { .. })), "{foreign:?}");
}

#[tokio::test]
async fn merging_moves_the_alerts_and_tells_both() {
    let world = World::new().await;
    world.send(json!({"alerts": [{"key": "a", "class": "intrusion", "resource": "one"}]})).await;
    world.send(json!({"alerts": [{"key": "b", "class": "intrusion", "resource": "two"}]})).await;
    let page = world.engine.incidents(&world.owner, crate::IncidentFilter::default(), crate::PageRequest::default()).await;
    let rows = page.expect("a page").items;
    let (from, into) = (&rows[0].incident, &rows[1].incident);
    let merge = Command::MergeInto { incident: into.id, reason: "same intruder".into() };
    let merged = world.engine.command(&world.owner, &from.short_id, merge).await.expect("merged");
    assert_eq!((merged.phase, merged.merged_into), (Phase::Merged, Some(into.id)));
    let target = world.engine.incident(&world.owner, &into.short_id).await.expect("the target");
    assert_eq!((target.alert_count, target.incident.signal), (2, SignalState::Present));
}

#[tokio::test]
async fn tasks_are_numbered_owned_and_finished() {
    let world = World::new().await;
    let id = world.engine.declare(&world.owner, wish("x", Some(Severity::Sev3))).await.expect("declared").short_id;
    for title in ["rotate the key", "tell legal"] {
        let task = NewTask {
            title: title.into(),
            owner: Some("tobin@example.com".into()),
            team: None,
            due_at: None,
            consult: None,
            insist: false,
        };
        world.engine.add_task(&world.owner, &id, task).await.expect("added");
    }
    let done = TaskChange { state: Some(TaskState::Done), ..TaskChange::default() };
    let task = world.engine.change_task(&world.owner, &id, 2, done.clone()).await.expect("done");
    assert_eq!((task.number, task.state, task.title.as_str()), (2, TaskState::Done, "tell legal"));
    let again = world.engine.change_task(&world.owner, &id, 2, done).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::Unchanged))), "{again:?}");
    let missing = world.engine.change_task(&world.owner, &id, 9, TaskChange::default()).await;
    assert!(matches!(missing, Err(Error::NotFound("task"))));
}

#[tokio::test]
async fn acknowledging_an_alert_acknowledges_its_incident() {
    let world = World::new().await;
    world.send(json!({"alerts": [{"key": "a", "class": "intrusion", "resource": "one"}]})).await;
    world.clock.forward(42);
    let alerts = world.engine.alerts(&world.owner, crate::AlertFilter::default(), crate::PageRequest::default()).await;
    let alert = alerts.expect("a page").items.remove(0);
    world.engine.acknowledge_alert(&world.owner, alert.id).await.expect("acknowledged");
    let page = world.engine.incidents(&world.owner, crate::IncidentFilter::default(), crate::PageRequest::default()).await;
    let incident = page.expect("a page").items.remove(0).incident;
    assert_eq!(watchfire_core::metrics::Spans::of(&incident).to_acknowledge_s, Some(42));
    assert!(matches!(world.engine.acknowledge_alert(&world.owner, alert.id).await, Err(Error::Refused(Refusal::Unchanged))));
}

#[tokio::test]
async fn a_task_for_who_leads_takes_a_second_word_while_others_are_there() {
    let world = World::new().await;
    let id = world.engine.declare(&world.owner, wish("x", Some(Severity::Sev3))).await.expect("declared").short_id;
    let give = |role: &str, holder: &str| Command::AssignRole { role: Role::parse(role).expect("a word"), holder: holder.into() };
    for (role, holder) in [("commander", "ines@example.com"), ("seoc", "tobin@example.com")] {
        world.engine.command(&world.owner, &id, give(role, holder)).await.expect("assigned");
    }
    let task = |insist| NewTask {
        title: "rotate the key".into(),
        owner: Some("ines@example.com".into()),
        team: None,
        due_at: None,
        consult: None,
        insist,
    };
    let refused = world.engine.add_task(&world.owner, &id, task(false)).await.expect_err("she leads");
    assert!(refused.to_string().contains("does no technical work"), "{refused}");
    world.engine.add_task(&world.owner, &id, task(true)).await.expect("insisted");
}
