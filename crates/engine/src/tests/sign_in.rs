//! Signing in, end to end in the engine.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Role};
use watchfire_core::person::State;
use watchfire_core::token::TokenKind;

use super::world::{World, person};
use crate::sign_in::{
    Callback, Claims, Cost, Credential, Flow, Groups, NewInvitation, Refused, Sessions, SignInError, SignOn, SignOnWay, Ways,
};
use crate::{Error, NewPerson, RecordFilter};

const GOOD: &str = "mossy kettle under seven";
const BETTER: &str = "eleven quiet herons fly";

fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

fn elsewhere(network: u32) -> IpAddr {
    let [_, a, b, c] = network.to_be_bytes();
    IpAddr::from([10 + (a % 100), b, c, 1])
}

fn password(text: &str) -> Credential {
    Credential::Password(text.to_owned())
}

/// Makes an active person with a password, by invitation as anybody comes in.
async fn somebody(world: &World, login: &str, role: Role) -> Identity {
    let wanted = NewInvitation { login: login.to_owned(), name: "Ines Vidal".to_owned(), role, teams: Vec::new() };
    let link = world.engine.invite(&world.owner, wanted).await.expect("invited");
    let secret = link.url.rsplit('/').next().expect("a path").to_owned();
    world.engine.use_link(&secret, "", password(GOOD), "test").await.expect("came in");
    person(login, role)
}

