//! Incidents as people work on them.

mod change;
mod command;
mod crowd;
mod declare;
mod reach;
mod read;
mod verify;

pub(crate) use change::{Happening, name, record};
pub(crate) use command::follow_signal;
pub use crowd::Crowded;
pub use declare::Declare;
pub(crate) use declare::blank;
pub use read::{Counts, IncidentDetail, IncidentRow, TimelineRequest};
