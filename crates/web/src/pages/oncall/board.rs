//! Lanes of shifts as lengths in percent.

use jiff::{SignedDuration, Timestamp};
use watchfire_core::oncall::{Reason, Shift};
use watchfire_engine::Lane;

use super::span::{Days, Width, length, when};

/// One board: a head of days and a lane for each schedule.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct BoardView {
    /// When it is shown: empty is always.
    pub(crate) class: &'static str,
    pub(crate) heads: Vec<Head>,
    /// Where days, or hours of one day, begin.
    pub(crate) grid: Vec<String>,
    /// Where now is; empty if it is not on the board.
    pub(crate) now_x: String,
    pub(crate) now: String,
    pub(crate) rows: Vec<RowView>,
}

/// The name of a day, or an hour of the one day.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Head {
    pub(crate) x: String,
    pub(crate) label: String,
    pub(crate) today: bool,
}

/// One schedule.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct RowView {
    pub(crate) title: String,
    pub(crate) rule: String,
    /// Who is on call now; empty is nobody.
    pub(crate) who: String,
    /// Until when; empty is for longer than anybody looks.
    pub(crate) until: String,
    pub(crate) cells: Vec<Cell>,
}

/// One shift.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Cell {
    pub(crate) x: String,
    pub(crate) width: String,
    /// `me`, `ov`, `gap` or empty.
    pub(crate) class: &'static str,
    pub(crate) name: String,
    pub(crate) note: String,
    /// All of it, for a pointer and for a screen reader.
    pub(crate) title: String,
}

/// What the reader's eye needs: where they are and who they are.
pub(crate) struct Reader<'a> {
    pub(crate) login: &'a str,
    pub(crate) now: Timestamp,
}

/// Draws the lanes over the days.
pub(crate) fn draw(lanes: &[Lane], days: &Days, reader: &Reader<'_>, class: &'static str) -> BoardView {
    let (from, until) = days.span();
    let dates = days.dates();
    let today = days.zone.to_datetime(reader.now).date();
    let share = |at: Timestamp| percent(at, from, until);
    let (heads, grid) = if days.width == Width::Day {
        let hours: Vec<(Timestamp, String)> = [0, 6, 12, 18]
            .into_iter()
            .map(|hour| {
                let at = watchfire_core::oncall::first_shown(&days.zone, days.first.at(hour, 0, 0, 0));
                (at, format!("{hour:02}:00"))
            })
            .collect();
        let heads = hours.iter().map(|(at, label)| Head { x: share(*at), label: label.clone(), today: false });
        (heads.collect(), hours.iter().skip(1).map(|(at, _)| share(*at)).collect())
    } else {
        let form = if days.width == Width::Week { "%a %-d" } else { "%-d" };
        let named = dates.iter().take(dates.len() - 1).map(|date| Head {
            x: share(days.begins(*date)),
            label: date.strftime(form).to_string(),
            today: *date == today,
        });
        let inner = dates.iter().skip(1).take(dates.len() - 2).map(|date| share(days.begins(*date)));
        (named.collect(), inner.collect())
    };
    let on_board = from <= reader.now && reader.now < until;
    BoardView {
        class,
        heads,
        grid,
        now_x: if on_board { share(reader.now) } else { String::new() },
        now: days.zone.to_datetime(reader.now).strftime("%H:%M").to_string(),
        rows: lanes.iter().map(|lane| row(lane, days, reader, (from, until))).collect(),
    }
}

fn row(lane: &Lane, days: &Days, reader: &Reader<'_>, (from, until): (Timestamp, Timestamp)) -> RowView {
    let schedule = &lane.schedule;
    let cells = lane.shifts.iter().filter(|shift| shift.from < until && shift.until > from).map(|shift| {
        let (begin, end) = (shift.from.max(from), shift.until.min(until));
        // The piece at the edge of the board is told by its whole shift, if that is the present one.
        let whole = if lane.current.holders == shift.holders && lane.current.from <= begin && begin < lane.current.until {
            &lane.current
        } else {
            shift
        };
        let (class, name, note) = say(whole, days, reader);
        Cell {
            x: percent(begin, from, until),
            width: format!("{:.3}%", fraction(end, from, until) - fraction(begin, from, until)),
            title: title(&name, &note, whole, days),
            class,
            name,
            note,
        }
    });
    let rule = match schedule.layers.as_slice() {
        [only] => only.rule(),
        layers => format!("{} layers", layers.len()),
    };
    RowView {
        title: schedule.title.clone(),
        rule,
        who: names(&lane.current),
        until: until_words(&lane.current, lane, days, reader.now),
        cells: cells.collect(),
    }
}

/// Until when the people of now are on call; empty if nobody else comes within 400 days.
fn until_words(current: &Shift, lane: &Lane, days: &Days, now: Timestamp) -> String {
    match &lane.next {
        Some(next) => format!("until {}", when(&days.zone, now, next.at)),
        None if current.holders.is_empty() => String::new(),
        None => "no hand-off".to_owned(),
    }
}

/// Says who, and in what manner.
fn say(shift: &Shift, days: &Days, reader: &Reader<'_>) -> (&'static str, String, String) {
    let ends = format!("until {}", when(&days.zone, reader.now, shift.until));
    if shift.holders.is_empty() {
        return ("gap", "Nobody".to_owned(), ends);
    }
    let mine = shift.logins().contains(&reader.login);
    let changed = shift.holders.iter().find_map(|holder| match &holder.reason {
        Reason::Override { is_swap, instead_of, .. } => Some((*is_swap, instead_of)),
        Reason::Layer { .. } => None,
    });
    let note = match changed {
        Some((true, _)) => format!("swap, {ends}"),
        Some((false, whom)) if !whom.is_empty() => {
            format!("for {}", whom.iter().map(|login| crate::pages::names::person(login)).collect::<Vec<_>>().join(", "))
        }
        Some((false, _)) => format!("override, {ends}"),
        None if mine => format!("you, {ends}"),
        None => ends,
    };
    let class = match (changed.is_some(), mine) {
        (true, true) => "ov me",
        (true, false) => "ov",
        (false, true) => "me",
        (false, false) => "",
    };
    (class, names(shift), note)
}

fn title(name: &str, note: &str, shift: &Shift, days: &Days) -> String {
    let stamp = |at: Timestamp| days.zone.to_datetime(at).strftime("%a %-d %b %H:%M").to_string();
    let logins = shift.logins().join(", ");
    let who = if logins.is_empty() { name } else { &logins };
    format!("{who}, {} to {}, {}; {note}", stamp(shift.from), stamp(shift.until), length(lasts(shift)))
}

fn lasts(shift: &Shift) -> SignedDuration {
    shift.until.duration_since(shift.from)
}

/// Writes those on call for a reader; empty is nobody.
pub(crate) fn names(shift: &Shift) -> String {
    shift.logins().into_iter().map(crate::pages::names::person).collect::<Vec<_>>().join(", ")
}

fn percent(at: Timestamp, from: Timestamp, until: Timestamp) -> String {
    format!("{:.3}%", fraction(at, from, until))
}

fn fraction(at: Timestamp, from: Timestamp, until: Timestamp) -> f64 {
    100.0 * at.duration_since(from).as_secs_f64() / until.duration_since(from).as_secs_f64()
}
