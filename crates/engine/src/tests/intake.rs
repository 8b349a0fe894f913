use serde_json::json;
use watchfire_core::alert::Status;
use watchfire_core::event::Status as EventStatus;
use watchfire_core::incident::{Class, Phase, SignalState, Visibility};
use watchfire_core::{Severity, alert::Change};

use super::world::World;
use crate::{AlertFilter, EventFilter, IncidentFilter, IntakeError, PageRequest, TimelineRequest};

fn fires(key: &str) -> serde_json::Value {
    json!({"alerts": [{"key": key, "severity": "critical", "class": "intrusion", "resource": "db-1"}]})
}

async fn incidents(world: &World) -> Vec<crate::IncidentRow> {
    world.engine.incidents(&world.owner, IncidentFilter::default(), PageRequest::default()).await.expect("a page").items
}

async fn alerts(world: &World) -> Vec<crate::Alert> {
    world.engine.alerts(&world.owner, AlertFilter::default(), PageRequest::default()).await.expect("a page").items
}

#[tokio::test]
async fn an_alert_becomes_an_incident_with_severity_class_and_team() {
    let world = World::new().await;
    let accepted = world.send(fires("k1")).await;
    let found = incidents(&world).await;
    assert_eq!(found.len(), 1);
    let incident = &found[0].incident;
    assert_eq!((incident.severity, incident.class), (Some(Severity::Sev1), Class::Intrusion));
    assert_eq!(
        (incident.team.as_str(), incident.visibility, incident.phase),
        ("security", Visibility::Restricted, Phase::Triaged)
    );
    assert_eq!((incident.signal, found[0].alerts), (SignalState::Present, 1));
    let timeline = world.engine.timeline(&world.owner, &incident.short_id, TimelineRequest::default()).await.expect("a timeline");
    let kinds: Vec<_> = timeline.iter().map(|entry| entry.kind.as_str()).collect();
    let (raised, staffed) = (["incident.reported", "incident.triaged"], ["incident.role_assigned"; 3]);
    let (linked, paged) =
        (["incident.alert_linked", "alert.fired"], ["page.begun", "page.told", "notice.given", "notice.given", "notice.given"]);
    assert_eq!(kinds, [&raised[..], &staffed, &linked, &paged].concat());
    assert!(timeline.iter().all(|entry| entry.plan_version == world.engine.plans().version));

    let explained = world.engine.explain(&world.owner, accepted.event_id).await.expect("an explanation");
    assert!(explained.outcome.ends_with(&incident.short_id), "{}", explained.outcome);
    let steps = &explained.alerts[0].steps;
    assert!(steps.iter().any(|step| step.what == "rule cloud-threat" && step.outcome == "matched"), "{steps:?}");
    let headers = &explained.event.headers;
    assert!(headers.get("authorization").is_none() && headers.get("x-watchfire-token").is_none());
}

#[tokio::test]
async fn a_repeat_is_a_receipt_and_a_resolve_is_a_gone_signal_not_a_closed_incident() {
    let world = World::new().await;
    world.send(fires("k1")).await;
    world.send(fires("k1")).await;
    assert_eq!((alerts(&world).await.len(), incidents(&world).await.len()), (1, 1));
    world.send(json!({"alerts": [{"key": "k1", "signal": "resolved"}]})).await;
    let alert = &alerts(&world).await[0];
    assert_eq!((alert.current.status, alert.current.count), (Status::Resolved, 3));
    let incident = &incidents(&world).await[0].incident;
    assert_eq!((incident.signal, incident.phase), (SignalState::Gone, Phase::Triaged));
    world.clock.forward(5);
    world.send(fires("k1")).await;
    let found = incidents(&world).await;
    assert_eq!((found.len(), found[0].incident.signal), (1, SignalState::Present), "the open incident takes it back");
}

#[tokio::test]
async fn the_same_delivery_again_is_the_same_event() {
    let world = World::new().await;
    let body = json!({"id": "d-1", "alerts": [{"key": "k1"}]});
    let first = world.send(body.clone()).await;
    let second = world.send(body).await;
    assert_eq!((first.event_id, second.duplicate), (second.event_id, true));
    assert_eq!(alerts(&world).await[0].current.count, 1);
}

