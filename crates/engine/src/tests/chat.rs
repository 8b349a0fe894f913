//! Commands from chats: who is heard, what they may do, and what is not told there.

use std::collections::BTreeMap;

use serde_json::json;
use watchfire_core::Severity;
use watchfire_core::access::{Identity, Role};
use watchfire_core::channel::{ChannelTrust, Kind as MessageKind, Room};
use watchfire_core::incident::{Class, Incident, Kind, Visibility};
use watchfire_core::person::{State, Tags};
use watchfire_core::source::Headers;

use super::world::World;
use crate::{ChatError, Declare, NewPerson};

const SECRET: &str = "CANARY-signing";

impl World {
    async fn chat(&self, name: &str, more: &[(&str, &str)]) {
        let mut settings: BTreeMap<String, String> =
            [("password", SECRET), ("place", name)].map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        settings.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.engine.add_channel(&self.owner, "relay", name, settings).await.expect("a channel");
    }

    async fn hear(&self, signature: &str, stamp: &str, body: serde_json::Value) -> Result<String, ChatError> {
        let headers: Headers = [("x-signature", signature), ("x-timestamp", stamp)].into_iter().collect();
        Ok(self.engine.chat_hear("relay", &headers, body.to_string().as_bytes()).await?.work().await)
    }

    /// Sends a command from a room as a member; every one has its own time.
    async fn say_in(&self, room: &str, member: &str, text: &str) -> String {
        self.clock.forward(1);
        let stamp = self.engine.now().to_string();
        self.hear(SECRET, &stamp, json!({ "member": member, "room": room, "text": text })).await.expect("it is heard")
    }

    /// Makes a person with a linked chat account.
    async fn linked(&self, login: &str, member: &str) -> Identity {
        let new = NewPerson {
            login: login.to_owned(),
            name: String::new(),
            role: Role::Member,
            state: State::Active,
            time_zone: String::new(),
            tags: Tags::default(),
        };
        self.engine.add_person(&self.owner, new).await.expect("a person");
        let who = self.engine.identity_of(login).await.expect("an answer").expect("an active person");
        let code = self.engine.chat_code(&who).await.expect("a code").code;
        let told = self.say_in("C1", member, &format!("link {code}")).await;
        assert!(told.starts_with(&format!("You are {login} from now on")), "{told}");
        who
    }

    async fn incident(&self, title: &str, visibility: Visibility, who: &Identity) -> Incident {
        let wish = Declare {
            title: title.into(),
            class: Class::Other,
            severity: Some(Severity::Sev2),
            team: None,
            visibility: Some(visibility),
            occurred_at: None,
            text: None,
            kind: Kind::Real,
        };
        self.engine.declare(who, wish).await.expect("declared")
    }
}

#[tokio::test]
async fn who_is_not_linked_learns_how_to_link_and_nothing_else() {
    let world = World::new().await;
    world.chat("chat", &[]).await;
    let incident = world.incident("payments are down", Visibility::Open, &world.owner).await;
    for text in ["status", "help", "declare x sev1", "nonsense", "oncall", &format!("ack {}", incident.short_id)] {
        let told = world.say_in("C1", "T1/U9", text).await;
        assert!(told.contains("is not linked") && !told.contains("INC-") && !told.contains("payments"), "{text}: {told}");
    }
    assert!(world.say_in("C1", "T1/U9", "link wfh_nonsense").await.contains("wrong, used or older"));
}

#[tokio::test]
async fn a_code_links_one_account_once_and_follows_the_persons_rights() {
    let world = World::new().await;
    world.chat("chat", &[]).await;
    let who = world.linked("ada@example.com", "T1/U1").await;
    assert_eq!(world.engine.chat_links(&who).await.expect("links").len(), 1);
    let code = world.engine.chat_code(&who).await.expect("a code").code;
    world.clock.forward(601);
    assert!(world.say_in("C1", "T1/U2", &format!("link {code}")).await.contains("older than ten minutes"));
    assert!(world.say_in("C1", "T2/U1", "status").await.contains("is not linked"), "the same id of another workspace is another");
    world.engine.disable_person(&world.owner, "ada@example.com").await.expect("disabled");
    assert!(world.say_in("C1", "T1/U1", "status").await.contains("is not linked"), "who is disabled here is nobody there");
}

