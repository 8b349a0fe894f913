//! Developers: who is let see what came of their commit, and how much they may do then.

use jiff::Timestamp;
use serde_json::json;
use watchfire_core::access::{Denied, GrantSource, Level, Role};
use watchfire_core::incident::{Command, Phase, Refusal, TaskState};
use watchfire_core::person::{Address, State, Tags};

use super::world::{World, person};
use crate::plans::builtin_files;
use crate::{Error, Grantee, NewGrant, NewPerson, NewTask, PersonChange, TaskChange};

impl World {
    async fn developer(&self, login: &str, state: State) {
        let (name, time_zone, tags) = (String::new(), String::new(), Tags::default());
        let new = NewPerson { login: login.into(), name, role: Role::Restricted, state, time_zone, tags };
        self.engine.add_person(&self.owner, new).await.expect("added");
    }

    async fn further(&self, login: &str, address: &str, verified_at: Option<Timestamp>) {
        let addresses = vec![Address { address: address.into(), verified_at }];
        let change = PersonChange { addresses: Some(addresses), ..PersonChange::default() };
        self.engine.change_person(&self.owner, login, change).await.expect("changed");
    }

    /// Raises an incident of a commit by somebody.
    async fn leaked(&self, key: &str, class: &str, author: &str) -> crate::AccessList {
        let alert = json!({"key": key, "class": class, "severity": "sev4", "author_email": author, "commit": "9fceb02"});
        // Incidents of one instant stand in no order.
        self.clock.forward(1);
        self.send(json!({"alerts": [alert]})).await;
        let newest = self.newest().await.short_id;
        self.engine.access_list(&self.owner, &newest).await.expect("shown")
    }

    async fn access(&self, access: &str) {
        let mut files = builtin_files();
        files.insert("access.yaml".into(), format!("version: 1\nvisibility: [{{ is: restricted }}]\n{access}\n"));
        self.engine.plans_apply(&self.owner, files).await.expect("applied");
    }
}

#[tokio::test]
async fn who_wrote_the_commit_is_let_work_on_the_incident_by_a_verified_address_alone() {
    let world = World::new().await;
    world.developer("rex@example.com", State::Active).await;
    world.developer("ida@example.com", State::Invited).await;
    world.developer("dan@example.com", State::Active).await;
    let now = world.engine.now();
    world.further("dan@example.com", "dan@home.example", Some(now)).await;
    world.further("rex@example.com", "rex@home.example", None).await;

    let access = world.leaked("a", "leaked_secret", "REX@Example.com").await;
    let grant = access.grants.first().expect("a grant");
    assert_eq!((&grant.grantee, grant.level), (&Grantee::Person("rex@example.com".into()), Level::Act), "in any case of letters");
    assert_eq!((grant.source, grant.reason.as_str()), (GrantSource::Playbook, "wrote the commit 9fceb02"));
    let rex = person("rex@example.com", Role::Restricted);
    let id = access.incident.short_id.clone();
    world.engine.incident(&rex, &id).await.expect("he sees what came of his commit");
    let timeline = world.engine.timeline(&world.owner, &id, crate::TimelineRequest::default()).await.expect("a timeline");
    let entry = timeline.iter().find(|entry| entry.kind == "grant.given").expect("recorded");
    assert_eq!((&entry.public["person"], &entry.public["source"]), (&json!("rex@example.com"), &json!("playbook")));
    assert_eq!(entry.confidential["reason"].as_deref(), Some("wrote the commit 9fceb02"));

    let access = world.leaked("b", "leaked_secret", "dan@home.example").await;
    assert_eq!(access.grants.first().map(|grant| grant.grantee.name()), Some("dan@example.com"), "a further address that is his");
    assert!(world.engine.incident(&rex, &access.incident.short_id).await.is_err(), "a teammate's is not there");
    for (key, author, why) in [
        ("c", "rex@home.example", "an address that was not shown to be his"),
        ("d", "ida@example.com", "somebody who has not come in"),
        ("e", "nobody@example.com", "a stranger"),
        ("f", "rex@example.com, dan@example.com", "no address at all"),
    ] {
        assert!(world.leaked(key, "leaked_secret", author).await.grants.is_empty(), "{why}");
    }
    assert!(world.leaked("g", "intrusion", "rex@example.com").await.grants.is_empty(), "the plans say which classes");
    world.access("commit_authors: { on: false, classes: [leaked_secret] }").await;
    assert!(world.leaked("h", "leaked_secret", "rex@example.com").await.grants.is_empty(), "it is off");
}

