//! The room: board, hand-overs, overrides, swaps, and the forms that change them.

use askama::Template;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::Right;
use watchfire_engine::{Board, Error, SwapState};

use super::board::{BoardView, Reader, draw};
use super::span::{Days, Width, field, length, when};
use crate::pages::filters;
use crate::pages::names;
use crate::pages::query::Query;
use crate::pages::visit::Visit;

/// How far ahead hand-overs, gaps and overrides are told.
const AHEAD_DAYS: i64 = 28;
/// Hand-overs and gaps told at once.
const ROWS: usize = 8;
/// People whom the forms propose.
const PROPOSED: usize = 500;

/// The room.
#[derive(Template)]
#[template(path = "oncall.html", blocks = ["head", "board", "below"])]
pub(crate) struct OnCall {
    pub(crate) title: String,
    pub(crate) zone: String,
    pub(crate) widths: Vec<Link>,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) boards: Vec<BoardView>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) hand_overs: Vec<HandOver>,
    pub(crate) overrides: Vec<OverrideLine>,
    pub(crate) swaps: Vec<SwapLine>,
    pub(crate) schedules: Vec<(String, String)>,
    pub(crate) people: Vec<String>,
    pub(crate) may_act: bool,
    pub(crate) values: Values,
    /// What was wrong with a form; the form is then open and keeps its values.
    pub(crate) failed: Option<Failed>,
}

/// A way to another view.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Link {
    pub(crate) label: &'static str,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// A span in which nobody is on call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Gap {
    pub(crate) title: String,
    pub(crate) from: String,
    pub(crate) until: String,
    /// Values for the form that fills it.
    pub(crate) href: String,
}

/// A change of who is on call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct HandOver {
    pub(crate) when: String,
    pub(crate) left: String,
    pub(crate) title: String,
    pub(crate) from: String,
    pub(crate) to: String,
    /// Empty, or how long the gap is that begins.
    pub(crate) gap: String,
}

/// One override.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct OverrideLine {
    pub(crate) id: String,
    pub(crate) who: String,
    pub(crate) instead_of: String,
    pub(crate) title: String,
    pub(crate) span: String,
    pub(crate) reason: String,
    pub(crate) by: String,
    pub(crate) is_swap: bool,
    /// `past`, `ended`, or empty while it counts or will.
    pub(crate) over: &'static str,
    pub(crate) may_end: bool,
}

/// One swap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SwapLine {
    pub(crate) id: String,
    pub(crate) by: String,
    pub(crate) to: String,
    pub(crate) title: String,
    pub(crate) gives: String,
    pub(crate) takes: String,
    pub(crate) reason: String,
    pub(crate) mine_to_accept: bool,
    pub(crate) mine_to_withdraw: bool,
}

/// What stands in the form of an override.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Values {
    pub(crate) schedule: String,
    pub(crate) login: String,
    pub(crate) instead_of: String,
    pub(crate) from: String,
    pub(crate) until: String,
    pub(crate) reason: String,
    /// The second span, of a swap.
    pub(crate) take_from: String,
    pub(crate) take_until: String,
}

/// Which form was refused, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Failed {
    pub(crate) is_swap: bool,
    pub(crate) message: String,
}