#[tokio::test]
async fn forged_and_repeated_requests_do_nothing() {
    let world = World::new().await;
    world.chat("chat", &[]).await;
    world.linked("ada@example.com", "T1/U1").await;
    let body = json!({ "member": "T1/U1", "room": "C1", "text": "declare the cache is cold sev3" });
    let forged = world.hear("another", "1", body.clone()).await;
    assert!(matches!(forged, Err(ChatError::Unheard(_))), "{forged:?}");
    assert!(world.hear(SECRET, "1", body.clone()).await.expect("heard").starts_with("Declared as INC-"));
    let again = world.hear(SECRET, "1", body).await;
    assert!(matches!(again, Err(ChatError::Unheard(_))), "{again:?}");
    assert!(world.engine.chat_hear("plain", &Headers::default(), b"").await.is_err(), "no such chat");
    world.engine.trust_channel(&world.owner, "chat", ChannelTrust::Burned, "taken over").await.expect("burned");
    let burned = world.hear(SECRET, "2", json!({ "member": "T1/U1", "room": "C1", "text": "status" })).await;
    assert!(matches!(burned, Err(ChatError::Unheard(_))), "{burned:?}");
}

#[tokio::test]
async fn a_linked_person_works_on_an_incident_from_the_chat() {
    let world = World::new().await;
    world.chat("chat", &[]).await;
    world.linked("ada@example.com", "T1/U1").await;
    let told = world.say_in("C1", "T1/U1", "declare checkout fails sev2").await;
    let id = told.split(' ').find(|word| word.starts_with("INC-")).expect("its name").to_owned();
    for (text, answer) in [
        (format!("ack {id}"), "Acknowledged."),
        (format!("note {id} the cache is cold"), "Noted."),
        (format!("role {id} scribe ada@example.com"), "Assigned."),
    ] {
        let told = world.say_in("C1", "T1/U1", &text).await;
        assert!(told == answer || (text.starts_with("ack") && told.contains("already")), "{text}: {told}");
    }
    assert!(world.say_in("C1", "T1/U1", &format!("status {id}")).await.contains("checkout fails"));
    assert!(world.say_in("C1", "T1/U1", "status").await.contains(&id));
    let pressed = json!({ "member": "T1/U1", "room": "C1", "button": "acknowledge", "value": format!("m {id}") });
    assert!(!world.hear(SECRET, "press", pressed).await.expect("heard").is_empty());
    for refused in [format!("resolve {id}"), format!("close {id}"), format!("approve {id}")] {
        assert!(world.say_in("C1", "T1/U1", &refused).await.starts_with("There is no such verb"), "{refused}");
    }
}

#[tokio::test]
async fn a_restricted_incident_is_named_in_its_own_room_and_nowhere_else() {
    let world = World::new().await;
    world.chat("chat", &[]).await;
    let ada = world.linked("ada@example.com", "T1/U1").await;
    let secret = world.incident("the vault leaks", Visibility::Restricted, &world.owner).await;
    let role = watchfire_core::incident::Role::parse("commander").expect("a role");
    let lead = watchfire_core::incident::Command::AssignRole { role, holder: "ada@example.com".to_owned() };
    world.engine.command(&world.owner, &secret.short_id, lead).await.expect("assigned");
    let tells = |told: &str| told.contains(&secret.short_id) || told.contains(&secret.codename) || told.contains("vault");
    let elsewhere = world.say_in("C1", "T1/U1", &format!("status {}", secret.short_id)).await;
    assert_eq!(elsewhere, "Open the console: this is not told here.");
    let list = world.say_in("C1", "T1/U1", "status").await;
    assert_eq!(list, "Nothing open that may be named here.");
    let room = world.engine.open_incident_room(&ada, &secret.short_id, "chat").await.expect("a room").room;
    let own = world.say_in(&room, "T1/U1", "status").await;
    assert!(tells(&own), "{own}");
    world.engine.trust_channel(&world.owner, "chat", ChannelTrust::Suspect, "odd logins").await.expect("suspect");
    let suspect = world.say_in(&room, "T1/U1", "status").await;
    assert!(!tells(&suspect), "{suspect}");
}