#[tokio::test]
async fn the_autonomy_of_a_team_says_what_its_developers_may_do() {
    let world = World::new().await;
    world.developer("rex@example.com", State::Active).await;
    let rex = person("rex@example.com", Role::Restricted);
    world.engine.join_team(&world.owner, "dev", "rex@example.com", false).await.expect("joined");
    let task = || NewTask { title: "clean up".into(), owner: None, team: None, due_at: None, consult: None, insist: false };
    for (is, says, heals) in [("view", false, false), ("feedback", true, false), ("heal", true, true)] {
        world.access(&format!("commit_authors: {{ on: true }}\nautonomy: {{ teams: [{{ team: dev, is: {is} }}] }}")).await;
        let id = world.leaked(is, "leaked_secret", "rex@example.com").await.incident.short_id;
        world.engine.incident(&rex, &id).await.expect("he looks");
        let narrowed = |denied: bool, what: &str, error: Option<Error>| match error {
            Some(Error::Denied(Denied::Autonomy { .. })) => assert!(denied, "{is}: {what}"),
            other => assert!(!denied && other.is_none(), "{is}: {what}: {other:?}"),
        };
        narrowed(!says, "a note", world.engine.command(&rex, &id, Command::Note { text: "mine".into() }).await.err());
        narrowed(!heals, "a task", world.engine.add_task(&rex, &id, task()).await.err());
        let severity = Command::SetSeverity { to: watchfire_core::Severity::Sev5, reason: "mine".into() };
        narrowed(true, "the severity", world.engine.command(&rex, &id, severity).await.err());
        world
            .engine
            .command(&world.owner, &id, Command::Declare { severity: None, reason: String::new() })
            .await
            .expect("declared");
        narrowed(!heals, "resolving", world.engine.command(&rex, &id, Command::Resolve { reason: "revoked".into() }).await.err());
        let resolved = world.engine.incident(&world.owner, &id).await.expect("shown").incident.phase == Phase::Resolved;
        assert_eq!(resolved, heals, "{is}");
    }
    // Where a team says nothing, a right to act is what it was.
    world.access("commit_authors: { on: true }").await;
    let id = world.leaked("free", "leaked_secret", "rex@example.com").await.incident.short_id;
    world.engine.command(&rex, &id, Command::Rename { title: "mine".into() }).await.expect("as granted");
}

