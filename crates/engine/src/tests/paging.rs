//! Pages: who is told, what happens when nobody answers, what ends it.

use std::collections::BTreeMap;

use serde_json::json;
use watchfire_core::Severity;
use watchfire_core::access::Role;
use watchfire_core::channel::{ChannelTrust, Kind as MessageKind, Message};
use watchfire_core::escalation::{Answer, Status};
use watchfire_core::incident::{Class, Command, Incident, Kind, Phase, Refusal, Role as IncidentRole, Visibility};
use watchfire_core::person::{State, Tags};

use super::world::{World, person};
use crate::plans::builtin_files;
use crate::{Contact, Declare, Error, NewPerson, PageFilter, PageRequest, PageView, Preference, RecordFilter};

const POLICY: &str = "version: 1
policies:
  - name: test
    steps:
      - { page: [ann@example.com], wait: 5m }
      - { page: [ben@example.com], wait: 10m }
    stops: STOPS
    fallback: { page: [owners], every: 15m }
rules:
  - { name: severe, when: { severity: at least sev3 }, policy: test }
stalled_after: { sev2: 30m }
";

impl World {
    /// A world with Ann and Ben, who are paged in this order, each with a verified contact on a channel of their name.
    async fn with_pages(stops: &str) -> Self {
        let world = Self::new().await;
        world.escalation(&POLICY.replace("STOPS", stops)).await;
        for name in ["ann", "ben"] {
            world.join(name).await;
            world.reachable(name, name, "delivered").await;
        }
        world
    }

    pub(super) async fn escalation(&self, text: &str) {
        let mut files = builtin_files();
        files.insert("escalation.yaml".into(), text.into());
        self.engine.plans_apply(&self.owner, files).await.expect("applied");
    }

    pub(super) async fn join(&self, name: &str) {
        let new = NewPerson {
            login: format!("{name}@example.com"),
            name: name.into(),
            role: Role::Member,
            state: State::Active,
            time_zone: String::new(),
            tags: Tags::default(),
        };
        self.engine.add_person(&self.owner, new).await.expect("added");
    }

    /// Sets a channel up and gives a person a verified contact on it.
    pub(super) async fn reachable(&self, name: &str, channel: &str, answer: &str) -> Contact {
        let settings = |answer: &str| -> BTreeMap<String, String> {
            [("answer", answer), ("place", channel)].into_iter().map(|(key, value)| (key.into(), value.into())).collect()
        };
        self.engine.add_channel(&self.owner, "relay", channel, settings("delivered")).await.expect("a channel");
        let login = format!("{name}@example.com");
        let contact = self.engine.add_contact(&self.owner, &login, channel, &login).await.expect("added");
        self.settle().await;
        let (_, message) = self.relay.at(channel).pop().expect("a code");
        let code = message.subject.split(' ').next().expect("a first word").to_owned();
        let contact = self.engine.verify_contact(&self.owner, contact.id, &code).await.expect("verified");
        self.engine.set_channel(&self.owner, channel, settings(answer)).await.expect("changed");
        contact
    }

    /// Does what is due and sends what waits, until nothing more follows.
    pub(super) async fn settle(&self) {
        for _ in 0..4 {
            self.engine.due_timers().await.expect("the store answers");
            self.engine.empty_outbox().await.expect("the store answers");
        }
    }

    pub(super) async fn forward(&self, seconds: i64) {
        self.clock.forward(seconds);
        self.settle().await;
    }

    /// The pages that left through a channel; codes are none.
    pub(super) fn paged(&self, channel: &str) -> Vec<Message> {
        let pages = self.relay.at(channel).into_iter().map(|(_, message)| message);
        pages.filter(|message| message.kind == MessageKind::Page).collect()
    }

    pub(super) async fn raise(&self, severity: &str) -> Incident {
        self.raise_as("reliability", severity).await
    }

    pub(super) async fn raise_as(&self, class: &str, severity: &str) -> Incident {
        self.send(json!({"alerts": [{"key": severity, "class": class, "resource": severity, "severity": severity}]})).await;
        self.settle().await;
        self.newest().await
    }