#[tokio::test]
async fn one_group_in_three_forms_is_one_alert_with_three_receipts() {
    let world = World::new().await;
    let (key_2, secret_2) = world.another("pagerduty form").await;
    let (key_3, secret_3) = world.another("opsgenie form").await;
    let group = "a".repeat(64);
    let part = json!({"alerts": [{"key": "fp", "group": group, "title": "part"}]}).to_string();
    let whole = json!({"alerts": [{"key": group, "group": group, "whole": true}]}).to_string();
    for order in 0..3 {
        let world = if order == 0 { world.send_as(&key_2, &secret_2, &whole).await.map(|_| &world) } else { Ok(&world) };
        let world = world.expect("accepted");
        world.send_raw(&part).await.expect("accepted");
        world.send_as(&key_3, &secret_3, &whole).await.expect("accepted");
    }
    let found = alerts(&world).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].title, "part", "the part's own words win");
    let detail = world.engine.alert(&world.owner, found[0].id).await.expect("the alert");
    let mut names: Vec<_> = detail.receipts.iter().map(|receipt| receipt.source_name.clone()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names, ["opsgenie form", "pagerduty form", "plain"]);
    assert_eq!(incidents(&world).await.len(), 1);

    let resolve = json!({"alerts": [{"key": group, "group": group, "whole": true, "signal": "resolved"}]}).to_string();
    world.send_as(&key_2, &secret_2, &resolve).await.expect("accepted");
    assert_eq!(alerts(&world).await[0].current.status, Status::Resolved);
}

#[tokio::test]
async fn what_is_reopened_at_its_sender_fires_again_unless_a_person_here_has_it() {
    let world = World::new().await;
    let says = |signal: &str| json!({"alerts": [{"key": "k", "signal": signal}]});
    let now = async || alerts(&world).await.remove(0);
    for signal in ["firing", "acknowledged", "reopened"] {
        world.send(says(signal)).await;
    }
    assert_eq!((now().await.current.status, now().await.current.episode), (Status::Firing, 1));
    assert_eq!(incidents(&world).await.len(), 1, "the incident that it has is its incident still");
    world.engine.acknowledge_alert(&world.owner, now().await.id).await.expect("acknowledged");
    world.send(says("reopened")).await;
    assert_eq!(now().await.current.status, Status::Acknowledged);
    assert!(now().await.acknowledged_by.is_some());
    // Put aside at its sender too, and then taken up again there: that is news.
    world.send(says("acknowledged")).await;
    world.send(says("reopened")).await;
    assert_eq!((now().await.current.status, now().await.acknowledged_by), (Status::Firing, None));
}

#[tokio::test]
async fn an_end_that_overtook_its_fire_is_titled_by_its_key_until_the_fire_tells_more() {
    let world = World::new().await;
    let end = json!({"key": "disk/web-1", "title": "", "signal": "resolved", "ended": "2026-01-01T00:01:00Z"});
    world.send(json!({"alerts": [end]})).await;
    assert_eq!(alerts(&world).await[0].title, "Resolved: disk/web-1");
    world.send(json!({"alerts": [{"key": "disk/web-1", "title": "Disk full", "at": "2026-01-01T00:00:00Z"}]})).await;
    let alert = alerts(&world).await.remove(0);
    assert_eq!((alert.title.as_str(), alert.current.status), ("Disk full", Status::Resolved));
    // After a true episode, what comes late is only a receipt.
    world.send(json!({"alerts": [{"key": "disk/web-1", "title": "Disk full again"}]})).await;
    world.send(json!({"alerts": [{"key": "disk/web-1", "signal": "resolved"}]})).await;
    world.send(json!({"alerts": [{"key": "disk/web-1", "title": "late", "at": "2026-01-01T00:00:30Z"}]})).await;
    assert_eq!(alerts(&world).await[0].title, "Disk full again");
    assert_eq!(incidents(&world).await.len(), 1, "only what fired");
}

#[tokio::test]
async fn a_priority_edited_at_the_sender_is_the_severity() {
    let world = World::new().await;
    world.send(json!({"alerts": [{"key": "k", "severity": "low"}]})).await;
    world.send(json!({"alerts": [{"key": "k", "signal": "note", "edited": "priority", "severity": "critical"}]})).await;
    assert_eq!(alerts(&world).await[0].severity, Some(Severity::Sev1));
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_in_quarantine_and_named() {
    let world = World::new().await;
    let error = world.send_raw("{\"alerts\": [").await.expect_err("malformed");
    let IntakeError::Malformed { event_id, reason } = error else { panic!("{error}") };
    assert!(reason.contains("line 1"), "{reason}");
    let filter = EventFilter { status: Some(EventStatus::Quarantined), ..EventFilter::default() };
    let kept = world.engine.events(&world.owner, filter, PageRequest::default()).await.expect("a page").items;
    assert_eq!(kept.iter().map(|event| event.id).collect::<Vec<_>>(), [event_id]);
    assert_eq!(world.engine.counts(&world.owner).await.expect("counts").quarantined, 1);
    world.engine.requeue_event(&world.owner, event_id).await.expect("requeued");
    world.process().await;
    let detail = world.engine.event(&world.owner, event_id).await.expect("the event");
    assert_eq!(detail.event.status, EventStatus::Quarantined, "it still cannot be read");
    assert_eq!(&detail.body[..], b"{\"alerts\": [");
}

#[tokio::test]
async fn a_wrong_token_or_address_stores_nothing() {
    let world = World::new().await;
    let wrong = world.send_as(&"wfk_".repeat(3), "x", "{}").await.expect_err("unknown");
    assert!(matches!(wrong, IntakeError::UnknownAddress), "{wrong}");
    let (key, _) = world.another("other").await;
    assert!(matches!(world.send_as(&key, "guess", "{}").await, Err(IntakeError::Unauthorized(_))));
    let kept = world.engine.events(&world.owner, EventFilter::default(), PageRequest::default()).await.expect("a page");
    assert!(kept.items.is_empty());
}

#[tokio::test]
async fn a_later_report_resolves_what_it_no_longer_holds() {
    let world = World::new().await;
    let report = |keys: &[&str]| {
        let parts: Vec<_> = keys.iter().map(|key| json!({"key": key, "class": "vulnerability"})).collect();
        json!({"scope": "scanner/app", "alerts": parts})
    };
    world.send(report(&["a", "b", "c"])).await;
    assert_eq!(incidents(&world).await.len(), 1, "one report is one piece of work");
    world.send(report(&["b"])).await;
    let open: Vec<_> = alerts(&world).await.into_iter().filter(|alert| alert.current.status == Status::Firing).collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].title, "b");
    world.send(report(&[])).await;
    assert_eq!(incidents(&world).await[0].incident.signal, SignalState::Gone);
}

