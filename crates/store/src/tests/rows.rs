//! The smaller tables.

use std::time::Duration;

use serde_json::json;
use watchfire_core::access::Role;
use watchfire_core::actor::Actor;
use watchfire_core::time::{Timestamp, from_micros};

use super::harness::{Fixture, commit, on_both};
use crate::idempotency::{self, Begun};
use crate::plan::{self, Plan};
use crate::session::{self, Session};
use crate::silence::{self, Silence};
use crate::token::{self, Token};
use crate::{Error, certificate, outbox, random, source, timer};

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    from_micros(now.as_microsecond() + seconds * 1_000_000)
}

on_both! {
    async fn a_source_is_found_by_its_key_and_keeps_two_secrets(fixture: Fixture) {
        let id = fixture.source("one").await;
        fixture.source("two").await;
        let hash = watchfire_core::token::hash("key-of-one");
        let mut conn = fixture.store.read().await.expect("a connection");
        let mut found = source::by_key_hash(&mut conn, hash).await.expect("an answer").expect("there");
        assert_eq!((found.id, found.key.as_str()), (id, "key-of-one"));
        assert_eq!(found.settings.get("topic").map(String::as_str), Some("one"));
        assert_eq!(source::all(&mut conn).await.expect("sources").len(), 2);
        drop(conn);
        for secret in ["second", "third"] {
            assert!(commit!(fixture.store, |tx| [] source::rotate(tx, id, secret).await).expect("rotated"));
        }
        let mut conn = fixture.store.read().await.expect("a connection");
        let secrets = source::get(&mut conn, id).await.expect("an answer").expect("there").secrets;
        assert_eq!(secrets, ["third", "second"]);
        drop(conn);
        found.name = "two".to_owned();
        let taken = commit!(fixture.store, |tx| [found] source::update(tx, &found).await);
        assert_eq!(taken, Err(Error::NameTaken));
        let mut twin = found.clone();
        twin.id = random::id(fixture.now()).expect("an id");
        twin.key = "another".to_owned();
        let taken = commit!(fixture.store, |tx| [twin] source::insert(tx, &twin).await);
        assert_eq!(taken, Err(Error::NameTaken));
    }
}

on_both! {
    async fn a_token_is_found_by_hash_and_ends_when_revoked(fixture: Fixture) {
        let now = fixture.now();
        let token = Token {
            id: random::id(now).expect("an id"),
            name: "ci".to_owned(),
            kind: "service".to_owned(),
            role: Role::Member,
            actor: Actor::Service { id: "ci".to_owned() },
            created_at: now,
            expires_at: Some(later(now, 60)),
            last_used_at: None,
            revoked_at: None,
            powers: watchfire_core::access::Powers::ALL,
            owner: None,
        };
        let (id, hash) = (token.id, [7; 32]);
        commit!(fixture.store, |tx| [token] token::insert(tx, &token, hash).await).expect("a token");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(token::by_hash(&mut conn, hash).await, Ok(Some(token.clone())));
        assert_eq!(token::by_hash(&mut conn, [8; 32]).await, Ok(None));
        assert!(token.is_valid(now) && !token.is_valid(later(now, 60)));
        drop(conn);
        commit!(fixture.store, |tx| [] token::touch(tx, id, now).await).expect("touched");
        assert!(commit!(fixture.store, |tx| [] token::revoke(tx, id, now).await).expect("revoked"));
        assert!(!commit!(fixture.store, |tx| [] token::revoke(tx, id, now).await).expect("revoked before"));
        let mut conn = fixture.store.read().await.expect("a connection");
        let read = token::get(&mut conn, id).await.expect("an answer").expect("there");
        assert!(!read.is_valid(now));
        assert_eq!(read.last_used_at, Some(now));
        assert_eq!(token::list(&mut conn).await.expect("tokens").len(), 1);
        drop(conn);
    }
}

