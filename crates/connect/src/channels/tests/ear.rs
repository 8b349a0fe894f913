//! What comes from the chat: verified with the vendor's published example, read from the published form.

use watchfire_core::channel::{Heard, Settings, Target, What};
use watchfire_core::source::Headers;
use watchfire_core::time::from_micros;
use watchfire_testkit::{HttpFake, Reply};

use super::{at, channel, settings};

/// Slack's documentation on verifying requests: secret, time, body and signature.
const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const STAMP: &str = "1531420618";
const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
const BODY: &[u8] = b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

fn headers(stamp: &str, signature: &str) -> Headers {
    [("X-Slack-Request-Timestamp", stamp), ("X-Slack-Signature", signature)].into_iter().collect()
}

fn secret() -> Settings {
    settings(&[("bot_token", "xoxb-1"), ("signing_secret", SECRET)])
}

#[test]
fn the_published_example_verifies_and_nothing_near_it_does() {
    let slack = channel("slack");
    let ear = slack.ear().expect("it hears");
    let sent = 1_531_420_618_i64;
    let verify = |headers: &Headers, body: &[u8], with: &Settings, second: i64| {
        ear.verify(headers, body, with, from_micros(second * 1_000_000)).is_ok()
    };
    let right = headers(STAMP, SIGNATURE);
    assert!(verify(&right, BODY, &secret(), sent));
    for second in [sent - 300, sent + 300] {
        assert!(verify(&right, BODY, &secret(), second));
    }
    for second in [sent - 301, sent + 301, 0, i64::from(u32::MAX)] {
        assert!(!verify(&right, BODY, &secret(), second), "{second}");
    }
    assert!(!verify(&right, b"text=edited", &secret(), sent), "edited");
    assert!(!verify(&headers("1531420619", SIGNATURE), BODY, &secret(), sent), "another time");
    assert!(!verify(&headers(STAMP, &SIGNATURE.to_uppercase()), BODY, &secret(), sent), "another scheme");
    assert!(!verify(&headers(STAMP, "v0="), BODY, &secret(), sent));
    assert!(!verify(&Headers::default(), BODY, &secret(), sent), "nothing");
    let other = settings(&[("bot_token", "xoxb-1"), ("signing_secret", "another")]);
    assert!(!verify(&right, BODY, &other, sent), "another secret");
    assert!(!verify(&right, BODY, &settings(&[("bot_token", "xoxb-1")]), sent), "no secret is not an empty one");
}

#[test]
fn commands_and_presses_are_read_and_the_member_is_told_by_workspace() {
    let slack = channel("slack");
    let ear = slack.ear().expect("it hears");
    let hear = |body: &str| ear.hear(&Headers::default(), body.as_bytes());
    let command = ear.hear(&Headers::default(), BODY).expect("the published form");
    assert_eq!(command.member, "T1DC2JH3J/U2CERLKJA");
    assert_eq!((command.room.as_str(), command.what), ("G8PSS9T3V", What::Command(String::new())));
    assert_eq!(
        command.later.as_deref(),
        Some("https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN")
    );
    let text = hear("team_id=T1&user_id=U1&channel_id=C1&text=note+%C3%BCber+%26+out").expect("a command").what;
    assert_eq!(text, What::Command("note über & out".into()));
    let payload = r#"{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"response_url":"https://hooks.slack.com/actions/1","actions":[{"action_id":"acknowledge","value":"m INC-7K3QX"}]}"#;
    let encoded: String = payload.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let press = hear(&format!("payload={encoded}")).expect("a press");
    let what = What::Press { button: "acknowledge".into(), value: "m INC-7K3QX".into() };
    let later = Some("https://hooks.slack.com/actions/1".to_owned());
    assert_eq!(press, Heard { member: "T1/U1".into(), room: "C1".into(), what, later });
    assert_eq!(hear("ssl_check=1&token=x").expect("a probe").what, What::Probe);
    for body in ["", "text=help", "team_id=T1&user_id=", "team_id=T1&user_id=U1%2fU2", "payload=%7B%7D", "payload=x", "text=%zz"]
    {
        assert!(hear(body).is_err(), "{body}");
    }
}

#[tokio::test]
async fn late_answers_go_to_the_vendor_and_to_nobody_else() {
    let own = HttpFake::start(|_| Reply::new(200, "ok")).await;
    let slack = channel("slack");
    let ear = slack.ear().expect("it hears");
    let with = settings(&[("bot_token", "xoxb-1"), ("base_url", &format!("{}/api", own.url()))]);
    let target = Target { settings: &with, at: at(), attempt: 1 };
    let outcome = ear.later(target, &format!("{}/response", own.url()), "<!here> done https://evil.example").await;
    assert_eq!(outcome.as_str(), "delivered");
    let sent = own.requests()[0].json();
    assert_eq!(sent["text"], "&lt;!here&gt; done https[:]//evil.example");
    assert_eq!(sent["response_type"], "ephemeral");
    let elsewhere = ear.later(target, "https://evil.example/steal", "x").await;
    assert_eq!(elsewhere.as_str(), "refused", "{elsewhere:?}");
}