    pub(super) async fn newest(&self) -> Incident {
        let page = self.engine.incidents(&self.owner, crate::IncidentFilter::default(), PageRequest::default()).await;
        page.expect("a page").items.remove(0).incident
    }

    pub(super) async fn pages_of(&self, incident: &Incident) -> Vec<PageView> {
        let filter = PageFilter { incident: Some(incident.short_id.clone()), ..PageFilter::default() };
        let pages = self.engine.pages(&self.owner, filter, PageRequest::default()).await.expect("pages").items;
        let mut full = Vec::new();
        for page in pages {
            full.push(self.engine.page(&self.owner, &page.id.to_string()).await.expect("the page"));
        }
        full
    }

    pub(super) async fn kinds(&self, prefix: &str) -> Vec<String> {
        let page = self.engine.record(&self.owner, RecordFilter::default(), PageRequest { cursor: None, limit: 200 }).await;
        let entries = page.expect("a page").items.into_iter().rev();
        entries.map(|entry| entry.kind).filter(|kind| kind.starts_with(prefix)).collect()
    }
}

pub(super) fn link(message: &Message) -> String {
    let link = message.acknowledge.as_deref().expect("a page has a link");
    link.rsplit('/').next().expect("a last part").to_owned()
}

#[tokio::test]
async fn a_page_that_nobody_answers_goes_to_the_next_step_and_then_to_the_fallback() {
    let world = World::with_pages("incident").await;
    world.reachable("owner", "owner", "delivered").await;
    let incident = world.raise("sev2").await;
    assert_eq!((world.paged("ann").len(), world.paged("ben").len()), (1, 0));
    world.forward(299).await;
    assert_eq!(world.paged("ben").len(), 0, "not before its time");
    world.forward(1).await;
    assert_eq!((world.paged("ann").len(), world.paged("ben").len(), world.paged("owner").len()), (1, 1, 0));
    world.forward(600).await;
    assert_eq!((world.paged("ben").len(), world.paged("owner").len()), (1, 1));
    let page = world.pages_of(&incident).await.remove(0);
    assert_eq!(page.state.status, Status::Exhausted);
    world.forward(900).await;
    assert_eq!(world.paged("owner").len(), 2, "the fallback is told until somebody answers");
    let told: Vec<_> = world.kinds("page.").await;
    for kind in ["page.begun", "page.told", "page.expired", "page.escalated", "page.exhausted"] {
        assert!(told.iter().any(|known| known == kind), "{kind} is not on the record: {told:?}");
    }
    let keys: std::collections::BTreeSet<_> = page.attempts.iter().map(|attempt| &attempt.key).collect();
    assert_eq!(keys.len(), page.attempts.len());
    assert!(page.attempts.iter().any(|attempt| attempt.reply.contains("250 ok")), "the reply is kept");
}

#[tokio::test]
async fn a_link_acknowledges_page_and_incident_and_looking_at_it_changes_nothing() {
    let world = World::with_pages("incident").await;
    let incident = world.raise("sev2").await;
    let secret = link(&world.paged("ann")[0]);
    let shown = world.engine.acknowledge_link(&secret).await.expect("answers").expect("a link");
    assert_eq!((shown.person.as_str(), shown.page.state.status), ("ann@example.com", Status::Delivered));
    assert!(world.newest().await.acknowledged_at.is_none(), "looking changes nothing");
    world.clock.forward(60);
    let done = world.engine.redeem_acknowledge_link(&secret).await.expect("answers").expect("a link");
    assert_eq!(done.page.state.status, Status::Acknowledged);
    assert_eq!(world.newest().await.acknowledged_at, Some(world.engine.now()));
    world.forward(3_600).await;
    assert_eq!((world.paged("ben").len(), world.paged("ann").len()), (0, 1), "nobody else is told");
    assert!(world.engine.redeem_acknowledge_link(&secret).await.expect("answers").is_some(), "twice is fine");
    let entries = world.kinds("page.acknowledged").await;
    assert_eq!(entries.len(), 1, "and happens once");
    assert_eq!(
        world.pages_of(&incident).await[0].state.recipient("ann@example.com").map(|told| told.answer),
        Some(Answer::Acknowledged)
    );
}

