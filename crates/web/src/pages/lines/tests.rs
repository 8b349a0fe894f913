use std::collections::BTreeMap;

use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::actor::Actor;
use watchfire_core::id::{AlertId, IncidentId};
use watchfire_core::incident::{Fact, Phase, Role, SignalState};
use watchfire_core::record::Draft;

use super::{GROUPS, Line, Source, line};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_773_281_660 + second).expect("within range")
}

fn line_of(draft: &Draft, recorded_at: Timestamp) -> Line {
    let alerts = BTreeMap::from([(AlertId::from_parts(7, [7; 10]).to_string(), "Unusual reads".to_owned())]);
    let entry = Source {
        seq: 31,
        recorded_at,
        occurred_at: draft.occurred_at,
        known_at: draft.known_at,
        actor: &draft.actor,
        kind: &draft.kind,
        public: &draft.public,
        confidential: &draft.confidential,
        alert: draft.alert.map(|id| id.to_string()),
        corrects: draft.corrects,
    };
    line(entry, &alerts)
}

fn says(fact: &Fact, actor: Actor) -> Line {
    line_of(&Draft::of_fact(fact, IncidentId::from_parts(1, [1; 10]), actor, at(0)), at(0))
}

fn mira() -> Actor {
    Actor::Person { id: "mira".to_owned() }
}

#[test]
fn decisions_say_who_what_and_why() {
    let raised = Fact::SeverityChanged { from: Some(Severity::Sev2), to: Severity::Sev1, reason: "proven for two".to_owned() };
    let line = says(&raised, mira());
    assert_eq!((line.class, line.who.as_str(), line.text.as_str()), ("decision", "mira", "raised severity from SEV2 to SEV1."));
    assert_eq!(line.says, "proven for two");
    let first = Fact::SeverityChanged { from: None, to: Severity::Sev3, reason: "seen".to_owned() };
    assert_eq!(says(&first, mira()).text, "set severity to SEV3.");
    let phase = Fact::PhaseChanged { from: Phase::Declared, to: Phase::Contained, reason: String::new() };
    assert_eq!(says(&phase, mira()).text, "moved the phase from declared to contained.");
}

#[test]
fn what_watchfire_does_is_second_rank_and_names_no_person() {
    let line = says(&Fact::SignalChanged { to: SignalState::Gone }, Actor::machine("triage"));
    assert_eq!((line.class, line.who.as_str()), ("auto", ""));
    assert!(line.text.contains("stays open"), "{}", line.text);
    let linked = says(&Fact::AlertLinked { alert: AlertId::from_parts(7, [7; 10]) }, Actor::machine("triage"));
    assert_eq!(linked.link.map(|(_, words)| words).as_deref(), Some("Unusual reads"));
}

#[test]
fn times_that_differ_are_told_apart() {
    let mut draft =
        Draft::of_fact(&Fact::Noted { text: "first read".to_owned() }, IncidentId::from_parts(1, [1; 10]), mira(), at(0));
    draft.known_at = at(4_000);
    draft.corrects = Some(12);
    let line = line_of(&draft, at(5_000));
    assert_eq!(line.sub.len(), 4, "{:?}", line.sub);
    assert_eq!(line.at, at(0));
    assert!(says(&Fact::Noted { text: "now".to_owned() }, mira()).sub.is_empty());
}

#[test]
fn a_taken_role_and_a_given_one_read_differently() {
    let given = |holder: &str| Fact::RoleAssigned { role: Role::commander(), holder: holder.to_owned(), from: None };
    assert_eq!(says(&given("mira"), mira()).text, "took the role of commander.");
    assert_eq!(says(&given("ines"), mira()).text, "made ines commander.");
}

#[test]
fn an_entry_of_an_unknown_kind_shows_its_fields() {
    let draft = Draft::new("source.secret_rotated", mira(), at(0)).with("name", "prometheus-eu").with("grace_hours", 24);
    let line = line_of(&draft, at(0));
    assert_eq!(line.text, "source secret rotated: grace_hours 24, name prometheus-eu.");
    assert_eq!(line.icon, "source");
}

#[test]
fn every_group_holds_kinds_of_an_incidents_entries() {
    let of_incident =
        |kind: &&str| ["incident.", "page.", "grant.", "update.", "notice."].iter().any(|family| kind.starts_with(family));
    for (_, title, kinds) in GROUPS {
        assert!(kinds.iter().all(of_incident), "{title}: {kinds:?}");
    }
}
