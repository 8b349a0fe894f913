//! Who is on call, was, and will be.

use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::Identity;
use watchfire_core::oncall::{HandOff, Holder, Override, Schedule, Shift};
use watchfire_store::Conn;
use watchfire_store::oncall::{self, OverrideRow};

use super::people::{directory, may_look};
use crate::{Engine, Error};

/// The longest span that is shown at once, in days.
const SPAN_DAYS: i64 = 400;
/// How far around a span overrides are read, in days, so that the ends of the shifts at its edges are right.
const AROUND_DAYS: i64 = 100;

/// All schedules over a span.
#[derive(Clone, PartialEq, Debug)]
pub struct Board {
    pub from: Timestamp,
    pub until: Timestamp,
    pub now: Timestamp,
    /// In the order of the plans.
    pub lanes: Vec<Lane>,
    /// What people changed within the span, in the order in which they did.
    pub overrides: Vec<OverrideRow>,
    /// The logins of those who may be on call.
    pub people: Vec<String>,
}

/// One schedule over a span.
#[derive(Clone, PartialEq, Debug)]
pub struct Lane {
    pub schedule: Schedule,
    /// The shifts of the span, cut at its ends.
    pub shifts: Vec<Shift>,
    /// The shift of this moment, whole.
    pub current: Shift,
    /// When other people are on call next.
    pub next: Option<HandOff>,
}

impl Engine {
    /// Returns who holds a schedule at an instant, by login; empty is a gap. For the flow itself: nobody is asked who
    /// wants to know.
    ///
    /// # Errors
    /// There is no such schedule in the plans in force, or the store does not answer.
    pub async fn on_call(&self, schedule: &str, at: Timestamp) -> Result<Vec<Holder>, Error> {
        let mut reader = self.store().read().await?;
        let found = self.schedules(&mut reader, at, at).await?;
        let schedule = found.into_iter().find(|found| found.id == schedule).ok_or(Error::NotFound("schedule"))?;
        Ok(schedule.holders(at))
    }

    /// Shows all schedules over a span.
    ///
    /// # Errors
    /// The role does not reach, the span is empty or longer than 400 days, or the store does not answer.
    pub async fn on_call_board(&self, who: &Identity, from: Timestamp, until: Timestamp) -> Result<Board, Error> {
        may_look(who)?;
        if until <= from {
            return Err(Error::invalid("until", "the span ends before it begins"));
        }
        if until.duration_since(from) > SignedDuration::from_hours(24 * SPAN_DAYS) {
            return Err(Error::invalid("until", format!("at most {SPAN_DAYS} days at once")));
        }
        let now = self.now();
        let mut reader = self.store().read().await?;
        let schedules = self.schedules(&mut reader, from.min(now), until.max(now)).await?;
        let overrides = oncall::list(&mut reader, from, until).await?;
        let people = directory(&mut reader).await?.0.into_iter().filter(|(_, person)| person.is_active);
        let people = people.map(|(login, _)| login).collect();
        drop(reader);
        let lane = |schedule: Schedule| Lane {
            shifts: schedule.shifts(from, until),
            current: schedule.shift_at(now),
            next: schedule.next_hand_off(now),
            schedule,
        };
        Ok(Board { from, until, now, lanes: schedules.into_iter().map(lane).collect(), overrides, people })
    }

    /// Returns the schedules of the plans in force with people, and with overrides around a span.
    pub(crate) async fn schedules(&self, reader: &mut Conn, from: Timestamp, until: Timestamp) -> Result<Vec<Schedule>, Error> {
        let around = SignedDuration::from_hours(24 * AROUND_DAYS);
        let (from, until) = (from.saturating_sub(around).unwrap_or(from), until.saturating_add(around).unwrap_or(until));
        let people = directory(reader).await?;
        let changes: Vec<(String, Override)> = oncall::list(reader, from, until)
            .await?
            .into_iter()
            .filter_map(|row| row.change().map(|change| (row.schedule, change)))
            .collect();
        let plans = self.0.plans.load();
        let with = |plan: &Schedule| {
            let own = changes.iter().filter(|(schedule, _)| *schedule == plan.id).map(|(_, change)| change.clone());
            plan.with(&people, own.collect())
        };
        Ok(plans.on_call.iter().map(with).collect())
    }

    /// Returns one schedule, with overrides around a span.
    pub(super) async fn schedule(
        &self,
        reader: &mut Conn,
        id: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Schedule, Error> {
        let found = self.schedules(reader, from, until).await?;
        found.into_iter().find(|schedule| schedule.id == id).ok_or(Error::NotFound("schedule"))
    }
}

/// Tells whether somebody holds a schedule at any time of a span.
pub(super) fn holds(schedule: &Schedule, login: &str, from: Timestamp, until: Timestamp) -> bool {
    schedule.shifts(from, until).iter().any(|shift| shift.logins().contains(&login))
}
