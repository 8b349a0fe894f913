use proptest::prelude::*;
use watchfire_core::access::{Powers, Right, Role};
use watchfire_core::person::{State, Tags};
use watchfire_core::token::TokenKind;

use super::world::{World, person};
use crate::{Error, NewPerson, TokenWish};

const ADA: &str = "ada@example.com";

async fn with_ada(role: Role) -> World {
    let world = World::new().await;
    let new = NewPerson {
        login: ADA.into(),
        name: String::new(),
        role,
        state: State::Active,
        time_zone: String::new(),
        tags: Tags::default(),
    };
    world.engine.add_person(&world.owner, new).await.expect("added");
    world
}

fn wish(kind: TokenKind, role: Role, powers: Powers) -> TokenWish {
    TokenWish { name: "laptop".into(), kind, role, powers, expires_at: None }
}

#[tokio::test]
async fn everybody_makes_their_own_tokens_and_only_owners_those_of_services() {
    let world = with_ada(Role::Restricted).await;
    let ada = person(ADA, Role::Restricted);
    let made = world.engine.make_token(&ada, wish(TokenKind::Personal, Role::Restricted, Powers::ALL)).await.expect("her own");
    assert!(matches!(
        world.engine.make_token(&ada, wish(TokenKind::Service, Role::Restricted, Powers::ALL)).await,
        Err(Error::Denied(_))
    ));
    assert!(
        world.engine.make_token(&ada, wish(TokenKind::Personal, Role::Member, Powers::ALL)).await.is_err(),
        "beyond her role"
    );
    let other = world.engine.add_token(&world.owner, "ci", TokenKind::Service, Role::Member, None).await.expect("a service's");
    let seen: Vec<_> = world.engine.tokens(&ada).await.expect("her own").into_iter().map(|token| token.id).collect();
    assert_eq!(seen, [made.token.id]);
    assert!(matches!(world.engine.revoke_token(&ada, other.token.id).await, Err(Error::NotFound(_))), "not hers is not there");
    world.engine.revoke_token(&ada, made.token.id).await.expect("hers");
}

#[tokio::test]
async fn a_token_for_reading_reads_and_makes_no_further_token() {
    let world = with_ada(Role::Member).await;
    let ada = person(ADA, Role::Member);
    let reading = Powers::NONE.with(Right::Read);
    let made = world.engine.make_token(&ada, wish(TokenKind::Personal, Role::Member, reading)).await.expect("a token");
    let who = world.engine.authenticate(&made.secret).await.expect("answers").expect("valid");
    assert!(who.may(Right::Read).is_ok());
    assert!(matches!(who.may(Right::Act), Err(watchfire_core::access::Denied::Powers { .. })));
    assert!(matches!(
        world.engine.make_token(&who, wish(TokenKind::Personal, Role::Member, reading)).await,
        Err(Error::Denied(_))
    ));
    let acting = reading.with(Right::Act);
    let made = world.engine.make_token(&ada, wish(TokenKind::Personal, Role::Member, acting)).await.expect("a token");
    let who = world.engine.authenticate(&made.secret).await.expect("answers").expect("valid");
    let more = world.engine.make_token(&who, wish(TokenKind::Personal, Role::Member, Powers::ALL)).await;
    assert!(matches!(more, Err(Error::Invalid { .. })), "a token makes no token for more than its own");
}

#[tokio::test]
async fn a_session_opened_with_a_token_ends_with_it() {
    let world = with_ada(Role::Member).await;
    let ada = person(ADA, Role::Member);
    let reading = Powers::NONE.with(Right::Read);
    let made = world.engine.make_token(&ada, wish(TokenKind::Personal, Role::Member, reading)).await.expect("a token");
    let session = world.engine.sign_in(&made.secret).await.expect("answers").expect("a session");
    let who = world.engine.session(&session.secret).await.expect("answers").expect("open");
    assert!(who.may(Right::Act).is_err(), "the session reaches no further than the token");
    world.engine.revoke_token(&ada, made.token.id).await.expect("revoked");
    assert!(world.engine.session(&session.secret).await.expect("answers").is_none());
}

#[tokio::test]
async fn tokens_that_end_soon_are_listed_first_to_end_first() {
    let world = with_ada(Role::Member).await;
    let days = |days: i64| world.engine.now().checked_add(jiff::SignedDuration::from_hours(24 * days)).ok();
    for (name, end) in [("late", days(100)), ("soon", days(10)), ("sooner", days(3))] {
        world.engine.add_token(&world.owner, name, TokenKind::Service, Role::Member, end).await.expect("a token");
    }
    let names = |list: Vec<crate::Token>| list.into_iter().map(|token| token.name).collect::<Vec<_>>();
    assert_eq!(names(world.engine.tokens_ending(&world.owner, 14).await.expect("a list")), ["sooner", "soon"]);
    assert!(world.engine.tokens_ending(&person(ADA, Role::Member), 14).await.expect("a list").is_empty(), "not hers");
    world.clock.forward(4 * 86_400);
    assert_eq!(names(world.engine.tokens_ending(&world.owner, 14).await.expect("a list")), ["soon"], "what is over is no news");
    world.clock.forward(83 * 86_400);
    world.engine.due_timers().await.expect("timers");
    let page = world.engine.record(&world.owner, crate::RecordFilter::default(), crate::PageRequest::default()).await;
    let said: Vec<_> = page.expect("a page").items.into_iter().filter(|entry| entry.kind == "token.ends_soon").collect();
    assert_eq!(said.len(), 1, "once, two weeks before");
    assert_eq!(said[0].public["name"], "late");
}

