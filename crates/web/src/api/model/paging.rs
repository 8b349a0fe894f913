//! Pages, contacts and the budget.

use serde::Serialize;
use utoipa::ToSchema;
use watchfire_core::escalation::{Place, Recipient};
use watchfire_core::id::{ContactId, PageId};
use watchfire_engine::{Attempt, Budget, Contact, Load, PER_SHIFT, Page, PageView, Preference, Suggestion};

use super::entry::EntryDocument;
use super::{At, IncidentRefDocument};

/// One escalation: who was told of an incident, and what came back.
#[derive(Serialize, ToSchema)]
#[schema(as = Page)]
pub(crate) struct PageDocument {
    #[schema(value_type = String, format = "uuid")]
    id: PageId,
    incident: IncidentRefDocument,
    codename: String,
    /// pending, sent, delivered, acknowledged, exhausted or withdrawn
    status: &'static str,
    /// `step 1`, `round 2, step 1` or `fallback`.
    step: String,
    /// What it is for: `respond:POLICY`, `coordinate:POLICY` or by hand.
    purpose: String,
    reason: String,
    policy: String,
    /// What ends it: incident, anyone or everyone.
    stops: &'static str,
    /// Quiet hours do not hold.
    urgent: bool,
    plan_version: String,
    begun_by: String,
    created_at: At,
    /// When it goes on by itself.
    due_at: Option<At>,
    ended_at: Option<At>,
    people: Vec<RecipientDocument>,
    /// Each time that somebody was told through one contact; empty in lists.
    attempts: Vec<AttemptDocument>,
    /// What happened to it, from the record; empty in lists.
    trace: Vec<EntryDocument>,
}

/// A person whom a page has told.
#[derive(Serialize, ToSchema)]
#[schema(as = PageRecipient)]
struct RecipientDocument {
    person: String,
    step: String,
    /// How often they were told.
    times: u32,
    told_at: At,
    /// waiting, sent, delivered, unreachable, gone or acknowledged
    answer: &'static str,
    answered_at: Option<At>,
}

/// One telling of one person through one contact.
#[derive(Serialize, ToSchema)]
#[schema(as = PageAttempt)]
struct AttemptDocument {
    person: String,
    step: String,
    times: u32,
    /// The name of the channel; `console` needs no contact.
    channel: String,
    /// waiting, sent, refused or unknown
    status: &'static str,
    tries: i64,
    /// What the other side said last.
    reply: String,
    at: At,
    changed_at: At,
}

/// One page of pages, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct PagePage {
    items: Vec<PageDocument>,
    next: Option<String>,
}

/// A way to reach a person.
#[derive(Serialize, ToSchema)]
#[schema(as = Contact)]
pub(crate) struct ContactDocument {
    #[schema(value_type = String, format = "uuid")]
    id: ContactId,
    person: String,
    channel: String,
    address: String,
    position: i64,
    /// Null until the code was given back; nothing but codes is sent until then.
    verified_at: Option<At>,
    created_at: At,
}

/// The contacts of a person, in their order.
#[derive(Serialize, ToSchema)]
pub(crate) struct ContactList {
    items: Vec<ContactDocument>,
    next: Option<String>,
}

/// How somebody wants to be paged.
#[derive(Serialize, ToSchema)]
#[schema(as = PagingPreference)]
pub(crate) struct PreferenceDocument {
    person: String,
    /// Null takes the zone of the account.
    time_zone: Option<String>,
    /// `22:00`; null is never. Quiet hours never hold for SEV1 and SEV2.
    quiet_from: Option<String>,
    quiet_until: Option<String>,
    /// Open consoles make a sound.
    sound: bool,
}

/// How often people were paged, about incidents that the caller may see.
#[derive(Serialize, ToSchema)]
#[schema(as = PageBudget)]
pub(crate) struct BudgetDocument {
    from: At,
    until: At,
    pages: i64,
    /// About incidents that were none: dismissed.
    non_actionable: i64,
    /// What one shift of twelve hours bears.
    per_shift: i64,
    people: Vec<LoadDocument>,
    suggestion: Option<SuggestionDocument>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PageLoad)]
