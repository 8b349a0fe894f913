use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::incident::{Command, Phase, Role, TaskState};

use super::{Said, VERBS, due, read};

const ME: &str = "mira@example.org";

fn now() -> Timestamp {
    "2026-03-12T02:14:20Z".parse().expect("an instant")
}

fn command(line: &str) -> Command {
    match read(line, ME, now()) {
        Ok(Said::Command(command)) => command,
        other => panic!("{line}: {other:?}"),
    }
}

fn fault(line: &str) -> String {
    read(line, ME, now()).expect_err(line).to_string()
}

#[test]
fn plain_text_is_a_note() {
    let text = "The token came from a build workstation";
    assert_eq!(command(&format!("  {text} ")), Command::Note { text: text.to_owned() });
    assert_eq!(command("/note /etc/passwd was read"), Command::Note { text: "/etc/passwd was read".to_owned() });
}

#[test]
fn a_task_has_an_owner_a_text_and_a_time() {
    let at = |text: &str| Some(text.parse::<Timestamp>().expect("an instant"));
    let task = |title: &str, owner: Option<&str>, due_at| {
        Ok(Said::Task { title: title.to_owned(), owner: owner.map(str::to_owned), team: None, due_at })
    };
    let cases = [
        ("/task @ines rotate the key by 03:30", task("rotate the key", Some("ines"), at("2026-03-12T03:30:00Z"))),
        ("/task @ines by 03:30 rotate the key", task("rotate the key", Some("ines"), at("2026-03-12T03:30:00Z"))),
        ("/task @me rotate by 02:10", task("rotate", Some(ME), at("2026-03-13T02:10:00Z"))),
        ("/task look again by in 90 min", task("look again", None, at("2026-03-12T03:44:20Z"))),
        ("/task check the keys by hand", task("check the keys by hand", None, None)),
        ("/task stand by me by 2026-04-01 09:00 UTC", task("stand by me", None, at("2026-04-01T09:00:00Z"))),
    ];
    for (line, expected) in cases {
        assert_eq!(read(line, ME, now()), expected, "{line}");
    }
    assert!(fault("/task @ines rotate by 25:30").contains("25:30"));
    assert!(fault("/task @ines").contains("/task @owner #team text"));
}

#[test]
fn verbs_become_commands() {
    let text = |text: &str| text.to_owned();
    let cases = [
        ("/severity sev2 two clients", Command::SetSeverity { to: Severity::Sev2, reason: text("two clients") }),
        ("/SEV SEV1 proven", Command::SetSeverity { to: Severity::Sev1, reason: text("proven") }),
        ("/phase contained no reads since", Command::SetPhase { to: Phase::Contained, reason: text("no reads since") }),
        ("/role commander @ines", Command::AssignRole { role: Role::commander(), holder: text("ines") }),
        ("/role commander @me", Command::AssignRole { role: Role::commander(), holder: text(ME) }),
        ("/role commander nobody", Command::VacateRole { role: Role::commander() }),
        ("/ack", Command::Acknowledge { by: text(ME) }),
        ("/declare sev3 it is real", Command::Declare { severity: Some(Severity::Sev3), reason: text("it is real") }),
        ("/declare it is real", Command::Declare { severity: None, reason: text("it is real") }),
        ("/resolve", Command::Resolve { reason: String::new() }),
        ("/dismiss a drill", Command::Dismiss { reason: text("a drill") }),
        ("/reopen again", Command::Reopen { reason: text("again") }),
        ("/close", Command::Close { waiver: None }),
        ("/close no need", Command::Close { waiver: Some(text("no need")) }),
        ("/title A b", Command::Rename { title: text("A b") }),
    ];
    for (line, expected) in cases {
        assert_eq!(command(line), expected, "{line}");
    }
    assert_eq!(read("/done T-3", ME, now()), Ok(Said::TaskState { number: 3, state: TaskState::Done }));
}

#[test]
fn a_misread_line_says_what_to_write() {
    for (line, hint) in [
        ("", "/task @me"),
        ("/severity bad", "sev1 (worst) to sev5"),
        ("/severity sev2", "/severity sev2 reason"),
        ("/phase over", "reported, triaged"),
        ("/role commander", "/role commander @who"),
        ("/role Über @x", "no role"),
        ("/dismiss", "/dismiss reason"),
        ("/done x", "/done 3"),
        ("/etc/passwd", "/note /..."),
        ("/", "is no verb"),
    ] {
        assert!(fault(line).contains(hint), "{line}: {}", fault(line));
    }
}

#[test]
fn every_verb_of_the_help_is_read() {
    for (verb, form) in VERBS {
        let line = format!("{verb} {form}");
        assert!(read(&line, ME, now()).is_ok(), "{line}");
    }
}

#[test]
fn hostile_lines_are_read_without_harm() {
    let long = "/task @".to_owned() + &"x".repeat(100_000) + " by in 99999999999999999999 d";
    for line in
        [long.as_str(), "/task by by by by", "/\u{202e}", "/role \0", "/task x by in 9223372036854775807 d", "/sev \u{1f4a9}"]
    {
        let _ = read(line, ME, now()).map(|said| said.preview());
    }
    assert!(due("in 9223372036854775807 d", now()).is_err());
    assert!(due("in -5 min", now()).is_err());
}

#[test]
fn tasks_of_a_team_and_their_states_are_lines_too() {
    let said = read("/task @nadia #platform rebuild the runner", ME, now());
    let task = Said::Task {
        title: "rebuild the runner".to_owned(),
        owner: Some("nadia".to_owned()),
        team: Some("platform".to_owned()),
        due_at: None,
    };
    assert_eq!(said, Ok(task));
    assert_eq!(read("/verify T-3", ME, now()), Ok(Said::TaskState { number: 3, state: TaskState::Verified }));
    assert_eq!(read("/accept 4", ME, now()), Ok(Said::TaskState { number: 4, state: TaskState::Accepted }));
}

#[test]
fn a_role_is_offered_taken_and_a_call_is_an_address() {
    let role = Role::commander();
    let offered = read("/offer commander @nadia", ME, now());
    assert_eq!(offered, Ok(Said::Command(Command::OfferRole { role: role.clone(), to: "nadia".to_owned() })));
    assert_eq!(read("/take commander", ME, now()), Ok(Said::Command(Command::AcceptRole { role, by: ME.to_owned() })));
    assert!(read("/call javascript:alert(1)", ME, now()).is_err());
    assert_eq!(read("/call none", ME, now()), Ok(Said::Link { link: "call", address: String::new() }));
}

#[test]
fn a_page_names_whom_and_why() {
    let page = |to: &str, text: &str| Ok(Said::Page { to: to.to_owned(), text: text.to_owned() });
    for (line, expected) in [
        ("/page @ines@example.org the key is out", page("ines@example.org", "the key is out")),
        ("/page @me", page(ME, "")),
        ("/page team platform please look", page("team platform", "please look")),
        ("/page schedule seoc", page("schedule seoc", "")),
        ("/page owners nobody answers", page("owners", "nobody answers")),
    ] {
        assert_eq!(read(line, ME, now()), expected, "{line}");
    }
    for line in ["/page", "/page ines", "/page team", "/page @"] {
        assert!(fault(line).contains("/page @who text"), "{line}");
    }
}
