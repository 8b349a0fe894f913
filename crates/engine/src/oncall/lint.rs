//! What is wrong with the schedules before anybody needs them.

use jiff::SignedDuration;
use watchfire_core::access::Identity;
use watchfire_core::oncall::{self, Finding};

use super::people::{may_look, reachable_directory};
use crate::{Engine, Error};

/// Weeks that can be looked ahead.
const WEEKS: std::ops::RangeInclusive<i64> = 1..=52;

impl Engine {
    /// Looks for faults of all schedules from now on: gaps, duties that nobody can fill, people who are unknown, disabled or
    /// cannot be reached, hand-offs at a skipped time.
    ///
    /// # Errors
    /// The role does not reach, not 1 to 52 weeks, or the store does not answer.
    pub async fn lint_on_call(&self, who: &Identity, weeks: i64) -> Result<Vec<Finding>, Error> {
        may_look(who)?;
        if !WEEKS.contains(&weeks) {
            return Err(Error::invalid("weeks", format!("{} to {}", WEEKS.start(), WEEKS.end())));
        }
        let now = self.now();
        let until = now.saturating_add(SignedDuration::from_hours(24 * 7 * weeks)).unwrap_or(now);
        let mut reader = self.store().read().await?;
        let people = reachable_directory(&mut reader).await?;
        let schedules = self.schedules(&mut reader, now, until).await?;
        Ok(schedules.iter().flat_map(|schedule| oncall::lint(schedule, &people, now, until)).collect())
    }
}