#[tokio::test]
async fn unknown_wrong_disabled_and_without_a_password_are_one_answer_and_one_work() {
    let world = World::new().await;
    somebody(&world, "ines@example.org", Role::Member).await;
    somebody(&world, "gone@example.org", Role::Member).await;
    world.engine.disable_person(&world.owner, "gone@example.org").await.expect("disabled");
    let tries = [
        ("ines@example.org", BETTER, "a wrong password"),
        ("nobody@example.org", GOOD, "an unknown account"),
        ("gone@example.org", GOOD, "a disabled person with the right password"),
        ("owner@example.com", GOOD, "a person without a password"),
        ("no address", GOOD, "no address at all"),
        ("", "", "nothing"),
    ];
    let mut answers = Vec::new();
    for (at, (login, password, what)) in tries.into_iter().enumerate() {
        let before = world.engine.0.hasher.computed();
        let from = elsewhere(u32::try_from(at).expect("few"));
        let refused = world.engine.sign_in_by_password(login, password, from, "test").await.err().expect(what);
        assert!(matches!(refused, SignInError::Wrong), "{what}: {refused:?}");
        assert_eq!(world.engine.0.hasher.computed() - before, 1, "{what}: one hash");
        answers.push(refused.to_string());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    let opened = world.engine.sign_in_by_password(" Ines@Example.ORG ", GOOD, address(1), "test").await.expect("right");
    let who = world.engine.session(&opened.secret).await.expect("answers").expect("open");
    assert_eq!((who.login(), who.role), (Some("ines@example.org"), Role::Member));
}

#[tokio::test]
async fn ten_failures_close_an_account_for_a_while_and_a_hundred_until_recovery() {
    let world = World::new().await;
    somebody(&world, "ines@example.org", Role::Member).await;
    let (mut evaluated, mut networks) = (0, 0_u32);
    // Each round waits until the rate has forgiven everything; only the number in all is left.
    for _ in 0..14 {
        for _ in 0..11 {
            networks += 1;
            let before = world.engine.0.hasher.computed();
            let refused = world.engine.sign_in_by_password("ines@example.org", BETTER, elsewhere(networks), "test").await;
            let refused = refused.err().expect("wrong");
            assert!(matches!(refused, SignInError::Wrong | SignInError::TooOften), "{refused:?}");
            evaluated += world.engine.0.hasher.computed() - before;
        }
        world.clock.forward(15 * 60);
    }
    assert_eq!(evaluated, 100, "ten a round, a hundred in all");
    networks += 1;
    let right = world.engine.sign_in_by_password("ines@example.org", GOOD, elsewhere(networks), "test").await;
    assert!(matches!(right, Err(SignInError::TooOften)), "the right one is not even tried");
    let link = world.engine.recovery_link(&world.owner, "ines@example.org").await.expect("a link");
    let secret = link.url.rsplit('/').next().expect("a path");
    world.engine.use_link(secret, "", password(BETTER), "test").await.expect("recovered");
    assert!(world.engine.sign_in_by_password("ines@example.org", BETTER, elsewhere(networks + 1), "test").await.is_ok());
    assert!(world.engine.use_link(secret, "", password(GOOD), "test").await.is_err(), "a link works once");
}

#[tokio::test]
async fn ten_failures_close_a_network_whatever_the_account_and_others_stay_open() {
    let world = World::new().await;
    somebody(&world, "ines@example.org", Role::Member).await;
    for last in 0..10 {
        let login = format!("user{last}@example.org");
        let refused = world.engine.sign_in_by_password(&login, GOOD, address(last), "test").await;
        assert!(matches!(refused, Err(SignInError::Wrong)));
    }
    let refused = world.engine.sign_in_by_password("ines@example.org", GOOD, address(200), "test").await;
    assert!(matches!(refused, Err(SignInError::TooOften)));
    for _ in 0..12 {
        assert!(
            world.engine.sign_in_by_password("ines@example.org", GOOD, elsewhere(9), "test").await.is_ok(),
            "successes never close"
        );
    }
}

#[tokio::test]
async fn an_invitation_works_once_within_a_week_and_a_renewed_one_replaces_it() {
    let world = World::new().await;
    let wanted = || NewInvitation {
        login: "Ines@example.org".to_owned(),
        name: String::new(),
        role: Role::Member,
        teams: vec!["secops".to_owned()],
    };
    let first = world.engine.invite(&world.owner, wanted()).await.expect("invited");
    assert!(world.engine.invite(&world.owner, wanted()).await.is_err(), "twice");
    let secret = |url: &str| url.rsplit('/').next().expect("a path").to_owned();
    let old = secret(&first.url);
    for _ in 0..100 {
        assert_eq!(world.engine.link(&old).await.expect("open").login, "ines@example.org", "looking uses nothing up");
    }
    let second = world.engine.renew_invitation(&world.owner, first.invitation.id).await.expect("renewed");
    assert!(matches!(world.engine.link(&old).await, Err(SignInError::Link)), "the one before is worth nothing");
    let weak = world.engine.use_link(&secret(&second.url), "Ines", password("passwordpassword"), "test").await;
    assert!(matches!(weak, Err(SignInError::Weak(_))), "and the link stays open");
    let opened = world.engine.use_link(&secret(&second.url), "Ines Vidal", password(GOOD), "test").await.expect("came in");
    let row = world.engine.person(&world.owner, "ines@example.org").await.expect("there");
    assert_eq!((row.person.state, row.person.name.as_str(), row.person.role), (State::Active, "Ines Vidal", Role::Member));
    assert_eq!(row.teams.iter().map(|team| team.team.as_str()).collect::<Vec<_>>(), ["secops"]);
    assert!(world.engine.session(&opened.secret).await.expect("answers").is_some());
    let manager = person("boss@example.org", Role::Manager);
    let more = NewInvitation { login: "new@example.org".to_owned(), role: Role::Owner, ..wanted() };
    assert!(matches!(world.engine.invite(&manager, more).await, Err(Error::Invalid { .. })), "nobody gives more than they have");
    let late = world
        .engine
        .invite(&world.owner, NewInvitation { login: "late@example.org".to_owned(), ..wanted() })
        .await
        .expect("invited");
    world.clock.forward(7 * 86_400 + 1);
    assert!(matches!(world.engine.link(&secret(&late.url)).await, Err(SignInError::Link)));
    for nonsense in ["", "wfl_x", "../..", "wfc_0000000000000000000000000000000000000000000000000"] {
        assert!(matches!(world.engine.link(nonsense).await, Err(SignInError::Link)), "{nonsense}");
    }
}

#[tokio::test]
async fn dangerous_acts_of_a_session_need_a_proof_of_the_last_five_minutes() {
    let world = World::new().await;
    let ines = somebody(&world, "ines@example.org", Role::Owner).await;
    let opened = world.engine.sign_in_by_password("ines@example.org", GOOD, address(1), "test").await.expect("right");
    let fresh = world.engine.session(&opened.secret).await.expect("answers").expect("open");
    assert!(world.engine.is_proved(&fresh));
    world.engine.add_token(&fresh, "first", TokenKind::Service, Role::Member, None).await.expect("just signed in");
    world.clock.forward(5 * 60);
    let stale = world.engine.session(&opened.secret).await.expect("answers").expect("open");
    let token = world.engine.add_token(&stale, "second", TokenKind::Service, Role::Member, None).await;
    assert!(matches!(token, Err(Error::Proof)));
    assert!(matches!(world.engine.set_role(&stale, "owner@example.com", Role::Member).await, Err(Error::Proof)));
    assert!(matches!(world.engine.disable_person(&stale, "owner@example.com").await, Err(Error::Proof)));
    assert!(matches!(world.engine.set_join_by_sign_on(&stale, true).await, Err(Error::Proof)));
    assert!(matches!(world.engine.recovery_link(&stale, "owner@example.com").await, Err(Error::Proof)));
    let own = world.engine.set_credential(&stale, &opened.secret, password(BETTER)).await;
    assert!(matches!(own, Err(SignInError::Engine(Error::Proof))));
    assert!(
        world.engine.prove_by_password(&ines, &opened.secret, BETTER, address(1)).await.is_err(),
        "a wrong password proves nothing"
    );
    let proved = world.engine.prove_by_password(&ines, &opened.secret, GOOD, address(1)).await.expect("proved");
    assert!(world.engine.session(&opened.secret).await.expect("answers").is_none(), "the secret before is worth nothing");
    let fresh = world.engine.session(&proved.secret).await.expect("answers").expect("open");
    world.engine.add_token(&fresh, "second", TokenKind::Service, Role::Member, None).await.expect("proved");
}

#[tokio::test]
async fn sessions_end_when_idle_at_their_end_by_hand_and_with_their_person() {
    let world = World::new().await;
    let ines = somebody(&world, "ines@example.org", Role::Member).await;
    let open = || async {
        world.engine.sign_in_by_password("ines@example.org", GOOD, address(1), "Firefox on Linux").await.expect("right")
    };
    let is_open = |secret: String| {
        let engine = world.engine.clone();
        async move { engine.session(&secret).await.expect("answers").is_some() }
    };
    let idle = open().await;
    world.clock.forward(30 * 60);
    assert!(!is_open(idle.secret).await, "thirty minutes without use");
    let busy = open().await;
    for _ in 0..25 {
        world.clock.forward(29 * 60);
        is_open(busy.secret.clone()).await;
    }
    assert!(!is_open(busy.secret).await, "twelve hours in all");
    let (here, there) = (open().await, open().await);
    let rows = world.engine.sessions(&ines, Some(&here.secret)).await.expect("answers");
    let mine: Vec<_> = rows.iter().filter(|row| row.own).collect();
    assert_eq!((mine.len(), mine[0].device.as_str(), mine[0].means.as_str()), (1, "Firefox on Linux", "password"));
    let other = person("tobin@example.org", Role::Owner);
    let foreign = world.engine.end_own_session(&other, &mine[0].id).await;
    assert!(matches!(foreign, Err(Error::NotFound(_))), "others' sessions are not there");
    world.engine.end_other_sessions(&ines, &here.secret).await.expect("ended");
    assert!(is_open(here.secret.clone()).await && !is_open(there.secret).await);
    world.engine.disable_person(&world.owner, "ines@example.org").await.expect("disabled");
    assert!(!is_open(here.secret).await, "at once");
}

#[tokio::test]
async fn a_session_in_use_lasts_under_the_shortest_limit_too() {
    let sessions = Sessions { idle: SignedDuration::from_mins(1), ..Sessions::default() };
    let world = World::with(Ways { sessions, cost: Cost::LEAST, ..Ways::default() }).await;
    somebody(&world, "ines@example.org", Role::Member).await;
    let session = world.engine.sign_in_by_password("ines@example.org", GOOD, address(1), "").await.expect("right");
    for _ in 0..20 {
        world.clock.forward(15);
        assert!(world.engine.session(&session.secret).await.expect("answers").is_some(), "used every fifteen seconds");
    }
    world.clock.forward(60);
    assert!(world.engine.session(&session.secret).await.expect("answers").is_none(), "a minute without use");
}

#[tokio::test]
async fn the_first_owner_sets_the_installation_up_once() {
    let world = World::bare().await;
    let link = world.engine.setup_link().await.expect("answers").expect("there is nobody");
    let secret = link.rsplit('/').next().expect("a path").to_owned();
    let wanted = |text: &str| crate::sign_in::Setup {
        organisation: crate::Organisation { name: "Tallowmere".to_owned(), severity_display: crate::SeverityDisplay::P },
        name: "Ines Vidal".to_owned(),
        login: "ines@example.org".to_owned(),
        teams: vec!["secops".to_owned(), "unknown".to_owned()],
        credential: password(text),
    };
    let weak = world.engine.set_up(&secret, wanted("Tallowmere-Ines-1"), "test").await;
    assert!(matches!(weak, Err(SignInError::Weak(_))));
    let opened = world.engine.set_up(&secret, wanted(GOOD), "test").await.expect("set up");
    let who = world.engine.session(&opened.secret).await.expect("answers").expect("open");
    assert_eq!(who.role, Role::Owner);
    let organisation = world.engine.organisation(&who).await.expect("answers");
    assert_eq!((organisation.name.as_str(), organisation.severity_display), ("Tallowmere", crate::SeverityDisplay::P));
    let row = world.engine.person(&who, "ines@example.org").await.expect("there");
    assert_eq!(row.teams.iter().map(|team| team.team.as_str()).collect::<Vec<_>>(), ["secops"]);
    assert!(world.engine.set_up(&secret, wanted(GOOD), "test").await.is_err(), "once");
    assert!(world.engine.setup_link().await.expect("answers").is_none(), "there is somebody now");
}

/// A provider whose word the test writes.
struct Word(Mutex<Result<Claims, Refused>>);

impl SignOn for Word {
    fn probe(&self, _: Timestamp) -> BoxFuture<'_, Result<(), Refused>> {
        let word = self.0.lock().expect("no test panics here").clone().map(drop);
        Box::pin(async move { word })
    }
    fn begin<'a>(&'a self, flow: &'a Flow, _: Timestamp) -> BoxFuture<'a, Result<String, Refused>> {
        Box::pin(async move { Ok(format!("https://login.example.org/?state={}", flow.state)) })
    }
    fn finish<'a>(&'a self, back: &'a Callback, flow: &'a Flow, _: Timestamp) -> BoxFuture<'a, Result<Claims, Refused>> {
        let word = if back.state.as_deref() == Some(&flow.state) {
            self.0.lock().expect("no test panics here").clone()
        } else {
            Err(Refused("another state".to_owned()))
        };
        Box::pin(async move { word })
    }
}

