//! What the console stands on: updates, tasks of teams, links, documents, reports, what a person owes.

use watchfire_core::Severity;
use watchfire_core::access::Role;
use watchfire_core::incident::{Class, Command, Kind, Phase, Refusal, TaskState, UpdateText, UsersImpacted};

use super::world::{World, person};
use crate::{Declare, Error, NewReport, NewTask, NewUpdate, TaskChange, TimelineRequest};

fn declared(severity: Severity) -> Declare {
    Declare {
        title: "payments fail".to_owned(),
        class: Class::Reliability,
        severity: Some(severity),
        team: None,
        visibility: None,
        occurred_at: None,
        text: None,
        kind: Kind::Real,
    }
}

fn update() -> NewUpdate {
    let text = UpdateText {
        risk: "Some orders may be charged twice.".to_owned(),
        users: UsersImpacted::Some,
        timeline: "14:02 the first double charge.".to_owned(),
        mitigation: "Payments are stopped.".to_owned(),
        status: "We look for the orders.".to_owned(),
        next_steps: "Refund them.".to_owned(),
    };
    NewUpdate { text, revises: None, next_due_at: None }
}

#[tokio::test]
async fn an_update_needs_six_fields_counts_from_one_and_sets_when_the_next_is_due() {
    let world = World::new().await;
    let who = person("ada@example.org", Role::Member);
    let incident = world.engine.declare(&who, declared(Severity::Sev2)).await.expect("declared");
    let detail = world.engine.incident(&who, &incident.short_id).await.expect("shown");
    let due = detail.update_due.expect("a SEV2 owes updates");
    assert_eq!(due.due_at.duration_since(due.from).as_secs(), 3_600, "an hour from when it was declared");

    let mut empty = update();
    empty.text.next_steps = "  ".to_owned();
    let refused = world.engine.write_update(&who, &incident.short_id, empty).await.expect_err("a field says nothing");
    assert!(matches!(&refused, Error::Invalid { field, .. } if field == "next_steps"), "{refused}");

    world.clock.forward(600);
    let first = world.engine.write_update(&who, &incident.short_id, update()).await.expect("written");
    assert_eq!((first.number, first.version), (1, 1));
    let mut better = update();
    better.revises = Some(1);
    better.text.status = "All orders are found.".to_owned();
    let second = world.engine.write_update(&who, &incident.short_id, better).await.expect("revised");
    assert_eq!((second.number, second.version), (1, 2));
    let all = world.engine.updates(&who, &incident.short_id).await.expect("listed");
    assert_eq!(all.iter().map(|update| (update.number, update.version)).collect::<Vec<_>>(), [(1, 2), (1, 1)]);
    let detail = world.engine.incident(&who, &incident.short_id).await.expect("shown");
    assert_eq!(detail.last_update.expect("it is there").text.status, "All orders are found.");
    assert_eq!(detail.update_due.expect("the next").from, second.written_at, "the time runs from the last update");

    let entries = world.engine.timeline(&who, &incident.short_id, TimelineRequest::default()).await.expect("read");
    let written: Vec<_> = entries.iter().filter(|entry| entry.kind == "incident.update_written").collect();
    assert_eq!(written.len(), 2);
    assert_eq!(written[0].public["users"], "some");
    assert!(!written[0].leaf.contains("charged twice"), "what was said stands in the leaf as a commitment alone");

    let gone = NewUpdate { revises: Some(7), ..update() };
    assert!(matches!(world.engine.write_update(&who, &incident.short_id, gone).await, Err(Error::NotFound(_))));
    world.engine.command(&who, &incident.short_id, Command::Resolve { reason: String::new() }).await.expect("resolved");
    let detail = world.engine.incident(&who, &incident.short_id).await.expect("shown");
    assert_eq!(detail.update_due, None, "what is over owes no update");
}

