//! What comes after an incident is over, what is worse than before, and who or what a command may name.

use serde_json::json;
use watchfire_core::access::Role as AccessRole;
use watchfire_core::alert::Change;
use watchfire_core::incident::{Command, Phase, Refusal, Role};
use watchfire_core::person::{State, Tags};
use watchfire_core::time::Clock;
use watchfire_core::{Severity, limits};

use super::world::World;
use crate::{Error, IncidentFilter, IncidentRow, NewPerson, PageRequest};

fn fires(key: &str, severity: &str) -> serde_json::Value {
    json!({"alerts": [{"key": key, "severity": severity, "class": "intrusion", "resource": key}]})
}

/// As one group, so that the open incident takes it.
fn fires_alike(key: &str, severity: &str) -> serde_json::Value {
    json!({"alerts": [{"key": key, "severity": severity, "class": "intrusion", "resource": "web"}]})
}

async fn incidents(world: &World) -> Vec<IncidentRow> {
    world.engine.incidents(&world.owner, IncidentFilter::default(), PageRequest::default()).await.expect("a page").items
}

async fn does(world: &World, id: &str, command: Command) {
    world.engine.command(&world.owner, id, command).await.expect("allowed");
}

async fn add_person(world: &World, login: &str, name: &str) {
    let new = NewPerson {
        login: login.into(),
        name: name.into(),
        role: AccessRole::Member,
        state: State::Active,
        time_zone: String::new(),
        tags: Tags::default(),
    };
    world.engine.add_person(&world.owner, new).await.expect("added");
}

#[tokio::test]
async fn what_happens_after_the_end_is_a_new_incident_though_the_sender_never_resolved() {
    let world = World::new().await;
    world.send(fires("shell", "critical")).await;
    let first = incidents(&world).await[0].incident.short_id.clone();
    does(&world, &first, Command::Dismiss { reason: "our own test".into() }).await;
    world.clock.forward(60);
    let again = world.send(fires("shell", "critical")).await;
    let found = incidents(&world).await;
    assert_eq!(found.len(), 2, "the stream of events tells of a new occurrence");
    let alert = &world.engine.event(&world.owner, again.event_id).await.expect("the event").alerts[0];
    assert_eq!((alert.current.episode, alert.current.settled_at), (2, None));
    world.clock.forward(60);
    world.send(fires("shell", "critical")).await;
    assert_eq!(incidents(&world).await.len(), 2, "which the open incident then takes");
}

#[tokio::test]
async fn what_began_before_the_end_was_judged_already() {
    let world = World::new().await;
    let began = world.clock.now().to_string();
    let mut body = fires("disk", "critical");
    body["alerts"][0]["at"] = began.into();
    world.send(body.clone()).await;
    let id = incidents(&world).await[0].incident.short_id.clone();
    does(&world, &id, Command::Dismiss { reason: "known".into() }).await;
    world.clock.forward(600);
    world.send(body.clone()).await;
    assert_eq!(incidents(&world).await.len(), 1, "a sender that repeats the old beginning says nothing new");
    does(&world, &id, Command::Reopen { reason: "it was not".into() }).await;
    world.clock.forward(600);
    world.send(fires("disk", "critical")).await;
    let found = incidents(&world).await;
    assert_eq!((found.len(), found[0].incident.phase), (1, Phase::Triaged), "reopened, it takes them again");
}

#[tokio::test]
async fn a_worse_word_about_the_same_alert_raises_its_incident() {
    let world = World::new().await;
    world.send(fires("load", "medium")).await;
    let before = incidents(&world).await[0].incident.clone();
    assert_eq!(before.severity, Some(Severity::Sev3));
    does(&world, &before.short_id, Command::Declare { severity: None, reason: String::new() }).await;
    world.clock.forward(60);
    let worse = world.send(fires("load", "critical")).await;
    let after = incidents(&world).await[0].incident.clone();
    assert_eq!((after.severity, after.signalled), (Some(Severity::Sev1), Some(Severity::Sev1)), "declared or not");
    let explained = world.engine.explain(&world.owner, worse.event_id).await.expect("an explanation");
    assert_eq!(explained.alerts[0].change, Change::Worsened);
    // A person who knows of it sets it lower: repeats do not raise it again.
    let reason = "only the test machine".to_owned();
    does(&world, &before.short_id, Command::SetSeverity { to: Severity::Sev3, reason }).await;
    world.clock.forward(60);
    world.send(fires("load", "critical")).await;
    assert_eq!(incidents(&world).await[0].incident.severity, Some(Severity::Sev3));
}

