//! Notices: those whom the plans want to be told at once, besides those who respond. Each is given once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use watchfire_core::access::Identity;
use watchfire_core::actor::Actor;
use watchfire_core::escalation::{Answer, Directory, Policy};
use watchfire_core::id::PageId;
use watchfire_core::incident::{Incident, Kind};
use watchfire_store::paging::{self, Page};
use watchfire_store::{Conn, Error as StoreError, Tx, entry};

use super::drive::{Cause, With, begin};
use super::roster::View;
use crate::plans::Notice;
use crate::{Engine, Error};

/// The entry that says that a notice was given.
const GIVEN: &str = "notice.given";
/// What the purpose of a notice's own page begins with; the names of the notices follow.
pub(super) const PURPOSE: &str = "notice:";
/// Entries of one incident that are looked at.
const ENTRIES: usize = 200;

/// A notice of an incident, and what has come back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoticeView {
    pub name: String,
    pub title: String,
    /// Who stood for it when it was given.
    pub people: Vec<String>,
    /// The page that tells them; `None` if one of them acted and needed no telling.
    pub page: Option<PageId>,
    pub given_at: Timestamp,
    /// When it goes on by itself, while nobody has answered.
    pub due_at: Option<Timestamp>,
    pub acknowledged_at: Option<Timestamp>,
    /// Who answered for it.
    pub acknowledged_by: Option<String>,
}

/// A notice that is owed, with those who stand for it now.
struct Owed<'a> {
    notice: &'a Notice,
    people: BTreeSet<String>,
}

impl Engine {
    /// Lists the notices that were given of an incident, in the order in which they were.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn notices(&self, who: &Identity, id: &str) -> Result<Vec<NoticeView>, Error> {
        let incident = self.find(who, id).await?;
        let mut reader = self.store().read().await?;
        let pages = paging::of_incident(&mut reader, incident.id).await?;
        let mut notices: Vec<NoticeView> = Vec::new();
        for entry in entries(&mut reader, &incident).await? {
            let Some(view) = view(&entry, &pages) else { continue };
            // A page of its own may have taken the place of another page that told them.
            match notices.iter_mut().find(|known| known.name == view.name) {
                Some(known) => *known = NoticeView { given_at: known.given_at, ..view },
                None => notices.push(view),
            }
        }
        Ok(notices)
    }
}

/// Names the notices for which somebody stands whom a policy tells first, for the reason of its page.
pub(super) fn also(incident: &Incident, policy: &Policy, view: &View<'_>, with: &With) -> String {
    let told: BTreeSet<String> = first(policy, view);
    let owed = owed(incident, view, with).into_iter().filter(|owed| owed.people.iter().any(|person| told.contains(person)));
    let titles: Vec<&str> = owed.map(|owed| owed.notice.title.as_str()).collect();
    if titles.is_empty() { String::new() } else { format!(", also the notice to {}", titles.join(", ")) }
}

/// Gives the notices that an incident owes and that nobody has been told of; `pages` are those that it has. `before` tells
/// whether it was there before this change.
///
/// # Errors
/// As the store.
pub(super) async fn notify(
    tx: &mut Tx,
    before: bool,
    incident: &Incident,
    pages: &[Page],
    with: &With,
) -> Result<(), StoreError> {
    if Notice::owed(&with.roster.plans.escalation.notices, incident).next().is_none() {
        return Ok(());
    }
    let given = if before { given(tx, incident).await? } else { BTreeMap::new() };
    let view = with.view(tx, incident).await?;
    let mut open = owed(incident, &view, with);
    open.retain(|owed| !owed.people.is_empty() && !is_settled(owed, &given, pages));
    // The most first: who stands for one of two is told by the page for both.
    open.sort_by_key(|owed| std::cmp::Reverse(owed.people.len()));
    let acts = matches!(with.happening.actor, Actor::Person { .. }).then(|| with.happening.actor.id().to_owned());
    let mut begun: Vec<Page> = Vec::new();
    while !open.is_empty() {
        let owed = open.remove(0);
        if acts.as_ref().is_some_and(|acts| owed.people.contains(acts)) {
            tell_of(tx, incident, &owed, None, with);
            continue;
        }
        if let Some(page) = pages.iter().chain(&begun).find(|page| asks(page, &owed.people)) {
            if given.get(&owed.notice.name) != Some(&Some(page.id)) {
                tell_of(tx, incident, &owed, Some(page.id), with);
            }
            continue;
        }
        let (alike, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|other| other.people == owed.people);
        open = others;
        let together: Vec<Owed<'_>> = std::iter::once(owed).chain(alike).collect();
        if let Some(page) = begin(tx, incident, &policy(&together), cause(&together), with).await? {
            for owed in &together {
                tell_of(tx, incident, owed, Some(page.id), with);
            }
            begun.push(page);
        }
    }
    Ok(())
}

/// As [`notify`] for an incident whose pages have changed by an answer.
///
/// # Errors
/// As the store.
pub(super) async fn notify_after(tx: &mut Tx, incident: &Incident, with: &With) -> Result<(), StoreError> {
    if !incident.phase.is_open() || incident.kind == Kind::Test {
        return Ok(());
    }
    let pages = paging::of_incident(tx, incident.id).await?;
    notify(tx, true, incident, &pages, with).await
}

fn owed<'a>(incident: &'a Incident, view: &View<'_>, with: &'a With) -> Vec<Owed<'a>> {
    let notices = Notice::owed(&with.roster.plans.escalation.notices, incident);
    notices.map(|notice| Owed { notice, people: first(&notice.policy, view) }).collect()
}

