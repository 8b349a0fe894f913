//! Channels and chats.

use watchfire_core::channel::{ChannelTrust, Settings};
use watchfire_core::id::IncidentId;

use super::harness::{Fixture, on_both};
use crate::channel::{self, Channel};
use crate::{Error, chat, outbox, random};

fn mail(fixture: &Fixture, name: &str) -> Channel {
    let now = fixture.now();
    Channel {
        id: random::id(now).expect("random bytes"),
        kind: "mail".into(),
        name: name.into(),
        trust: ChannelTrust::Trusted,
        trust_reason: String::new(),
        settings: [("password", "CANARY-hunter2")].into_iter().collect(),
        created_at: now,
        changed_at: now,
        disabled_at: None,
    }
}

async fn insert(fixture: &Fixture, row: Channel) -> Result<(), Error> {
    fixture
        .store
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move { channel::insert(tx, &row).await })
        })
        .await
}

on_both! {
    async fn channels_are_found_by_id_and_name_and_saved(fixture: Fixture) {
        let row = mail(&fixture, "post");
        insert(&fixture, row.clone()).await.expect("the first of its name");
        assert!(matches!(insert(&fixture, mail(&fixture, "post")).await, Err(Error::NameTaken)));
        let mut reader = fixture.store.read().await.expect("a reader");
        assert_eq!(channel::find(&mut reader, "post").await.expect("an answer"), Some(row.clone()));
        assert_eq!(channel::find(&mut reader, &row.id.to_string()).await.expect("an answer"), Some(row.clone()));
        assert_eq!(channel::find(&mut reader, "other").await.expect("an answer"), None);
        drop(reader);

        let mut changed = row;
        changed.trust = ChannelTrust::Burned;
        changed.trust_reason = "somebody forwarded it".into();
        changed.settings = Settings::default();
        let saved = changed.clone();
        let done = fixture.store.write(move |tx| {
            let saved = saved.clone();
            Box::pin(async move { channel::update(tx, &saved).await })
        });
        assert!(done.await.expect("it can be saved"));
        let mut reader = fixture.store.read().await.expect("a reader");
        assert_eq!(channel::list(&mut reader).await.expect("an answer"), vec![changed]);
    }
}

on_both! {
    async fn a_code_links_one_chat_account_once(fixture: Fixture) {
        let channel = mail(&fixture, "chat").id;
        let now = fixture.now();
        let later = now.checked_add(jiff::SignedDuration::from_mins(10)).expect("in range");
        let (first, second) = ([1; 32], [2; 32]);
        fixture.store.write(move |tx| Box::pin(async move {
            chat::put_code(tx, first, "ada@example.com", later).await?;
            // A new code replaces the one before.
            chat::put_code(tx, second, "ada@example.com", later).await
        })).await.expect("kept");
        let take = async |hash| fixture.store.write(move |tx| Box::pin(async move { chat::take_code(tx, hash).await })).await.expect("an answer");
        assert_eq!(take(first).await, None);
        assert_eq!(take(second).await.as_deref(), Some("ada@example.com"));
        assert_eq!(take(second).await, None, "a code works once");

        fixture.store.write(move |tx| Box::pin(async move {
            chat::link(tx, channel, "U1", "ada@example.com").await?;
            chat::put_code(tx, first, "bob@example.com", now).await
        })).await.expect("kept");
        assert_eq!(take(first).await, None, "a code that has expired links nobody");
        let mut reader = fixture.store.read().await.expect("a reader");
        assert_eq!(chat::login_of(&mut reader, channel, "U1").await.expect("an answer").as_deref(), Some("ada@example.com"));
        assert_eq!(chat::login_of(&mut reader, channel, "U2").await.expect("an answer"), None);
        assert_eq!(chat::links_of(&mut reader, "ada@example.com").await.expect("an answer").len(), 1);
        drop(reader);
        let unlink = async |login: &'static str| fixture.store.write(move |tx| Box::pin(async move { chat::unlink(tx, login, channel, "U1").await })).await.expect("an answer");
        assert!(!unlink("bob@example.com").await, "nobody ends another's link");
        assert!(unlink("ada@example.com").await);
    }
}

on_both! {
    async fn a_request_is_taken_once_until_it_is_forgotten(fixture: Fixture) {
        let later = fixture.now().checked_add(jiff::SignedDuration::from_mins(10)).expect("in range");
        let see = async || fixture.store.write(move |tx| Box::pin(async move {
            chat::expire(tx).await?;
            chat::see(tx, [7; 32], later).await
        })).await.expect("an answer");
        assert!(see().await);
        assert!(!see().await);
        fixture.clock.advance(601);
        assert!(see().await);
    }
}

on_both! {
    async fn a_room_is_one_incidents(fixture: Fixture) {
        let channel = mail(&fixture, "chat").id;
        let (one, other): (IncidentId, IncidentId) = (random::id(fixture.now()).expect("random"), random::id(fixture.now()).expect("random"));
        fixture.store.write(move |tx| Box::pin(async move {
            chat::put_room(tx, one, channel, "C1").await?;
            chat::put_room(tx, other, channel, "C2").await
        })).await.expect("kept");
        let mut reader = fixture.store.read().await.expect("a reader");
        assert_eq!(chat::room_of(&mut reader, one, channel).await.expect("an answer").as_deref(), Some("C1"));
        assert_eq!(chat::incident_of(&mut reader, channel, "C2").await.expect("an answer"), Some(other));
        assert_eq!(chat::incident_of(&mut reader, channel, "C3").await.expect("an answer"), None);
        assert_eq!(chat::rooms_of(&mut reader, one).await.expect("an answer").len(), 1);
    }
}

on_both! {
    async fn a_message_that_is_put_back_has_not_been_tried(fixture: Fixture) {
        let minute = std::time::Duration::from_secs(60);
        fixture.store.write(|tx| Box::pin(async move { outbox::put(tx, "k", None, &serde_json::json!({})).await.map(drop) })).await.expect("put");
        let claim = async || fixture.store.write(move |tx| Box::pin(async move { outbox::claim(tx, 10, minute).await })).await.expect("claimed");
        let claimed = claim().await;
        assert_eq!(claimed[0].attempts, 1);
        let (message, now) = (claimed[0].clone(), fixture.now());
        fixture.store.write(move |tx| {
            let message = message.clone();
            Box::pin(async move { outbox::put_back(tx, &message, now).await.map(drop) })
        }).await.expect("put back");
        assert_eq!(claim().await[0].attempts, 1);
    }
}
