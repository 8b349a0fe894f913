use super::*;
use crate::actor::Actor;
use crate::incident::{Sensitivity, Visibility};
use proptest::prelude::*;

fn object(visibility: Visibility, sensitivity: Sensitivity, level: Option<Level>) -> Object {
    Object { visibility, sensitivity, level, autonomy: None }
}

#[test]
fn each_role_reaches_what_its_title_says() {
    use Sensitivity::{Employee, Normal};
    use Visibility::{Open, Restricted};
    // Role, visibility, sensitivity, own level -> the highest of read, act, manage that is allowed; `-` is hidden.
    let table = [
        (Role::Owner, Open, Normal, None, "manage"),
        (Role::Owner, Restricted, Normal, None, "manage"),
        (Role::Owner, Open, Employee, None, "-"),
        (Role::Owner, Restricted, Employee, None, "-"),
        (Role::Owner, Restricted, Employee, Some(Level::Read), "read"),
        (Role::Manager, Open, Normal, None, "manage"),
        (Role::Manager, Restricted, Normal, None, "-"),
        (Role::Manager, Restricted, Normal, Some(Level::Read), "read"),
        (Role::Member, Open, Normal, None, "act"),
        (Role::Member, Open, Normal, Some(Level::Manage), "manage"),
        (Role::Member, Restricted, Normal, None, "-"),
        (Role::Member, Restricted, Normal, Some(Level::Act), "act"),
        (Role::Member, Open, Employee, None, "-"),
        (Role::Restricted, Open, Normal, None, "-"),
        (Role::Restricted, Open, Normal, Some(Level::Read), "read"),
        (Role::Restricted, Restricted, Normal, Some(Level::Act), "act"),
        (Role::Restricted, Restricted, Employee, Some(Level::Manage), "manage"),
    ];
    for (role, visibility, sensitivity, level, expected) in table {
        let who = Identity::person("ada@example.org", role);
        let object = object(visibility, sensitivity, level);
        let mut reached = "-";
        for (right, word) in [(Right::Read, "read"), (Right::Act, "act"), (Right::Manage, "manage")] {
            match decide(&who, right, &object) {
                Decision::Allowed => reached = word,
                Decision::Hidden => assert_eq!(expected, "-", "{role:?} {object:?}"),
                Decision::Denied(_) => assert_ne!(expected, "-", "{role:?} {object:?}"),
            }
        }
        assert_eq!(reached, expected, "{role:?} {object:?}");
    }
}

#[test]
fn autonomy_narrows_what_acting_means_for_developers_and_for_nobody_else() {
    let reaches = |role, level, autonomy| {
        let object = Object { autonomy, ..object(Visibility::Restricted, Sensitivity::Normal, Some(level)) };
        let who = Identity::person("rex@example.org", role);
        let rights = [Right::Read, Right::Say, Right::Heal, Right::Act, Right::Manage];
        rights.into_iter().filter(|right| decide(&who, *right, &object).is_allowed()).count()
    };
    for (autonomy, count) in [(Autonomy::View, 1), (Autonomy::Feedback, 2), (Autonomy::HealWithVerify, 3), (Autonomy::Heal, 3)] {
        assert_eq!(reaches(Role::Restricted, Level::Act, Some(autonomy)), count, "{autonomy:?}");
        assert_eq!(reaches(Role::Restricted, Level::Read, Some(autonomy)), 1, "a right to read stays one");
        assert_eq!(reaches(Role::Restricted, Level::Manage, Some(autonomy)), 5, "who leads it does everything");
        assert_eq!(reaches(Role::Member, Level::Act, Some(autonomy)), 4, "members are no developers on trial");
        assert_eq!(Autonomy::parse(autonomy.as_str()), Some(autonomy));
    }
    assert_eq!(reaches(Role::Restricted, Level::Act, None), 4, "where nothing is said, the level alone counts");
    let object = Object { autonomy: Some(Autonomy::Feedback), ..object(Visibility::Open, Sensitivity::Normal, Some(Level::Act)) };
    let refused = decide(&Identity::person("rex@example.org", Role::Restricted), Right::Heal, &object);
    assert_eq!(refused, Decision::Denied(Denied::Autonomy { autonomy: Autonomy::Feedback }));
}

#[test]
fn a_service_called_like_a_person_has_none_of_their_grants() {
    let service = Identity::new(Actor::Service { id: "ada@example.org".into() }, Role::Member);
    let hidden = object(Visibility::Restricted, Sensitivity::Normal, Some(Level::Manage));
    assert_eq!(decide(&service, Right::Read, &hidden), Decision::Hidden);
    assert_eq!(service.scope().login(), "");
}

#[test]
fn a_credential_without_reading_sees_nothing() {
    let who = Identity::person("ada@example.org", Role::Owner).limited_to(Powers::NONE.with(Right::Act));
    assert_eq!(decide(&who, Right::Read, &object(Visibility::Open, Sensitivity::Normal, Some(Level::Read))), Decision::Hidden);
    let scope = who.scope();
    assert!(!scope.sees_open() && !scope.sees_restricted() && scope.login().is_empty());
}

#[test]
fn scopes_of_a_token_read_back_as_written_and_an_unknown_word_is_named() {
    let powers = Powers::parse("act,read").expect("known words");
    assert_eq!(powers.words(), ["read", "act"]);
    assert_eq!(Powers::parse("read everything"), Err("everything".to_owned()));
    assert!(powers.within(Powers::ALL) && !Powers::ALL.within(powers));
}

fn any_level() -> impl Strategy<Value = Option<Level>> {
    proptest::sample::select(vec![None, Some(Level::Read), Some(Level::Act), Some(Level::Manage)])
}

proptest! {
    #[test]
    fn more_rights_never_take_something_away(
        role in proptest::sample::select(Role::ALL.to_vec()),
        higher in proptest::sample::select(Role::ALL.to_vec()),
        level in any_level(),
        better in any_level(),
        open: bool,
        employee: bool,
        autonomy in proptest::sample::select(vec![None, Some(Autonomy::View), Some(Autonomy::Feedback), Some(Autonomy::HealWithVerify), Some(Autonomy::Heal)]),
        words in 0_usize..16,
    ) {
        let object = object(
            if open { Visibility::Open } else { Visibility::Restricted },
            if employee { Sensitivity::Employee } else { Sensitivity::Normal },
            level,
        );
        let object = Object { autonomy, ..object };
        let powers = [Right::Read, Right::Act, Right::Configure, Right::Administer]
            .into_iter()
            .enumerate()
            .filter(|(at, _)| words & (1 << at) != 0)
            .fold(Powers::NONE, |powers, (_, right)| powers.with(right));
        let who = Identity::person("ada@example.org", role);
        for right in Right::ALL {
            let small = decide(&who.clone().limited_to(powers), right, &object).is_allowed();
            let all = decide(&who, right, &object).is_allowed();
            prop_assert!(!small || all, "a narrower credential reached further");
            let raised = decide(&Identity::person("ada@example.org", role.max(higher)), right, &object).is_allowed();
            prop_assert!(!all || raised, "a higher role reached less");
            let granted = decide(&who, right, &Object { level: level.max(better), ..object }).is_allowed();
            prop_assert!(!all || granted, "a higher level reached less");
            let free = decide(&who, right, &Object { autonomy: None, ..object }).is_allowed();
            prop_assert!(!all || free, "an autonomy gave more than the level");
            if decide(&who, Right::Read, &object) == Decision::Hidden {
                prop_assert_eq!(decide(&who, right, &object), Decision::Hidden, "what is hidden is hidden for every right");
            }
        }
    }
}
