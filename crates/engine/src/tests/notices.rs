//! Those who have to be told at once, and incidents about employees, which hand nothing to anybody.

use serde_json::json;
use watchfire_core::Severity;
use watchfire_core::access::{Level, Role};
use watchfire_core::escalation::Status;
use watchfire_core::incident::{Command, Incident, Refusal, Sensitivity};

use super::paging::link;
use super::world::{World, person};
use crate::plans::builtin_files;
use crate::{Error, Grantee, NewGrant, NoticeView};

const DUTIES: &str = "version: 1
schedules:
  - { id: seoc, title: Security on call, layers: [{ name: a, first_hand_off: 2024-01-01T08:00, turn: weekly, participants: [ann@example.com] }] }
  - { id: simoc, title: Commander on call, layers: [{ name: a, first_hand_off: 2024-01-01T08:00, turn: weekly, participants: [ann@example.com] }] }
  - { id: security-lead, title: Security lead, layers: [{ name: a, first_hand_off: 2024-01-01T08:00, turn: weekly, participants: [sam@example.com] }] }
  - { id: legal, title: Legal, layers: [{ name: a, first_hand_off: 2024-01-01T08:00, turn: weekly, participants: [lea@example.com] }] }
  - { id: vp-engineering, title: VP Engineering, layers: [{ name: a, first_hand_off: 2024-01-01T08:00, turn: weekly, participants: [vera@example.com] }] }
";

impl World {
    /// A world in which every duty has somebody of its own, each with a contact on a channel of their name.
    async fn with_duties() -> Self {
        let world = Self::new().await;
        for name in ["ann", "sam", "lea", "vera"] {
            world.join(name).await;
            world.reachable(name, name, "delivered").await;
        }
        let mut files = builtin_files();
        files.insert("oncall.yaml".into(), DUTIES.into());
        world.engine.plans_apply(&world.owner, files).await.expect("applied");
        world
    }

    async fn notices(&self, incident: &Incident) -> Vec<NoticeView> {
        self.engine.notices(&self.owner, &incident.short_id).await.expect("notices")
    }

    async fn set(&self, incident: &Incident, to: Severity) {
        let set = Command::SetSeverity { to, reason: "seen".into() };
        self.engine.command(&self.owner, &incident.short_id, set).await.expect("set");
        self.settle().await;
    }
}

#[tokio::test]
async fn a_sev2_tells_security_lead_and_legal_at_once_and_the_vp_at_sev1_alone() {
    let world = World::with_duties().await;
    // Not a second passes between the alert and the messages.
    let incident = world.raise_as("intrusion", "sev2").await;
    assert_eq!(["sam", "lea", "vera"].map(|name| world.paged(name).len()), [1, 1, 0]);
    let message = &world.paged("lea")[0];
    assert!(message.text.contains("notice to Legal") && !message.text.contains(&incident.title), "{message:?}");
    let given: Vec<_> = world.notices(&incident).await.into_iter().map(|notice| (notice.name, notice.people)).collect();
    assert_eq!(
        given,
        [
            ("security-lead".to_owned(), vec!["sam@example.com".to_owned()]),
            ("legal".to_owned(), vec!["lea@example.com".to_owned()])
        ]
    );
    let notice = world.notices(&incident).await.remove(1);
    assert_eq!((notice.given_at, notice.acknowledged_at), (world.engine.now(), None));
    assert_eq!(notice.due_at.map(|due| due.duration_since(notice.given_at).as_secs()), Some(600), "the clock runs");

    // An answer ends the notice, and neither the other one nor the page of those who respond.
    world.clock.forward(60);
    world.engine.redeem_acknowledge_link(&link(message)).await.expect("answers").expect("a link");
    world.settle().await;
    let notices = world.notices(&incident).await;
    assert_eq!(notices[1].acknowledged_by.as_deref(), Some("lea@example.com"));
    assert_eq!((notices[1].acknowledged_at, notices[1].due_at), (Some(world.engine.now()), None));
    assert_eq!(notices[0].acknowledged_at, None);
    assert!(world.newest().await.acknowledged_at.is_none(), "to know of it is not to take it up");
    let open: Vec<_> = world.pages_of(&incident).await.into_iter().filter(|page| page.ended_at.is_none()).collect();
    assert!(open.iter().any(|page| page.purpose == "respond:urgent"));

    // Nobody answers for the security lead: told again, then the owners are.
    world.reachable("owner", "owner", "delivered").await;
    world.forward(540).await;
    assert_eq!((world.paged("sam").len(), world.paged("lea").len()), (2, 1));
    world.forward(600).await;
    assert!(!world.paged("owner").is_empty(), "the fallback is told");
}