/// Gathers the room.
///
/// # Errors
/// The role does not reach, or the store does not answer.
pub(crate) async fn build(visit: &Visit) -> Result<OnCall, Error> {
    let now = visit.now;
    let ahead = now.saturating_add(SignedDuration::from_hours(24 * AHEAD_DAYS)).unwrap_or(now);
    let coming = visit.engine.on_call_board(&visit.who, now, ahead).await?;
    let zone = coming.lanes.first().map_or(TimeZone::UTC, |lane| lane.schedule.zone.clone());
    let chosen = visit.query.get("span").and_then(Width::parse);
    let date = visit.query.get("from").and_then(|date| date.parse().ok()).unwrap_or_else(|| zone.to_datetime(now).date());
    let days = Days::around(&zone, date, chosen.unwrap_or(Width::Week));
    let (from, until) = days.span();
    let board = visit.engine.on_call_board(&visit.who, from, until).await?;
    let reader = Reader { login: visit.login(), now };
    let mut boards = vec![draw(&board.lanes, &days, &reader, if chosen.is_none() { "oc-wide" } else { "" })];
    if chosen.is_none() {
        // Nobody has chosen: a narrow page opens on the day.
        let day = Days::around(&zone, date, Width::Day);
        let (from, until) = day.span();
        let lanes = visit.engine.on_call_board(&visit.who, from, until).await?.lanes;
        boards.push(draw(&lanes, &day, &reader, "oc-narrow"));
    }
    let may_act = visit.may(Right::Act);
    let step = |by| href(&visit.query, days.width, &days.step(by).to_string());
    let overrides = overrides(visit, &board, &coming, &zone);
    Ok(OnCall {
        title: days.title(),
        zone: zone_words(&zone, now),
        widths: Width::ALL
            .iter()
            .map(|width| Link {
                label: width.label(),
                href: href(&visit.query, *width, &date.to_string()),
                current: *width == days.width,
            })
            .collect(),
        before: step(-1),
        after: step(1),
        boards,
        gaps: gaps(&coming, &zone, now),
        hand_overs: hand_overs(&coming, &zone),
        overrides,
        swaps: swaps(visit, &coming, &zone).await?,
        schedules: coming.lanes.iter().map(|lane| (lane.schedule.id.clone(), lane.schedule.title.clone())).collect(),
        people: coming.people.iter().take(PROPOSED).cloned().collect(),
        may_act,
        values: values(visit, &coming, &zone),
        failed: None,
    })
}

impl OnCall {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_board().render()?, self.as_below().render()?])
    }

    /// Tells whether no form was refused: then they float, and can be left.
    fn is_fresh(&self) -> bool {
        self.failed.is_none()
    }

    /// Tells whether the form of an override is the one that was refused.
    fn override_failed(&self) -> bool {
        self.failed.as_ref().is_some_and(|failed| !failed.is_swap)
    }

    /// Tells whether the form of a swap is the one that was refused.
    fn swap_failed(&self) -> bool {
        self.failed.as_ref().is_some_and(|failed| failed.is_swap)
    }
}

fn href(query: &Query, width: Width, date: &str) -> String {
    query.with("span", Some(width.word())).with("from", Some(date)).href("/on-call")
}

/// Says the zone: `Europe/Oslo, UTC +1`.
fn zone_words(zone: &TimeZone, now: Timestamp) -> String {
    let minutes = zone.to_offset(now).seconds() / 60;
    let sign = if minutes < 0 { "-" } else { "+" };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    let offset = if rest == 0 { format!("{sign}{hours}") } else { format!("{sign}{hours}:{rest:02}") };
    let name = zone.iana_name().unwrap_or("UTC");
    if minutes == 0 { name.to_owned() } else { format!("{name}, UTC {offset}") }
}

/// The form proposes the first schedule (or the one asked for), from now to the end of its present shift.
fn values(visit: &Visit, coming: &Board, zone: &TimeZone) -> Values {
    let asked = visit.query.get("schedule").unwrap_or_default();
    let lane = coming.lanes.iter().find(|lane| lane.schedule.id == asked).or_else(|| coming.lanes.first());
    let until = lane.map_or(visit.now, |lane| lane.next.as_ref().map_or(lane.current.until, |next| next.at));
    let day = visit.now.saturating_add(SignedDuration::from_hours(24)).unwrap_or(visit.now);
    let given = |name: &str| visit.query.get(name).map(str::to_owned);
    Values {
        schedule: lane.map(|lane| lane.schedule.id.clone()).unwrap_or_default(),
        login: visit.login().to_owned(),
        instead_of: String::new(),
        from: given("begins").unwrap_or_else(|| field(zone, visit.now)),
        until: given("ends")
            .unwrap_or_else(|| field(zone, if lane.is_some_and(|lane| lane.next.is_some()) { until } else { day })),
        reason: String::new(),
        take_from: String::new(),
        take_until: String::new(),
    }
}

