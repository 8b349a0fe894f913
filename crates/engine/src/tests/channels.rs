//! Channels: what is set up, what is sent, what becomes of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use watchfire_core::access::Role;
use watchfire_core::channel::{ChannelTrust, Kind, Message, Named, Outcome};
use watchfire_store::{entry, timer};

use super::world::{World, person};
use crate::{Dispatch, Error, Way, dispatch};

fn settings(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn message(key: &str, kind: Kind, restricted: Option<bool>) -> Message {
    Message {
        kind,
        to: None,
        subject: "QUIET HARBOR: look at INC-7K3QX".into(),
        text: "a text".into(),
        severity: None,
        incident: restricted.map(|restricted| Named {
            short_id: "INC-7K3QX".into(),
            codename: "QUIET HARBOR".into(),
            restricted,
        }),
        link: Some("http://127.0.0.1:7117/incidents/INC-7K3QX".into()),
        acknowledge: None,
        console: "http://127.0.0.1:7117".into(),
        key: key.into(),
        matter: "m".into(),
        thread: None,
    }
}

impl World {
    async fn channel(&self, name: &str, answer: &str) {
        let settings = settings(&[("answer", answer), ("place", name), ("password", "CANARY-hunter2")]);
        self.engine.add_channel(&self.owner, "relay", name, settings).await.expect("a channel");
    }

    async fn put(&self, wish: Dispatch) {
        let put = self.engine.store().write(move |tx| {
            let wish = wish.clone();
            Box::pin(async move { dispatch(tx, None, &wish).await })
        });
        put.await.expect("it is kept");
    }

    async fn turn(&self) {
        self.engine.empty_outbox().await.expect("the store answers");
    }

    /// Public fields of the entries of a kind, oldest first.
    async fn entries(&self, kind: &str) -> Vec<Value> {
        let mut reader = self.engine.store().read().await.expect("a reader");
        let filter = entry::Filter { kinds: vec![kind.to_owned()], after: Some(0), ..entry::Filter::default() };
        let entries = entry::list(&mut reader, &self.owner.scope(), &filter, 200).await.expect("entries");
        entries.iter().map(|entry| json!({ "public": entry.public, "confidential": entry.confidential })).collect()
    }
}

#[tokio::test]
async fn secrets_of_a_channel_are_never_shown_again() {
    let world = World::new().await;
    world.channel("post", "delivered").await;
    let seen = format!("{:?}", world.engine.channels(&world.owner).await.expect("a list"));
    assert!(!seen.contains("CANARY") && seen.contains("password"), "{seen}");
    // Changing another setting keeps the secret, an empty one forgets it.
    let view = world.engine.set_channel(&world.owner, "post", settings(&[("place", "x")])).await.expect("changed");
    assert_eq!((view.secrets, view.settings.len()), (vec!["password".to_owned()], 1));
    let view = world.engine.rotate_channel(&world.owner, "post", "password", "another-one").await.expect("rotated");
    assert_eq!(view.secrets, ["old_password", "password"]);
    let view = world.engine.set_channel(&world.owner, "post", settings(&[("old_password", "")])).await.expect("changed");
    assert_eq!(view.secrets, ["password"]);
    for entry in world.entries("channel.changed").await.iter().chain(&world.entries("channel.rotated").await) {
        assert!(!entry.to_string().contains("another-one") && !entry.to_string().contains("CANARY"), "{entry}");
    }
}

#[tokio::test]
async fn a_message_is_sent_once_and_every_attempt_is_recorded_without_secrets() {
    let world = World::new().await;
    world.channel("post", "delivered").await;
    world.put(Dispatch::new("post", message("k1", Kind::Page, None))).await;
    world.turn().await;
    world.turn().await;
    assert_eq!(world.relay.at("post").len(), 1);
    let entries = world.entries("message.delivered").await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["public"]["attempt"], 1);
    assert_eq!(entries[0]["confidential"]["reply"], "250 ok");
    assert_eq!(entries[0]["confidential"]["raw"], "AUTH [secret]");
    assert_eq!(entries[0]["confidential"]["reference"], "ref-1");
}

