use watchfire_core::access::{Identity, Role};
use watchfire_core::person::{State, Tags};

use super::world::{World, person};
use crate::{Error, NewPerson, Organisation, PeopleFilter, PersonChange, RecordFilter, SeverityDisplay};

fn new(login: &str, role: Role) -> NewPerson {
    NewPerson {
        login: login.into(),
        name: String::new(),
        role,
        state: State::Active,
        time_zone: String::new(),
        tags: Tags::default(),
    }
}

#[tokio::test]
async fn people_are_found_by_skill_team_and_name_and_every_change_is_on_the_record() {
    let world = World::new().await;
    let tags = Tags { skills: vec!["Forensics".into()], ..Tags::default() };
    let wish =
        NewPerson { name: "Ada Vell".into(), time_zone: "Europe/Berlin".into(), tags, ..new("Ada@Example.com", Role::Member) };
    let ada = world.engine.add_person(&world.owner, wish).await.expect("added");
    assert_eq!((ada.login.as_str(), ada.time_zone.as_str()), ("ada@example.com", "Europe/Berlin"));
    world.engine.add_person(&world.owner, new("tobin@example.com", Role::Manager)).await.expect("added");
    assert!(world.engine.add_person(&world.owner, new("ada@example.com", Role::Member)).await.is_err(), "the login is taken");
    world.engine.join_team(&world.owner, "security", "ada@example.com", true).await.expect("joined");
    let found = |filter: PeopleFilter| async {
        let rows = world.engine.people(&world.owner, filter).await.expect("people");
        rows.into_iter().map(|row| row.person.login).collect::<Vec<_>>()
    };
    assert_eq!(found(PeopleFilter { tag: Some("forensics".into()), ..PeopleFilter::default() }).await, ["ada@example.com"]);
    assert_eq!(found(PeopleFilter { team: Some("security".into()), ..PeopleFilter::default() }).await, ["ada@example.com"]);
    assert_eq!(found(PeopleFilter { text: Some("VELL".into()), ..PeopleFilter::default() }).await, ["ada@example.com"]);
    assert_eq!(found(PeopleFilter { role: Some(Role::Manager), ..PeopleFilter::default() }).await, ["tobin@example.com"]);
    world.engine.set_role(&world.owner, "tobin@example.com", Role::Member).await.expect("changed");
    world.engine.disable_person(&world.owner, "tobin@example.com").await.expect("disabled");
    world.engine.enable_person(&world.owner, "tobin@example.com").await.expect("enabled");
    world.engine.leave_team(&world.owner, "security", "ada@example.com").await.expect("left");
    let page = world.engine.record(&world.owner, RecordFilter::default(), crate::PageRequest::default()).await.expect("a page");
    for kind in ["added", "role_changed", "disabled", "enabled", "joined_team", "left_team"] {
        assert!(page.items.iter().any(|entry| entry.kind == format!("person.{kind}")), "person.{kind} is not on the record");
    }
}

#[tokio::test]
async fn the_last_active_owner_stays() {
    let world = World::new().await;
    let login = world.owner.login().expect("a person").to_owned();
    assert!(matches!(world.engine.set_role(&world.owner, &login, Role::Member).await, Err(Error::Invalid { .. })));
    assert!(matches!(world.engine.disable_person(&world.owner, &login).await, Err(Error::Invalid { .. })));
    world.engine.add_person(&world.owner, new("second@example.com", Role::Owner)).await.expect("added");
    world.engine.disable_person(&world.owner, &login).await.expect("there is another one now");
}

#[tokio::test]
async fn members_describe_themselves_and_nobody_else() {
    let world = World::new().await;
    for (login, role) in [("ada@example.com", Role::Member), ("rex@example.com", Role::Restricted)] {
        world.engine.add_person(&world.owner, new(login, role)).await.expect("added");
    }
    let (ada, rex) = (person("ada@example.com", Role::Member), person("rex@example.com", Role::Restricted));
    let change = PersonChange { name: Some("Ada".into()), ..PersonChange::default() };
    assert_eq!(world.engine.change_person(&ada, "ada@example.com", change.clone()).await.expect("own").name, "Ada");
    assert!(matches!(world.engine.change_person(&ada, "rex@example.com", change.clone()).await, Err(Error::Denied(_))));
    assert!(matches!(world.engine.set_role(&ada, "ada@example.com", Role::Owner).await, Err(Error::Denied(_))));
    assert!(matches!(world.engine.join_team(&ada, "security", "ada@example.com", false).await, Err(Error::Denied(_))));
    let wrong = PersonChange { time_zone: Some("Mars/Olympus".into()), ..PersonChange::default() };
    assert!(matches!(world.engine.change_person(&ada, "ada@example.com", wrong).await, Err(Error::Invalid { .. })));
    let seen = world.engine.people(&rex, PeopleFilter::default()).await.expect("themselves");
    assert_eq!(seen.iter().map(|row| row.person.login.as_str()).collect::<Vec<_>>(), ["rex@example.com"]);
    assert!(matches!(world.engine.person(&rex, "ada@example.com").await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_lead_says_who_is_in_the_team_and_in_no_other() {
    let world = World::new().await;
    for login in ["ada@example.com", "bo@example.com"] {
        world.engine.add_person(&world.owner, new(login, Role::Member)).await.expect("added");
    }
    world.engine.join_team(&world.owner, "security", "ada@example.com", true).await.expect("joined");
    let ada = person("ada@example.com", Role::Member);
    world.engine.join_team(&ada, "security", "bo@example.com", false).await.expect("a lead may");
    assert!(matches!(world.engine.join_team(&ada, "platform", "bo@example.com", false).await, Err(Error::Denied(_))));
    let max = Identity::person("max@example.com", Role::Manager);
    let alone = world.engine.join_team(&max, "security", "max@example.com", false).await;
    assert!(
        matches!(alone, Err(Error::Invalid { .. })),
        "what is granted to the team would be theirs by their own hand: {alone:?}"
    );
    assert!(matches!(world.engine.join_team(&world.owner, "nowhere", "bo@example.com", false).await, Err(Error::NotFound(_))));
    let teams = world.engine.teams(&ada).await.expect("teams");
    let security = teams.iter().find(|team| team.id == "security").expect("there");
    assert_eq!(security.members.len(), 2);
}

#[tokio::test]
async fn the_organisation_is_named_by_owners_alone() {
    let world = World::new().await;
    let wanted = Organisation { name: "Example Works".into(), severity_display: SeverityDisplay::P };
    assert!(world.engine.set_organisation(&person("m@example.com", Role::Manager), wanted.clone()).await.is_err());
    world.engine.set_organisation(&world.owner, wanted.clone()).await.expect("set");
    assert_eq!(world.engine.organisation(&world.owner).await.expect("read"), wanted);
}

#[tokio::test]
async fn the_first_owner_is_made_once() {
    let world = World::new().await;
    assert!(!world.engine.first_owner("intruder@example.com").await.expect("answers"), "somebody is there already");
    assert!(world.engine.person_by_login("intruder@example.com").await.expect("answers").is_none());
}
