use serde_json::json;
use watchfire_core::access::Role;
use watchfire_core::incident::{Command, Role as IncidentRole};
use watchfire_core::token::TokenKind;

use super::world::{World, person};
use crate::{AlertFilter, Error, IncidentFilter, PageRequest, RecordFilter};

#[tokio::test]
async fn nobody_learns_of_a_restricted_incident_unless_they_are_on_it() {
    let world = World::new().await;
    world.send(json!({"alerts": [{"key": "a", "class": "intrusion", "resource": "one", "title": "outsider"}]})).await;
    let member = person("tobin@example.com", Role::Member);
    let page = world.engine.incidents(&world.owner, IncidentFilter::default(), PageRequest::default()).await.expect("a page");
    let short_id = page.items[0].incident.short_id.clone();

    let seen = world.engine.incidents(&member, IncidentFilter::default(), PageRequest::default()).await.expect("a page");
    assert!(seen.items.is_empty());
    let alerts = world.engine.alerts(&member, AlertFilter::default(), PageRequest::default()).await.expect("a page");
    assert!(alerts.items.is_empty());
    let counts = world.engine.counts(&member).await.expect("counts");
    assert_eq!((counts.open(), counts.alerts["firing"]), (0, 0));
    let hidden = world.engine.incident(&member, &short_id).await.expect_err("hidden");
    let absent = world.engine.incident(&member, "INC-00000").await.expect_err("absent");
    assert_eq!(hidden.to_string(), absent.to_string(), "not yours and not there are one answer");
    let record = world.engine.record(&member, RecordFilter::default(), PageRequest::default()).await.expect("a page");
    assert!(record.items.iter().all(|entry| entry.incident.is_none() && entry.alert.is_none()));
    let news = world.engine.news_after(&member, 0).await.expect("an answer");
    assert_eq!(news, record.items.iter().map(|entry| entry.seq).max(), "no stream is woken by what is hidden");
    assert!(world.engine.news_after(&world.owner, 0).await.expect("an answer") > news);

    let join = Command::AssignRole { role: IncidentRole::parse("scribe").expect("a word"), holder: "tobin@example.com".into() };
    world.engine.command(&world.owner, &short_id, join).await.expect("assigned");
    assert!(world.engine.incident(&member, &short_id).await.is_ok(), "being on it opens it");
    assert_eq!(
        world.engine.alerts(&member, AlertFilter::default(), PageRequest::default()).await.expect("a page").items.len(),
        1
    );
}

#[tokio::test]
async fn a_token_works_until_it_is_revoked_and_never_reaches_further_than_its_role() {
    let world = World::new().await;
    let made = world.engine.add_token(&world.owner, "ci", TokenKind::Service, Role::Member, None).await.expect("a token");
    let identity = world.engine.authenticate(&made.secret).await.expect("the store answers").expect("valid");
    assert_eq!((identity.role, identity.actor.kind()), (Role::Member, "service"));
    assert!(matches!(world.engine.tokens(&identity).await, Err(Error::Denied(_))));
    assert!(matches!(world.engine.plans_apply(&identity, crate::plans::Files::new()).await, Err(Error::Denied(_))));
    world.engine.revoke_token(&world.owner, made.token.id).await.expect("revoked");
    assert_eq!(world.engine.authenticate(&made.secret).await.expect("the store answers"), None);
    assert_eq!(world.engine.authenticate("wft_nonsense").await.expect("the store answers"), None);
}

#[tokio::test]
async fn a_sign_in_link_works_once_and_a_session_ends_when_idle() {
    let world = World::new().await;
    let path = world.engine.sign_in_link(&world.owner, "owner@example.com", Role::Owner).await.expect("a link");
    let secret = path.strip_prefix("/sign-in/").expect("the path");
    let session = world.engine.sign_in(secret).await.expect("the store answers").expect("the first time");
    assert!(world.engine.sign_in(secret).await.expect("the store answers").is_none(), "the second time");
    assert_eq!(world.engine.session(&session.secret).await.expect("answers").expect("live").actor.id(), "owner@example.com");
    world.clock.forward(2 * 3_600);
    assert!(world.engine.session(&session.secret).await.expect("answers").is_none(), "idle for two hours");
}

#[tokio::test]
async fn an_expired_link_is_no_link() {
    let world = World::new().await;
    let path = world.engine.sign_in_link(&world.owner, "owner@example.com", Role::Owner).await.expect("a link");
    world.clock.forward(15 * 60 + 1);
    let secret = path.strip_prefix("/sign-in/").expect("the path");
    assert!(world.engine.sign_in(secret).await.expect("the store answers").is_none());
}
