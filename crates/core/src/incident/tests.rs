use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::Severity;
use crate::id::IncidentId;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).expect("within range")
}

fn reported(class: Class, severity: Option<Severity>) -> Incident {
    Incident {
        id: IncidentId::from_parts(1, [7; 10]),
        short_id: "INC-00001".into(),
        codename: "quiet-heron".into(),
        title: "Outsider read exports".into(),
        summary: String::new(),
        class,
        severity,
        phase: Phase::Reported,
        team: "security".into(),
        visibility: Visibility::Restricted,
        sensitivity: Sensitivity::Normal,
        kind: Kind::Real,
        signal: SignalState::None,
        roles: Vec::new(),
        postmortem: Postmortem::NotDue,
        occurred_at: Some(at(-600)),
        detected_at: at(0),
        acknowledged_at: None,
        declared_at: None,
        resolved_at: None,
        closed_at: None,
        scope_known_at: None,
        signalled: None,
        merged_into: None,
        rule: String::new(),
        plan_version: String::new(),
        created_at: at(0),
        updated_at: at(0),
        version: 1,
    }
}

/// Does a command as the engine does: decide, then fold each fact.
fn run(incident: &mut Incident, command: Command, second: i64) -> Result<Vec<Fact>, Refusal> {
    let facts = incident.decide(&command)?;
    for fact in &facts {
        incident.apply(fact, at(second));
    }
    Ok(facts)
}

fn to(phase: Phase) -> Command {
    Command::SetPhase { to: phase, reason: "seen".into() }
}

#[test]
fn a_sev1_intrusion_takes_every_phase_in_order() {
    let mut incident = reported(Class::Intrusion, Some(Severity::Sev1));
    let refusal = run(&mut incident, to(Phase::Contained), 1).expect_err("skips two phases");
    assert_eq!(refusal.to_string(), "reported cannot become contained; next is triaged");
    for phase in &Phase::LINE[1..7] {
        run(&mut incident, to(*phase), 2).unwrap_or_else(|refusal| panic!("{phase}: {refusal}"));
    }
    assert_eq!(incident.phase, Phase::Resolved);
    assert_eq!(incident.postmortem, Postmortem::Due);
}

#[test]
fn a_leaked_secret_may_be_resolved_from_triage() {
    let mut incident = reported(Class::LeakedSecret, Some(Severity::Sev2));
    run(&mut incident, to(Phase::Resolved), 1).expect("a light class skips phases");
    assert_eq!(incident.resolved_at, Some(at(1)));
}

#[test]
fn declaring_needs_a_severity() {
    let mut incident = reported(Class::Intrusion, None);
    let refusal = run(&mut incident, Command::Declare { severity: None, reason: String::new() }, 1);
    assert_eq!(refusal, Err(Refusal::SeverityMissing));
    run(&mut incident, Command::Declare { severity: Some(Severity::Sev2), reason: String::new() }, 2).expect("with severity");
    assert_eq!((incident.phase, incident.severity, incident.declared_at), (Phase::Declared, Some(Severity::Sev2), Some(at(2))));
}

#[test]
fn closing_a_sev2_needs_its_postmortem_or_a_waiver() {
    let mut incident = reported(Class::Reliability, Some(Severity::Sev2));
    run(&mut incident, to(Phase::Resolved), 1).expect("resolves");
    assert_eq!(run(&mut incident, Command::Close { waiver: None }, 2), Err(Refusal::PostmortemDue));
    assert_eq!(run(&mut incident, Command::Close { waiver: Some(" ".into()) }, 2), Err(Refusal::ReasonMissing));
    run(&mut incident, Command::Close { waiver: Some("covered by INC-2".into()) }, 3).expect("waived");
    assert_eq!((incident.phase, incident.closed_at), (Phase::Closed, Some(at(3))));
}

