//! One scripted day, with or without what must not be learned of.

use std::collections::BTreeMap;

use watchfire_core::access::{Level, Role};
use watchfire_core::incident::{Class, Command, Kind, Phase, Role as IncidentRole, Sensitivity, Visibility};
use watchfire_core::token::TokenKind;
use watchfire_engine::{AlertFilter, Declare, Grantee, NewGrant, NewSource, NewTask, PageRequest};

use super::house::{House, Who};

/// Words that stand in the hidden incident alone.
pub(super) const SECRETS: [&str; 4] = ["quartz", "exfiltration", "QuartzIntruder", "basalt"];

/// Who looks, and what of the day is hidden.
pub(super) struct Day {
    /// Each of them is a stranger to the hidden incident.
    pub(super) observers: Vec<(&'static str, Option<Who>)>,
    /// Names of hidden objects; in the day without them names of the same form that were never given.
    pub(super) hidden: BTreeMap<&'static str, String>,
}

/// The people and systems of the day.
struct Cast {
    olga: Who,
    mia: Who,
    rita: Who,
    monitor: NewSource,
    sensor: NewSource,
}

/// Plays the day.
pub(super) async fn play(house: &House, with_hidden: bool) -> Day {
    let cast = Cast {
        olga: house.person("olga2@example.org", Role::Owner).await,
        mia: house.person("mia@example.org", Role::Member).await,
        rita: house.person("rita@example.org", Role::Member).await,
        monitor: house.source("monitor").await,
        sensor: house.source("sensor").await,
    };
    let rex = house.person("rex@example.org", Role::Restricted).await;
    let max = house.person("max@example.org", Role::Manager).await;
    let machine = house.machine();
    house.engine.join_team(&machine, "security", "rita@example.org", true).await.expect("she joins");
    house.engine.join_team(&machine, "platform", "mia@example.org", false).await.expect("she joins");

    morning(house, &cast, &rex).await;
    let mut hidden = BTreeMap::new();
    if with_hidden {
        hidden = intrusion(house, &cast).await;
    }
    house.later(300).await;
    noon(house, &cast).await;
    if with_hidden {
        cover(house, &cast, &mut hidden).await;
    } else {
        for (at, name) in ["incident", "second", "third"].into_iter().enumerate() {
            hidden.insert(name, format!("INC-0000{at}"));
        }
        for (at, name) in ["uuid", "alert", "event", "grant"].into_iter().enumerate() {
            hidden.insert(name, format!("01939c5e-0000-7000-8000-00000000000{at}"));
        }
    }
    house.later(300).await;
    evening(house, &cast).await;
    house.later(1).await;
    let observers = vec![("nobody", None), ("restricted", Some(rex)), ("member", Some(cast.mia)), ("manager", Some(max))];
    Day { observers, hidden }
}

fn wish(title: &str, class: Class, visibility: Visibility) -> Declare {
    Declare {
        title: title.to_owned(),
        class,
        severity: Some(watchfire_core::Severity::Sev2),
        team: Some("platform".to_owned()),
        visibility: Some(visibility),
        occurred_at: None,
        text: Some(format!("about {title}")),
        kind: Kind::Real,
    }
}

/// What everybody may see, before.
async fn morning(house: &House, cast: &Cast, rex: &Who) {
    let engine = &house.engine;
    for name in ["DiskFull", "QueueLong", "CertEnds"] {
        house.deliver(&cast.monitor, name, "plain", true).await;
        house.clock.forward(1);
    }
    house.deliver(&cast.sensor, "SensorDown", "plain", true).await;
    house.clock.forward(1);
    let slow = engine.declare(&cast.mia.identity, wish("Checkout is slow", Class::Reliability, Visibility::Open)).await;
    let slow = slow.expect("an incident").short_id;
    let task = NewTask { title: "roll back".to_owned(), owner: None, due_at: None, team: None, consult: None, insist: false };
    engine.add_task(&cast.mia.identity, &slow, task).await.expect("a task");
    let command = Command::AssignRole { role: IncidentRole::commander(), holder: cast.mia.login.clone() };
    engine.command(&cast.mia.identity, &slow, command).await.expect("a commander");
    house.clock.forward(1);
    // One that the restricted observer is on, so that they have something to see.
    let own = engine.declare(&cast.mia.identity, wish("Login page is blank", Class::Reliability, Visibility::Open)).await;
    let new = NewGrant {
        grantee: Grantee::Person(rex.login.clone()),
        level: Level::Act,
        reason: "they wrote the page".to_owned(),
        until: None,
    };
    engine.grant(&house.machine(), &own.expect("an incident").short_id, new).await.expect("a grant");
}

/// What nobody of the observers may learn of: raised by an alert, worked on, shared with a few.
async fn intrusion(house: &House, cast: &Cast) -> BTreeMap<&'static str, String> {
    let engine = &house.engine;
    let event = house.deliver(&cast.sensor, "QuartzIntruder", "intruder", true).await;
    house.deliver(&cast.sensor, "QuartzIntruder", "intruder", true).await;
    let filter = AlertFilter { text: Some("QuartzIntruder".to_owned()), ..AlertFilter::default() };
    let alerts = engine.alerts(&house.machine(), filter, PageRequest::default()).await.expect("alerts");
    let alert = alerts.items[0].id;
    let detail = engine.alert(&house.machine(), alert).await.expect("the alert");
    let (id, uuid) = (detail.incidents[0].short_id.clone(), detail.incidents[0].id);
    let olga = &cast.olga.identity;
    for command in [
        Command::AssignRole { role: IncidentRole::commander(), holder: cast.rita.login.clone() },
        Command::Rename { title: "quartz: exfiltration of the ledger".to_owned() },
        Command::SetPhase { to: Phase::Declared, reason: "it is real".to_owned() },
        Command::Summarise { summary: "the basalt host is theirs".to_owned() },
    ] {
        engine.command(olga, &id, command).await.expect("done");
    }
    let rita = &cast.rita.identity;
    engine.note_at(rita, &id, "exfiltration goes on", None, None, None).await.expect("a note");
    let task = NewTask {
        title: "cut the basalt host off".to_owned(),
        owner: Some(cast.rita.login.clone()),
        due_at: None,
        team: None,
        consult: None,
        insist: true,
    };
    engine.add_task(rita, &id, task).await.expect("a task");
    engine.silence_alert(rita, alert, 2, "the quartz host is watched").await.expect("a silence");
    let new = NewGrant {
        grantee: Grantee::Team("security".to_owned()),
        level: Level::Read,
        reason: "quartz needs hands".to_owned(),
        until: house_later(house, 120),
    };
    let grant = engine.grant(rita, &id, new).await.expect("a grant").id;
    [("incident", id), ("uuid", uuid.to_string()), ("alert", alert.to_string()), ("event", event), ("grant", grant.to_string())]
        .into_iter()
        .collect()
}