#[tokio::test]
async fn a_task_goes_from_open_to_verified_and_its_owner_does_not_verify_it() {
    let world = World::new().await;
    let (ada, tobin) = (person("ada@example.org", Role::Member), person("tobin@example.org", Role::Member));
    let id = world.engine.declare(&ada, declared(Severity::Sev3)).await.expect("declared").short_id;
    let wish = NewTask {
        title: "rotate the key".to_owned(),
        owner: None,
        team: Some("platform".to_owned()),
        due_at: None,
        consult: None,
        insist: false,
    };
    let task = world.engine.add_task(&ada, &id, wish).await.expect("added");
    assert_eq!(task.team.as_deref(), Some("platform"));
    let to = |state| TaskChange { state: Some(state), ..TaskChange::default() };
    let early = world.engine.change_task(&ada, &id, 1, to(TaskState::Verified)).await;
    assert!(matches!(early, Err(Error::Refused(Refusal::TaskNotDone { number: 1 }))), "{early:?}");
    let accepted = world.engine.change_task(&tobin, &id, 1, to(TaskState::Accepted)).await.expect("accepted");
    assert_eq!(accepted.owner.as_deref(), Some("tobin@example.org"), "who accepts a task without an owner owns it");
    let foreign = world.engine.change_task(&ada, &id, 1, to(TaskState::Accepted)).await;
    assert!(matches!(foreign, Err(Error::Refused(Refusal::NotTheTasksOwner { .. }))), "{foreign:?}");
    world.engine.change_task(&tobin, &id, 1, to(TaskState::Doing)).await.expect("begun");
    world.engine.change_task(&tobin, &id, 1, to(TaskState::Done)).await.expect("done");
    let own = world.engine.change_task(&tobin, &id, 1, to(TaskState::Verified)).await;
    assert!(matches!(own, Err(Error::Refused(Refusal::VerifiedByItsOwner { .. }))), "{own:?}");
    let verified = world.engine.change_task(&ada, &id, 1, to(TaskState::Verified)).await.expect("verified by another");
    assert_eq!(verified.state, TaskState::Verified);
}

#[tokio::test]
async fn a_declared_incident_has_its_tracking_document_from_the_template_and_keeps_every_version() {
    let world = World::new().await;
    let who = person("ada@example.org", Role::Member);
    let incident = world.engine.declare(&who, declared(Severity::Sev2)).await.expect("declared");
    let id = incident.short_id.as_str();
    let first = world.engine.document(&who, id, None).await.expect("made at declaration");
    assert_eq!((first.version, first.template.as_str()), (1, "tracking"));
    assert!(first.text.starts_with(&format!("# {id} {}: payments fail", incident.codename)), "{}", first.text);
    assert!(!first.text.contains("{{"), "{}", first.text);
    assert_eq!(first.plan_version, incident.plan_version);
    let second = world.engine.write_document(&who, id, 1, "# What we know\n\nNothing yet.").await.expect("written");
    assert_eq!(second.version, 2);
    let late = world.engine.write_document(&who, id, 1, "from an old page").await;
    assert!(matches!(late, Err(Error::Conflict)), "nobody writes over what they have not read: {late:?}");
    assert_eq!(world.engine.document(&who, id, Some(1)).await.expect("kept").text, first.text);

    let mut reported = declared(Severity::Sev3);
    reported.severity = None;
    let reported = world.engine.declare(&who, reported).await.expect("reported");
    assert!(matches!(world.engine.document(&who, &reported.short_id, None).await, Err(Error::NotFound(_))));
    let wish = Command::Declare { severity: Some(Severity::Sev3), reason: String::new() };
    let later = world.engine.command(&who, &reported.short_id, wish).await.expect("declared later");
    assert_eq!(later.phase, Phase::Declared);
    assert_eq!(world.engine.document(&who, &reported.short_id, None).await.expect("made then").version, 1);
}

