use std::sync::Arc;

use watchfire_core::channel::{Channel, Message, Outcome, Settings, Target};
use watchfire_testkit::{Manners, SmtpFake};

use super::{all, at, egress, page, settings};

struct Post {
    sink: SmtpFake,
    channel: Arc<dyn Channel>,
}

impl Post {
    async fn with(manners: Manners) -> Self {
        let sink = SmtpFake::start(manners).await;
        let channel = all(&egress(vec![sink.certificate.clone()])).remove("smtp").expect("in the list");
        Self { sink, channel }
    }

    fn settings(&self, more: &[(&str, &str)]) -> Settings {
        let port = self.sink.address.port().to_string();
        let mut with = settings(&[("host", "mail.test.example"), ("from", "watch@example.com"), ("to", "ada@example.com")]);
        with.set("port", port);
        for (name, value) in more {
            with.set(*name, *value);
        }
        with
    }

    async fn send(&self, more: &[(&str, &str)], message: &Message) -> Outcome {
        let with = self.settings(more);
        self.channel.check(&with).expect("they can be used");
        self.channel.send(Target { settings: &with, at: at(), attempt: 1 }, message).await
    }
}

#[tokio::test]
async fn a_letter_goes_over_starttls_and_both_sides_are_kept() {
    let post = Post::with(Manners::Accepts).await;
    let outcome = post.send(&[("username", "watch"), ("password", "CANARY-pw")], &page()).await;
    let Outcome::Delivered { reply, reference, raw } = outcome else { panic!("{outcome:?}") };
    assert_eq!(reply, "250 2.0.0 Ok: queued as 4F2A");
    assert_eq!(reference.as_deref(), Some("<0198f2c4-0000-7000-8000-000000000001@example.com>"));
    let letters = post.sink.letters();
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert!(letter.tls && letter.login.is_some());
    assert_eq!((letter.from.as_str(), letter.to.as_str()), ("watch@example.com", "ada@example.com"));
    assert_eq!(raw.as_deref(), Some(letter.raw.as_str()), "what was kept is what was sent");
    for header in [
        "From: \"Watchfire\" <watch@example.com>\r\n",
        "To: <ada@example.com>\r\n",
        "Subject: The payment database is gone\r\n",
        "Message-ID: <0198f2c4-0000-7000-8000-000000000001@example.com>\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n",
    ] {
        assert!(letter.raw.contains(header), "{header} is not in\n{}", letter.raw);
    }
    assert!(letter.raw.contains("Acknowledge:\r\nhttps://watchfire.example/pages/0198f2c4/acknowledge\r\n"), "{}", letter.raw);
    assert!(!letter.raw.contains("multipart") && !letter.raw.contains("text/html"));
}

#[tokio::test]
async fn one_conversation_carries_several_letters() {
    let post = Post::with(Manners::Accepts).await;
    for number in 0..3 {
        let outcome = post.send(&[], &Message { key: format!("k{number}"), ..page() }).await;
        assert_eq!(outcome.as_str(), "delivered", "{outcome:?}");
    }
    assert_eq!((post.sink.letters().len(), post.sink.connections()), (3, 1));
}

#[tokio::test]
async fn what_is_known_after_each_failure_is_told() {
    for (manners, expected, told) in [
        (Manners::Refuses, "refused", "mail.test.example said 550 5.1.1 no such user"),
        (Manners::Greylists, "retry", "mail.test.example said 450 4.7.1 come again"),
        (Manners::Silent, "retry", "mail.test.example did not answer in time"),
        (Manners::BreaksInData, "retry", "mail.test.example broke off"),
        (Manners::BreaksAfterData, "unknown", "after the whole letter was sent"),
        (Manners::NoTls, "refused", "does not offer STARTTLS"),
        (Manners::Injects, "refused", "spoke on after STARTTLS in the clear"),
    ] {
        let post = Post::with(manners).await;
        let outcome = post.send(&[], &page()).await;
        // The break in the middle is seen while writing or while reading, never as a success.
        let expected = if manners == Manners::BreaksInData && outcome.as_str() == "unknown" { "unknown" } else { expected };
        assert_eq!(outcome.as_str(), expected, "{manners:?}: {outcome:?}");
        assert!(outcome.reply().contains(told), "{manners:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_greylisted_letter_arrives_at_the_second_attempt() {
    let post = Post::with(Manners::Greylists).await;
    assert_eq!(post.send(&[], &page()).await.as_str(), "retry");
    assert_eq!(post.send(&[], &page()).await.as_str(), "delivered");
    assert_eq!(post.sink.letters().len(), 1);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_ends_the_conversation() {
    let sink = SmtpFake::start(Manners::Accepts).await;
    let post = Post { channel: all(&egress(Vec::new())).remove("smtp").expect("in the list"), sink };
    let outcome = post.send(&[], &page()).await;
    assert!(outcome.as_str() == "retry" && outcome.reply().contains("ertificate"), "{outcome:?}");
    assert!(post.sink.letters().is_empty());
}

#[tokio::test]
async fn nothing_goes_in_the_clear_unless_the_setting_says_so() {
    let post = Post::with(Manners::NoTls).await;
    let outcome = post.send(&[("tls", "none")], &page()).await;
    assert_eq!(outcome.as_str(), "delivered", "{outcome:?}");
    assert!(!post.sink.letters()[0].tls);
}
