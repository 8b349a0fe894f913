use jiff::SignedDuration;
use serde_json::json;
use watchfire_core::access::{Identity, Level, Role};
use watchfire_core::incident::{Class, Command, Kind, Refusal, Sensitivity, Visibility};
use watchfire_core::person::{State, Tags};

use super::world::{World, person};
use crate::{Declare, Error, Grantee, IncidentFilter, NewGrant, NewPerson, NewReport, NewTask, PageRequest};

async fn people(world: &World) {
    for (login, role) in
        [("ada@example.com", Role::Member), ("max@example.com", Role::Manager), ("rex@example.com", Role::Restricted)]
    {
        let new = NewPerson {
            login: login.into(),
            name: String::new(),
            role,
            state: State::Active,
            time_zone: String::new(),
            tags: Tags::default(),
        };
        world.engine.add_person(&world.owner, new).await.expect("added");
    }
}

async fn incident(world: &World, class: Class) -> String {
    let wish = Declare {
        title: "outsider".into(),
        class,
        severity: Some(watchfire_core::Severity::Sev2),
        team: None,
        visibility: None,
        occurred_at: None,
        text: None,
        kind: Kind::Real,
    };
    world.engine.declare(&world.owner, wish).await.expect("declared").short_id
}

fn to(login: &str, level: Level) -> NewGrant {
    NewGrant { grantee: Grantee::Person(login.into()), level, reason: "they help".into(), until: None }
}

#[tokio::test]
async fn a_manager_grants_and_a_restricted_member_does_not() {
    let world = World::new().await;
    people(&world).await;
    let (max, rex) = (person("max@example.com", Role::Manager), person("rex@example.com", Role::Restricted));
    let open = incident(&world, Class::Reliability).await;
    assert!(matches!(world.engine.incident(&rex, &open).await, Err(Error::NotFound(_))), "a teammate's is not there");
    let grant = world.engine.grant(&max, &open, to("rex@example.com", Level::Act)).await.expect("a manager may");
    world.engine.note_at(&rex, &open, "seen", None, None, None).await.expect("a grant to act works");
    assert!(matches!(world.engine.grant(&rex, &open, to("ada@example.com", Level::Read)).await, Err(Error::Denied(_))));
    assert!(matches!(world.engine.revoke_grant(&rex, &open, grant.id).await, Err(Error::Denied(_))));
    world.engine.revoke_grant(&max, &open, grant.id).await.expect("revoked");
    assert!(matches!(world.engine.incident(&rex, &open).await, Err(Error::NotFound(_))), "at once");
    let timeline = world.engine.timeline(&world.owner, &open, crate::TimelineRequest::default()).await.expect("a timeline");
    for kind in ["grant.given", "grant.revoked"] {
        let entry = timeline.iter().find(|entry| entry.kind == kind).unwrap_or_else(|| panic!("{kind} is not on the record"));
        assert_eq!(entry.public["person"], "rex@example.com");
        assert_eq!(entry.confidential["reason"].as_deref(), Some("they help"), "the reason stands sealed");
    }
}

#[tokio::test]
async fn a_grant_to_read_changes_nothing() {
    let world = World::new().await;
    people(&world).await;
    let (max, ada) = (person("max@example.com", Role::Manager), person("ada@example.com", Role::Member));
    let id = incident(&world, Class::Intrusion).await;
    world.engine.grant(&world.owner, &id, to("ada@example.com", Level::Read)).await.expect("a grant");
    let task = || NewTask { title: "look".into(), owner: None, due_at: None, team: None, consult: None, insist: false };
    assert!(matches!(world.engine.add_task(&ada, &id, task()).await, Err(Error::Denied(_))));
    assert!(matches!(world.engine.note_at(&ada, &id, "seen", None, None, None).await, Err(Error::Denied(_))));
    assert!(matches!(world.engine.answer_check(&ada, &id, "no such line", "yes").await, Err(Error::Denied(_))));
    let words_before_rights = world.engine.answer_check(&max, &id, "no such line", "").await;
    assert!(matches!(words_before_rights, Err(Error::NotFound(_))), "{words_before_rights:?}");
    let untitled = NewTask { title: String::new(), ..task() };
    assert!(matches!(world.engine.add_task(&max, &id, untitled).await, Err(Error::NotFound(_))), "not yours is not there");
    assert!(world.engine.incident(&world.owner, &id).await.expect("the incident").tasks.is_empty());
}