#[tokio::test]
async fn a_silenced_alert_raises_nothing_until_the_silence_ends() {
    let world = World::new().await;
    let matcher = [("resource".to_owned(), "db-1".to_owned())].into_iter().collect();
    world.engine.silence(&world.owner, matcher, 1, "planned work").await.expect("a silence");
    world.send(fires("k1")).await;
    assert!(incidents(&world).await.is_empty());
    assert!(alerts(&world).await[0].suppressed_by.as_deref().is_some_and(|by| by.starts_with("silence ")));
    world.clock.forward(3_601);
    world.engine.due_timers().await.expect("timers run");
    assert_eq!(incidents(&world).await.len(), 1, "it still fires when the silence ends");
    assert_eq!(alerts(&world).await[0].suppressed_by, None);
    world.engine.due_timers().await.expect("timers run");
    assert_eq!(incidents(&world).await.len(), 1);
}

#[tokio::test]
async fn an_alert_that_goes_back_and_forth_raises_nothing_new() {
    let world = World::new().await;
    for _ in 0..4 {
        world.send(json!({"alerts": [{"key": "flap"}]})).await;
        world.clock.forward(1);
        world.send(json!({"alerts": [{"key": "flap", "signal": "resolved"}]})).await;
        world.clock.forward(1);
        for row in incidents(&world).await.iter().filter(|row| row.incident.phase.is_open()) {
            let dismiss = watchfire_core::incident::Command::Dismiss { reason: "noise".into() };
            world.engine.command(&world.owner, &row.incident.short_id, dismiss).await.expect("dismissed");
        }
    }
    let before = incidents(&world).await.len();
    assert!(before < 4, "flapping control held some back: {before}");
    world.send(json!({"alerts": [{"key": "flap"}]})).await;
    assert_eq!(incidents(&world).await.len(), before);
    world.clock.forward(601);
    assert_eq!(world.engine.reconsider_held().await.expect("looked again"), 1, "it fires steadily now");
    assert_eq!(incidents(&world).await.len(), before + 1);
}

#[tokio::test]
async fn a_worse_alert_of_the_group_raises_the_severity() {
    let world = World::new().await;
    let part = |key: &str, severity: &str| json!({"alerts": [{"key": key, "severity": severity, "class": "intrusion", "resource": "r"}]});
    world.send(part("a", "low")).await;
    assert_eq!(incidents(&world).await[0].incident.severity, Some(Severity::Sev3), "the rule says at least sev3");
    world.send(part("b", "critical")).await;
    let found = incidents(&world).await;
    assert_eq!((found.len(), found[0].alerts, found[0].incident.severity), (1, 2, Some(Severity::Sev1)));
}

#[tokio::test]
async fn two_thousand_alerts_in_one_delivery_are_two_thousand_alerts() {
    let world = World::new().await;
    let parts: Vec<_> = (0..2_000).map(|n| json!({"key": format!("k{n}"), "group": "g"})).collect();
    let accepted = world.send(json!({"alerts": parts})).await;
    assert_eq!(accepted.alerts, 2_000);
    let counts = world.engine.counts(&world.owner).await.expect("counts");
    assert_eq!((counts.alerts["firing"], counts.open()), (2_000, 1));
    let explained = world.engine.explain(&world.owner, accepted.event_id).await.expect("an explanation");
    assert!(explained.alerts.iter().all(|alert| alert.change == Change::Fired));
}
