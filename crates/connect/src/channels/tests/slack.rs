use std::time::Duration;

use watchfire_core::channel::{Kind, Message, Outcome, Room, Settings, Target};
use watchfire_testkit::{SlackFake, SlackFault};

use super::{at, attempt, channel, page, reference, send, settings};

fn with(fake: &SlackFake) -> Settings {
    settings(&[("bot_token", "xoxb-CANARY-1"), ("channel", "C900"), ("base_url", &fake.api())])
}

async fn act(fake: &SlackFake, act: Room) -> Outcome {
    let with = with(fake);
    channel("slack").room(Target { settings: &with, at: at(), attempt: 1 }, &act).await
}

#[tokio::test]
async fn a_message_reaches_a_person_a_channel_and_a_thread() {
    let fake = SlackFake::start().await;
    let to_channel = send("slack", &with(&fake), &page()).await;
    assert_eq!(reference(&to_channel), "C900:1700000000.000001");
    let to_person = send("slack", &with(&fake), &Message { to: Some("U7".into()), ..page() }).await;
    assert!(reference(&to_person).starts_with("DU7:"), "{to_person:?}");
    let under = Message { kind: Kind::Notice, thread: Some(reference(&to_channel).to_owned()), ..page() };
    send("slack", &with(&fake), &under).await;
    let messages = fake.messages();
    assert_eq!(messages[2].thread.as_deref(), Some("1700000000.000001"));
    let buttons = messages[0].body["blocks"].as_array().and_then(|blocks| blocks.last()).expect("blocks");
    assert_eq!(buttons["elements"][0]["action_id"], "acknowledge");
    assert_eq!(buttons["elements"][0]["value"], format!("{} INC-7K3QX", page().matter));
}

#[tokio::test]
async fn an_answer_that_never_came_is_looked_up_before_it_is_repeated() {
    let fake = SlackFake::start().await;
    fake.fault("chat.postMessage", SlackFault::AnswersNever);
    assert_eq!(send("slack", &with(&fake), &page()).await.as_str(), "unknown");
    let second = attempt("slack", &with(&fake), &page(), 2).await;
    assert_eq!(second.reply(), "ok: it had arrived before");
    assert_eq!(fake.messages().len(), 1);
    // A direct message is looked for in the conversation with the person.
    let direct = Message { to: Some("U7".into()), key: "another".into(), ..page() };
    fake.fault("chat.postMessage", SlackFault::AnswersNever);
    assert_eq!(send("slack", &with(&fake), &direct).await.as_str(), "unknown");
    assert_eq!(attempt("slack", &with(&fake), &direct, 2).await.reply(), "ok: it had arrived before");
    assert_eq!(fake.messages().len(), 2);
}

#[tokio::test]
async fn limits_failures_and_refusals_are_told_apart() {
    let fake = SlackFake::start().await;
    for (fault, expected) in [
        (SlackFault::RateLimited(12), Outcome::retry("rate limited", Some(Duration::from_secs(12)))),
        (SlackFault::ServerError, Outcome::unknown("answered 500")),
        (SlackFault::Says("ratelimited"), Outcome::retry("ratelimited", None)),
        (SlackFault::Says("channel_not_found"), Outcome::refused("channel_not_found")),
        (SlackFault::Says("internal_error"), Outcome::unknown("internal_error")),
        (SlackFault::Says("token_revoked"), Outcome::refused("token_revoked")),
    ] {
        fake.fault("chat.postMessage", fault);
        assert_eq!(send("slack", &with(&fake), &page()).await, expected, "{fault:?}");
    }
    assert!(fake.messages().is_empty());
}

#[tokio::test]
async fn a_private_channel_is_made_once_filled_and_emptied() {
    let fake = SlackFake::start().await;
    let open = Room::Open { name: "INC 7K3QX: quiet heron!".into(), topic: "<!channel> https://evil.example".into() };
    let made = act(&fake, open.clone()).await;
    let room = reference(&made).to_owned();
    assert_eq!(fake.channels().keys().collect::<Vec<_>>(), ["inc-7k3qx-quiet-heron"]);
    let created = fake.http.requests().into_iter().find(|request| request.path.ends_with("conversations.create"));
    assert_eq!(created.expect("a call").json()["is_private"], true);
    let topic = fake.http.requests().into_iter().find(|request| request.path.ends_with("setTopic")).expect("a call").json();
    assert_eq!(topic["topic"], "&lt;!channel&gt; https[:]//evil.example");
    assert_eq!(reference(&act(&fake, open).await), room, "the same name is the same channel");

    let people = vec!["U1".to_owned(), "U2".to_owned()];
    let invite = Room::Invite { room: room.clone(), people: people.clone() };
    assert_eq!(act(&fake, invite.clone()).await.reply(), "ok");
    assert_eq!(act(&fake, invite).await.reply(), "ok", "who is in already is no error");
    assert_eq!(fake.members(&room), people);
    let remove = Room::Remove { room: room.clone(), people: vec!["U1".into()] };
    assert_eq!(act(&fake, remove.clone()).await.reply(), "ok");
    assert_eq!(act(&fake, remove).await.reply(), "ok");
    assert_eq!(fake.members(&room), ["U2"]);
}

#[tokio::test]
async fn a_message_is_edited_and_pinned() {
    let fake = SlackFake::start().await;
    let sent = send("slack", &with(&fake), &page()).await;
    let (room, posted) = ("C900".to_owned(), reference(&sent).to_owned());
    let edit = Room::Edit { room: room.clone(), reference: posted.clone(), subject: "Over".into(), text: "All is well.".into() };
    assert_eq!(act(&fake, edit).await.reply(), "ok");
    assert_eq!(fake.messages()[0].body["blocks"][1]["text"]["text"], "All is well.");
    let pin = Room::Pin { room, reference: posted };
    assert_eq!(act(&fake, pin.clone()).await.reply(), "ok");
    assert_eq!(act(&fake, pin).await.reply(), "already_pinned");
    assert_eq!(fake.pins(), 1);
}