#[tokio::test]
async fn a_link_is_for_one_page_and_one_person_and_ends() {
    let world = World::with_pages("incident").await;
    world.raise("sev2").await;
    let secret = link(&world.paged("ann")[0]);
    let mut forged = secret.clone();
    forged.replace_range(10..11, if &secret[10..11] == "a" { "b" } else { "a" });
    assert!(world.engine.acknowledge_link(&forged).await.expect("answers").is_none());
    world.engine.disable_person(&world.owner, "ann@example.com").await.expect("disabled");
    assert!(world.engine.redeem_acknowledge_link(&secret).await.expect("answers").is_none(), "she is not let in any more");
    world.engine.enable_person(&world.owner, "ann@example.com").await.expect("enabled");
    assert!(world.engine.acknowledge_link(&secret).await.expect("answers").is_some());
    world.clock.forward(24 * 3_600);
    assert!(world.engine.acknowledge_link(&secret).await.expect("answers").is_none(), "after a day it is over");
}

#[tokio::test]
async fn an_alert_yields_a_named_commander_in_the_same_commit() {
    let world = World::new().await;
    world.send(json!({"alerts": [{"key": "a", "class": "intrusion", "resource": "one", "severity": "sev2"}]})).await;
    let incident = world.newest().await;
    assert_eq!(incident.commander(), Some("owner@example.com"));
    assert_eq!(incident.roles[0].since, incident.created_at);
    let declared =
        world.engine.command(&world.owner, &incident.short_id, Command::Declare { severity: None, reason: String::new() });
    declared.await.expect("declared");
    let vacate = Command::VacateRole { role: IncidentRole::commander() };
    let refused = world.engine.command(&world.owner, &incident.short_id, vacate).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::CommanderNeeded))), "{refused:?}");
}

#[tokio::test]
async fn a_restart_in_the_middle_loses_no_page_and_doubles_none() {
    let world = World::with_pages("incident").await;
    world.send(json!({"alerts": [{"key": "x", "class": "intrusion", "resource": "x", "severity": "sev2"}]})).await;
    // The page is on stable storage and nothing has left yet.
    assert_eq!(world.paged("ann").len(), 0);
    let world = world.restart().await;
    world.settle().await;
    assert_eq!(world.paged("ann").len(), 1);
    let world = world.restart().await;
    world.forward(300).await;
    assert_eq!((world.paged("ann").len(), world.paged("ben").len()), (1, 1));
    let keys: std::collections::BTreeSet<_> =
        ["ann", "ben"].iter().flat_map(|at| world.paged(at)).map(|message| message.key).collect();
    assert_eq!(keys.len(), 2);
}

#[tokio::test]
async fn everyone_must_acknowledge_where_the_policy_says_so() {
    let world = World::with_pages("everyone").await;
    world
        .escalation(&POLICY.replace("STOPS", "everyone").replace("[ann@example.com]", "[ann@example.com, ben@example.com]"))
        .await;
    let incident = world.raise("sev2").await;
    let (ann, ben) = (person("ann@example.com", Role::Member), person("ben@example.com", Role::Member));
    world.on_it(&incident, &["ann", "ben"]).await;
    let page = world.pages_of(&incident).await.remove(0);
    let after = world.engine.acknowledge_page(&ann, &page.id.to_string()).await.expect("answered");
    assert!(after.state.status.is_open(), "one of two");
    assert!(world.newest().await.acknowledged_at.is_some(), "somebody has the incident");
    world.forward(300).await;
    assert_eq!((world.paged("ann").len(), world.paged("ben").len()), (1, 2), "only the missing one is told again");
    let after = world.engine.acknowledge_page(&ben, &page.id.to_string()).await.expect("answered");
    assert_eq!(after.state.status, Status::Acknowledged);
}