#[tokio::test]
async fn an_open_incident_gets_its_room_at_once_and_its_people_are_invited_and_removed() {
    let world = World::new().await;
    world.chat("chat", &[("rooms", "declare"), ("announce", "C-SEC")]).await;
    let ada = world.linked("ada@example.com", "T1/U1").await;
    let open = world.incident("payments are down", Visibility::Open, &ada).await;
    world.incident("the vault leaks", Visibility::Restricted, &ada).await;
    world.engine.keep_rooms().await.expect("the store answers");
    world.engine.keep_rooms().await.expect("the store answers");
    let made: Vec<Room> = world.relay.rooms().into_iter().filter(|act| matches!(act, Room::Open { .. })).collect();
    assert_eq!(made.len(), 1, "once, and none for what is restricted: {made:?}");
    world.engine.empty_outbox().await.expect("the store answers");
    let told = world.relay.at("chat");
    assert_eq!(told.len(), 1, "the department is told once");
    assert_eq!((told[0].1.to.as_deref(), told[0].1.kind), (Some("C-SEC"), MessageKind::Notice));
    assert!(told[0].1.subject.contains(&open.short_id));

    let role = watchfire_core::incident::Role::parse("scribe").expect("a role");
    let give = |holder: &str| watchfire_core::incident::Command::AssignRole { role: role.clone(), holder: holder.to_owned() };
    world.engine.command(&world.owner, &open.short_id, give("ada@example.com")).await.expect("assigned");
    world.engine.keep_rooms().await.expect("the store answers");
    let room = format!("room of {} {}", open.short_id, open.codename);
    let invite = Room::Invite { room: room.clone(), people: vec!["T1/U1".into()] };
    assert!(world.relay.rooms().contains(&invite), "{:?}", world.relay.rooms());
    world.engine.command(&world.owner, &open.short_id, give("owner@example.com")).await.expect("assigned");
    let other = watchfire_core::incident::Role::parse("commander").expect("a role");
    let lead = watchfire_core::incident::Command::AssignRole { role: other, holder: "owner@example.com".to_owned() };
    world.engine.command(&world.owner, &open.short_id, lead).await.ok();
    world.engine.keep_rooms().await.expect("the store answers");
    let remove = Room::Remove { room, people: vec!["T1/U1".into()] };
    assert!(world.relay.rooms().contains(&remove), "{:?}", world.relay.rooms());
}

#[tokio::test]
async fn a_person_a_schedule_and_a_team_are_paged_from_the_chat_under_the_askers_rights() {
    let world = World::new().await;
    world.chat("chat", &[]).await;
    let ada = world.linked("ada@example.com", "T1/U1").await;
    world.linked("ben@example.com", "T1/U2").await;
    world.engine.join_team(&world.owner, "platform", "ben@example.com", false).await.expect("joined");
    let open = world.incident("payments are down", Visibility::Open, &ada).await;
    for (whom, told) in [
        ("ben@example.com", "ben@example.com"),
        ("seoc", "owner@example.com"),
        ("schedule seoc", "owner@example.com"),
        ("team platform", "ben@example.com"),
        ("owners", "owner@example.com"),
    ] {
        let answer = world.say_in("C1", "T1/U1", &format!("page {} {whom}", open.short_id)).await;
        assert_eq!(answer, format!("Paged {told}."), "{whom}");
    }
    let pages = world.engine.my_open_pages(&Identity::person("ben@example.com", Role::Member)).await.expect("pages");
    let by_hand = pages.iter().find(|page| page.purpose.starts_with("by-hand")).expect("a page");
    assert_eq!((by_hand.begun_by.as_str(), by_hand.reason.as_str()), ("ada@example.com", "Asked for by ada@example.com in chat"));
    for (whom, told) in [("nowhere", "name a login"), ("schedule nowhere", "nobody stands behind it"), ("", "Write: page")] {
        let answer = world.say_in("C1", "T1/U1", &format!("page {} {whom}", open.short_id)).await;
        assert!(answer.contains(told), "{whom}: {answer}");
    }
    let shut = world.incident("the vault leaks", Visibility::Restricted, &world.owner).await;
    let answer = world.say_in("C1", "T1/U1", &format!("page {} owners", shut.short_id)).await;
    assert!(answer.contains("not found"), "who may not see it pages nobody about it: {answer}");
    let role = watchfire_core::incident::Role::parse("scribe").expect("a role");
    let take = watchfire_core::incident::Command::AssignRole { role, holder: "ada@example.com".to_owned() };
    world.engine.command(&world.owner, &shut.short_id, take).await.expect("assigned");
    let answer = world.say_in("C1", "T1/U1", &format!("page {} owners", shut.short_id)).await;
    assert_eq!(answer, "Paged. The console shows who answers.", "nobody who is on it is named outside of its room");
}

