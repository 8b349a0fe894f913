//! Groups that are kept informed by status updates.

use watchfire_core::access::Level;
use watchfire_core::channel::Message;
use watchfire_core::incident::{Class, Command, Kind, Sensitivity, UpdateText, UsersImpacted, Visibility};

use super::world::World;
use crate::plans::{PlanSet, builtin_files};
use crate::{Declare, Grantee, NewGrant, NewUpdate};

const GROUPS: &str = "version: 1
groups:
  - { id: security, title: Security, people: [ann@example.com], channels: [ann], restricted: true }
  - { id: engineering, title: Engineering, people: [ben@example.com, ann@example.com], channels: [ben], when: { severity: at least sev2 } }
";

impl World {
    async fn informed() -> Self {
        let world = Self::new().await;
        for name in ["ann", "ben"] {
            world.join(name).await;
            world.reachable(name, name, "delivered").await;
        }
        let mut files = builtin_files();
        files.insert("stakeholders.yaml".into(), GROUPS.into());
        world.engine.plans_apply(&world.owner, files).await.expect("applied");
        world
    }

    async fn declared(&self, severity: &str, visibility: Visibility) -> String {
        let wish = Declare {
            title: "CANARY of a title".into(),
            class: Class::Reliability,
            severity: severity.parse().ok(),
            team: None,
            visibility: Some(visibility),
            occurred_at: None,
            text: None,
            kind: Kind::Real,
        };
        self.engine.declare(&self.owner, wish).await.expect("declared").short_id
    }

    async fn say(&self, id: &str) {
        let said = || "six words of what is known".to_owned();
        let (risk, timeline, mitigation, status, next_steps) = (said(), said(), said(), said(), said());
        let text = UpdateText { risk, users: UsersImpacted::Many, timeline, mitigation, status, next_steps };
        let wish = NewUpdate { text, revises: None, next_due_at: None };
        self.engine.write_update(&self.owner, id, wish).await.expect("written");
        self.settle().await;
    }

    /// What a place was told of status updates: through the channel itself, and to a person there.
    fn updates(&self, channel: &str) -> (Vec<Message>, Vec<Message>) {
        let messages = self.relay.at(channel).into_iter().map(|(_, message)| message);
        messages.filter(|message| message.subject.contains("status update")).partition(|message| message.to.is_none())
    }
}

#[test]
fn the_groups_that_ship_are_security_infrastructure_engineering_and_operations() {
    let set = PlanSet::load(builtin_files()).expect("no faults");
    let groups: Vec<_> = set.stakeholders.groups.iter().map(|group| group.title.as_str()).collect();
    assert_eq!(groups, ["Security", "Infrastructure", "Engineering", "Operations"]);
    assert!(set.stakeholders.groups.iter().all(|group| !group.people.is_empty() && !group.restricted));
}

#[tokio::test]
async fn a_status_update_goes_to_the_groups_that_the_incident_fits_once_to_each() {
    let world = World::informed().await;
    let id = world.declared("sev2", Visibility::Open).await;
    world.say(&id).await;
    for name in ["ann", "ben"] {
        let (channel, person) = world.updates(name);
        assert_eq!((channel.len(), person.len()), (1, 1), "{name}");
        assert!(channel[0].text.contains("Users impacted: many") && channel[0].subject.contains("CANARY"), "{:?}", channel[0]);
    }
    let sent = world.kinds("update.sent").await;
    assert_eq!(sent.len(), 2, "the record tells through what each group was told");
    let id = world.declared("sev3", Visibility::Open).await;
    world.say(&id).await;
    assert_eq!((world.updates("ann").0.len(), world.updates("ben").0.len()), (2, 1), "engineering is told of what is severe");
}

#[tokio::test]
async fn of_a_restricted_incident_groups_hear_what_they_may_and_of_employees_nothing() {
    let world = World::informed().await;
    let id = world.declared("sev2", Visibility::Restricted).await;
    let ben = NewGrant {
        grantee: Grantee::Person("ben@example.com".into()),
        level: Level::Read,
        reason: "he helps".into(),
        until: None,
    };
    world.engine.grant(&world.owner, &id, ben).await.expect("granted");
    world.say(&id).await;
    let (channel, ann) = world.updates("ann");
    assert_eq!((channel.len(), ann.len()), (1, 0), "the group's channel may hear, Ann may not see it");
    let (channel_of_ben, told) = world.updates("ben");
    assert_eq!((channel_of_ben.len(), told.len()), (0, 1), "the channel may not, Ben is on it");
    for message in [&channel[0], &told[0]] {
        let words = format!("{message:?}");
        assert!(!words.contains("CANARY") && !words.contains("six words"), "{words}");
    }
    let mark = Command::SetSensitivity { to: Sensitivity::Employee, reason: "an employee".into() };
    world.engine.command(&world.owner, &id, mark).await.expect("marked");
    world.say(&id).await;
    assert_eq!((world.updates("ann").0.len(), world.updates("ben").1.len()), (1, 1), "nothing more is sent");
}

#[tokio::test]
async fn a_burned_channel_of_a_group_hands_its_update_to_no_other() {
    use watchfire_core::channel::ChannelTrust;
    let world = World::informed().await;
    world.reachable("owner", "owner", "delivered").await;
    world.engine.trust_channel(&world.owner, "ann", ChannelTrust::Burned, "it is read").await.expect("marked");
    let id = world.declared("sev3", Visibility::Open).await;
    world.say(&id).await;
    assert!(["ann", "ben", "owner"].iter().all(|name| world.updates(name).0.is_empty()), "whoever reads another was not chosen");
    assert!(world.kinds("message.unreachable").await.len() == 1);
}

#[tokio::test]
async fn lint_names_the_group_whose_channel_is_gone() {
    let world = World::informed().await;
    let mut files = builtin_files();
    files.insert("stakeholders.yaml".into(), GROUPS.replace("channels: [ben]", "channels: [gone]"));
    world.engine.plans_apply(&world.owner, files).await.expect("applied");
    let found = world.engine.lint_on_call(&world.owner, 1).await.expect("an answer");
    assert!(
        found.iter().any(|finding| finding.schedule == "stakeholders engineering" && finding.flaw.word() == "no_channel"),
        "{found:?}"
    );
}