fn claims(subject: &str, email: &str, groups: &[&str]) -> Claims {
    Claims {
        issuer: "https://login.example.org".to_owned(),
        subject: subject.to_owned(),
        email: Some(email.to_owned()),
        email_verified: true,
        name: Some("Ada Lovelace".to_owned()),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
    }
}

async fn with_provider() -> (World, Arc<Word>) {
    let word = Arc::new(Word(Mutex::new(Err(Refused("the provider is down".to_owned())))));
    let groups = Groups {
        roles: vec![("leads".to_owned(), Role::Manager), ("people".to_owned(), Role::Member)],
        teams: vec![("people".to_owned(), "secops".to_owned())],
    };
    let provider = Arc::clone(&word) as Arc<dyn SignOn>;
    let sign_on = Some(SignOnWay { name: "Example".to_owned(), provider, groups });
    (World::with(Ways { cost: Cost::LEAST, sign_on, ..Ways::default() }).await, word)
}

async fn sign_on(world: &World, word: &Word, claims: Claims) -> Result<crate::sign_in::SignedOn, SignInError> {
    *word.0.lock().expect("no test panics here") = Ok(claims);
    let (address, secret) = world.engine.begin_sign_on("/incidents", None).await?;
    let state = address.rsplit('=').next().expect("a state").to_owned();
    world.engine.finish_sign_on(&secret, &Callback { state: Some(state), ..Callback::default() }, "test").await
}

