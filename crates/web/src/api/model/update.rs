//! Status updates, tracking documents, reports, briefings.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::id::UpdateId;
use watchfire_core::incident::{StatusUpdate, UsersImpacted, hints};
use watchfire_engine::{Briefing, Document, Report, ReportReceipt};

use super::entry::EntryDocument;
use super::words::UsersWord;
use super::{At, TaskDocument};

/// One version of a status update: what those outside of the room are told.
#[derive(Serialize, ToSchema)]
#[schema(as = StatusUpdate)]
pub(crate) struct UpdateDocument {
    #[schema(value_type = String, format = "uuid")]
    id: UpdateId,
    /// Counts from 1 within the incident.
    number: i64,
    /// Counts from 1 within the number: a revision is a new version.
    version: i64,
    /// What can still go wrong, and for whom.
    risk: String,
    #[schema(value_type = UsersWord)]
    users: UsersImpacted,
    timeline: String,
    mitigation: String,
    status: String,
    next_steps: String,
    /// When the next one is due; null promises none.
    next_due_at: Option<At>,
    author: String,
    written_at: At,
    /// What would make it easier to read: length, long sentences, technical details. Advice, never a refusal.
    hints: Vec<HintDocument>,
}

/// Advice about one field.
#[derive(Serialize, ToSchema)]
#[schema(as = UpdateHint)]
pub(crate) struct HintDocument {
    field: &'static str,
    advice: String,
}

/// Every version of an incident's updates, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct UpdateList {
    items: Vec<UpdateDocument>,
    next: Option<String>,
}

/// One version of the tracking document.
#[derive(Serialize, ToSchema)]
#[schema(as = TrackingDocument)]
pub(crate) struct TrackingDocumentDocument {
    version: i64,
    /// The template that the first version came from.
    template: String,
    /// The version of the plans that held the template.
    plan_version: String,
    text: String,
    author: String,
    written_at: At,
}

/// What a reporter may know of a report: that it is looked at, not what it became.
#[derive(Serialize, ToSchema)]
#[schema(as = ReportReceipt)]
pub(crate) struct ReceiptDocument {
    /// To refer to.
    id: String,
    saw: String,
    reported_at: At,
    acknowledged_at: Option<At>,
}

/// The receipts of your own reports, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceiptList {
    items: Vec<ReceiptDocument>,
    next: Option<String>,
}

/// A report as triage sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = Report)]
pub(crate) struct ReportDocument {
    reporter: String,
    saw: String,
    contact: String,
    /// Answers of the triage checklist by the check's own words.
    checks: BTreeMap<String, String>,
    reported_at: At,
    acknowledged_at: Option<At>,
    acknowledged_by: Option<String>,
}

/// What a joiner has to know, made from the record.
#[derive(Serialize, ToSchema)]
#[schema(as = Briefing)]
pub(crate) struct BriefingDocument {
    /// The short id.
    id: String,
    summary: String,
    phase: &'static str,
    severity: Option<&'static str>,
    /// Holders by role.
    roles: BTreeMap<String, String>,
    last_update: Option<UpdateDocument>,
    update_due_at: Option<At>,
    links: BTreeMap<String, String>,
    /// What was decided, in order.
    decisions: Vec<EntryDocument>,
    /// What was written last, in order.
    notes: Vec<EntryDocument>,
    /// Open tasks by their time.
    tasks: Vec<TaskDocument>,
}

impl From<StatusUpdate> for UpdateDocument {
    fn from(update: StatusUpdate) -> Self {
        let hints = hints(&update.text).into_iter().map(|hint| HintDocument { field: hint.field, advice: hint.advice });
        Self {
            hints: hints.collect(),
            id: update.id,
            number: update.number,
            version: update.version,
            risk: update.text.risk,
            users: update.text.users,
            timeline: update.text.timeline,
            mitigation: update.text.mitigation,
            status: update.text.status,
            next_steps: update.text.next_steps,
            next_due_at: update.next_due_at.map(At),
            author: update.author,
            written_at: At(update.written_at),
        }
    }
}

impl From<Vec<StatusUpdate>> for UpdateList {
    fn from(updates: Vec<StatusUpdate>) -> Self {
        Self { items: updates.into_iter().map(UpdateDocument::from).collect(), next: None }
    }
}

impl From<Document> for TrackingDocumentDocument {
    fn from(document: Document) -> Self {
        Self {
            version: document.version,
            template: document.template,
            plan_version: document.plan_version,
            text: document.text,
            author: document.author,
            written_at: At(document.written_at),
        }
    }
}

impl From<ReportReceipt> for ReceiptDocument {
    fn from(receipt: ReportReceipt) -> Self {
        Self {
            id: receipt.short_id,
            saw: receipt.saw,
            reported_at: At(receipt.reported_at),
            acknowledged_at: receipt.acknowledged_at.map(At),
        }
    }
}

impl From<Vec<ReportReceipt>> for ReceiptList {
    fn from(receipts: Vec<ReportReceipt>) -> Self {
        Self { items: receipts.into_iter().map(ReceiptDocument::from).collect(), next: None }
    }
}

impl From<Report> for ReportDocument {
    fn from(report: Report) -> Self {
        Self {
            reporter: report.reporter,
            saw: report.words.saw,
            contact: report.words.contact,
            checks: report.words.checks,
            reported_at: At(report.reported_at),
            acknowledged_at: report.acknowledged_at.map(At),
            acknowledged_by: report.acknowledged_by,
        }
    }
}

impl From<Briefing> for BriefingDocument {
    fn from(briefing: Briefing) -> Self {
        let incident = briefing.incident;
        Self {
            phase: incident.phase.as_str(),
            severity: incident.severity.map(watchfire_core::Severity::as_str),
            roles: incident.roles.into_iter().map(|held| (held.role.as_str().to_owned(), held.holder)).collect(),
            id: incident.short_id,
            summary: incident.summary,
            last_update: briefing.last_update.map(UpdateDocument::from),
            update_due_at: briefing.update_due.map(|due| At(due.due_at)),
            links: briefing.links.into_iter().map(|link| (link.link, link.address)).collect(),
            decisions: briefing.decisions.into_iter().map(EntryDocument::from).collect(),
            notes: briefing.notes.into_iter().map(EntryDocument::from).collect(),
            tasks: briefing.tasks.into_iter().map(TaskDocument::from).collect(),
        }
    }
}
