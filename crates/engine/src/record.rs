//! The record as people read it.

use watchfire_core::access::{Identity, Right};
use watchfire_core::record::Draft;
use watchfire_store::entry::{self, Entry};

use crate::{Engine, Error, Page, PageRequest};

impl Engine {
    /// Lists entries that the caller may see, newest first.
    ///
    /// # Errors
    /// The cursor is not a sequence number, or the store does not answer.
    pub async fn record(&self, who: &Identity, mut filter: entry::Filter, page: PageRequest) -> Result<Page<Entry>, Error> {
        who.may(Right::Read)?;
        if let Some(cursor) = &page.cursor {
            filter.before = Some(cursor.parse().map_err(|_| Error::invalid("cursor", "it is not one of ours"))?);
        }
        let mut reader = self.store().read().await?;
        let mut items = entry::list(&mut reader, &who.scope(), &filter, page.rows()).await?;
        items.sort_by_key(|entry| std::cmp::Reverse(entry.seq));
        let next = (items.len() == page.rows()).then(|| items.last().map(|entry| entry.seq.to_string())).flatten();
        Ok(Page { items, next })
    }

    /// Keeps an entry that changes nothing else.
    pub(crate) async fn record_alone(&self, draft: Draft) -> Result<(), Error> {
        let kept = self.store().write(move |tx| {
            let draft = draft.clone();
            Box::pin(async move {
                tx.record(draft);
                Ok(())
            })
        });
        Ok(kept.await?)
    }
}