#[tokio::test]
async fn who_is_on_call_is_told_to_those_who_may_look_and_not_on_a_channel_that_others_read() {
    let world = World::new().await;
    world.chat("chat", &[]).await;
    world.linked("ada@example.com", "T1/U1").await;
    let all = world.say_in("C1", "T1/U1", "oncall").await;
    assert!(all.lines().count() >= 4 && all.contains("owner@example.com"), "{all}");
    let one = world.say_in("C1", "T1/U1", "oncall seoc").await;
    assert!(one.starts_with("Security engineer on call: owner@example.com") && one.lines().count() == 1, "{one}");
    assert!(world.say_in("C1", "T1/U1", "oncall nowhere").await.contains("no such schedule or team"));
    assert_eq!(world.say_in("C1", "T1/U1", "oncall platform").await.lines().count(), 1, "a schedule and a team of one name");
    world.linked("rea@example.com", "T1/U3").await;
    world.engine.set_role(&world.owner, "rea@example.com", Role::Restricted).await.expect("restricted");
    assert!(world.say_in("C1", "T1/U3", "oncall").await.starts_with("It was not done"));
    world.engine.trust_channel(&world.owner, "chat", ChannelTrust::Suspect, "odd logins").await.expect("suspect");
    assert_eq!(world.say_in("C1", "T1/U1", "oncall").await, "Open the console: this is not told here.");
}

#[tokio::test]
async fn an_incident_about_employees_leaves_the_console_by_its_codename_alone() {
    use watchfire_core::incident::{Command, Role as IncidentRole, Sensitivity};
    let world = World::new().await;
    world.chat("chat", &[("rooms", "ask"), ("announce", "C-SEC")]).await;
    let ada = world.linked("ada@example.com", "T1/U1").await;
    let contact = world.engine.add_contact(&ada, "ada@example.com", "chat", "ada-1").await.expect("added");
    world.engine.empty_outbox().await.expect("the store answers");
    let code = world.relay.at("chat").pop().expect("a code").1.subject;
    let code = code.split(' ').next().expect("a first word").to_owned();
    world.engine.verify_contact(&ada, contact.id, &code).await.expect("verified");
    let open = world.incident("an engineer copied the payroll", Visibility::Open, &world.owner).await;
    let role = IncidentRole::parse("scribe").expect("a role");
    for command in [
        Command::SetSensitivity { to: Sensitivity::Employee, reason: "a colleague".to_owned() },
        Command::AssignRole { role, holder: "ada@example.com".to_owned() },
    ] {
        world.engine.command(&world.owner, &open.short_id, command).await.expect("done");
    }
    assert_eq!(world.say_in("C1", "T1/U1", "status").await, "Nothing open that may be named here.");
    let told = world.say_in("C1", "T1/U1", &format!("status {}", open.short_id)).await;
    assert_eq!(told, "Open the console: this is not told here.");
    world.engine.open_incident_room(&ada, &open.short_id, "chat").await.expect("a room");
    world.engine.send_page(&world.owner, &open.short_id, "ada@example.com", "look at it").await.expect("paged");
    world.engine.empty_outbox().await.expect("the store answers");
    let left: Vec<_> = world.relay.at("chat").into_iter().map(|(_, message)| message).collect();
    assert!(left.iter().any(|message| message.kind == MessageKind::Page && message.subject.contains(&open.codename)), "{left:?}");
    assert!(left.iter().all(|message| message.to.as_deref() != Some("C-SEC")), "the department is not told: {left:?}");
    assert!(left.iter().all(|message| !format!("{message:?}").contains("payroll")), "{left:?}");
}