impl World {
    /// Gives people roles, so that they may see the incident.
    pub(super) async fn on_it(&self, incident: &Incident, names: &[&str]) {
        for (name, role) in names.iter().zip(["scribe", "liaison"]) {
            let role = IncidentRole::parse(role).expect("a word");
            let give = Command::AssignRole { role, holder: format!("{name}@example.com") };
            self.engine.command(&self.owner, &incident.short_id, give).await.expect("assigned");
        }
    }
}

#[tokio::test]
async fn who_is_disabled_is_passed_over_at_once_and_loses_every_role() {
    let world = World::with_pages("incident").await;
    let incident = world.raise("sev2").await;
    let lead = Command::AssignRole { role: IncidentRole::commander(), holder: "ann@example.com".into() };
    world.engine.command(&world.owner, &incident.short_id, lead).await.expect("assigned");
    world
        .engine
        .command(&world.owner, &incident.short_id, Command::Declare { severity: None, reason: String::new() })
        .await
        .expect("declared");
    world.engine.disable_person(&world.owner, "ann@example.com").await.expect("disabled");
    world.settle().await;
    assert_eq!(world.paged("ben").len(), 1, "the next is told at once");
    assert_eq!(world.newest().await.commander(), Some("owner@example.com"), "a declared incident is led");
    let second = world.raise("sev1").await;
    assert_eq!((world.paged("ann").len(), world.paged("ben").len()), (1, 2), "she is told nothing any more");
    assert!(world.kinds("page.skipped").await.len() == 1);
    assert_eq!(second.commander(), Some("owner@example.com"));
}

#[tokio::test]
async fn raising_the_severity_fires_and_lowering_it_takes_nothing_back() {
    let world = World::with_pages("incident").await;
    let incident = world.raise("sev4").await;
    assert_eq!(world.pages_of(&incident).await.len(), 0, "nobody is paged for a SEV4");
    let set = |to| Command::SetSeverity { to, reason: "seen".into() };
    let raised = world.engine.command(&world.owner, &incident.short_id, set(Severity::Sev2)).await.expect("raised");
    world.settle().await;
    assert_eq!((world.paged("ann").len(), raised.commander()), (1, Some("owner@example.com")), "at once");
    world.engine.command(&world.owner, &incident.short_id, set(Severity::Sev4)).await.expect("lowered");
    let page = world.pages_of(&incident).await.remove(0);
    assert!(page.state.status.is_open(), "who was told stays told");
    world.engine.command(&world.owner, &incident.short_id, set(Severity::Sev1)).await.expect("raised");
    world.settle().await;
    assert_eq!(world.pages_of(&incident).await.len(), 1, "the same cause pages once");
}

#[tokio::test]
async fn quiet_hours_hold_for_a_sev3_until_it_becomes_a_sev1() {
    let world = World::with_pages("incident").await;
    let quiet = Preference {
        login: "ann@example.com".into(),
        time_zone: None,
        quiet: Some((0, 24 * 60 - 1)),
        sound: false,
        changed_at: world.engine.now(),
    };
    world.engine.set_paging_preference(&world.owner, quiet).await.expect("kept");
    let incident = world.raise("sev3").await;
    assert_eq!((world.paged("ann").len(), world.paged("ben").len()), (0, 1));
    let raise = Command::SetSeverity { to: Severity::Sev1, reason: "worse".into() };
    world.engine.command(&world.owner, &incident.short_id, raise).await.expect("raised");
    world.settle().await;
    assert_eq!(world.paged("ben").len(), 2, "told again where it stands");
    world.raise("sev2").await;
    assert_eq!(world.paged("ann").len(), 1, "quiet hours never silence a SEV2");
}