#[tokio::test]
async fn people_of_the_provider_come_in_as_restricted_and_follow_their_groups_both_ways() {
    let (world, word) = with_provider().await;
    let refused = sign_on(&world, &word, claims("ada-1", "ada@example.org", &[])).await;
    assert!(matches!(refused, Err(SignInError::Refused(_))), "nobody comes in before it is said");
    world.engine.set_join_by_sign_on(&world.owner, true).await.expect("the provider works");
    let signed = sign_on(&world, &word, claims("ada-1", "Ada@example.org", &["strangers"])).await.expect("came in");
    let who = world.engine.session(&signed.opened.expect("a session").secret).await.expect("answers").expect("open");
    assert_eq!((who.login(), who.role), (Some("ada@example.org"), Role::Restricted), "no known group, nothing more");
    let role_after = |groups: &'static [&'static str]| {
        let (world, word) = (&world, &word);
        async move {
            sign_on(world, word, claims("ada-1", "ada@example.org", groups)).await.expect("known");
            let row = world.engine.person(&world.owner, "ada@example.org").await.expect("there");
            (row.person.role, row.teams.len())
        }
    };
    assert_eq!(role_after(&["people", "leads"]).await, (Role::Manager, 1));
    assert_eq!(role_after(&["people"]).await, (Role::Member, 1));
    assert_eq!(role_after(&[]).await, (Role::Restricted, 0), "a stale group is gone at the next sign-on");
    // The subject is the key: another address is the same person, the same address with another subject is not.
    sign_on(&world, &word, claims("ada-1", "new-name@example.org", &[])).await.expect("the same person");
    assert!(world.engine.person(&world.owner, "new-name@example.org").await.is_err());
    world.engine.disable_person(&world.owner, "ada@example.org").await.expect("disabled");
    assert!(sign_on(&world, &word, claims("ada-1", "ada@example.org", &["leads"])).await.is_err(), "disabled here is disabled");
    assert!(sign_on(&world, &word, claims("ada-2", "ada@example.org", &["leads"])).await.is_err(), "with another subject too");
}