#[tokio::test]
async fn what_is_granted_to_nobody_known_or_without_a_reason_is_refused() {
    let world = World::new().await;
    people(&world).await;
    let id = incident(&world, Class::Intrusion).await;
    for wrong in [
        to("nobody@example.com", Level::Read),
        to("no address", Level::Read),
        NewGrant { grantee: Grantee::Team("nowhere".into()), ..to("x", Level::Read) },
        NewGrant { reason: " ".into(), ..to("ada@example.com", Level::Read) },
        NewGrant { until: Some(world.engine.now()), ..to("ada@example.com", Level::Read) },
    ] {
        assert!(world.engine.grant(&world.owner, &id, wrong).await.is_err());
    }
}

#[tokio::test]
async fn a_grant_runs_out_by_its_timer_and_the_record_tells() {
    let world = World::new().await;
    people(&world).await;
    let ada = person("ada@example.com", Role::Member);
    let id = incident(&world, Class::Intrusion).await;
    let until = world.engine.now().checked_add(SignedDuration::from_hours(1)).ok();
    world.engine.grant(&world.owner, &id, NewGrant { until, ..to("ada@example.com", Level::Read) }).await.expect("a grant");
    assert!(world.engine.incident(&ada, &id).await.is_ok());
    world.clock.forward(3_601);
    assert!(matches!(world.engine.incident(&ada, &id).await, Err(Error::NotFound(_))), "before the timer is served too");
    world.engine.due_timers().await.expect("timers");
    let list = world.engine.incidents(&ada, IncidentFilter::default(), PageRequest::default()).await.expect("a list");
    assert!(list.items.is_empty());
    let timeline = world.engine.timeline(&world.owner, &id, crate::TimelineRequest::default()).await.expect("a timeline");
    assert!(timeline.iter().any(|entry| entry.kind == "grant.ended"));
}

#[tokio::test]
async fn a_restricted_incident_is_opened_only_when_its_scope_is_known() {
    let world = World::new().await;
    people(&world).await;
    let id = incident(&world, Class::Intrusion).await;
    let open = Command::SetVisibility { to: Visibility::Open, reason: "all may know".into() };
    let refused = world.engine.command(&world.owner, &id, open.clone()).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::ScopeUnknown))), "{refused:?}");
    let unsaid = world.engine.command(&world.owner, &id, Command::KnowScope { reason: String::new() }).await;
    assert!(matches!(unsaid, Err(Error::Refused(Refusal::ReasonMissing))));
    let known = Command::KnowScope { reason: "all objects are listed".into() };
    world.engine.command(&world.owner, &id, known).await.expect("decided");
    world.engine.command(&world.owner, &id, open).await.expect("opened");
    assert!(world.engine.incident(&person("ada@example.com", Role::Member), &id).await.is_ok());
}

#[tokio::test]
async fn what_is_restricted_does_not_get_out_through_an_open_incident() {
    let world = World::new().await;
    world.send(json!({"alerts": [{"key": "a", "class": "intrusion", "resource": "one", "title": "outsider"}]})).await;
    let page = world.engine.incidents(&world.owner, IncidentFilter::default(), PageRequest::default()).await.expect("a page");
    let hidden = page.items[0].incident.short_id.clone();
    let open_id = incident(&world, Class::Reliability).await;
    let open = world.engine.incident(&world.owner, &open_id).await.expect("there").incident.id;
    let merge = Command::MergeInto { incident: open, reason: "one trouble".into() };
    let refused = world.engine.command(&world.owner, &hidden, merge).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::ScopeUnknown))), "{refused:?}");
    let into = world.engine.incident(&world.owner, &hidden).await.expect("there").incident.id;
    let merge = Command::MergeInto { incident: into, reason: "one trouble".into() };
    let refused = world.engine.command(&world.owner, &open_id, merge).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::MergeIntoHidden))), "{refused:?}");
    let alert = world.engine.incident(&world.owner, &hidden).await.expect("there").alerts[0].id;
    let refused = world.engine.link_alert(&world.owner, &open_id, alert).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::ScopeUnknown))), "{refused:?}");
}