on_both! {
    async fn a_sign_in_link_is_good_once_and_until_it_expires(fixture: Fixture) {
        let now = fixture.now();
        let session = Session {
            role: Role::Owner,
            actor: Actor::Person { id: "ann@example.org".to_owned() },
            created_at: now,
            expires_at: later(now, 600),
            seen_at: now,
            proved_at: None,
            token: None,
        };
        commit!(fixture.store, |tx| [session] {
            session::insert(tx, session::Kind::Link, [1; 32], &session).await?;
            session::insert(tx, session::Kind::Link, [2; 32], &session).await?;
            session::insert(tx, session::Kind::Session, [3; 32], &session).await
        }).expect("sessions");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(session::peek(&mut conn, [1; 32], now).await, Ok(true), "looking uses nothing up");
        assert_eq!(session::by_hash(&mut conn, [1; 32], now).await, Ok(None), "a link is no session");
        drop(conn);
        assert_eq!(commit!(fixture.store, |tx| [] session::redeem(tx, [1; 32]).await), Ok(Some(session.clone())));
        assert_eq!(commit!(fixture.store, |tx| [] session::redeem(tx, [1; 32]).await), Ok(None));
        assert_eq!(commit!(fixture.store, |tx| [] session::redeem(tx, [3; 32]).await), Ok(None), "a session is no link");
        fixture.clock.advance(600);
        assert_eq!(commit!(fixture.store, |tx| [] session::redeem(tx, [2; 32]).await), Ok(None));
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(session::by_hash(&mut conn, [3; 32], now).await, Ok(Some(session)));
        assert_eq!(session::by_hash(&mut conn, [3; 32], fixture.now()).await, Ok(None));
        drop(conn);
        assert_eq!(commit!(fixture.store, |tx| [] session::expire(tx).await), Ok(2));
    }
}

on_both! {
    async fn plans_keep_their_versions(fixture: Fixture) {
        let now = fixture.now();
        for (version, text) in [("a", "one"), ("b", "two"), ("a", "one")] {
            let plan = Plan {
                version: version.to_owned(),
                files: [("routing.yaml".to_owned(), text.to_owned())].into(),
                applied_by: "ann".to_owned(),
                applied_at: now,
            };
            commit!(fixture.store, |tx| [plan] plan::put(tx, &plan).await).expect("a plan");
        }
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(plan::current(&mut conn).await.expect("an answer").expect("there").version, "a");
        let files = plan::get(&mut conn, "b").await.expect("an answer").expect("there").files;
        assert_eq!(files.get("routing.yaml").map(String::as_str), Some("two"));
        assert_eq!(plan::list(&mut conn, 10).await.expect("plans").len(), 3);
        drop(conn);
    }
}

on_both! {
    async fn silences_hold_for_their_time(fixture: Fixture) {
        let now = fixture.now();
        let silence = Silence {
            id: random::id::<()>(now).expect("an id").to_string(),
            matcher: json!({"team": "db"}),
            reason: "maintenance".to_owned(),
            by: "ann".to_owned(),
            from: now,
            until: later(now, 100),
            alert: None,
        };
        commit!(fixture.store, |tx| [silence] silence::insert(tx, &silence).await).expect("a silence");
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(silence::list_active(&mut conn, now).await, Ok(vec![silence.clone()]));
        assert_eq!(silence::list_active(&mut conn, later(now, 100)).await, Ok(vec![]));
        drop(conn);
        let (id, middle) = (silence.id.clone(), later(now, 50));
        assert_eq!(commit!(fixture.store, |tx| [id] silence::end(tx, &id, middle).await), Ok(true));
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(silence::list_active(&mut conn, middle).await, Ok(vec![]));
        drop(conn);
    }
}

on_both! {
    async fn a_timer_is_given_to_one_and_ends_when_done(fixture: Fixture) {
        let now = fixture.now();
        commit!(fixture.store, |tx| [] {
            timer::put(tx, later(now, -5), "retry", "a", &json!({"n": 1})).await?;
            timer::put(tx, later(now, 50), "retry", "b", &json!({})).await?;
            timer::put(tx, later(now, -9), "retry", "a", &json!({"n": 2})).await
        }).expect("timers");
        let due = commit!(fixture.store, |tx| [] timer::due(tx, now, 10).await).expect("timers");
        assert_eq!(due.len(), 1, "the same kind and subject is one timer; the other is not due");
        assert_eq!(due[0].body, json!({"n": 2}));
        assert!(commit!(fixture.store, |tx| [] timer::due(tx, now, 10).await).expect("timers").is_empty(), "it is claimed");
        let timer = due[0].clone();
        // It was set anew meanwhile: the old claim must not end the new one.
        commit!(fixture.store, |tx| [] timer::put(tx, now, "retry", "a", &json!({"n": 3})).await).expect("a timer");
        assert_eq!(commit!(fixture.store, |tx| [timer] timer::done(tx, &timer).await), Ok(false));
        let again = commit!(fixture.store, |tx| [] timer::due(tx, now, 10).await).expect("timers").remove(0);
        assert_eq!(again.body, json!({"n": 3}));
        assert_eq!(commit!(fixture.store, |tx| [again] timer::done(tx, &again).await), Ok(true));
        assert_eq!(commit!(fixture.store, |tx| [] timer::cancel(tx, "retry", "b").await), Ok(true));
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(timer::next(&mut conn).await, Ok(None));
        drop(conn);
    }
}

