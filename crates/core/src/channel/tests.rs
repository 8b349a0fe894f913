use super::*;
use crate::Severity;

fn about_an_incident(restricted: bool) -> Message {
    Message {
        kind: Kind::Page,
        to: Some("ada@example.com".into()),
        subject: "SEV1 QUIET HARBOR needs a commander".into(),
        text: "INC-7K3QX: database dump found at a pastebin".into(),
        severity: Some(Severity::Sev1),
        incident: Some(Named { short_id: "INC-7K3QX".into(), codename: "QUIET HARBOR".into(), restricted }),
        link: Some("https://watchfire.example.com/incidents/INC-7K3QX".into()),
        acknowledge: Some("https://watchfire.example.com/ack/INC-7K3QX".into()),
        console: "https://watchfire.example.com".into(),
        key: "0198f2c4".into(),
        matter: "INC-7K3QX".into(),
        thread: Some("thread of INC-7K3QX".into()),
    }
}

#[test]
fn trusted_channel_carries_everything() {
    for restricted in [false, true] {
        let message = about_an_incident(restricted);
        assert_eq!(guard(ChannelTrust::Trusted, message.clone()), Carried::Whole(message));
    }
}

#[test]
fn burned_channel_carries_nothing() {
    for restricted in [false, true] {
        assert_eq!(guard(ChannelTrust::Burned, about_an_incident(restricted)), Carried::Nothing);
    }
    let mut about_nothing = about_an_incident(false);
    about_nothing.incident = None;
    assert_eq!(guard(ChannelTrust::Burned, about_nothing), Carried::Nothing);
}

#[test]
fn suspect_channel_is_told_of_a_restricted_incident_only_that_there_is_work() {
    let Carried::Redacted(message) = guard(ChannelTrust::Suspect, about_an_incident(true)) else {
        panic!("a suspect channel carries a restricted incident redacted");
    };
    let told = serde_json::to_string(&message).expect("a message can be written");
    for word in ["7K3QX", "QUIET", "HARBOR", "dump", "SEV1", "sev1", "incidents"] {
        assert!(!told.contains(word), "{word} is told in {told}");
    }
    assert_eq!(message.subject, "You have work. Open the console.");
    assert_eq!(message.link.as_deref(), Some("https://watchfire.example.com"));
    assert_eq!((message.to.as_deref(), message.key.as_str()), (Some("ada@example.com"), "0198f2c4"));
}

#[test]
fn redacted_messages_differ_in_nothing_that_their_incidents_differ_in() {
    let mut other = about_an_incident(true);
    other.severity = None;
    other.subject = "SEV3 AMBER GATE".into();
    other.text = "something else entirely".into();
    other.incident = Some(Named { short_id: "INC-AAAAA".into(), codename: "AMBER GATE".into(), restricted: true });
    other.link = None;
    other.thread = None;
    assert_eq!(guard(ChannelTrust::Suspect, about_an_incident(true)), guard(ChannelTrust::Suspect, other));
}

#[test]
fn suspect_channel_carries_what_everybody_may_know() {
    let message = about_an_incident(false);
    assert_eq!(guard(ChannelTrust::Suspect, message.clone()), Carried::Whole(message));
}

#[test]
fn replies_are_one_bounded_line() {
    let outcome = Outcome::refused(format!("550 no\r\nsuch user \u{202e}{}", "x".repeat(10_000)));
    assert!(outcome.reply().starts_with("550 no such user x"));
    assert_eq!(outcome.reply().chars().count(), REPLY_CHARS + 1);
}

static PAGER: About = About {
    kind: "pager",
    title: "Pager",
    summary: "Beeps.",
    fields: &[
        Field { name: "number", title: "Number", help: "as dialled", secret: false, required: true, default: "" },
        Field { name: "pin", title: "Pin", help: "four digits", secret: true, required: false, default: "0000" },
    ],
    capabilities: Capabilities { page: true, ..Capabilities::NONE },
    setup: "",
    reference: "",
};

#[test]
fn settings_are_checked_against_the_fields_of_the_kind() {
    let fit = |pairs: &[(&str, &str)]| pairs.iter().copied().collect::<Settings>().fit(&PAGER).map_err(|error| error.to_string());
    assert_eq!(fit(&[("number", "555")]), Ok(()));
    assert_eq!(fit(&[]), Err("number: is needed: as dialled".into()));
    assert_eq!(fit(&[("number", "")]), Err("number: is needed: as dialled".into()));
    assert_eq!(fit(&[("number", "1"), ("tone", "x")]), Err("tone: pager has no such setting; it has number, pin".into()));
    assert_eq!(fit(&[("number", "1\r2")]), Err("number: holds a control character".into()));
    assert_eq!(fit(&[("number", &"1".repeat(8_193))]), Err("number: longer than 8192 characters".into()));
}

#[test]
fn settings_show_no_value_in_debug_output() {
    let settings: Settings = [("pin", "4711")].into_iter().collect();
    assert_eq!(format!("{settings:?}"), r#"{"pin"}"#);
    assert_eq!(settings.or_default(&PAGER, "pin"), "4711");
    assert_eq!(Settings::default().or_default(&PAGER, "pin"), "0000");
}

#[test]
fn secrets_are_blotted_out_of_what_is_kept() {
    let outcome = Outcome::delivered("token xoxb-1234 is fine").with_reference("xoxb-1234").with_raw("AUTH xoxb-1234 a");
    let Outcome::Delivered { reply, reference, raw } = outcome.without(["xoxb-1234", "a"]) else { panic!("it stays delivered") };
    assert_eq!(reply, "token [secret] is fine");
    assert_eq!(reference.as_deref(), Some("[secret]"));
    assert_eq!(raw.as_deref(), Some("AUTH [secret] a"));
    assert_eq!(Outcome::refused("no xoxb-1234").without(["xoxb-1234"]).reply(), "no [secret]");
}
