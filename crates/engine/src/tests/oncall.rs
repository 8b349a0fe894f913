use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Role};
use watchfire_core::oncall::{Flaw, Reason};
use watchfire_core::person::{State, Tags};

use super::world::World;
use crate::{Error, FeedOf, NewOverride, NewPerson, NewSwap, PageRequest, RecordFilter, SwapState};

const PLAN: &str = "version: 1
schedules:
  - id: seoc
    title: Security, first
    layers:
      - { name: days, first_hand_off: 2024-01-01T08:00, turn: daily, participants: [ada@example.org, bo@example.org] }
  - id: night
    title: Nobody's duty
    layers:
      - { name: gone, first_hand_off: 2024-01-01T08:00, turn: daily, participants: ['team:security', left@example.org] }
";

/// A world with the plan above; Ada, Bo and Cy work there, Rex is restricted, and somebody has left.
async fn world() -> World {
    let world = World::new().await;
    for (login, role, state) in [
        ("ada@example.org", Role::Member, State::Active),
        ("bo@example.org", Role::Member, State::Active),
        ("cy@example.org", Role::Member, State::Active),
        ("rex@example.org", Role::Restricted, State::Active),
        ("left@example.org", Role::Member, State::Disabled),
    ] {
        let new =
            NewPerson { login: login.into(), name: String::new(), role, state, time_zone: String::new(), tags: Tags::default() };
        world.engine.add_person(&world.owner, new).await.expect("added");
    }
    let mut files = crate::plans::builtin_files();
    files.insert("oncall.yaml".into(), PLAN.into());
    world.engine.plans_apply(&world.owner, files).await.expect("in force");
    world
}

fn member(login: &str) -> Identity {
    Identity::person(&format!("{login}@example.org"), Role::Member)
}

fn hours(at: Timestamp, hours: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_hours(hours)).expect("within range")
}

async fn who(world: &World, at: Timestamp) -> Vec<String> {
    let holders = world.engine.on_call("seoc", at).await.expect("a schedule");
    holders.into_iter().map(|holder| holder.login).collect()
}

/// The next whole turn of somebody from now on.
async fn turn_of(world: &World, login: &str) -> (Timestamp, Timestamp) {
    let now = world.engine.now();
    let board = world.engine.on_call_board(&world.owner, now, hours(now, 24 * 7)).await.expect("a board");
    let shifts = &board.lanes.iter().find(|lane| lane.schedule.id == "seoc").expect("a lane").shifts;
    let shift = shifts.iter().skip(1).find(|shift| shift.logins() == [login]).expect("a turn");
    (shift.from, shift.until)
}

fn take(login: &str, instead_of: Option<&str>, from: Option<Timestamp>, until: Timestamp) -> NewOverride {
    NewOverride {
        schedule: "seoc".into(),
        login: login.into(),
        instead_of: instead_of.map(str::to_owned),
        from,
        until,
        reason: "ill".into(),
    }
}