#[tokio::test]
async fn an_address_that_is_not_verified_matches_nobody_and_an_owner_is_not_taken_over() {
    let (world, word) = with_provider().await;
    world.engine.set_join_by_sign_on(&world.owner, true).await.expect_err("the provider is down");
    *word.0.lock().expect("no test panics here") = Ok(claims("x", "x@example.org", &[]));
    world.engine.set_join_by_sign_on(&world.owner, true).await.expect("it is up");
    somebody(&world, "ines@example.org", Role::Member).await;
    somebody(&world, "boss@example.org", Role::Owner).await;
    let unverified = Claims { email_verified: false, ..claims("eve-1", "ines@example.org", &[]) };
    let first = sign_on(&world, &word, unverified).await.err().expect("refused").to_string();
    let none = Claims { email: None, ..claims("eve-1", "", &[]) };
    let second = sign_on(&world, &word, none).await.err().expect("refused").to_string();
    assert_eq!(first, second, "one answer");
    assert!(sign_on(&world, &word, claims("eve-2", "boss@example.org", &[])).await.is_err(), "an owner connects it themselves");
    assert!(
        sign_on(&world, &word, claims("ines-1", "ines@example.org", &[])).await.is_ok(),
        "a verified address is enough for others"
    );
    let boss = person("boss@example.org", Role::Owner);
    *word.0.lock().expect("no test panics here") = Ok(claims("boss-1", "other@example.org", &[]));
    let (address, secret) = world.engine.begin_sign_on("/account", Some(&boss)).await.expect("begun");
    let state = address.rsplit('=').next().map(str::to_owned);
    let back = Callback { state, ..Callback::default() };
    assert!(world.engine.finish_sign_on(&secret, &back, "test").await.expect("connected").opened.is_none());
    assert!(world.engine.finish_sign_on(&secret, &back, "test").await.is_err(), "an answer counts once");
    let signed = sign_on(&world, &word, claims("boss-1", "other@example.org", &[])).await.expect("connected");
    assert_eq!(signed.opened.expect("a session").login, "boss@example.org");
}

