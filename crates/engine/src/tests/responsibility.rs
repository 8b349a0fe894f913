//! Who answers for an incident, who is consulted, and the daily digest of what is overdue.

use jiff::SignedDuration;
use serde_json::json;
use watchfire_core::access::Role;
use watchfire_core::channel::{ChannelTrust, Kind as MessageKind, Message};
use watchfire_core::incident::{Class, Command, Kind, Refusal, TaskState, Visibility};

use super::world::{World, person};
use crate::plans::builtin_files;
use crate::{Declare, Error, IncidentFilter, NewTask, PageRequest, Responsibility, TaskChange};

const ANSWERS: &str = "version: 1
digest: { at: '08:00', zone: Europe/Oslo }
default: { responsible: [team], accountable: ada@example.com }
rules:
  - { name: plain-leaks, rules: [leaked-secret], sources: [plain], responsible: [team dev], accountable: team dev, consulted: [ben@example.com] }
  - { name: outages, when: { class: [reliability] }, accountable: team platform }
";

impl World {
    async fn answering(text: &str) -> Self {
        let world = Self::new().await;
        for name in ["ada", "ben", "dev"] {
            world.join(name).await;
        }
        world.engine.join_team(&world.owner, "dev", "dev@example.com", false).await.expect("joined");
        let mut files = builtin_files();
        files.insert("responsibility.yaml".into(), text.into());
        world.engine.plans_apply(&world.owner, files).await.expect("applied");
        world
    }

    async fn answers(&self, id: &str) -> Responsibility {
        self.engine.incident(&self.owner, id).await.expect("shown").responsibility
    }

    async fn answered_for(&self, word: &str) -> Vec<String> {
        let accountable = self.engine.stands_for(word).await.expect("an answer");
        let filter = IncidentFilter { accountable, ..IncidentFilter::default() };
        let page = self.engine.incidents(&self.owner, filter, PageRequest::default()).await.expect("a page");
        page.items.into_iter().map(|row| row.incident.short_id).collect()
    }

    fn told(&self, channel: &str) -> Vec<Message> {
        let messages = self.relay.at(channel).into_iter().map(|(_, message)| message);
        messages.filter(|message| message.kind == MessageKind::Notice && message.subject.contains("accountable")).collect()
    }
}

fn wish(class: Class, severity: &str, visibility: Visibility) -> Declare {
    Declare {
        title: "CANARY".into(),
        class,
        severity: severity.parse().ok(),
        team: None,
        visibility: Some(visibility),
        occurred_at: None,
        text: None,
        kind: Kind::Real,
    }
}

#[tokio::test]
async fn a_new_incident_shows_who_answers_for_it_by_rule_source_and_class() {
    let world = World::answering(ANSWERS).await;
    world.send(json!({"alerts": [{"key": "a", "class": "leaked_secret", "severity": "sev4"}]})).await;
    let leak = world.newest().await.short_id;
    let of = world.answers(&leak).await;
    assert_eq!((of.responsible, of.accountable.as_deref()), (vec!["team dev".to_owned()], Some("team dev")));
    assert_eq!((of.consulted, of.source.as_str()), (vec!["ben@example.com".to_owned()], "plain"));
    let (key, secret) = world.another("other").await;
    world.clock.forward(1);
    let alert = json!({"alerts": [{"key": "b", "class": "leaked_secret", "severity": "sev4"}]});
    world.send_as(&key, &secret, &alert.to_string()).await.expect("accepted");
    let other = world.newest().await.short_id;
    assert_eq!(world.answers(&other).await.accountable.as_deref(), Some("ada@example.com"), "another source is another rule");
    world.clock.forward(1);
    let declared =
        world.engine.declare(&world.owner, wish(Class::Reliability, "sev4", Visibility::Open)).await.expect("declared");
    let of = world.answers(&declared.short_id).await;
    assert_eq!(
        (of.responsible, of.accountable.as_deref()),
        (vec!["team security".to_owned()], Some("team platform")),
        "by its own team"
    );

    // Triaged anew, somebody else answers; the list by who is accountable follows.
    let triage = Command::Triage { class: Class::Operational, severity: None, team: "platform".into() };
    world.engine.command(&world.owner, &declared.short_id, triage).await.expect("triaged");
    let of = world.answers(&declared.short_id).await;
    assert_eq!((of.responsible, of.accountable.as_deref()), (vec!["team platform".to_owned()], Some("ada@example.com")));
    assert_eq!(world.answered_for("ada@example.com").await, [declared.short_id, other]);
    assert_eq!(world.answered_for("dev@example.com").await, std::slice::from_ref(&leak), "through the team");
    assert_eq!(world.answered_for("team dev").await, [leak]);
    assert!(world.answered_for("nobody@example.com").await.is_empty());
}

#[tokio::test]
async fn lint_names_the_rules_for_which_nobody_answers() {
    let world = World::answering(
        "version: 1\nrules:\n  - { name: one, rules: [leaked-secret], responsible: [team dev], accountable: owners }\n",
    )
    .await;
    let found = world.engine.lint_on_call(&world.owner, 1).await.expect("an answer");
    let of = |name: &str| {
        found.iter().filter(|finding| finding.schedule == name).map(|finding| finding.flaw.to_string()).collect::<Vec<_>>()
    };
    assert!(of("rule leaked-secret").is_empty(), "{found:?}");
    let open = of("rule monitoring");
    assert!(
        open.len() == 2 && open[0].starts_with("nobody is responsible") && open[1].starts_with("nobody is accountable"),
        "{open:?}"
    );
    assert!(of("rule vendor-samples").is_empty(), "it raises nothing");
}