#[tokio::test]
async fn a_reporter_gets_a_receipt_and_an_acknowledgement_and_no_right_to_the_incident() {
    let world = World::new().await;
    let outsider = person("finn@example.org", Role::Restricted);
    let triage = person("ada@example.org", Role::Owner);
    let wish = NewReport { saw: "A stranger asked for the admin password.".to_owned(), contact: "ext. 12".to_owned() };
    let receipt = world.engine.report(&outsider, wish).await.expect("anybody may report");
    assert!(matches!(world.engine.incident(&outsider, &receipt.short_id).await, Err(Error::NotFound(_))));
    assert_eq!(world.engine.my_reports(&outsider).await.expect("listed"), std::slice::from_ref(&receipt));

    let checks = world.engine.plans().incidents.checks.clone();
    let answered = world.engine.answer_check(&triage, &receipt.short_id, &checks[0], "It is real.").await.expect("answered");
    assert_eq!(answered.words.checks[&checks[0]], "It is real.");
    let unknown = world.engine.answer_check(&triage, &receipt.short_id, "Is it Tuesday?", "yes").await;
    assert!(matches!(unknown, Err(Error::Invalid { .. })), "{unknown:?}");
    world.engine.acknowledge_report(&triage, &receipt.short_id).await.expect("acknowledged");
    assert!(world.engine.acknowledge_report(&triage, &receipt.short_id).await.is_err(), "once");
    let mine = world.engine.my_reports(&outsider).await.expect("listed");
    assert!(mine[0].acknowledged_at.is_some(), "the reporter is told");
}

#[tokio::test]
async fn a_person_sees_what_they_owe_and_the_board_shows_nothing_restricted() {
    let world = World::new().await;
    let ada = person("ada@example.org", Role::Owner);
    let open = world.engine.declare(&ada, declared(Severity::Sev2)).await.expect("declared");
    let mut secret = declared(Severity::Sev1);
    secret.class = Class::Intrusion;
    let secret = world.engine.declare(&ada, secret).await.expect("declared");
    let lead = Command::AssignRole { role: watchfire_core::incident::Role::commander(), holder: "ada@example.org".to_owned() };
    world.engine.command(&ada, &open.short_id, lead).await.expect("assigned");
    let communications = watchfire_core::incident::Role::parse("communications").expect("a role");
    if open.roles.iter().any(|held| held.role == communications) {
        let vacate = Command::VacateRole { role: communications };
        world.engine.command(&ada, &open.short_id, vacate).await.expect("vacated");
    }
    let task = NewTask {
        title: "tell legal".to_owned(),
        owner: Some("ada@example.org".to_owned()),
        team: None,
        due_at: None,
        consult: None,
        insist: false,
    };
    world.engine.add_task(&ada, &secret.short_id, task).await.expect("added");

    let work = world.engine.work(&ada).await.expect("gathered");
    assert_eq!(work.roles.iter().map(|held| held.role.as_str()).collect::<Vec<_>>(), ["commander"]);
    assert!(work.roles[0].update_due.is_some(), "the commander owes the update where nobody communicates");
    assert_eq!(work.tasks.len(), 1);
    let board = world.engine.board(&ada).await.expect("gathered");
    let shown: Vec<_> = board.iter().map(|row| row.incident.short_id.as_str()).collect();
    assert_eq!(shown, [open.short_id.as_str()], "not even for an owner");
}

#[tokio::test]
async fn a_call_is_set_by_its_address_and_taken_away() {
    let world = World::new().await;
    let who = person("ada@example.org", Role::Member);
    let id = world.engine.declare(&who, declared(Severity::Sev2)).await.expect("declared").short_id;
    for address in ["javascript:alert(1)", "call me", "ftp://example.org"] {
        assert!(world.engine.set_link(&who, &id, "call", address).await.is_err(), "{address}");
    }
    assert!(world.engine.set_link(&who, &id, "cat", "https://call.example/1").await.is_err());
    world.engine.set_link(&who, &id, "call", "https://call.example/1?pwd=x").await.expect("set");
    assert_eq!(world.engine.links(&who, &id).await.expect("read")[0].address, "https://call.example/1?pwd=x");
    let briefing = world.engine.briefing(&who, &id).await.expect("made");
    assert_eq!((briefing.links.len(), briefing.decisions.is_empty()), (1, false));
    world.engine.set_link(&who, &id, "call", "").await.expect("taken away");
    assert!(world.engine.links(&who, &id).await.expect("read").is_empty());
}