#[tokio::test]
async fn a_worse_alert_of_the_group_raises_a_declared_incident_once() {
    let world = World::new().await;
    world.send(fires_alike("one", "medium")).await;
    let id = incidents(&world).await[0].incident.short_id.clone();
    does(&world, &id, Command::Declare { severity: None, reason: String::new() }).await;
    world.send(fires_alike("two", "critical")).await;
    let found = incidents(&world).await;
    assert_eq!((found.len(), found[0].incident.severity, found[0].alerts), (1, Some(Severity::Sev1), 2));
    does(&world, &id, Command::SetSeverity { to: Severity::Sev3, reason: "contained".into() }).await;
    world.send(fires_alike("three", "critical")).await;
    let after = incidents(&world).await[0].incident.clone();
    assert_eq!(after.severity, Some(Severity::Sev3), "whoever lowered it knew of one as bad");
}

#[tokio::test]
async fn an_incident_is_merged_only_into_an_open_one() {
    let world = World::new().await;
    world.send(fires("a", "critical")).await;
    world.send(fires("b", "critical")).await;
    let rows = incidents(&world).await;
    let (one, other) = (rows[0].incident.clone(), rows[1].incident.clone());
    does(&world, &one.short_id, Command::MergeInto { incident: other.id, reason: "the same".into() }).await;
    let back = Command::MergeInto { incident: one.id, reason: "the same".into() };
    let refused = world.engine.command(&world.owner, &other.short_id, back).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::MergeIntoOver { phase: Phase::Merged }))), "{refused:?}");
    let target = world.engine.incident(&world.owner, &other.short_id).await.expect("it is still there").incident;
    assert!(target.phase.is_open());
}

#[tokio::test]
async fn a_beginning_that_nobody_named_is_unknown() {
    let world = World::new().await;
    world.send(fires("a", "critical")).await;
    let incident = incidents(&world).await[0].incident.clone();
    assert_eq!(incident.occurred_at, None, "the figures leave a blank instead of no time at all");
}

#[tokio::test]
async fn only_people_roles_and_teams_that_are_there_take_something() {
    let world = World::new().await;
    world.send(fires("a", "critical")).await;
    let id = incidents(&world).await[0].incident.short_id.clone();
    let assign = |holder: &str| Command::AssignRole { role: Role::commander(), holder: holder.to_owned() };
    // While there is one account alone, others are named as people know them.
    does(&world, &id, assign("grace@example.com")).await;
    for (login, name) in [("bo.lind@example.com", "Bo Lind"), ("bo@example.com", "Bo Berg")] {
        add_person(&world, login, name).await;
    }
    for (given, login) in
        [("@BO.LIND", "bo.lind@example.com"), ("bo berg", "bo@example.com"), ("bo@example.com", "bo@example.com")]
    {
        does(&world, &id, assign("owner@example.com")).await;
        does(&world, &id, assign(given)).await;
        let incident = world.engine.incident(&world.owner, &id).await.expect("there").incident;
        assert_eq!(incident.commander(), Some(login), "{given}");
    }
    let wrong = [
        assign("nobody@example.com"),
        assign(" \u{202e} "),
        Command::AssignRole { role: Role::parse("boss").expect("a word"), holder: "bo@example.com".into() },
        Command::OfferRole { role: Role::commander(), to: "typo".into() },
        Command::SetTeam { team: "nope".into() },
    ];
    for command in wrong {
        let would = world.engine.would(&world.owner, &id, command.clone()).await;
        let refused = world.engine.command(&world.owner, &id, command.clone()).await;
        assert!(
            matches!((&would, &refused), (Err(Error::Invalid { .. }), Err(Error::Invalid { .. }))),
            "{command:?}: {refused:?}"
        );
    }
    let typo = world.engine.send_page(&world.owner, &id, "nobody@example.com", "hello").await;
    assert!(
        matches!(&typo, Err(Error::Invalid { field, .. }) if field == "to"),
        "a page to nobody is not sent to others: {typo:?}"
    );
}

#[tokio::test]
async fn words_that_are_too_long_are_refused_whole() {
    let world = World::new().await;
    world.send(fires("a", "critical")).await;
    let id = incidents(&world).await[0].incident.short_id.clone();
    let long = "x".repeat(limits::TEXT_CHARS + 1);
    let note = world.engine.note_at(&world.owner, &id, &long, None, None, None).await;
    assert!(matches!(note, Err(Error::Invalid { .. })), "{note:?}");
    world.engine.note_at(&world.owner, &id, &long[1..], None, None, None).await.expect("as much as is kept");
    let rename = world.engine.command(&world.owner, &id, Command::Rename { title: "t".repeat(limits::TITLE_CHARS + 1) }).await;
    assert!(matches!(rename, Err(Error::Invalid { .. })), "{rename:?}");
}