#[tokio::test]
async fn raising_the_severity_gives_the_notices_that_are_owed_then_and_each_once() {
    let world = World::with_duties().await;
    let incident = world.raise_as("intrusion", "sev3").await;
    assert_eq!((world.notices(&incident).await, world.paged("sam").len()), (Vec::new(), 0), "nobody has to be told of a SEV3");
    world.set(&incident, Severity::Sev2).await;
    assert_eq!(["sam", "lea", "vera"].map(|name| world.paged(name).len()), [1, 1, 0]);
    world.set(&incident, Severity::Sev1).await;
    assert_eq!(["sam", "lea", "vera"].map(|name| world.paged(name).len()), [1, 1, 1]);
    world.set(&incident, Severity::Sev3).await;
    world.set(&incident, Severity::Sev1).await;
    assert_eq!(["sam", "lea", "vera"].map(|name| world.paged(name).len()), [1, 1, 1], "nobody is told twice of the same");
    assert_eq!(world.kinds("notice.").await.len(), 3);
    let open = world.pages_of(&incident).await.iter().filter(|page| page.purpose.starts_with("notice:")).count();
    assert_eq!(open, 3, "lowering takes none back");
    world.clock.forward(1);
    let reliability = world.raise_as("reliability", "sev2").await;
    assert_eq!(world.notices(&reliability).await, [], "an outage is no matter of legal");
}

#[tokio::test]
async fn on_a_fresh_installation_one_page_names_every_duty_of_the_owner() {
    let world = World::new().await;
    world.reachable("owner", "owner", "delivered").await;
    let incident = world.raise_as("intrusion", "sev1").await;
    assert_eq!(world.paged("owner").len(), 1, "one person is paged once");
    let message = &world.paged("owner")[0];
    assert!(message.text.contains("also the notice to Security lead, Legal, VP Engineering"), "{}", message.text);
    let page = world.pages_of(&incident).await.remove(0);
    let notices = world.notices(&incident).await;
    assert!(notices.len() == 3 && notices.iter().all(|notice| notice.page == Some(page.id)), "{notices:?}");
    world.engine.acknowledge_page(&world.owner, &page.id.to_string()).await.expect("answered");
    world.settle().await;
    assert!(world.notices(&incident).await.iter().all(|notice| notice.acknowledged_at.is_some()));
    assert_eq!((world.paged("owner").len(), world.pages_of(&incident).await.len()), (1, 1));
}

#[tokio::test]
async fn who_stands_for_a_notice_and_did_not_answer_is_paged_when_another_ends_the_page_that_told_them() {
    let world = World::with_duties().await;
    let mut files = builtin_files();
    files.insert("oncall.yaml".into(), DUTIES.replace("sam@", "ann@"));
    world.engine.plans_apply(&world.owner, files).await.expect("applied");
    let incident = world.raise_as("intrusion", "sev2").await;
    assert_eq!(world.paged("ann").len(), 1, "Ann responds, and stands for the security lead");
    world
        .engine
        .command(&world.owner, &incident.short_id, Command::Acknowledge { by: "owner@example.com".into() })
        .await
        .expect("taken up");
    world.settle().await;
    assert_eq!(world.paged("ann").len(), 2, "her own notice is still open");
    let notice = world.notices(&incident).await.remove(0);
    let page = world.engine.page(&world.owner, &notice.page.expect("a page").to_string()).await.expect("shown");
    assert_eq!((page.purpose.as_str(), notice.acknowledged_at), ("notice:security-lead", None));
    let answered = world.engine.acknowledge_page(&person("ann@example.com", Role::Member), &page.id.to_string()).await;
    assert_eq!(answered.expect("answered").state.status, Status::Acknowledged);
}