/// Returns the people whom a policy tells first: those of the first step that finds anybody, or else of the fallback.
pub(super) fn first(policy: &Policy, view: &View<'_>) -> BTreeSet<String> {
    let steps = policy.steps.iter().map(|step| &step.targets).chain(std::iter::once(&policy.fallback));
    let mut found = steps.map(|targets| targets.iter().flat_map(|target| view.people(target)).collect::<BTreeSet<String>>());
    found.find(|people| !people.is_empty()).unwrap_or_default()
}

/// One page for several notices that the same people stand for: the shortest wait counts, and everybody behind them.
fn policy(together: &[Owed<'_>]) -> Policy {
    let mut policy = together[0].notice.policy.clone();
    for other in together[1..].iter().map(|owed| &owed.notice.policy) {
        for (step, more) in policy.steps.iter_mut().zip(&other.steps) {
            step.targets.extend(more.targets.iter().cloned());
            step.wait = step.wait.min(more.wait);
        }
        policy.fallback.extend(other.fallback.iter().cloned());
        policy.fallback_every = policy.fallback_every.min(other.fallback_every);
    }
    policy
}

fn cause(together: &[Owed<'_>]) -> Cause {
    let names: Vec<&str> = together.iter().map(|owed| owed.notice.name.as_str()).collect();
    let titles: Vec<&str> = together.iter().map(|owed| owed.notice.title.as_str()).collect();
    Cause {
        purpose: format!("{PURPOSE}{}", names.join(",")),
        reason: format!("notice to {}, as escalation.yaml says", titles.join(", ")),
    }
}

fn tell_of(tx: &mut Tx, incident: &Incident, owed: &Owed<'_>, page: Option<PageId>, with: &With) {
    let people: Vec<&str> = owed.people.iter().map(String::as_str).collect();
    let mut draft = with.happening.draft(GIVEN).with("notice", owed.notice.name.as_str());
    draft.incident = Some(incident.id);
    draft.actor = Actor::machine("notices");
    let draft = draft.with("title", owed.notice.title.as_str()).with("people", people.join(", "));
    tx.record(draft.with("page", page.map(|page| page.to_string())));
}

/// Tells whether somebody is asked by a page, or has answered it.
fn asks(page: &Page, people: &BTreeSet<String>) -> bool {
    page.state.recipients.iter().filter(|told| people.contains(&told.person)).any(|told| match told.answer {
        Answer::Acknowledged => true,
        Answer::Waiting | Answer::Sent | Answer::Delivered => page.ended_at.is_none(),
        Answer::Unreachable | Answer::Gone => false,
    })
}

/// Tells whether nothing more has to be done for a notice: it has its own page, or those who stand for it were told otherwise
/// and are still asked or have answered.
fn is_settled(owed: &Owed<'_>, given: &BTreeMap<String, Option<PageId>>, pages: &[Page]) -> bool {
    match given.get(&owed.notice.name) {
        None => false,
        Some(None) => true,
        Some(Some(id)) => {
            let by = pages.iter().find(|page| page.id == *id);
            by.is_some_and(|page| page.purpose.starts_with(PURPOSE) || asks(page, &owed.people))
        }
    }
}

/// Returns the notices that were given, each with its newest page.
async fn given(conn: &mut Conn, incident: &Incident) -> Result<BTreeMap<String, Option<PageId>>, StoreError> {
    let entries = entries(conn, incident).await?;
    let word = |entry: &entry::Entry, name: &str| entry.public.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let pair = |entry: &entry::Entry| Some((word(entry, "notice")?, word(entry, "page").and_then(|page| page.parse().ok())));
    Ok(entries.iter().filter_map(pair).collect())
}

/// Returns the entries that tell of notices, the oldest first.
async fn entries(conn: &mut Conn, incident: &Incident) -> Result<Vec<entry::Entry>, StoreError> {
    let filter = entry::Filter { incident: Some(incident.id), kinds: vec![GIVEN.to_owned()], ..entry::Filter::default() };
    let everything = Identity::machine("notices").scope();
    let mut entries = entry::list(conn, &everything, &filter, ENTRIES).await?;
    entries.sort_by_key(|entry| entry.seq);
    Ok(entries)
}

fn view(entry: &entry::Entry, pages: &[Page]) -> Option<NoticeView> {
    let word = |name: &str| entry.public.get(name).and_then(|value| value.as_str());
    let people: Vec<String> = word("people")?.split(", ").map(str::to_owned).collect();
    let id: Option<PageId> = word("page").and_then(|page| page.parse().ok());
    let page = id.and_then(|id| pages.iter().find(|page| page.id == id));
    let own = page.is_some_and(|page| page.purpose.starts_with(PURPOSE));
    let answers = page.into_iter().flat_map(|page| &page.state.recipients).filter(|told| told.answer == Answer::Acknowledged);
    // On a page of its own anybody whom it told may answer, also the fallback.
    let mut answers: Vec<_> = answers.filter(|told| own || people.contains(&told.person)).collect();
    answers.sort_by_key(|told| told.answered_at);
    let answer = answers.first();
    Some(NoticeView {
        name: word("notice")?.to_owned(),
        title: word("title").unwrap_or_default().to_owned(),
        page: id,
        given_at: entry.recorded_at,
        due_at: page.filter(|_| answer.is_none()).and_then(|page| page.state.due_at),
        acknowledged_at: if id.is_none() { Some(entry.recorded_at) } else { answer.and_then(|told| told.answered_at) },
        acknowledged_by: if id.is_none() { people.first().cloned() } else { answer.map(|told| told.person.clone()) },
        people,
    })
}