#[tokio::test]
async fn what_may_succeed_later_is_tried_again_when_the_other_side_asked() {
    let world = World::new().await;
    world.channel("post", "retry").await;
    world.put(Dispatch::new("post", message("k1", Kind::Notice, None))).await;
    world.turn().await;
    world.clock.forward(6);
    world.turn().await;
    assert_eq!(world.relay.at("post").len(), 1, "not before the seven seconds are over");
    world.clock.forward(1);
    world.turn().await;
    let attempts: Vec<u32> = world.relay.at("post").iter().map(|(attempt, _)| *attempt).collect();
    assert_eq!(attempts, [1, 2]);
    assert_eq!(world.entries("message.retry").await.len(), 2);
}

#[tokio::test]
async fn an_unknown_outcome_repeats_a_page_and_nothing_else() {
    let world = World::new().await;
    world.channel("post", "unknown").await;
    world.put(Dispatch::new("post", message("page", Kind::Page, None))).await;
    world.put(Dispatch::new("post", message("notice", Kind::Notice, None))).await;
    world.turn().await;
    world.clock.forward(100);
    world.turn().await;
    let sent: Vec<String> = world.relay.at("post").into_iter().map(|(_, message)| message.key).collect();
    assert_eq!(sent.iter().filter(|key| *key == "page").count(), 2);
    assert_eq!(sent.iter().filter(|key| *key == "notice").count(), 1);
}

#[tokio::test]
async fn a_refusal_takes_the_next_way_and_tells_who_waits() {
    let world = World::new().await;
    world.channel("one", "refused").await;
    world.channel("two", "delivered").await;
    let mut wish = Dispatch::new("one", Message { to: Some("ada@example.com".into()), ..message("k1", Kind::Page, None) });
    wish.instead = vec![Way { channel: "two".into(), to: Some("+1555".into()) }];
    wish.then = Some("test.told".into());
    world.put(wish).await;
    world.turn().await;
    world.turn().await;
    let sent = world.relay.at("two");
    assert_eq!(sent[0].1.to.as_deref(), Some("+1555"));
    assert_eq!(world.entries("message.refused").await[0]["confidential"]["reply"], "the password [secret] is wrong");
    let mut reader = world.engine.store().read().await.expect("a reader");
    assert!(timer::next(&mut reader).await.expect("an answer").is_some(), "whoever waits is told by a timer");
    drop(reader);
    let now = world.engine.now();
    let due = world.engine.store().write(move |tx| Box::pin(async move { timer::due(tx, now, 10).await })).await.expect("timers");
    assert_eq!((due[0].kind.as_str(), due[0].subject.as_str()), ("test.told", "k1"));
    assert_eq!(due[0].body, json!({ "outcome": "delivered", "channel": "two", "reply": "250 ok", "reference": "ref-1" }));
}

#[tokio::test]
async fn a_burned_channel_gets_nothing_and_the_notice_reroutes() {
    let world = World::new().await;
    world.channel("a-chat", "delivered").await;
    world.channel("b-mail", "delivered").await;
    let reason = "the attacker reads along";
    world.engine.trust_channel(&world.owner, "a-chat", ChannelTrust::Burned, reason).await.expect("burned");
    world.put(Dispatch::new("a-chat", message("k1", Kind::Notice, Some(true)))).await;
    world.turn().await;
    world.turn().await;
    assert!(world.relay.at("a-chat").is_empty());
    assert_eq!(world.relay.at("b-mail").len(), 1);
    assert_eq!(world.entries("message.rerouted").await.len(), 1);
    assert_eq!(world.entries("channel.trust_changed").await[0]["confidential"]["reason"], reason);
}

#[tokio::test]
async fn a_suspect_channel_is_told_of_a_restricted_incident_only_that_there_is_work() {
    let world = World::new().await;
    world.channel("chat", "delivered").await;
    world.engine.trust_channel(&world.owner, "chat", ChannelTrust::Suspect, "odd logins").await.expect("suspect");
    world.put(Dispatch::new("chat", message("k1", Kind::Page, Some(true)))).await;
    world.put(Dispatch::new("chat", message("k2", Kind::Page, Some(false)))).await;
    world.turn().await;
    let sent = world.relay.at("chat");
    let hidden = sent.iter().find(|(_, message)| message.key == "k1").expect("sent");
    let told = serde_json::to_string(&hidden.1).expect("JSON");
    for word in ["7K3QX", "HARBOR", "a text", "incidents"] {
        assert!(!told.contains(word), "{word} is told in {told}");
    }
    let open = sent.iter().find(|(_, message)| message.key == "k2").expect("sent");
    assert!(open.1.subject.contains("HARBOR"), "an open incident is named");
}

