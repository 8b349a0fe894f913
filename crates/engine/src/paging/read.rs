//! Pages as lists and in full.

use jiff::Timestamp;
use watchfire_core::access::{Identity, Right};
use watchfire_core::escalation::{self, Policy};
use watchfire_core::id::PageId;
use watchfire_store::paging::{self, Attempt, Filter, Page as Row};
use watchfire_store::{Conn, entry, incident};

use crate::{Engine, Error, IncidentRef, Page, PageRequest};

/// Entries of a page's trace.
const TRACE: usize = 200;

/// A page with what it is about.
#[derive(Clone, Debug)]
pub struct PageView {
    pub id: PageId,
    pub incident: IncidentRef,
    /// The incident's codename.
    pub codename: String,
    /// What it is for: `respond:urgent`, `coordinate:commander`, `by-hand:…`.
    pub purpose: String,
    pub reason: String,
    pub policy: Policy,
    pub plan_version: String,
    pub state: escalation::Page,
    pub begun_by: String,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Each time that somebody was told through one contact; empty in lists.
    pub attempts: Vec<Attempt>,
    /// What happened to it, from the record; empty in lists.
    pub trace: Vec<entry::Entry>,
}

/// Which pages are wanted.
#[derive(Clone, Default, Debug)]
pub struct PageFilter {
    /// An incident, by any of its ids.
    pub incident: Option<String>,
    /// Only pages that told the caller.
    pub mine: bool,
    /// Only those that still await an answer.
    pub open: bool,
}

impl Engine {
    /// Lists pages about incidents that the caller may see, the newest first.
    ///
    /// # Errors
    /// The incident is not found for this caller, the cursor is none of ours, or the store does not answer.
    pub async fn pages(&self, who: &Identity, filter: PageFilter, page: PageRequest) -> Result<Page<PageView>, Error> {
        who.may(Right::Read)?;
        let incident = match &filter.incident {
            Some(id) => Some(self.find(who, id).await?.id),
            None => None,
        };
        let person = filter.mine.then(|| who.actor.id().to_owned());
        let filter = Filter { incident, person, open: filter.open };
        let after = page.after()?;
        let mut reader = self.store().read().await?;
        let found = paging::list(&mut reader, &who.scope(), &filter, after.as_ref(), page.rows()).await?;
        let next = found.next.map(|cursor| cursor.to_string());
        Ok(Page { items: views(&mut reader, found.items).await?, next })
    }

    /// Returns the pages that told the caller and await their answer, the newest first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn my_open_pages(&self, who: &Identity) -> Result<Vec<PageView>, Error> {
        let filter = PageFilter { mine: true, open: true, ..PageFilter::default() };
        let mut pages = self.pages(who, filter, PageRequest::default()).await?.items;
        let by = who.actor.id();
        pages.retain(|page| page.state.recipient(by).is_some_and(|told| told.answer != escalation::Answer::Acknowledged));
        Ok(pages)
    }

    /// Shows a page with its attempts and its trace.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn page(&self, who: &Identity, id: &str) -> Result<PageView, Error> {
        let page = self.find_page(who, id).await?;
        self.page_view(who, page.id).await
    }

    pub(super) async fn page_view(&self, who: &Identity, id: PageId) -> Result<PageView, Error> {
        let mut reader = self.store().read().await?;
        let row = paging::page(&mut reader, id).await?.ok_or(Error::NotFound("page"))?;
        let incident = incident::get(&mut reader, &who.scope(), &row.incident.to_string()).await?;
        let incident = incident.ok_or(Error::NotFound("page"))?;
        let attempts = paging::attempts(&mut reader, id).await?;
        let filter = entry::Filter { incident: Some(incident.id), ..entry::Filter::default() };
        let mut trace = entry::list(&mut reader, &who.scope(), &filter, TRACE).await?;
        let (key, keys): (String, Vec<&str>) = (id.to_string(), attempts.iter().map(|attempt| attempt.key.as_str()).collect());
        trace.retain(|entry| {
            let said = |name: &str| entry.public.get(name).and_then(serde_json::Value::as_str);
            said("page") == Some(&key) || said("message").is_some_and(|message| keys.contains(&message))
        });
        trace.sort_by_key(|entry| entry.seq);
        Ok(PageView { attempts, trace, ..view(row, &incident) })
    }

    /// Finds a page whose incident the caller may see.
    pub(super) async fn find_page(&self, who: &Identity, id: &str) -> Result<Row, Error> {
        who.may(Right::Read)?;
        let id: PageId = id.parse().map_err(|_| Error::NotFound("page"))?;
        let mut reader = self.store().read().await?;
        let page = paging::page(&mut reader, id).await?.ok_or(Error::NotFound("page"))?;
        let seen = incident::get(&mut reader, &who.scope(), &page.incident.to_string()).await?;
        if seen.is_some() { Ok(page) } else { Err(Error::NotFound("page")) }
    }
}

async fn views(reader: &mut Conn, rows: Vec<Row>) -> Result<Vec<PageView>, Error> {
    let ids: Vec<_> = rows.iter().map(|row| row.incident).collect();
    let incidents = incident::by_ids(reader, &ids).await?;
    let views = rows.into_iter().filter_map(|row| {
        let incident = incidents.iter().find(|incident| incident.id == row.incident)?;
        Some(view(row, incident))
    });
    Ok(views.collect())
}

fn view(row: Row, incident: &watchfire_core::incident::Incident) -> PageView {
    PageView {
        id: row.id,
        incident: IncidentRef::of(incident),
        codename: incident.codename.clone(),
        purpose: row.purpose,
        reason: row.reason,
        policy: row.policy,
        plan_version: row.plan_version,
        state: row.state,
        begun_by: row.begun_by,
        created_at: row.created_at,
        ended_at: row.ended_at,
        attempts: Vec::new(),
        trace: Vec::new(),
    }
}