fn house_later(house: &House, seconds: i64) -> Option<jiff::Timestamp> {
    use watchfire_core::time::Clock as _;
    house.clock.now().checked_add(jiff::SignedDuration::from_secs(seconds)).ok()
}

/// Public work while the hidden one goes on.
async fn noon(house: &House, cast: &Cast) {
    let engine = &house.engine;
    house.deliver(&cast.monitor, "DiskFull", "plain", false).await;
    house.clock.forward(1);
    house.deliver(&cast.monitor, "ReplicaLag", "plain", true).await;
    house.clock.forward(1);
    let filter = AlertFilter { text: Some("QueueLong".to_owned()), ..AlertFilter::default() };
    let found = engine.alerts(&cast.mia.identity, filter, PageRequest::default()).await.expect("alerts");
    engine.acknowledge_alert(&cast.mia.identity, found.items[0].id).await.expect("acknowledged");
    house.clock.forward(1);
    let matcher = [("source".to_owned(), "monitor".to_owned()), ("key".to_owned(), "none".to_owned())].into_iter().collect();
    engine.silence(&cast.mia.identity, matcher, 3, "they know").await.expect("a silence");
}

/// More that is hidden: one about employees, one merged away, credentials, an end.
async fn cover(house: &House, cast: &Cast, hidden: &mut BTreeMap<&'static str, String>) {
    let (engine, rita) = (&house.engine, &cast.rita.identity);
    let second = engine.declare(rita, wish("quartz in the wages", Class::DataBreach, Visibility::Restricted)).await;
    let second = second.expect("an incident").short_id;
    let label = Command::SetSensitivity { to: Sensitivity::Employee, reason: "it names somebody".to_owned() };
    engine.command(&cast.olga.identity, &second, label).await.expect("labelled");
    // An open one that becomes one about employees, and another that goes into the first.
    let third = engine.declare(&cast.olga.identity, wish("basalt badge", Class::Intrusion, Visibility::Restricted)).await;
    let third = third.expect("an incident");
    let first = engine.incident(&cast.olga.identity, &hidden["incident"]).await.expect("the first").incident;
    let merge = Command::MergeInto { incident: first.id, reason: "the same quartz".to_owned() };
    engine.command(&cast.olga.identity, &third.short_id, merge).await.expect("merged");
    hidden.insert("second", second);
    hidden.insert("third", third.short_id);
    house.deliver(&cast.sensor, "QuartzIntruder", "intruder", false).await;
    let made = engine.add_token(rita, "quartz", TokenKind::Personal, Role::Member, None).await.expect("a token");
    engine.sign_in(&made.secret).await.expect("the store answers").expect("a session");
    engine.due_timers().await.expect("timers");
}

/// Public work, after.
async fn evening(house: &House, cast: &Cast) {
    let engine = &house.engine;
    let filter = watchfire_engine::IncidentFilter { text: Some("Checkout".to_owned()), ..Default::default() };
    let found = engine.incidents(&cast.mia.identity, filter, PageRequest::default()).await.expect("incidents");
    let id = found.items[0].incident.short_id.clone();
    engine.note_at(&cast.mia.identity, &id, "it is fast again", None, None, None).await.expect("a note");
    let command = Command::Resolve { reason: "rolled back".to_owned() };
    // The road to resolved may have steps between; whichever way, it is the same on both days.
    engine.command(&cast.mia.identity, &id, command).await.ok();
    house.deliver(&cast.sensor, "SensorDown", "plain", false).await;
}