#[test]
fn a_role_has_one_holder_and_changes_hands_by_both_sides() {
    let mut incident = reported(Class::Intrusion, Some(Severity::Sev1));
    let commander = Role::commander();
    run(&mut incident, Command::AssignRole { role: commander.clone(), holder: "ines@example.com".into() }, 1).expect("assigned");
    let taken = Command::AcceptRole { role: commander.clone(), by: "tobin@example.com".into() };
    assert!(matches!(run(&mut incident, taken.clone(), 2), Err(Refusal::NotOffered { .. })));
    run(&mut incident, Command::OfferRole { role: commander.clone(), to: "tobin@example.com".into() }, 3).expect("offered");
    assert_eq!(incident.commander(), Some("ines@example.com"), "the offer alone changes nothing");
    run(&mut incident, taken, 4).expect("accepted");
    assert_eq!(incident.commander(), Some("tobin@example.com"));
    assert_eq!(incident.roles.len(), 1);
}

#[test]
fn a_declared_incident_keeps_its_commander() {
    let mut incident = reported(Class::Reliability, Some(Severity::Sev3));
    let commander = Role::commander();
    run(&mut incident, Command::AssignRole { role: commander.clone(), holder: "ines@example.com".into() }, 1).expect("assigned");
    run(&mut incident, Command::Declare { severity: None, reason: String::new() }, 2).expect("declared");
    assert_eq!(run(&mut incident, Command::VacateRole { role: commander }, 3), Err(Refusal::CommanderNeeded));
}

#[test]
fn a_gone_signal_is_not_closed() {
    let mut incident = reported(Class::Reliability, Some(Severity::Sev3));
    incident.apply(&Fact::SignalChanged { to: SignalState::Gone }, at(5));
    assert_eq!((incident.signal, incident.phase), (SignalState::Gone, Phase::Reported));
}

#[test]
fn reopening_clears_the_end_and_needs_a_reason() {
    let mut incident = reported(Class::Reliability, Some(Severity::Sev3));
    run(&mut incident, to(Phase::Resolved), 1).expect("resolves");
    assert_eq!(run(&mut incident, Command::Reopen { reason: String::new() }, 2), Err(Refusal::ReasonMissing));
    run(&mut incident, Command::Reopen { reason: "it is back".into() }, 3).expect("reopens");
    assert_eq!((incident.phase, incident.resolved_at), (Phase::Declared, None));
}

fn commands() -> impl Strategy<Value = Command> {
    let phase = prop::sample::select(Phase::ALL.to_vec());
    let severity = prop::sample::select(Severity::ALL.to_vec());
    let role = prop::sample::select(vec!["commander", "scribe"]).prop_map(|word| Role::parse(word).expect("a word"));
    let person = prop::sample::select(vec!["ines@example.com".to_owned(), "tobin@example.com".to_owned()]);
    prop_oneof![
        phase.prop_map(|to| Command::SetPhase { to, reason: "r".into() }),
        prop::option::of(severity.clone()).prop_map(|severity| Command::Declare { severity, reason: "r".into() }),
        severity.prop_map(|to| Command::SetSeverity { to, reason: "r".into() }),
        Just(Command::Reopen { reason: "r".into() }),
        Just(Command::Dismiss { reason: "r".into() }),
        prop::option::of(Just("w".to_owned())).prop_map(|waiver| Command::Close { waiver }),
        (role.clone(), person.clone()).prop_map(|(role, holder)| Command::AssignRole { role, holder }),
        (role.clone(), person.clone()).prop_map(|(role, to)| Command::OfferRole { role, to }),
        (role.clone(), person).prop_map(|(role, by)| Command::AcceptRole { role, by }),
        role.prop_map(|role| Command::VacateRole { role }),
    ]
}

fn staffing() -> Staffing {
    let commander = (Role::commander(), vec!["ada@example.com".to_owned()]);
    Staffing { roles: vec![commander], leaders: vec!["ada@example.com".into(), "owner@example.com".into()] }
}

#[test]
fn declaring_names_a_commander_and_is_refused_where_nobody_can_lead() {
    let incident = reported(Class::Intrusion, Some(Severity::Sev3));
    let declare = Command::Declare { severity: None, reason: String::new() };
    let facts = incident.decide_led(&declare, &staffing()).expect("declared");
    let led = |fact: &Fact| matches!(fact, Fact::RoleAssigned { holder, .. } if holder == "ada@example.com");
    assert!(facts.iter().any(led), "{facts:?}");
    assert_eq!(incident.decide_led(&declare, &Staffing::default()), Err(Refusal::NobodyLeads));
}