#[tokio::test]
async fn trust_is_lowered_by_whoever_works_and_raised_by_whoever_configures() {
    let world = World::new().await;
    world.channel("chat", "delivered").await;
    let member = person("member@example.com", Role::Member);
    let lower = world.engine.trust_channel(&member, "chat", ChannelTrust::Suspect, "odd logins").await;
    assert_eq!(lower.expect("a member may warn").trust, ChannelTrust::Suspect);
    let raise = world.engine.trust_channel(&member, "chat", ChannelTrust::Trusted, "looks fine").await;
    assert!(matches!(raise, Err(Error::Denied(_))), "{raise:?}");
    let silent = world.engine.trust_channel(&world.owner, "chat", ChannelTrust::Trusted, " ").await;
    assert!(matches!(silent, Err(Error::Invalid { .. })), "{silent:?}");
}

#[tokio::test]
async fn a_disabled_channel_sends_nothing_and_a_test_tells_what_came_of_it() {
    let world = World::new().await;
    world.channel("post", "refused").await;
    let outcome = world.engine.test_channel(&world.owner, "post", Some("ada@example.com")).await.expect("an outcome");
    assert_eq!(outcome, Outcome::refused("the password [secret] is wrong"));
    assert_eq!(world.entries("channel.tested").await[0]["public"]["outcome"], "refused");
    world.engine.disable_channel(&world.owner, "post").await.expect("disabled");
    let mut wish = Dispatch::new("post", message("k1", Kind::Page, None));
    wish.message.to = Some("ada@example.com".into());
    world.put(wish).await;
    world.turn().await;
    assert_eq!(world.relay.at("post").len(), 1, "the test alone");
    assert_eq!(world.entries("message.unreachable").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_hangs_blocks_no_other() {
    let world = World::new().await;
    world.channel("slow", "hang").await;
    world.channel("fast", "delivered").await;
    for number in 0..40 {
        world.put(Dispatch::new("slow", message(&format!("slow-{number}"), Kind::Notice, None))).await;
    }
    for number in 0..10 {
        world.put(Dispatch::new("fast", message(&format!("fast-{number}"), Kind::Notice, None))).await;
    }
    // None of the hanging attempts ends meanwhile: everything else has to get through beside them.
    let through = async {
        while world.relay.at("fast").len() < 10 {
            drop(world.engine.start_sending().await.expect("the store answers"));
            tokio::task::yield_now().await;
            world.clock.forward(1);
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), through).await.expect("the fast channel gets through");
    assert_eq!(world.relay.at("slow").len(), 4, "no more than four at once");
}

#[tokio::test]
async fn what_was_sent_is_forgotten_after_a_week_and_what_waits_is_not() {
    let world = World::new().await;
    let add = async |name: &str, answer: &str| {
        let settings = [("place", name), ("answer", answer)].map(|(name, value)| (name.to_owned(), value.to_owned()));
        world.engine.add_channel(&world.owner, "relay", name, settings.into()).await.expect("a channel");
    };
    add("done", "delivered").await;
    add("busy", "retry").await;
    world.engine.add_contact(&world.owner, "owner@example.com", "done", "one").await.expect("added");
    world.engine.add_contact(&world.owner, "owner@example.com", "busy", "two").await.expect("added");
    world.engine.empty_outbox().await.expect("the store answers");
    let gone = async || {
        world.engine.expire().await.expect("the store answers");
        // What the duty left of that which was sent.
        let all = watchfire_core::time::Timestamp::MAX;
        let left = world.engine.store().write(move |tx| Box::pin(async move { watchfire_store::outbox::expire(tx, all).await }));
        left.await.expect("the store answers")
    };
    world.clock.forward(6 * 86_400);
    assert_eq!(gone().await, 1, "six days later it is there");
    world.engine.add_contact(&world.owner, "owner@example.com", "done", "three").await.expect("added");
    world.engine.empty_outbox().await.expect("the store answers");
    world.clock.forward(8 * 86_400);
    let again = world.relay.at("busy").len();
    assert_eq!(gone().await, 0, "eight days later it is not");
    world.engine.empty_outbox().await.expect("the store answers");
    assert!(world.relay.at("busy").len() > again || again > 1, "what waits was kept");
}