#[tokio::test]
async fn the_sensitivity_shuts_owners_out_and_keeps_whoever_set_it() {
    let world = World::new().await;
    people(&world).await;
    let id = incident(&world, Class::Account).await;
    let label = Command::SetSensitivity { to: Sensitivity::Employee, reason: "it names somebody".into() };
    world.engine.grant(&world.owner, &id, to("ada@example.com", Level::Manage)).await.expect("a grant");
    let ada = person("ada@example.com", Role::Member);
    world.engine.command(&ada, &id, label).await.expect("whoever manages it may");
    // The owner declared it, so a grant of theirs is there; another owner has none.
    let second = person("second@example.com", Role::Owner);
    assert!(matches!(world.engine.incident(&second, &id).await, Err(Error::NotFound(_))));
    assert_eq!(world.engine.counts(&second).await.expect("counts").open(), 0);
    assert!(world.engine.incident(&ada, &id).await.is_ok());
    let open = Command::SetVisibility { to: Visibility::Open, reason: "all may know".into() };
    assert!(matches!(world.engine.command(&ada, &id, open).await, Err(Error::Refused(Refusal::Sensitive))));
    let mine = grant_of(&world, &ada, &id).await;
    world.engine.revoke_grant(&ada, &id, mine).await.expect("its commander manages it, so hers may go");
}

#[tokio::test]
async fn the_last_who_manages_a_sensitive_report_stays_on_it() {
    let world = World::new().await;
    people(&world).await;
    let wish = NewReport { saw: "a colleague reads my mail".into(), contact: String::new() };
    let id = world.engine.report(&world.owner, wish).await.expect("a report").short_id;
    world.engine.grant(&world.owner, &id, to("ada@example.com", Level::Manage)).await.expect("a grant");
    let ada = person("ada@example.com", Role::Member);
    let label = Command::SetSensitivity { to: Sensitivity::Employee, reason: "it names somebody".into() };
    world.engine.command(&ada, &id, label).await.expect("whoever manages it may");
    let mine = grant_of(&world, &ada, &id).await;
    let last = world.engine.revoke_grant(&ada, &id, mine).await;
    assert!(matches!(last, Err(Error::Invalid { .. })), "somebody has to be left who manages it: {last:?}");
}

/// Returns the grant that somebody holds on an incident.
async fn grant_of(world: &World, who: &Identity, id: &str) -> watchfire_store::grant::GrantId {
    let access = world.engine.access_list(who, id).await.expect("a list");
    let grantee = Grantee::Person(who.actor.id().to_owned());
    access.grants.iter().find(|grant| grant.grantee == grantee).expect("theirs").id
}

#[tokio::test]
async fn whoever_reports_what_they_would_not_see_stays_on_it() {
    let world = World::new().await;
    people(&world).await;
    let ada = person("ada@example.com", Role::Member);
    let wish = Declare {
        title: "somebody reads my mail".into(),
        class: Class::Account,
        severity: None,
        team: None,
        visibility: None,
        occurred_at: None,
        text: None,
        kind: Kind::Real,
    };
    let id = world.engine.declare(&ada, wish).await.expect("reported").short_id;
    world.engine.note_at(&ada, &id, "since Monday", None, None, None).await.expect("she works on it");
    assert!(matches!(world.engine.incident(&person("max@example.com", Role::Manager), &id).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_service_named_like_a_person_sees_nothing_of_theirs() {
    let world = World::new().await;
    people(&world).await;
    let id = incident(&world, Class::Intrusion).await;
    world.engine.grant(&world.owner, &id, to("ada@example.com", Level::Manage)).await.expect("a grant");
    let kind = watchfire_core::token::TokenKind::Service;
    let made = world.engine.add_token(&world.owner, "ada@example.com", kind, Role::Member, None).await.expect("a token");
    let service = world.engine.authenticate(&made.secret).await.expect("answers").expect("valid");
    assert!(matches!(world.engine.incident(&service, &id).await, Err(Error::NotFound(_))));
}
