//! Samples of the rooms about pages, contacts and the budget.

use watchfire_core::Severity;
use watchfire_core::incident::Phase;

use super::super::acknowledge::{Acknowledge, Shown};
use super::super::contacts::{Contacts, Row as ContactRow};
use super::super::incident::whole::OfIncident;
use super::super::list::Choice;
use super::super::paging::{Attempt, Line as TraceLine, One, Pages, Row as PageRow, Told};
use super::{ME, at, now};

pub(super) fn acknowledge(say: &dyn Fn(&str) -> String) -> Acknowledge {
    let shown = Shown {
        person: say(ME),
        short_id: "INC-7K3QX".to_owned(),
        codename: "quiet-heron".to_owned(),
        severity: Some(Severity::Sev2),
        done: false,
        over: false,
    };
    Acknowledge { shown: Some(shown), link: say("wfa_0123456789abcdefghij") }
}

pub(super) fn contacts(say: &dyn Fn(&str) -> String) -> Contacts {
    let row = |id: &str, address: &str, verified_at| ContactRow {
        id: id.to_owned(),
        channel: say("mail"),
        address: say(address),
        verified_at,
    };
    Contacts {
        rows: vec![row("one", "mira@example.org", Some(at(-4_000))), row("two", "night@example.org", None)],
        channels: vec![say("mail"), say("chat")],
        quiet_from: "22:00".to_owned(),
        quiet_until: "07:00".to_owned(),
        zone: say("Europe/Berlin"),
        sound: true,
        failed: say("This is not the code that was sent"),
    }
}

pub(super) fn page_row(say: &dyn Fn(&str) -> String) -> PageRow {
    PageRow {
        id: "0198c000-0000-7000-8000-000000000001".to_owned(),
        short_id: "INC-7K3QX".to_owned(),
        title: say("Outsider read client billing exports"),
        severity: Some(Severity::Sev2),
        status: "delivered",
        step: "step 1".to_owned(),
        why: say("rule severe of escalation.yaml"),
        people: say("mira@example.org, tobin@example.org"),
        created_at: at(-3),
        due_at: Some(at(2)),
        mine: true,
    }
}

pub(super) fn budget(say: &dyn Fn(&str) -> String) -> watchfire_engine::Budget {
    let load = watchfire_engine::Load {
        person: say("mira@example.org"),
        pages: 9,
        per_week: 2.25,
        nights: 3,
        non_actionable: 4,
        worst_shift: 3,
        over_budget: true,
    };
    let suggestion = watchfire_engine::Suggestion {
        rule: say("monitoring"),
        pages: 6,
        non_actionable: 4,
        advice: say("4 of 6 pages by rule monitoring were for nothing"),
    };
    watchfire_engine::Budget {
        from: at(-40_320),
        until: now(),
        people: vec![load],
        pages: 9,
        non_actionable: 4,
        suggestion: Some(suggestion),
    }
}

pub(super) fn pages(say: &dyn Fn(&str) -> String) -> Pages {
    let ended = PageRow {
        id: "0198c000-0000-7000-8000-000000000002".to_owned(),
        status: "acknowledged",
        due_at: None,
        mine: false,
        ..page_row(say)
    };
    let views = vec![Choice { label: "All".to_owned(), href: "/pages".to_owned(), on: true, count: None }];
    let of = OfIncident {
        what: "Pages",
        hint: "Who was told, and what came back",
        href: "/incidents/INC-7K3QX".to_owned(),
        short_id: "INC-7K3QX".to_owned(),
        codename: "quiet-heron".to_owned(),
        title: say("Outsider read client billing exports"),
        severity: Some(Severity::Sev2),
        phase: Phase::Declared,
        tabs: vec![Choice { label: "Console".to_owned(), href: "/incidents/INC-7K3QX".to_owned(), on: false, count: None }],
        masked: false,
    };
    Pages {
        now: now(),
        of: Some(of),
        rows: vec![page_row(say), ended],
        views,
        pager: super::super::list::Pager { shown: 2, ..Default::default() },
        budget: Some(budget(say)),
    }
}

pub(super) fn page_in_full(say: &dyn Fn(&str) -> String) -> One {
    let told = Told {
        person: say(ME),
        step: "step 1".to_owned(),
        times: 1,
        told_at: at(-3),
        answer: "delivered",
        answered_at: Some(at(-1)),
    };
    let attempt =
        Attempt { at: at(-3), person: say(ME), channel: say("mail"), status: "sent", reply: say("250 2.0.0 queued as 4F2A") };
    let line = TraceLine { at: at(-3), kind: "page.told".to_owned(), words: say("mira@example.org, step 1") };
    One {
        now: now(),
        row: page_row(say),
        policy: say("urgent"),
        stops: "incident",
        begun_by: say("intake"),
        plan_version: "7d02c1f4a9e3".to_owned(),
        told: vec![told],
        attempts: vec![attempt],
        trace: vec![line],
    }
}