struct LoadDocument {
    person: String,
    pages: i64,
    per_week: f64,
    /// Between 22 and 6 o'clock where they are.
    nights: i64,
    non_actionable: i64,
    /// The most within twelve hours.
    worst_shift: i64,
    over_budget: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = PageSuggestion)]
struct SuggestionDocument {
    /// The routing rule that is worth a look.
    rule: String,
    pages: i64,
    non_actionable: i64,
    advice: String,
}

impl From<PageView> for PageDocument {
    fn from(page: PageView) -> Self {
        Self {
            id: page.id,
            incident: page.incident.into(),
            codename: page.codename,
            status: page.state.status.as_str(),
            step: page.state.place.to_string(),
            purpose: page.purpose,
            reason: page.reason,
            policy: page.policy.name,
            stops: page.policy.stops.as_str(),
            urgent: page.state.urgent,
            plan_version: page.plan_version,
            begun_by: page.begun_by,
            created_at: At(page.created_at),
            due_at: page.state.due_at.map(At),
            ended_at: page.ended_at.map(At),
            people: page.state.recipients.into_iter().map(RecipientDocument::from).collect(),
            attempts: page.attempts.into_iter().map(AttemptDocument::from).collect(),
            trace: page.trace.into_iter().map(EntryDocument::from).collect(),
        }
    }
}

impl From<Recipient> for RecipientDocument {
    fn from(told: Recipient) -> Self {
        Self {
            person: told.person,
            step: told.place.to_string(),
            times: told.times,
            told_at: At(told.told_at),
            answer: told.answer.as_str(),
            answered_at: told.answered_at.map(At),
        }
    }
}

impl From<Attempt> for AttemptDocument {
    fn from(attempt: Attempt) -> Self {
        Self {
            person: attempt.person,
            step: Place::to_string(&attempt.place),
            times: attempt.times,
            channel: attempt.channel,
            status: attempt.status.as_str(),
            tries: attempt.tries,
            reply: attempt.reply,
            at: At(attempt.created_at),
            changed_at: At(attempt.changed_at),
        }
    }
}

impl From<Page<PageView>> for PagePage {
    fn from(page: Page<PageView>) -> Self {
        Self { items: page.items.into_iter().map(PageDocument::from).collect(), next: page.next }
    }
}

impl From<Contact> for ContactDocument {
    fn from(contact: Contact) -> Self {
        Self {
            id: contact.id,
            person: contact.login,
            channel: contact.channel,
            address: contact.address,
            position: contact.position,
            verified_at: contact.verified_at.map(At),
            created_at: At(contact.created_at),
        }
    }
}

impl From<Vec<Contact>> for ContactList {
    fn from(contacts: Vec<Contact>) -> Self {
        Self { items: contacts.into_iter().map(ContactDocument::from).collect(), next: None }
    }
}

impl From<Preference> for PreferenceDocument {
    fn from(wish: Preference) -> Self {
        let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        Self {
            person: wish.login,
            time_zone: wish.time_zone,
            quiet_from: wish.quiet.map(|quiet| clock(quiet.0)),
            quiet_until: wish.quiet.map(|quiet| clock(quiet.1)),
            sound: wish.sound,
        }
    }
}

impl From<Budget> for BudgetDocument {
    fn from(budget: Budget) -> Self {
        Self {
            from: At(budget.from),
            until: At(budget.until),
            pages: budget.pages,
            non_actionable: budget.non_actionable,
            per_shift: PER_SHIFT,
            people: budget.people.into_iter().map(LoadDocument::from).collect(),
            suggestion: budget.suggestion.map(SuggestionDocument::from),
        }
    }
}

impl From<Load> for LoadDocument {
    fn from(load: Load) -> Self {
        Self {
            person: load.person,
            pages: load.pages,
            per_week: load.per_week,
            nights: load.nights,
            non_actionable: load.non_actionable,
            worst_shift: load.worst_shift,
            over_budget: load.over_budget,
        }
    }
}

impl From<Suggestion> for SuggestionDocument {
    fn from(suggestion: Suggestion) -> Self {
        Self {
            rule: suggestion.rule,
            pages: suggestion.pages,
            non_actionable: suggestion.non_actionable,
            advice: suggestion.advice,
        }
    }
}