#[tokio::test]
async fn a_contact_that_refuses_gives_way_to_the_next_and_then_to_the_next_person() {
    let world = World::with_pages("incident").await;
    world.raise("sev3").await;
    assert_eq!(world.paged("ann").len(), 1);
    let settings = |answer: &str, place: &str| -> BTreeMap<String, String> {
        [("answer", answer), ("place", place)].into_iter().map(|(key, value)| (key.into(), value.into())).collect()
    };
    world.engine.set_channel(&world.owner, "ann", settings("refused", "ann")).await.expect("changed");
    world.reachable("ann", "second", "delivered").await;
    let incident = world.raise("sev2").await;
    assert_eq!((world.paged("ann").len(), world.paged("second").len(), world.paged("ben").len()), (2, 1, 0));
    world.engine.set_channel(&world.owner, "second", settings("refused", "second")).await.expect("changed");
    let second = world.raise("sev1").await;
    assert_eq!(world.paged("ben").len(), 1, "no contact takes it: the next step at once");
    let page = world.pages_of(&second).await.remove(0);
    assert_eq!(page.state.recipient("ann@example.com").map(|told| told.answer), Some(Answer::Unreachable));
    assert!(world.pages_of(&incident).await[0].state.status == Status::Delivered);
}

#[tokio::test]
async fn a_restricted_incident_leaves_without_its_title_and_a_suspect_channel_says_only_that_there_is_work() {
    let world = World::with_pages("incident").await;
    world.send(json!({"alerts": [{"key": "a", "title": "CANARY board member", "class": "intrusion", "severity": "sev2"}]})).await;
    world.settle().await;
    let incident = world.newest().await;
    assert_eq!(incident.visibility, Visibility::Restricted);
    let said = format!("{:?}", world.paged("ann")[0]);
    assert!(!said.contains("CANARY") && said.contains(&incident.codename), "{said}");
    world.engine.trust_channel(&world.owner, "ben", ChannelTrust::Suspect, "an odd sign-in").await.expect("marked");
    world.forward(300).await;
    let message = world.paged("ben").remove(0);
    assert_eq!(
        (message.subject.as_str(), message.acknowledge, message.incident),
        ("You have work. Open the console.", None, None)
    );
}

#[tokio::test]
async fn a_clock_that_goes_back_brings_nothing_early_and_loses_nothing() {
    let world = World::with_pages("incident").await;
    world.raise("sev2").await;
    world.forward(-7_200).await;
    world.forward(7_200).await;
    assert_eq!(world.paged("ben").len(), 0);
    world.forward(300).await;
    assert_eq!(world.paged("ben").len(), 1);
}

#[tokio::test]
async fn the_end_of_an_incident_ends_its_pages() {
    let world = World::with_pages("incident").await;
    let incident = world.raise_as("intrusion", "sev2").await;
    let dismiss = Command::Dismiss { reason: "a test by the vendor".into() };
    world.engine.command(&world.owner, &incident.short_id, dismiss).await.expect("dismissed");
    world.forward(3_600).await;
    assert_eq!((world.pages_of(&incident).await[0].state.status, world.paged("ben").len()), (Status::Withdrawn, 0));
    let budget = world.engine.page_budget(&world.owner, 7).await.expect("a budget");
    assert_eq!((budget.pages, budget.non_actionable), (1, 1));
    assert_eq!(budget.suggestion.map(|suggestion| suggestion.rule), Some("cloud-threat".to_owned()));
}

#[tokio::test]
async fn a_stalled_incident_is_recorded_once_for_each_standstill() {
    let world = World::with_pages("incident").await;
    let incident = world.raise("sev2").await;
    world.engine.acknowledge_pages_of(&world.owner, &incident.short_id).await.expect("answers");
    for _ in 0..6 {
        world.forward(901).await;
    }
    assert_eq!(world.kinds("incident.stalled").await.len(), 1);
    let since = world.engine.stalled_since(&world.owner, &incident.short_id).await.expect("answers");
    assert!(since.is_some());
    let detail = world.engine.incident(&world.owner, &incident.short_id).await.expect("the incident");
    let row = world.engine.incidents(&world.owner, crate::IncidentFilter::default(), PageRequest::default()).await;
    assert_eq!((detail.stalled_since, row.expect("a page").items[0].stalled_since), (since, since), "page and list say the same");
    world.engine.command(&world.owner, &incident.short_id, Command::Note { text: "we look".into() }).await.expect("noted");
    assert!(world.engine.stalled_since(&world.owner, &incident.short_id).await.expect("answers").is_none());
    for _ in 0..6 {
        world.forward(901).await;
    }
    assert_eq!(world.kinds("incident.stalled").await.len(), 2);
}