on_both! {
    async fn a_message_leaves_once_and_comes_back_when_it_fails(fixture: Fixture) {
        commit!(fixture.store, |tx| [] outbox::put(tx, "mail", None, &json!({"to": "ann"})).await).expect("a message");
        let lease = Duration::from_secs(30);
        let claimed = commit!(fixture.store, |tx| [] outbox::claim(tx, 10, lease).await).expect("messages").remove(0);
        assert_eq!((claimed.body.clone(), claimed.attempts), (json!({"to": "ann"}), 1));
        assert!(commit!(fixture.store, |tx| [] outbox::claim(tx, 10, lease).await).expect("messages").is_empty());
        let again_at = later(fixture.now(), 10);
        assert_eq!(commit!(fixture.store, |tx| [claimed] outbox::fail(tx, &claimed, again_at, "refused").await), Ok(true));
        assert!(commit!(fixture.store, |tx| [] outbox::claim(tx, 10, lease).await).expect("messages").is_empty(), "not yet");
        fixture.clock.advance(10);
        let second = commit!(fixture.store, |tx| [] outbox::claim(tx, 10, lease).await).expect("messages").remove(0);
        assert_eq!(second.attempts, 2);
        assert_eq!(commit!(fixture.store, |tx| [claimed] outbox::done(tx, &claimed).await), Ok(false), "an old claim is fenced off");
        assert_eq!(commit!(fixture.store, |tx| [second] outbox::done(tx, &second).await), Ok(true));
        fixture.clock.advance(100);
        assert!(commit!(fixture.store, |tx| [] outbox::claim(tx, 10, lease).await).expect("messages").is_empty());
        let now = fixture.now();
        assert_eq!(commit!(fixture.store, |tx| [] outbox::expire(tx, now).await), Ok(1));
    }
}

on_both! {
    async fn the_same_request_again_gets_the_first_answer(fixture: Fixture) {
        let until = later(fixture.now(), 60);
        let begin = async |request: [u8; 32]| {
            commit!(fixture.store, |tx| [] idempotency::begin(tx, "person:ann", "k", request, until).await).expect("an answer")
        };
        assert_eq!(begin([1; 32]).await, Begun::New);
        assert_eq!(begin([1; 32]).await, Begun::Running);
        assert_eq!(begin([2; 32]).await, Begun::Different);
        commit!(fixture.store, |tx| [] idempotency::finish(tx, "person:ann", "k", 201, b"body", until).await).expect("kept");
        assert_eq!(begin([1; 32]).await, Begun::Answered { status: 201, body: b"body".to_vec() });
        fixture.clock.advance(61);
        let until = later(fixture.now(), 60);
        let anew = commit!(fixture.store, |tx| [] idempotency::begin(tx, "person:ann", "k", [2; 32], until).await);
        assert_eq!(anew, Ok(Begun::New), "an expired key is free");
        fixture.clock.advance(61);
        assert_eq!(commit!(fixture.store, |tx| [] idempotency::expire(tx).await), Ok(1));
    }
}

on_both! {
    async fn a_certificate_is_kept_by_address(fixture: Fixture) {
        let certificate = certificate::Certificate {
            url: "https://sns.example.org/cert.pem".to_owned(),
            pem: b"-----BEGIN".to_vec(),
            fetched_at: fixture.now(),
        };
        for _ in 0..2 {
            commit!(fixture.store, |tx| [certificate] certificate::put(tx, &certificate).await).expect("kept");
        }
        let mut conn = fixture.store.read().await.expect("a connection");
        assert_eq!(certificate::get(&mut conn, &certificate.url).await, Ok(Some(certificate.clone())));
        assert_eq!(certificate::all(&mut conn).await, Ok(vec![certificate]));
        drop(conn);
    }
}

on_both! {
    async fn one_node_at_a_time_folds_events(fixture: Fixture) {
        assert_eq!(commit!(fixture.store, |tx| [] tx.try_exclusive().await), Ok(true));
        assert_eq!(commit!(fixture.store, |tx| [] tx.try_exclusive().await), Ok(true), "the right ends with its transaction");
    }
}
