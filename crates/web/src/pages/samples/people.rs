//! Samples of the rooms about people, teams and tokens.

use super::super::people::{People, Row as Person};
use super::super::teams::{Row as Team, Teams};
use super::super::tokens::{Row as Token, Tokens};
use super::{at, now};

pub(super) fn people(say: &dyn Fn(&str) -> String, one: bool) -> People {
    let row = |login: &str, name: &str, role, state| Person {
        login: login.to_owned(),
        name: say(name),
        role,
        state,
        time_zone: say("Europe/Berlin"),
        skills: vec![say("forensics"), say("kubernetes")],
        knowledge: vec![say("billing")],
        access: Vec::new(),
        teams: vec![("security".to_owned(), true)],
        changed_at: at(-300),
    };
    let mira = row("mira@example.org", "Mira Vell", "manager", "active");
    People {
        now: now(),
        one: one.then(|| mira.clone()),
        rows: vec![mira, row("tobin@example.org", "Tobin Ash", "restricted", "disabled")],
        text: say("vell"),
        tag: String::new(),
        team: "security".to_owned(),
        teams: vec![("security".to_owned(), say("Security"))],
        roles: vec!["restricted", "member", "manager", "owner"],
        may_administer: true,
        may_change: true,
        login: String::new(),
        failed: say("somebody has this login already"),
    }
}

pub(super) fn teams(say: &dyn Fn(&str) -> String) -> Teams {
    let row = |id: &str, title: &str, gone, members: &[(&str, bool)]| Team {
        id: id.to_owned(),
        title: say(title),
        gone,
        members: members.iter().map(|(login, lead)| ((*login).to_owned(), *lead)).collect(),
        may_staff: true,
    };
    let rows = vec![
        row("security", "Security", false, &[("mira@example.org", true), ("tobin@example.org", false)]),
        row("old", "Old", true, &[]),
    ];
    Teams { rows, failed: say("it is already so") }
}

pub(super) fn tokens(say: &dyn Fn(&str) -> String) -> Tokens {
    let row = |name: &str, kind: &str, role: &str, used, revoked| Token {
        id: name.to_owned(),
        name: say(name),
        kind: kind.to_owned(),
        role: role.to_owned(),
        created_at: at(-9_000),
        last_used_at: used,
        expires_at: Some(at(90_000)),
        revoked,
        ends_soon: name == "laptop",
        scopes: "read, act".to_owned(),
        owner: (kind == "service").then(|| say("ines@example.org")),
    };
    Tokens {
        now: now(),
        rows: vec![
            row("laptop", "personal", "owner", Some(at(-3)), false),
            row("ci-pipeline", "service", "member", None, false),
            row("old", "service", "member", None, true),
        ],
        fresh: Some((say("ci-pipeline"), "wft_EXAMPLEonlyEXAMPLEonlyEXAMPLEonlyEXAMPLEonly1".to_owned())),
        roles: vec!["restricted", "member", "manager", "owner"],
        may_administer: true,
        name: say(""),
        failed: String::new(),
    }
}
