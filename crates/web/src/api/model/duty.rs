//! Who answers for an incident, who had to be told, what waits to be verified.

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::id::PageId;
use watchfire_engine::{NoticeView, Resolution, Responsibility};

use super::At;

/// Who answers for an incident, in the words of the plans: `team platform`, `schedule seoc`, `owners`, a login.
#[derive(Serialize, ToSchema)]
#[schema(as = Responsibility)]
pub(crate) struct ResponsibilityDocument {
    /// Who does the work.
    responsible: Vec<String>,
    /// The one who answers for it that the work is done; null where the plans name nobody.
    accountable: Option<String>,
    /// Who is asked before a task that says so is done.
    consulted: Vec<String>,
}

/// What a developer says is resolved, and somebody else has to verify.
#[derive(Serialize, ToSchema)]
#[schema(as = Resolution)]
pub(crate) struct ResolutionDocument {
    by: String,
    at: At,
}

/// Somebody who had to be told of an incident at once.
#[derive(Serialize, ToSchema)]
#[schema(as = Notice)]
pub(crate) struct NoticeDocument {
    /// Its name in escalation.yaml.
    name: String,
    title: String,
    /// Who stood for it when it was given.
    people: Vec<String>,
    /// The page that tells them; null if one of them acted and needed no telling.
    #[schema(value_type = Option<String>, format = "uuid")]
    page: Option<PageId>,
    given_at: At,
    /// When it goes on by itself, while nobody has answered.
    due_at: Option<At>,
    acknowledged_at: Option<At>,
    acknowledged_by: Option<String>,
}

/// The notices of an incident, in the order in which they were given.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeList {
    items: Vec<NoticeDocument>,
    next: Option<String>,
}

impl From<Responsibility> for ResponsibilityDocument {
    fn from(of: Responsibility) -> Self {
        Self { responsible: of.responsible, accountable: of.accountable, consulted: of.consulted }
    }
}

impl From<Resolution> for ResolutionDocument {
    fn from(resolution: Resolution) -> Self {
        Self { by: resolution.by, at: At(resolution.at) }
    }
}

impl From<NoticeView> for NoticeDocument {
    fn from(notice: NoticeView) -> Self {
        Self {
            name: notice.name,
            title: notice.title,
            people: notice.people,
            page: notice.page,
            given_at: At(notice.given_at),
            due_at: notice.due_at.map(At),
            acknowledged_at: notice.acknowledged_at.map(At),
            acknowledged_by: notice.acknowledged_by,
        }
    }
}

impl From<Vec<NoticeView>> for NoticeList {
    fn from(notices: Vec<NoticeView>) -> Self {
        Self { items: notices.into_iter().map(NoticeDocument::from).collect(), next: None }
    }
}