#[tokio::test]
async fn on_a_fresh_installation_the_owner_holds_every_duty() {
    let world = World::new().await;
    let login = world.owner.login().expect("a person").to_owned();
    let schedules = ["seoc", "simoc", "cmoc", "platform", "security-lead", "legal", "vp-engineering"];
    for schedule in schedules {
        let holders = world.engine.on_call(schedule, world.engine.now()).await.expect("a schedule");
        assert_eq!(holders.iter().map(|holder| holder.login.as_str()).collect::<Vec<_>>(), [login.as_str()], "{schedule}");
    }
    let found = world.engine.lint_on_call(&world.owner, 8).await.expect("an answer");
    assert!(found.iter().all(|finding| finding.flaw == Flaw::Unreachable { login: login.clone() }), "{found:?}");
    assert_eq!(found.len(), schedules.len(), "the console alone reaches the owner: {found:?}");
    assert!(matches!(world.engine.on_call("nothing", world.engine.now()).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn an_override_counts_until_it_is_ended_and_stands_on_the_record_with_a_sealed_reason() {
    let world = world().await;
    let (from, until) = turn_of(&world, "ada@example.org").await;
    let wish = take("cy@example.org", Some("ada@example.org"), Some(from), until);
    let made = world.engine.override_on_call(&member("cy"), wish).await.expect("made");
    assert_eq!(who(&world, from).await, ["cy@example.org"]);
    assert_eq!(who(&world, until).await, ["bo@example.org"]);
    let held = world.engine.on_call("seoc", from).await.expect("a schedule");
    assert!(matches!(&held[0].reason, Reason::Override { id, .. } if *id == made.id));
    let stranger = world.engine.end_override(&member("bo"), &made.id).await;
    assert!(matches!(stranger, Err(Error::Denied(_))), "{stranger:?}");
    world.clock.forward(from.duration_since(world.engine.now()).as_secs() + 3_600);
    world.engine.end_override(&member("ada"), &made.id).await.expect("ended");
    assert_eq!(who(&world, from).await, ["cy@example.org"], "what was stays");
    assert_eq!(who(&world, hours(from, 1)).await, ["ada@example.org"]);
    assert!(matches!(world.engine.end_override(&member("ada"), &made.id).await, Err(Error::NotFound(_))));
    let page = world.engine.record(&world.owner, RecordFilter::default(), PageRequest::default()).await.expect("a page");
    let entry = page.items.iter().find(|entry| entry.kind == "on_call.overridden").expect("recorded");
    assert_eq!(entry.public["login"], "cy@example.org");
    assert!(!entry.public.values().any(|value| value == "ill"), "the reason is confidential");
    assert!(page.items.iter().any(|entry| entry.kind == "on_call.override_ended"));
}

#[tokio::test]
async fn an_override_that_cannot_be_meant_is_refused() {
    let world = world().await;
    let now = world.engine.now();
    let (from, until) = turn_of(&world, "ada@example.org").await;
    let refused = [
        (take("cy@example.org", None, Some(hours(now, -1)), until), "from"),
        (take("cy@example.org", None, Some(until), from), "until"),
        (take("cy@example.org", None, Some(from), hours(from, 24 * 100)), "until"),
        (take("cy@example.org", None, Some(hours(now, 24 * 400)), hours(now, 24 * 401)), "from"),
        (take("left@example.org", None, Some(from), until), "login"),
        (take("nobody@example.org", None, Some(from), until), "login"),
        (take("cy@example.org", Some("bo@example.org"), Some(from), until), "instead_of"),
        (NewOverride { reason: " ".into(), ..take("cy@example.org", None, Some(from), until) }, "reason"),
    ];
    for (wish, expected) in refused {
        let answer = world.engine.override_on_call(&member("cy"), wish.clone()).await;
        // Members may only ask for themselves: where that is what is wrong is told first.
        let answer = match answer {
            Err(Error::Denied(_)) => world.engine.override_on_call(&world.owner, wish).await,
            other => other,
        };
        assert!(matches!(&answer, Err(Error::Invalid { field, .. }) if field == expected), "{expected}: {answer:?}");
    }
    let other = take("bo@example.org", None, Some(from), until);
    assert!(matches!(world.engine.override_on_call(&member("cy"), other.clone()).await, Err(Error::Denied(_))), "not theirs");
    world.engine.override_on_call(&world.owner, other).await.expect("a manager may");
    let restricted = Identity::person("rex@example.org", Role::Restricted);
    assert!(matches!(world.engine.on_call_board(&restricted, from, until).await, Err(Error::Denied(_))));
    assert!(matches!(
        world.engine.override_on_call(&restricted, take("rex@example.org", None, Some(from), until)).await,
        Err(Error::Denied(_))
    ));
}

#[tokio::test]
async fn a_swap_counts_when_both_sides_have_agreed() {
    let world = world().await;
    let (give, taken) = (turn_of(&world, "ada@example.org").await, turn_of(&world, "bo@example.org").await);
    let wish = NewSwap { schedule: "seoc".into(), with: "bo@example.org".into(), give, take: taken, reason: "a wedding".into() };
    let swapped = NewSwap { give: taken, take: give, ..wish.clone() };
    assert!(matches!(world.engine.offer_swap(&member("ada"), swapped).await, Err(Error::Invalid { .. })), "not hers to give");
    let swap = world.engine.offer_swap(&member("ada"), wish.clone()).await.expect("offered");
    assert_eq!(who(&world, give.0).await, ["ada@example.org"], "nothing has changed yet");
    for stranger in ["ada", "cy"] {
        assert!(matches!(world.engine.accept_swap(&member(stranger), &swap.id).await, Err(Error::NotFound(_))), "{stranger}");
    }
    world.engine.accept_swap(&member("bo"), &swap.id).await.expect("accepted");
    assert_eq!(who(&world, give.0).await, ["bo@example.org"]);
    assert_eq!(who(&world, taken.0).await, ["ada@example.org"]);
    assert!(matches!(world.engine.accept_swap(&member("bo"), &swap.id).await, Err(Error::Conflict)));
    let board = world.engine.on_call_board(&world.owner, give.0, give.1).await.expect("a board");
    assert_eq!(board.overrides.len(), 1);
    world.engine.end_override(&member("ada"), &board.overrides[0].id).await.expect("ended");
    assert_eq!(who(&world, give.0).await, ["ada@example.org"]);
    assert_eq!(who(&world, taken.0).await, ["bo@example.org"], "both halves end together");
    let declined = world.engine.offer_swap(&member("ada"), wish.clone()).await.expect("offered");
    assert_eq!(world.engine.refuse_swap(&member("bo"), &declined.id).await.expect("declined"), SwapState::Declined);
    let late = world.engine.offer_swap(&member("ada"), wish).await.expect("offered");
    world.clock.forward(give.1.max(taken.1).duration_since(world.engine.now()).as_secs());
    assert!(matches!(world.engine.accept_swap(&member("bo"), &late.id).await, Err(Error::Invalid { .. })), "it has begun");
    assert_eq!(world.engine.refuse_swap(&member("ada"), &late.id).await.expect("withdrawn"), SwapState::Withdrawn);
    assert_eq!(world.engine.swaps(&world.owner).await.expect("swaps").len(), 3);
}

#[tokio::test]
async fn a_feed_is_read_by_its_address_until_it_is_revoked_or_its_maker_leaves() {
    let world = world().await;
    let secret = |address: &str| address.rsplit('/').next().expect("a secret").to_owned();
    let mine = world.engine.add_feed(&member("ada"), FeedOf::Person("Ada@example.org".into())).await.expect("made");
    let all = world.engine.add_feed(&member("ada"), FeedOf::Schedule("seoc".into())).await.expect("made");
    let text = world.engine.calendar(&secret(&mine.address)).await.expect("an answer").expect("there").text;
    assert!(text.contains("SUMMARY:Security\\, first\r\n"), "{text}");
    assert!(text.matches("BEGIN:VEVENT").count() > 80 && !text.contains("bo@example.org"));
    let text = world.engine.calendar(&secret(&all.address)).await.expect("an answer").expect("there").text;
    assert!(text.contains("SUMMARY:Security\\, first: bo@example.org\r\n"));
    let others = world.engine.add_feed(&member("ada"), FeedOf::Person("bo@example.org".into())).await;
    assert!(matches!(others, Err(Error::Denied(_))));
    assert_eq!(world.engine.feeds(&member("bo")).await.expect("feeds"), []);
    assert!(matches!(world.engine.revoke_feed(&member("bo"), &mine.feed.id).await, Err(Error::NotFound(_))));
    world.engine.revoke_feed(&member("ada"), &mine.feed.id).await.expect("revoked");
    assert_eq!(world.engine.calendar(&secret(&mine.address)).await.expect("an answer"), None);
    world.engine.disable_person(&world.owner, "ada@example.org").await.expect("disabled");
    assert_eq!(world.engine.calendar(&secret(&all.address)).await.expect("an answer"), None);
    for wrong in ["", "wff_short", &"x".repeat(5_000)] {
        assert_eq!(world.engine.calendar(wrong).await.expect("an answer"), None);
    }
}

#[tokio::test]
async fn shifts_keep_their_names_from_one_reading_of_the_feed_to_the_next() {
    let world = world().await;
    let feed = world.engine.add_feed(&member("ada"), FeedOf::Schedule("seoc".into())).await.expect("made");
    let secret = feed.address.rsplit('/').next().expect("a secret").to_owned();
    let read = || async {
        let text = world.engine.calendar(&secret).await.expect("an answer").expect("there").text;
        let events: Vec<(String, String)> = text
            .split("BEGIN:VEVENT\r\n")
            .skip(1)
            .map(|event| {
                let line = |name: &str| event.lines().find(|line| line.starts_with(name)).expect("a line").to_owned();
                (line("UID:"), format!("{} {}", line("DTSTART"), line("DTEND")))
            })
            .collect();
        events
    };
    let before = read().await;
    world.clock.forward(3 * 3_600);
    let after = read().await;
    let kept = after.iter().filter(|event| before.contains(event)).count();
    assert!(kept >= before.len() - 2, "{kept} of {}", before.len());
    let names: std::collections::BTreeSet<_> = after.iter().map(|(uid, _)| uid).collect();
    assert_eq!(names.len(), after.len(), "no two shifts have one name");
}

#[tokio::test]
async fn a_feed_names_no_incident() {
    let world = world().await;
    let feed = world.engine.add_feed(&member("ada"), FeedOf::Schedule("seoc".into())).await.expect("made");
    let secret = feed.address.rsplit('/').next().expect("a secret").to_owned();
    let without = world.engine.calendar(&secret).await.expect("an answer").expect("there").text;
    world.send(serde_json::json!({"alerts": [{"key": "a", "title": "canary", "class": "intrusion", "resource": "one"}]})).await;
    let (from, until) = turn_of(&world, "ada@example.org").await;
    let with = world.engine.calendar(&secret).await.expect("an answer").expect("there").text;
    assert_eq!(without, with, "byte for byte");
    let wish = NewOverride { reason: "canary INC".into(), ..take("cy@example.org", None, Some(from), until) };
    world.engine.override_on_call(&member("cy"), wish).await.expect("made");
    let text = world.engine.calendar(&secret).await.expect("an answer").expect("there").text;
    assert!(text.contains("DESCRIPTION:Override\\, for ada@example.org") && !text.contains("canary"), "{text}");
}

#[tokio::test]
async fn lint_finds_the_duty_that_nobody_can_fill() {
    let world = world().await;
    let found = world.engine.lint_on_call(&member("ada"), 4).await.expect("an answer");
    let flaws: Vec<_> = found.iter().map(|finding| (finding.schedule.as_str(), finding.flaw.word())).collect();
    let (silent, flaws): (Vec<_>, Vec<_>) = flaws.into_iter().partition(|(_, word)| *word == "unreachable_person");
    assert_eq!(flaws[..3], [("night", "nobody"), ("night", "empty_group"), ("night", "disabled_person")]);
    let notices = ["notice security-lead", "notice legal", "notice vp-engineering"].map(|notice| (notice, "nobody_told"));
    assert_eq!(flaws[3..], notices, "their schedules are gone");
    assert!(!silent.is_empty() && found.iter().any(|finding| finding.flaw == Flaw::Nobody));
    assert!(matches!(world.engine.lint_on_call(&member("ada"), 0).await, Err(Error::Invalid { .. })));
}

#[tokio::test]
async fn lint_names_whom_no_page_would_reach_until_they_have_a_verified_contact_on_an_open_channel() {
    let world = World::new().await;
    let login = world.owner.login().expect("a person").to_owned();
    let silent = || async {
        let found = world.engine.lint_on_call(&world.owner, 4).await.expect("an answer");
        found.into_iter().filter(|finding| finding.flaw == Flaw::Unreachable { login: login.clone() }).count()
    };
    assert_eq!(silent().await, 7);
    let settings = [("place", "pager"), ("answer", "delivered")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    world.engine.add_channel(&world.owner, "relay", "pager", settings.into()).await.expect("a channel");
    let contact = world.engine.add_contact(&world.owner, &login, "pager", "owner-1").await.expect("added");
    assert_eq!(silent().await, 7, "nobody has shown that they read it");
    world.engine.empty_outbox().await.expect("the store answers");
    let code = world.relay.at("pager").pop().expect("a code").1.subject;
    let code = code.split(' ').next().expect("a first word").to_owned();
    world.engine.verify_contact(&world.owner, contact.id, &code).await.expect("verified");
    assert_eq!(silent().await, 0);
    world
        .engine
        .trust_channel(&world.owner, "pager", watchfire_core::channel::ChannelTrust::Burned, "read")
        .await
        .expect("burned");
    assert_eq!(silent().await, 7, "a burned channel carries nothing");
}
