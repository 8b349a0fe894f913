//! The flow: intake, triage, incidents, plans, timers, duties.
//!
//! Pages, API and command line call [`Engine`] and nothing else. It knows no vendor: sources are handed in as
//! `dyn Source`. It knows no HTTP. Every call takes the identity of who asks.

mod access;
mod alerts;
mod briefing;
mod channels;
mod chat;
mod digest;
mod documents;
mod duties;
mod engine;
mod error;
mod events;
mod explain;
mod figures;
mod grants;
mod health;
mod idempotency;
mod incidents;
mod intake;
mod links;
mod live;
mod oncall;
mod outbox;
mod page;
mod paging;
mod people;
mod planning;
pub mod plans;
#[cfg(feature = "planted-defects")]
mod planted;
mod record;
mod reports;
mod responsibility;
pub mod sign_in;
mod silences;
mod sources;
mod stakeholders;
mod tasks;
mod tokens;
pub mod triage;
mod updates;
mod words;
mod work;

pub use access::SessionSecret;
pub use alerts::{AlertDetail, IncidentRef};
pub use briefing::Briefing;
pub use channels::{ChannelView, Dispatch, IncidentRoom, RoomOffer, Way, dispatch};
pub use chat::{ChatAnswer, ChatCode, ChatError, ChatLink};
pub use engine::{Engine, Fetch, FetchError, Parts};
pub use error::Error;
pub use events::EventDetail;
pub use explain::{ExplainedAlert, Explanation};

pub use grants::{AccessList, NewGrant};
pub use incidents::{Counts, Crowded, Declare, IncidentDetail, IncidentRow, TimelineRequest};
pub use intake::{Accepted, Incoming, IntakeError};
pub use links::LINKS;
pub use oncall::{Board, Calendar, FeedOf, Lane, NewFeed, NewOverride, NewSwap};
pub use page::{Page, PageRequest};
pub use paging::{Budget, LinkView, Load, NoticeView, PER_SHIFT, PageFilter, PageView, Suggestion};
pub use people::{NewPerson, Organisation, PeopleFilter, PersonChange, PersonRow, SeverityDisplay, TeamRow};
pub use planning::check as check_plans;
pub use reports::NewReport;
pub use sources::NewSource;
pub use tasks::{NewTask, TaskChange};
pub use tokens::{NewToken, TokenWish};
pub use updates::{NewUpdate, UpdateDue};
pub use watchfire_store::Health;
pub use watchfire_store::alert::{Alert, Filter as AlertFilter, Receipt};
pub use watchfire_store::document::Document;
pub use watchfire_store::entry::{Entry, Filter as RecordFilter};
pub use watchfire_store::event::{Event, Filter as EventFilter};
pub use watchfire_store::grant::{Grant, GrantId, Grantee};
pub use watchfire_store::idempotency::Begun;
pub use watchfire_store::incident::Filter as IncidentFilter;
pub use watchfire_store::link::Link;
pub use watchfire_store::oncall::feed::Feed;
pub use watchfire_store::oncall::{OverrideRow, Swap, SwapState};
pub use watchfire_store::paging::{Attempt, AttemptStatus, Contact, Preference};
pub use watchfire_store::plan::Plan;
pub use watchfire_store::report::{Receipt as ReportReceipt, Report, Words as ReportWords};
pub use watchfire_store::resolution::Resolution;
pub use watchfire_store::responsibility::Responsibility;
pub use watchfire_store::silence::Silence;
pub use watchfire_store::source::{Overview as SourceOverview, Source};
pub use watchfire_store::spans::Row as SpanRow;
pub use watchfire_store::token::Token;
pub use work::{BoardRow, HeldRole, Work, update_owner};

#[cfg(test)]
mod tests;