/// What may happen to a person and their tokens.
#[derive(Clone, Debug)]
enum Step {
    SetRole(Role),
    Disable,
    Enable,
    Make { role: Role, words: u8, service: bool },
    Revoke(usize),
    DaysPass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let role = || proptest::sample::select(Role::ALL.to_vec());
    prop_oneof![
        role().prop_map(Step::SetRole),
        Just(Step::Disable),
        Just(Step::Enable),
        (role(), 0_u8..16, any::<bool>()).prop_map(|(role, words, service)| Step::Make { role, words, service }),
        (0_usize..8).prop_map(Step::Revoke),
        (1_i64..200).prop_map(Step::DaysPass),
    ]
}

fn powers(words: u8) -> Powers {
    let rights = [Right::Read, Right::Act, Right::Configure, Right::Administer];
    let chosen = rights.into_iter().enumerate().filter(|(at, _)| words & (1 << at) != 0);
    chosen.fold(Powers::NONE, |powers, (_, right)| powers.with(right))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn a_token_never_exceeds_its_owner_at_any_time(steps in proptest::collection::vec(step(), 1..16)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let world = with_ada(Role::Owner).await;
            let (mut role, mut state) = (Role::Owner, State::Active);
            let mut secrets = Vec::new();
            for step in steps {
                match step {
                    Step::SetRole(to) => {
                        if world.engine.set_role(&world.owner, ADA, to).await.is_ok() { role = to; }
                    }
                    Step::Disable => {
                        if world.engine.disable_person(&world.owner, ADA).await.is_ok() { state = State::Disabled; }
                    }
                    Step::Enable => {
                        if world.engine.enable_person(&world.owner, ADA).await.is_ok() { state = State::Active; }
                    }
                    Step::Make { role: wanted, words, service } => {
                        // Who is shut out has no identity to make one with.
                        let Some(ada) = world.engine.identity_of(ADA).await.expect("answers") else { continue };
                        let kind = if service { TokenKind::Service } else { TokenKind::Personal };
                        if let Ok(made) = world.engine.make_token(&ada, wish(kind, wanted, powers(words))).await {
                            let session = world.engine.sign_in(&made.secret).await.expect("answers");
                            secrets.push((made, session));
                        }
                    }
                    Step::Revoke(at) => {
                        if let Some((made, _)) = secrets.get(at) {
                            world.engine.revoke_token(&world.owner, made.token.id).await.ok();
                        }
                    }
                    Step::DaysPass(days) => world.clock.forward(days * 86_400),
                }
                for (made, session) in &secrets {
                    let by_session = match session {
                        Some(session) => world.engine.session(&session.secret).await.expect("answers"),
                        None => None,
                    };
                    let by_token = world.engine.authenticate(&made.secret).await.expect("answers");
                    for who in by_token.into_iter().chain(by_session) {
                        assert_eq!(state, State::Active, "somebody shut out is let in");
                        assert!(who.role <= role && who.role <= made.token.role, "{:?} beyond {role:?}", who.role);
                        assert!(who.powers.within(made.token.powers), "beyond its scopes");
                        let end = made.token.expires_at.expect("every token ends");
                        assert!(world.engine.now() < end, "it works beyond its end");
                    }
                }
            }
        });
    }
}

#[tokio::test]
async fn each_integration_has_an_identity_of_its_own_and_reaches_no_further_than_it_needs() {
    use crate::IntakeError;
    let world = World::new().await;
    let (one, two) = (world.another("ci-one").await, world.another("ci-two").await);
    assert!(one.0 != two.0 && one.1 != two.1, "a key and a secret each");
    let body = r#"{"alerts": [{"key": "a", "class": "reliability", "severity": "sev4"}]}"#;
    let crossed = world.send_as(&one.0, &two.1, body).await;
    assert!(matches!(crossed, Err(IntakeError::Unauthorized(_))), "another source's secret opens nothing: {crossed:?}");
    world.send_as(&one.0, &one.1, body).await.expect("its own");
    let record = world.engine.record(&world.owner, crate::RecordFilter::default(), crate::PageRequest::default()).await;
    let fired = record.expect("a page").items.into_iter().find(|entry| entry.kind == "alert.fired").expect("recorded");
    assert_eq!(fired.actor, watchfire_core::actor::Actor::Source { id: "ci-one".into() }, "the record names it");
    let id = world.engine.incidents(&world.owner, crate::IncidentFilter::default(), crate::PageRequest::default()).await;
    let id = id.expect("a page").items.remove(0).incident.short_id;
    // What a source sends with is no token: it reads nothing and does nothing.
    for secret in [&one.0, &one.1] {
        assert!(world.engine.authenticate(secret).await.expect("an answer").is_none());
    }
    // A service's token does what its scope says; it is none of the people, so no grant and no role reaches it.
    let reading = Powers::NONE.with(Right::Read);
    let made = world.engine.make_token(&world.owner, wish(TokenKind::Service, Role::Member, reading)).await.expect("a token");
    let service = world.engine.authenticate(&made.secret).await.expect("answers").expect("valid");
    assert_eq!((service.login(), service.powers.words()), (None, vec!["read"]));
    world.engine.incident(&service, &id).await.expect("it reads what is open");
    let note = watchfire_core::incident::Command::Note { text: "mine".into() };
    assert!(matches!(world.engine.command(&service, &id, note).await, Err(Error::Denied(_))));
    for right in [Right::Act, Right::Manage, Right::Configure, Right::Administer] {
        assert!(service.may(right).is_err(), "{right:?}");
    }
    world.engine.revoke_token(&world.owner, made.token.id).await.expect("revoked");
    assert!(world.engine.authenticate(&made.secret).await.expect("an answer").is_none(), "without touching any other");
    world.send_as(&two.0, &two.1, body).await.expect("the others go on");
}