#[test]
fn who_holds_a_role_keeps_it_when_the_schedule_turns() {
    let mut incident = reported(Class::Intrusion, Some(Severity::Sev1));
    let commander = Role::commander();
    run(&mut incident, Command::AssignRole { role: commander, holder: "ines@example.com".into() }, 1).expect("assigned");
    assert_eq!(staffing().fill(&incident), []);
}

#[test]
fn who_leaves_loses_every_role_and_the_next_leads() {
    let mut incident = reported(Class::Intrusion, Some(Severity::Sev1));
    for word in ["commander", "scribe"] {
        let role = Role::parse(word).expect("a word");
        run(&mut incident, Command::AssignRole { role, holder: "ada@example.com".into() }, 1).expect("assigned");
    }
    run(&mut incident, Command::Declare { severity: None, reason: String::new() }, 2).expect("declared");
    for fact in staffing().without(&incident, "ada@example.com").expect("the owner is left") {
        incident.apply(&fact, at(3));
    }
    assert_eq!((incident.commander(), incident.roles.len()), (Some("owner@example.com"), 1));
    let alone = Staffing { leaders: vec!["owner@example.com".into()], ..Staffing::default() };
    assert_eq!(alone.without(&incident, "owner@example.com"), Err(Refusal::NobodyLeads));
}

proptest! {
    /// Invariant 4: at most one holder of each role, and from declared to resolved never without a commander, whatever
    /// people ask and whoever leaves.
    #[test]
    fn a_declared_incident_is_never_without_a_commander(
        steps in prop::collection::vec((commands(), any::<bool>()), 1..60),
        class in prop::sample::select(Class::ALL.to_vec()),
    ) {
        let mut incident = reported(class, Some(Severity::Sev2));
        for (second, (command, leaves)) in steps.into_iter().enumerate() {
            let facts = match incident.commander().map(str::to_owned) {
                Some(commander) if leaves => staffing().without(&incident, &commander),
                _ => incident.decide_led(&command, &staffing()),
            };
            for fact in facts.unwrap_or_default() {
                incident.apply(&fact, at(second as i64));
            }
            prop_assert!(!incident.needs_commander() || incident.commander().is_some());
            let mut roles: Vec<_> = incident.roles.iter().map(|held| &held.role).collect();
            roles.dedup();
            prop_assert_eq!(roles.len(), incident.roles.len());
        }
    }
}

proptest! {
    /// Whatever people ask in whatever order: phases move along allowed edges, roles stay singular, a declared incident
    /// that has a commander keeps one, SEV1 and SEV2 never close without postmortem or waiver.
    #[test]
    fn the_laws_hold_for_any_sequence_of_commands(
        commands in prop::collection::vec(commands(), 1..60),
        class in prop::sample::select(Class::ALL.to_vec()),
    ) {
        let mut incident = reported(class, Some(Severity::Sev1));
        for (second, command) in commands.into_iter().enumerate() {
            let before = incident.clone();
            let Ok(facts) = run(&mut incident, command.clone(), second as i64) else {
                prop_assert_eq!(&before, &incident, "a refusal changes nothing");
                continue;
            };
            prop_assert!(!facts.is_empty());
            if before.phase != incident.phase && !matches!(command, Command::Reopen { .. }) {
                let aside = matches!(incident.phase, Phase::Dismissed | Phase::Merged);
                let early = matches!(command, Command::Declare { .. } | Command::SetPhase { to: Phase::Declared, .. });
                let allowed = before.phase.next(before.class, before.severity).contains(&incident.phase);
                prop_assert!(aside || early || allowed, "{} became {}", before.phase, incident.phase);
            }
            let mut roles: Vec<_> = incident.roles.iter().map(|held| &held.role).collect();
            roles.dedup();
            prop_assert_eq!(roles.len(), incident.roles.len());
            if before.commander().is_some() && incident.phase >= Phase::Declared {
                prop_assert!(incident.commander().is_some());
            }
            if incident.phase == Phase::Closed && incident.severity.is_some_and(|s| s.at_least(Severity::Sev2)) {
                let settled = matches!(incident.postmortem, Postmortem::Waived { .. } | Postmortem::Published);
                prop_assert!(settled);
            }
        }
    }
}