#[tokio::test]
async fn an_owner_who_signs_in_beside_the_provider_is_recorded_and_all_owners_are_told() {
    let (world, _) = with_provider().await;
    somebody(&world, "ines@example.org", Role::Member).await;
    somebody(&world, "boss@example.org", Role::Owner).await;
    let member = world.engine.sign_in_by_password("ines@example.org", GOOD, address(1), "test").await;
    assert!(
        member.is_ok() && world.engine.break_glass(&world.owner).await.expect("answers").is_none(),
        "a member's is nothing special"
    );
    world
        .engine
        .sign_in_by_password("boss@example.org", GOOD, address(1), "test")
        .await
        .expect("the provider is down, this works");
    let told = world.engine.break_glass(&world.owner).await.expect("answers").expect("told");
    assert_eq!(told.login, "boss@example.org");
    assert!(world.engine.break_glass(&person("ines@example.org", Role::Member)).await.expect("answers").is_none());
    let record = world.engine.record(&world.owner, RecordFilter::default(), crate::PageRequest::default()).await.expect("a page");
    assert!(record.items.iter().any(|entry| entry.kind == "sign_in.break_glass" && entry.actor.id() == "boss@example.org"));
    world.clock.forward(73 * 3_600);
    assert!(world.engine.break_glass(&world.owner).await.expect("answers").is_none(), "after three days it is history");
}

#[tokio::test]
async fn sign_on_is_refused_as_an_option_where_it_is_not_active() {
    let world = World::new().await;
    let refused = world.engine.set_join_by_sign_on(&world.owner, true).await.expect_err("no provider").to_string();
    assert!(refused.contains("sign-on is not active") && refused.contains("--sign-on-issuer"), "{refused}");
    let (world, _) = with_provider().await;
    let refused = world.engine.set_join_by_sign_on(&world.owner, true).await.expect_err("down").to_string();
    assert!(refused.contains("the provider is down"), "{refused}");
    let settings = world.engine.sign_in_settings(&world.owner).await.expect("answers");
    assert_eq!(settings.sign_on.expect("set").login_url, "http://127.0.0.1:7117/sign-in/sign-on");
    let new = NewPerson {
        login: "x@example.org".to_owned(),
        name: String::new(),
        role: Role::Member,
        state: State::Active,
        time_zone: String::new(),
        tags: watchfire_core::person::Tags::default(),
    };
    world.engine.add_person(&world.owner, new).await.expect("people are added without any provider");
}