#[tokio::test]
async fn what_a_developer_resolves_waits_until_somebody_else_has_verified_it() {
    let world = World::new().await;
    world.developer("rex@example.com", State::Active).await;
    let rex = person("rex@example.com", Role::Restricted);
    world.access("commit_authors: { on: true }\nautonomy: { default: heal_with_verify }").await;
    let id = world.leaked("a", "leaked_secret", "rex@example.com").await.incident.short_id;
    world.engine.command(&world.owner, &id, Command::Declare { severity: None, reason: String::new() }).await.expect("declared");
    let resolve = || Command::Resolve { reason: "revoked the key".into() };
    let after = world.engine.command(&rex, &id, resolve()).await.expect("said");
    assert_eq!(after.phase, Phase::Declared, "it waits");
    let detail = world.engine.incident(&world.owner, &id).await.expect("shown");
    assert_eq!(detail.resolution.map(|waits| (waits.by, waits.at)), Some(("rex@example.com".to_owned(), world.engine.now())));
    assert!(matches!(world.engine.verify_resolution(&rex, &id).await, Err(Error::Denied(_))), "not by himself");
    world.engine.reject_resolution(&world.owner, &id, "").await.expect_err("a reason is needed");
    world.engine.reject_resolution(&world.owner, &id, "it still works").await.expect("rejected");
    assert!(matches!(world.engine.verify_resolution(&world.owner, &id).await, Err(Error::Refused(Refusal::NothingToVerify))));
    world.engine.command(&rex, &id, resolve()).await.expect("said again");
    let verified = world.engine.verify_resolution(&world.owner, &id).await.expect("verified");
    assert_eq!(verified.phase, Phase::Resolved);
    assert!(world.engine.incident(&world.owner, &id).await.expect("shown").resolution.is_none());
    let kinds = world.kinds("incident.resolution").await;
    assert_eq!(kinds, ["incident.resolution_proposed", "incident.resolution_rejected", "incident.resolution_proposed"]);
    // A person with a right to act of their own does not verify what they said themselves either.
    world.access("commit_authors: { on: true }\nautonomy: { default: heal_with_verify }").await;
    let id = world.leaked("b", "leaked_secret", "rex@example.com").await.incident.short_id;
    world.engine.command(&world.owner, &id, Command::Declare { severity: None, reason: String::new() }).await.expect("declared");
    world.engine.command(&rex, &id, resolve()).await.expect("said");
    let lead = NewGrant {
        grantee: Grantee::Person("rex@example.com".into()),
        level: Level::Manage,
        reason: "he leads".into(),
        until: None,
    };
    world.engine.grant(&world.owner, &id, lead).await.expect("granted");
    let own = world.engine.verify_resolution(&rex, &id).await;
    assert!(matches!(own, Err(Error::Refused(Refusal::VerifiedByWhoResolved { .. }))), "{own:?}");
    let done = TaskChange { state: Some(TaskState::Done), ..TaskChange::default() };
    assert!(world.engine.change_task(&rex, &id, 1, done).await.is_err(), "there is no task");
}

#[tokio::test]
async fn visibility_follows_class_and_severity_until_the_scope_is_known_and_never_by_itself() {
    use watchfire_core::incident::{Class, Kind, Visibility};
    let world = World::new().await;
    let plan = "version: 1\nvisibility:\n  - { family: security, is: restricted }\n  - { classes: [reliability], at_least: sev1, is: restricted }\n  - { is: open }\n";
    let mut files = builtin_files();
    files.insert("access.yaml".into(), plan.into());
    world.engine.plans_apply(&world.owner, files).await.expect("applied");
    let declare = |class, severity: &str| crate::Declare {
        title: "one".into(),
        class,
        severity: severity.parse().ok(),
        team: None,
        visibility: None,
        occurred_at: None,
        text: None,
        kind: Kind::Real,
    };
    for (class, severity, expected) in [
        (Class::Intrusion, "sev5", Visibility::Restricted),
        (Class::Reliability, "sev1", Visibility::Restricted),
        (Class::Reliability, "sev2", Visibility::Open),
        (Class::Operational, "sev1", Visibility::Open),
    ] {
        let made = world.engine.declare(&world.owner, declare(class, severity)).await.expect("declared");
        assert_eq!(made.visibility, expected, "declared: {class} {severity}");
        world.clock.forward(1);
        world
            .send(json!({"alerts": [{"key": format!("{class}{severity}"), "class": class.as_str(), "severity": severity}]}))
            .await;
        let raised = world.newest().await;
        assert_eq!((raised.class, raised.visibility), (class, expected), "raised: {class} {severity}");
    }
    let made = world.engine.declare(&world.owner, declare(Class::Intrusion, "sev2")).await.expect("declared");
    let open = || Command::SetVisibility { to: Visibility::Open, reason: "tell everybody".into() };
    let early = world.engine.command(&world.owner, &made.short_id, open()).await;
    assert!(matches!(early, Err(Error::Refused(Refusal::ScopeUnknown))), "{early:?}");
    let known = Command::KnowScope { reason: "all of it is known".into() };
    let still = world.engine.command(&world.owner, &made.short_id, known).await.expect("decided");
    assert_eq!(still.visibility, Visibility::Restricted, "the decision opens nothing by itself");
    assert_eq!(world.engine.command(&world.owner, &made.short_id, open()).await.expect("opened").visibility, Visibility::Open);
}
