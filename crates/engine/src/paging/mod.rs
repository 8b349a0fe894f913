//! Paging: who is told of an incident, what happens when nobody answers, and who takes which role.
//!
//! The laws are [`watchfire_core::escalation`]'s; here they are carried out: a page is a row, its next instant a timer, each
//! message a row of the outbox, and all of it one transaction with the entries that tell of it.

mod act;
mod budget;
mod contacts;
mod drive;
mod explain;
mod follow;
mod hours;
mod inform;
mod notice;
mod reach;
mod read;
mod roster;
mod stall;
mod tell;
mod timers;

pub use act::LinkView;
pub(crate) use act::parse_target;
pub use budget::{Budget, Load, PER_SHIFT, Suggestion};
pub(crate) use drive::{ESCALATION, With};
pub(crate) use explain::steps_of;
pub(crate) use follow::{follow, lead, staff};
pub(crate) use inform::inform;
pub use notice::NoticeView;
pub(crate) use reach::{open_contacts, reachable};
pub use read::{PageFilter, PageView};
pub(crate) use roster::Roster;
pub(crate) use stall::STALL;
pub(crate) use tell::ANSWERED;