fn gaps(coming: &Board, zone: &TimeZone, now: Timestamp) -> Vec<Gap> {
    let of = |lane: &watchfire_engine::Lane| {
        let empty = lane.shifts.iter().filter(|shift| shift.holders.is_empty()).take(2);
        empty
            .map(|gap| Gap {
                title: lane.schedule.title.clone(),
                from: if gap.from <= now { "now".to_owned() } else { when(zone, now, gap.from) },
                until: when(zone, now, gap.until),
                href: Query::default()
                    .with("schedule", Some(&lane.schedule.id))
                    .with("begins", Some(&field(zone, gap.from)))
                    .with("ends", Some(&field(zone, gap.until)))
                    .href("/on-call"),
            })
            .collect::<Vec<_>>()
    };
    coming.lanes.iter().flat_map(of).take(ROWS).collect()
}

fn hand_overs(coming: &Board, zone: &TimeZone) -> Vec<HandOver> {
    let short = |logins: Vec<&str>| match logins.as_slice() {
        [] => "nobody".to_owned(),
        logins => logins.iter().map(|login| names::person(login)).collect::<Vec<_>>().join(", "),
    };
    let mut rows: Vec<(Timestamp, HandOver)> = Vec::new();
    for lane in &coming.lanes {
        for pair in lane.shifts.windows(2).filter(|pair| pair[0].logins() != pair[1].logins()) {
            let at = pair[1].from;
            let gap = if pair[1].holders.is_empty() { length(pair[1].until.duration_since(at)) } else { String::new() };
            let row = HandOver {
                when: when(zone, coming.now, at),
                left: length(at.duration_since(coming.now)),
                title: lane.schedule.title.clone(),
                from: short(pair[0].logins()),
                to: short(pair[1].logins()),
                gap,
            };
            rows.push((at, row));
        }
    }
    rows.sort_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row).take(ROWS).collect()
}

fn title_of(coming: &Board, schedule: &str) -> String {
    let lane = coming.lanes.iter().find(|lane| lane.schedule.id == schedule);
    lane.map_or_else(|| schedule.to_owned(), |lane| lane.schedule.title.clone())
}

fn overrides(visit: &Visit, board: &Board, coming: &Board, zone: &TimeZone) -> Vec<OverrideLine> {
    let mut rows: Vec<_> = board.overrides.iter().chain(&coming.overrides).collect();
    rows.sort_by(|a, b| (a.from, &a.id).cmp(&(b.from, &b.id)));
    rows.dedup_by(|a, b| a.id == b.id);
    let manages = visit.may(Right::Configure);
    let short = |login: &str| names::person(login);
    let line = |row: &watchfire_engine::OverrideRow| {
        let over = match (row.ended_at, row.until <= visit.now) {
            (Some(_), _) => "ended",
            (None, true) => "past",
            (None, false) => "",
        };
        let mine =
            [Some(row.login.as_str()), row.instead_of.as_deref(), Some(row.made_by.as_str())].contains(&Some(visit.login()));
        OverrideLine {
            id: row.id.clone(),
            who: short(&row.login),
            instead_of: row.instead_of.as_deref().map(short).unwrap_or_default(),
            title: title_of(coming, &row.schedule),
            span: format!("{} to {}", when(zone, visit.now, row.from), when(zone, visit.now, row.until)),
            reason: row.reason.clone(),
            by: short(&row.made_by),
            is_swap: row.swap.is_some(),
            over,
            may_end: over.is_empty() && visit.may(Right::Act) && (mine || manages),
        }
    };
    rows.into_iter().map(line).collect()
}

async fn swaps(visit: &Visit, coming: &Board, zone: &TimeZone) -> Result<Vec<SwapLine>, Error> {
    let short = |login: &str| names::person(login);
    let span =
        |(from, until): (Timestamp, Timestamp)| format!("{} to {}", when(zone, visit.now, from), when(zone, visit.now, until));
    let open = visit.engine.swaps(&visit.who).await?.into_iter().filter(|swap| swap.state == SwapState::Offered);
    let may = visit.may(Right::Act);
    let line = |swap: watchfire_engine::Swap| SwapLine {
        by: short(&swap.offered_by),
        to: short(&swap.offered_to),
        title: title_of(coming, &swap.schedule),
        gives: span(swap.give),
        takes: span(swap.take),
        mine_to_accept: may && swap.offered_to == visit.login(),
        mine_to_withdraw: may && swap.offered_by == visit.login(),
        reason: swap.reason,
        id: swap.id,
    };
    Ok(open.map(line).collect())
}