#[tokio::test]
async fn a_task_that_rotates_a_secret_is_not_done_before_the_consulted_were_asked_or_somebody_says_why() {
    let world = World::answering(ANSWERS).await;
    world.send(json!({"alerts": [{"key": "a", "class": "leaked_secret", "severity": "sev4"}]})).await;
    let id = world.newest().await.short_id;
    let task =
        |title: &str, consult| NewTask { title: title.into(), owner: None, team: None, due_at: None, consult, insist: true };
    for (title, consult, asks) in [
        ("Rotate the key", None, true),
        ("Write it down", None, false),
        ("Rotate the other", Some(false), false),
        ("Move it", Some(true), true),
    ] {
        let added = world.engine.add_task(&world.owner, &id, task(title, consult)).await.expect("added");
        assert_eq!(added.consult, asks, "{title}");
    }
    let done = |reason: Option<&str>| TaskChange {
        state: Some(TaskState::Done),
        unconsulted: reason.map(str::to_owned),
        ..TaskChange::default()
    };
    let early = world.engine.change_task(&world.owner, &id, 1, done(None)).await;
    assert!(matches!(early, Err(Error::Refused(Refusal::NotConsulted { number: 1 }))), "{early:?}");
    let stranger = world.engine.consulted(&world.owner, &id, 1, Some("ada@example.com"), "fine").await;
    assert!(matches!(stranger, Err(Error::Invalid { .. })), "the plans name Ben: {stranger:?}");
    let own = TaskChange { owner: Some(Some("ben@example.com".into())), ..TaskChange::default() };
    world.engine.change_task(&world.owner, &id, 4, own).await.expect("given");
    let own = world.engine.consulted(&world.owner, &id, 4, Some("ben@example.com"), "fine").await;
    assert!(matches!(own, Err(Error::Refused(Refusal::ConsultedByItsOwner { number: 4 }))), "{own:?}");
    let asked = world
        .engine
        .consulted(&world.owner, &id, 1, Some("Ben@Example.com"), "after six, then nothing stops")
        .await
        .expect("recorded");
    assert_eq!((asked.consulted_by.as_deref(), asked.consulted_at), (Some("ben@example.com"), Some(world.engine.now())));
    world.engine.change_task(&world.owner, &id, 1, done(None)).await.expect("done");
    world.engine.change_task(&world.owner, &id, 4, done(Some("it burns"))).await.expect("done without");
    let timeline = world.engine.timeline(&world.owner, &id, crate::TimelineRequest::default()).await.expect("a timeline");
    let said = |kind: &str, field: &str| {
        let entry = timeline.iter().find(|entry| entry.kind == kind).unwrap_or_else(|| panic!("{kind} is not on the timeline"));
        entry.confidential[field].clone().unwrap_or_default()
    };
    assert_eq!(said("incident.consulted", "text"), "after six, then nothing stops");
    assert_eq!(said("incident.consult_waived", "reason"), "it burns");
}

#[tokio::test]
async fn the_accountable_are_told_each_morning_what_is_overdue_and_of_nothing_that_they_may_not_see() {
    let world = World::answering(ANSWERS).await;
    world.reachable("ada", "ada", "delivered").await;
    let open = world.engine.declare(&world.owner, wish(Class::Operational, "sev4", Visibility::Open)).await.expect("declared");
    let hidden =
        world.engine.declare(&world.owner, wish(Class::Intrusion, "sev4", Visibility::Restricted)).await.expect("declared");
    let due_at = Some(world.engine.now().saturating_add(SignedDuration::from_mins(5)).expect("in range"));
    for id in [&open.short_id, &hidden.short_id] {
        let task = NewTask { title: "look".into(), owner: None, team: None, due_at, consult: None, insist: false };
        world.engine.add_task(&world.owner, id, task).await.expect("added");
    }
    // The clock of the tests begins at 08:00 UTC, nine o'clock in Oslo.
    world.forward(22 * 3_600).await;
    assert_eq!(world.told("ada").len(), 0, "not before its time");
    world.forward(3_600).await;
    let told = world.told("ada");
    assert_eq!(told.len(), 1, "once");
    assert_eq!(told[0].subject, "1 incident that you are accountable for is overdue");
    assert!(told[0].text.contains(&open.codename) && told[0].text.contains("1 task is overdue"), "{}", told[0].text);
    assert!(!told[0].text.contains(&hidden.short_id) && !told[0].text.contains("CANARY"), "{}", told[0].text);
    world.forward(24 * 3_600).await;
    assert_eq!(world.told("ada").len(), 2, "and again the next day");

    // What she may see and nobody else may is told through a channel that is not trusted as work alone.
    let lead = Command::AssignRole { role: watchfire_core::incident::Role::commander(), holder: "ada@example.com".into() };
    world.engine.command(&world.owner, &hidden.short_id, lead).await.expect("assigned");
    world.engine.trust_channel(&world.owner, "ada", ChannelTrust::Suspect, "an odd sign-in").await.expect("marked");
    world.forward(24 * 3_600).await;
    assert_eq!(world.told("ada").len(), 2);
    let last = world.relay.at("ada").pop().expect("a message").1;
    assert_eq!((last.subject.as_str(), last.text.as_str()), ("You have work. Open the console.", ""));
    let zoe = person("dev@example.com", Role::Member);
    let entries = world
        .engine
        .record(&zoe, crate::RecordFilter::default(), PageRequest { cursor: None, limit: 200 })
        .await
        .expect("a page");
    let about = entries.items.iter().filter(|entry| entry.kind.starts_with("message.") && entry.incident == Some(hidden.id));
    assert_eq!(about.count(), 0, "the entry of the digest tells nobody else of the hidden incident");
}
