//! The documents of the API. Shapes only: what they mean is told by core.

mod alert;
mod channel;
mod duty;
mod entry;
mod event;
mod figures;
mod grant;
mod incident;
mod oncall;
mod paging;
mod person;
mod plan;
mod source;
mod task;
mod time;
mod token;
mod update;
pub(crate) mod words;
mod work;

pub(crate) use alert::{AlertDocument, AlertPage, SilenceDocument, SilenceList};
pub(crate) use channel::{ChannelDocument, ChannelKindList, ChannelList, TestDocument};
pub(crate) use duty::{NoticeList, ResolutionDocument, ResponsibilityDocument};
pub(crate) use entry::{ActorDocument, EntryPage, TimelineDocument};
pub(crate) use event::{EventDocument, EventPage, ExplanationDocument};
pub(crate) use figures::{CountsDocument, FiguresDocument};
pub(crate) use grant::{AccessDocument, GrantDocument};
pub(crate) use incident::{IncidentDocument, IncidentPage, IncidentRefDocument};
pub(crate) use oncall::{
    BoardDocument, FeedList, FindingList, NewFeedDocument, OverrideDocument, OverrideList, ScheduleDocument, SwapDocument,
    SwapList,
};
pub(crate) use paging::{BudgetDocument, ContactDocument, ContactList, PageDocument, PagePage, PreferenceDocument};
pub(crate) use person::{OrganisationDocument, PersonDocument, PersonList, TeamList};
pub(crate) use plan::{PlanCheck, PlanDiff, PlanDocument, PlanFiles, PlanPage};
pub(crate) use source::{CredentialsDocument, KindList, SetupDocument, SourceDocument, SourceList};
pub(crate) use task::{TaskDocument, TaskList};
pub(crate) use time::At;
pub(crate) use token::{MeDocument, NewTokenDocument, TokenDocument, TokenList};
pub(crate) use update::{
    BriefingDocument, ReceiptDocument, ReceiptList, ReportDocument, TrackingDocumentDocument, UpdateDocument, UpdateList,
};
pub(crate) use work::{BoardList, WorkDocument};