#[tokio::test]
async fn lint_names_the_notice_that_nobody_stands_for() {
    let world = World::new().await;
    let mut files = builtin_files();
    files.insert("oncall.yaml".into(), DUTIES.replace("lea@example.com", "gone@example.com"));
    world.engine.plans_apply(&world.owner, files).await.expect("applied");
    let found = world.engine.lint_on_call(&world.owner, 4).await.expect("an answer");
    assert!(found.iter().any(|finding| finding.schedule == "notice legal" && finding.flaw.word() == "nobody_told"), "{found:?}");
}

#[tokio::test]
async fn an_incident_about_employees_hands_no_role_and_no_sight_to_who_is_on_call() {
    let world = World::with_duties().await;
    world.send(json!({"alerts": [{"key": "a", "class": "vulnerability", "severity": "sev4"}]})).await;
    let incident = world.newest().await;
    assert!(incident.roles.is_empty(), "a SEV4 calls nobody");
    let id = incident.short_id.clone();
    world.join("hr").await;
    let hr = person("hr@example.com", Role::Member);
    let to_hr = NewGrant {
        grantee: Grantee::Person("hr@example.com".into()),
        level: Level::Manage,
        reason: "their case".into(),
        until: None,
    };
    world.engine.grant(&world.owner, &id, to_hr).await.expect("granted");
    let mark = Command::SetSensitivity { to: Sensitivity::Employee, reason: "an employee".into() };
    world.engine.command(&hr, &id, mark).await.expect("marked");
    assert!(matches!(world.engine.incident(&world.owner, &id).await, Err(Error::NotFound(_))), "owners are shut out");

    // Raised and declared by somebody who is on it: they lead, nobody else comes to it, nobody is told of it.
    let raise = Command::SetSeverity { to: Severity::Sev1, reason: "worse".into() };
    world.engine.command(&hr, &id, raise).await.expect("raised");
    let declared =
        world.engine.command(&hr, &id, Command::Declare { severity: None, reason: String::new() }).await.expect("declared");
    world.forward(3_600).await;
    assert_eq!(declared.commander(), Some("hr@example.com"));
    assert_eq!(declared.roles.len(), 1, "no schedule fills a role");
    assert_eq!(["ann", "sam", "lea", "vera"].map(|name| world.paged(name).len()), [0; 4], "no page and no notice gives sight");
    let access = world.engine.access_list(&hr, &id).await.expect("shown");
    let people: Vec<_> = access.grants.iter().map(|grant| grant.grantee.name().to_owned()).collect();
    assert_eq!(people, ["hr@example.com"]);
    let refused = world.engine.send_page(&hr, &id, "schedule legal", "please look").await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "to give sight takes the right to manage: {refused:?}");

    // Who leads it leaves: it goes to whoever manages it, and to no schedule.
    let to_lea = NewGrant {
        grantee: Grantee::Person("lea@example.com".into()),
        level: Level::Manage,
        reason: "asked".into(),
        until: None,
    };
    world.engine.grant(&hr, &id, to_lea).await.expect("granted");
    world.engine.disable_person(&world.owner, "hr@example.com").await.expect("disabled");
    let lea = person("lea@example.com", Role::Member);
    assert_eq!(world.engine.incident(&lea, &id).await.expect("shown").incident.commander(), Some("lea@example.com"));
    let vacate = world.engine.command(&lea, &id, Command::VacateRole { role: watchfire_core::incident::Role::commander() }).await;
    assert!(matches!(vacate, Err(Error::Refused(Refusal::CommanderNeeded))), "{vacate:?}");
}
