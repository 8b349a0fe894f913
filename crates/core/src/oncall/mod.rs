//! On-call: who holds a schedule at which instant, and why.
//!
//! A schedule is layers of rotations, the later over the earlier, with overrides and swaps on top. Plans say it in wall
//! time; one law, [`first_shown`], turns wall time into instants, so that every instant of a schedule has exactly one
//! set of holders. `docs/reference/on-call-time.md` tells every case of daylight saving with the test that shows it.

pub mod calendar;
mod directory;
mod holders;
mod layer;
mod lint;
mod overrides;
mod schedule;
mod shifts;
mod wall;
mod window;

pub use directory::{Directory, Listed, Participant};
pub use holders::{Holder, Reason};
pub use layer::Layer;
pub use lint::{Finding, Flaw, lint};
pub use overrides::Override;
pub use schedule::Schedule;
pub use shifts::{HandOff, Shift};
pub use wall::{first_shown, is_skipped};
pub use window::{Weekdays, Window};

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
