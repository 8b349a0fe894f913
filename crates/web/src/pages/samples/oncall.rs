//! On call, with a gap, an override, a swap and a schedule that hands over twice a day.

use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use watchfire_core::oncall::{Layer, Override, Participant, Schedule};
use watchfire_engine::Lane;

use super::super::oncall::board::{Reader, draw};
use super::super::oncall::feeds::{Feeds, Row};
use super::super::oncall::room::{Failed, Gap, HandOver, Link, OnCall, OverrideLine, SwapLine, Values};
use super::super::oncall::span::{Days, Width};
use super::{at, now};

const ME: &str = "mira@example.org";

/// The room on a Thursday; `failed` shows a form that was refused.
pub(super) fn room(say: &dyn Fn(&str) -> String, failed: bool) -> OnCall {
    let zone = TimeZone::get("Europe/Oslo").expect("a zone that ships");
    let days = Days::around(&zone, zone.to_datetime(now()).date(), Width::Week);
    let day = Days::around(&zone, zone.to_datetime(now()).date(), Width::Day);
    let schedules = schedules(say, &zone);
    let reader = Reader { login: ME, now: now() };
    let boards = vec![
        draw(&lanes(&schedules, &days), &days, &reader, "oc-wide"),
        draw(&lanes(&schedules, &day), &day, &reader, "oc-narrow"),
    ];
    let hand_over = |when: &str, left: &str, title: &str, to: &str, gap: &str| HandOver {
        when: when.to_owned(),
        left: left.to_owned(),
        title: say(title),
        from: say("mira"),
        to: say(to),
        gap: gap.to_owned(),
    };
    let change = |who: &str, over, may_end| OverrideLine {
        id: who.to_owned(),
        who: say(who),
        instead_of: say("sanna"),
        title: say("Platform engineer on call"),
        span: "Wed 19:00 to Thu 07:00".to_owned(),
        reason: say("ill"),
        by: say("sanna"),
        is_swap: false,
        over,
        may_end,
    };
    let swap = |by: &str, mine| SwapLine {
        id: by.to_owned(),
        by: say(by),
        to: say("tobin"),
        title: say("Security engineer on call"),
        gives: "Fri 08:00 to Sat 08:00".to_owned(),
        takes: "20 March to 21 March".to_owned(),
        reason: say("a wedding"),
        mine_to_accept: mine,
        mine_to_withdraw: !mine,
    };
    OnCall {
        title: days.title(),
        zone: "Europe/Oslo, UTC +1".to_owned(),
        widths: Width::ALL
            .iter()
            .map(|width| Link {
                label: width.label(),
                href: format!("/on-call?span={}", width.word()),
                current: *width == Width::Week,
            })
            .collect(),
        before: "/on-call?from=2026-03-02".to_owned(),
        after: "/on-call?from=2026-03-16".to_owned(),
        boards,
        gaps: vec![Gap {
            title: say("Communications manager on call"),
            from: "Sat 20:00".to_owned(),
            until: "Sun 20:00".to_owned(),
            href: "/on-call?schedule=cmoc".to_owned(),
        }],
        hand_overs: vec![
            hand_over("07:00", "3 h 46 min", "Platform engineer on call", "kato", ""),
            hand_over("Sat 20:00", "2 d 17 h", "Communications manager on call", "nobody", "1 d"),
        ],
        overrides: vec![change("kato", "", true), change("tobin", "past", false)],
        swaps: vec![swap("ines", true), swap("mira", false)],
        schedules: schedules.iter().map(|schedule| (schedule.id.clone(), schedule.title.clone())).collect(),
        people: vec![say("kato@example.org"), ME.to_owned()],
        may_act: true,
        values: Values {
            schedule: "seoc".to_owned(),
            login: say(ME),
            from: "2026-03-12T03:14".to_owned(),
            until: "2026-03-16T08:00".to_owned(),
            reason: say(""),
            ..Values::default()
        },
        failed: failed.then(|| Failed { is_swap: false, message: say("It must end after it begins") }),
    }
}

/// The list of feeds, one just made.
pub(super) fn feeds(say: &dyn Fn(&str) -> String) -> Feeds {
    let row = |of: &str, read_at| Row { id: of.to_owned(), of: say(of), made_by: say(ME), made_at: at(-900), read_at };
    Feeds {
        now: now(),
        rows: vec![row("Security engineer on call", Some(at(-12))), row(ME, None)],
        fresh: Some("https://watchfire.example.org/calendars/wff_EXAMPLEonly".to_owned()),
        schedules: vec![("seoc".to_owned(), say("Security engineer on call"))],
        failed: String::new(),
    }
}

fn lanes(schedules: &[Schedule], days: &Days) -> Vec<Lane> {
    let (from, until) = days.span();
    let lane = |schedule: &Schedule| Lane {
        schedule: schedule.clone(),
        shifts: schedule.shifts(from, until),
        current: schedule.shift_at(now()),
        next: schedule.next_hand_off(now()),
    };
    schedules.iter().map(lane).collect()
}

fn schedules(say: &dyn Fn(&str) -> String, zone: &TimeZone) -> Vec<Schedule> {
    let layer = |hours, first: jiff::civil::DateTime, people: &[&str]| Layer {
        name: say("base"),
        zone: zone.clone(),
        first_hand_off: first,
        turn_hours: hours,
        participants: people.iter().map(|login| Participant::Person((*login).to_owned())).collect(),
        slots: people.iter().map(|login| if login.is_empty() { Vec::new() } else { vec![say(login)] }).collect(),
        until: None,
        windows: Vec::new(),
        except: Default::default(),
        only: None,
    };
    let schedule = |id: &str, title: &str, layer, overrides| Schedule {
        id: id.to_owned(),
        title: say(title),
        zone: zone.clone(),
        layers: vec![layer],
        overrides,
    };
    let hours = |hours: i64| -> Timestamp { now().saturating_add(SignedDuration::from_hours(hours)).expect("within range") };
    let cover = |login: &str, from, until, is_swap| Override {
        id: "o".to_owned(),
        login: say(login),
        instead_of: None,
        from: hours(from),
        until: hours(until),
        is_swap,
    };
    let weekly = layer(168, date(2026, 3, 2).at(8, 0, 0, 0), &["tobin@example.org", ME]);
    let nights = layer(12, date(2026, 3, 2).at(7, 0, 0, 0), &["kato@example.org", "sanna@example.org"]);
    let gap = layer(
        24,
        date(2026, 3, 7).at(20, 0, 0, 0),
        &[
            "yusra@example.org",
            "yusra@example.org",
            "yusra@example.org",
            "yusra@example.org",
            "yusra@example.org",
            "yusra@example.org",
            "yusra@example.org",
            "",
        ],
    );
    let long = layer(24 * 14, date(2026, 3, 2).at(0, 0, 0, 0), &["petra@example.org"]);
    vec![
        schedule("seoc", "Security engineer on call", weekly, vec![cover("ines@example.org", -12, -5, true)]),
        schedule("platform", "Platform engineer on call", nights, vec![cover("kato@example.org", -8, 4, false)]),
        schedule("cmoc", "Communications manager on call", gap, Vec::new()),
        schedule("legal", "Legal contact", long, Vec::new()),
    ]
}