#[tokio::test]
async fn a_contact_gets_no_page_before_its_code_was_given_and_five_guesses_end_a_code() {
    let world = World::with_pages("incident").await;
    let (ann, ben) = (person("ann@example.com", Role::Member), person("ben@example.com", Role::Member));
    let contact = world.engine.add_contact(&ann, "ann@example.com", "ben", "other@example.com").await.expect("added");
    let foreign = world.engine.verify_contact(&ben, contact.id, "00000000").await;
    assert!(matches!(foreign, Err(Error::NotFound("contact"))), "{foreign:?}");
    world.settle().await;
    let (_, sent) = world.relay.at("ben").pop().expect("a code");
    let code = sent.subject.split(' ').next().expect("a first word").to_owned();
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    for _ in 0..5 {
        assert!(world.engine.verify_contact(&ann, contact.id, wrong).await.is_err());
    }
    let late = world.engine.verify_contact(&ann, contact.id, &code).await.expect_err("too many tries");
    assert!(late.to_string().contains("too many"), "{late}");
    world.raise("sev2").await;
    assert!(world.paged("ben").is_empty(), "nothing goes to a contact that nobody has shown to read");
    assert!(world.engine.add_contact(&ben, "ann@example.com", "ben", "x").await.is_err(), "only for oneself");
}

#[tokio::test]
async fn nobody_learns_of_a_page_about_an_incident_that_they_may_not_see() {
    let world = World::with_pages("incident").await;
    let incident = world.raise_as("intrusion", "sev2").await;
    let page = world.pages_of(&incident).await.remove(0);
    world.join("zoe").await;
    let zoe = person("zoe@example.com", Role::Member);
    let all = world.engine.pages(&zoe, PageFilter::default(), PageRequest::default()).await.expect("a page");
    assert!(all.items.is_empty());
    let hidden = world.engine.page(&zoe, &page.id.to_string()).await.expect_err("hidden");
    let absent = world.engine.page(&zoe, "018f0000-0000-7000-8000-000000000000").await.expect_err("absent");
    assert_eq!(hidden.to_string(), absent.to_string());
    assert_eq!(world.engine.page_budget(&zoe, 30).await.expect("a budget").pages, 0);
    assert!(world.engine.send_page(&zoe, &incident.short_id, "owners", "x").await.is_err());
}

#[tokio::test]
async fn paging_a_second_team_by_hand_calls_the_commander() {
    let world = World::new().await;
    world.join("ben").await;
    world.engine.join_team(&world.owner, "platform", "ben@example.com", false).await.expect("joined");
    let wish = Declare {
        title: "Odd logins".into(),
        class: Class::Account,
        severity: Some(Severity::Sev4),
        team: None,
        visibility: None,
        occurred_at: None,
        text: None,
        kind: Kind::Real,
    };
    let incident = world.engine.declare(&world.owner, wish).await.expect("declared");
    assert_eq!((incident.phase, incident.commander()), (Phase::Declared, Some("owner@example.com")));
    world.join("ann").await;
    let lead = Command::AssignRole { role: IncidentRole::commander(), holder: "ann@example.com".into() };
    world.engine.command(&world.owner, &incident.short_id, lead).await.expect("assigned");
    let page = world.engine.send_page(&world.owner, &incident.short_id, "team platform", "please look").await.expect("paged");
    assert!(page.state.recipient("ben@example.com").is_some());
    let purposes: Vec<_> = world.pages_of(&incident).await.into_iter().map(|page| page.purpose).collect();
    assert!(purposes.iter().any(|purpose| purpose == "coordinate:commander"), "{purposes:?}");
    assert!(world.engine.send_page(&world.owner, &incident.short_id, "schedule nowhere", "x").await.is_err());
}