impl World {
    async fn relay_named(&self, name: &str) {
        let settings = [("place", name), ("answer", "delivered")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.engine.add_channel(&self.owner, "relay", name, settings.into()).await.expect("a channel");
    }

    async fn sent(&self, place: &str) -> Vec<watchfire_core::channel::Message> {
        self.engine.empty_outbox().await.expect("the store answers");
        self.relay.at(place).into_iter().map(|(_, message)| message).collect()
    }
}

#[tokio::test]
async fn an_invitation_is_mailed_where_a_channel_writes_mail_and_says_so() {
    let world = World::new().await;
    let wanted =
        |login: &str| NewInvitation { login: login.to_owned(), name: String::new(), role: Role::Member, teams: Vec::new() };
    let by_hand = world.engine.invite(&world.owner, wanted("ines@example.org")).await.expect("invited");
    assert_eq!((by_hand.mailed_through, world.engine.mails_through(&world.owner).await.expect("answers")), (None, None));
    world.relay_named("post").await;
    let mailed = world.engine.invite(&world.owner, wanted("odd@example.org")).await.expect("invited");
    assert_eq!(mailed.mailed_through.as_deref(), Some("post"));
    let sent = world.sent("post").await;
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].to.as_deref(), sent[0].link.as_deref()), (Some("odd@example.org"), Some(mailed.url.as_str())));
    assert!(sent[0].text.contains("owner@example.com asks you into Watchfire") && !sent[0].text.contains(&mailed.url));
    let renewed = world.engine.renew_invitation(&world.owner, mailed.invitation.id).await.expect("renewed");
    assert!(renewed.url != mailed.url && renewed.mailed_through.as_deref() == Some("post"));
    assert_eq!(world.sent("post").await.last().and_then(|mail| mail.link.clone()), Some(renewed.url));
    let page = world.engine.record(&world.owner, RecordFilter::default(), crate::PageRequest::default()).await.expect("a page");
    let entry = page.items.iter().find(|entry| entry.kind == "person.invited").expect("recorded");
    assert_eq!(entry.public["mailed_through"], "post");
    assert!(!format!("{:?}", page.items).contains("wfl_"), "the secret stands nowhere in the record");
    let trust = watchfire_core::channel::ChannelTrust::Suspect;
    world.engine.trust_channel(&world.owner, "post", trust, "odd logins").await.expect("suspect");
    let shut = world.engine.invite(&world.owner, wanted("late@example.org")).await.expect("invited");
    assert_eq!(shut.mailed_through, None, "a channel that others may read carries no way in");
}

#[tokio::test]
async fn every_owner_gets_word_when_one_signs_in_beside_the_provider() {
    let (world, _) = with_provider().await;
    world.relay_named("mail").await;
    world.relay_named("pager").await;
    somebody(&world, "boss@example.org", Role::Owner).await;
    somebody(&world, "ines@example.org", Role::Member).await;
    let invitations = world.sent("mail").await.len();
    let contact = world.engine.add_contact(&world.owner, "owner@example.com", "pager", "owner-1").await.expect("added");
    let code = world.sent("pager").await.pop().expect("a code").subject;
    let code = code.split(' ').next().expect("a first word").to_owned();
    world.engine.verify_contact(&world.owner, contact.id, &code).await.expect("verified");
    world.engine.sign_in_by_password("ines@example.org", GOOD, address(1), "test").await.expect("a member");
    assert_eq!(
        (world.sent("pager").await.len(), world.sent("mail").await.len()),
        (1, invitations),
        "a member's is nothing special"
    );
    world.engine.sign_in_by_password("boss@example.org", GOOD, address(1), "test").await.expect("an owner");
    let word = world.sent("pager").await.pop().expect("word to the owner's contact");
    assert_eq!(word.to.as_deref(), Some("owner-1"));
    assert!(word.subject.contains("boss@example.org signed in beside the identity provider"), "{}", word.subject);
    let mail = world.sent("mail").await.pop().expect("a mail to the owner without a contact");
    assert_eq!(mail.to.as_deref(), Some("boss@example.org"), "they learn of it too: it may not have been them");
    assert_ne!(mail.key, word.key);
}
