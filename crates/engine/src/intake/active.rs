//! The sources that may send now, held in memory so that a delivery costs no read.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use watchfire_core::id::SourceId;
use watchfire_core::source::Settings;
use watchfire_core::token;
use watchfire_store::source::Source;

use super::quota::Quota;

/// One source with its opened secrets.
pub(crate) struct ActiveSource {
    pub(crate) row: Source,
    pub(crate) quota: Quota,
}

/// Sources by the hash of the key in their address.
#[derive(Default)]
pub(crate) struct ActiveSources {
    by_key: ArcSwap<HashMap<[u8; 32], Arc<ActiveSource>>>,
    /// Also those that are disabled: what they sent before is still processed.
    settings: ArcSwap<HashMap<SourceId, Settings>>,
}

impl ActiveSources {
    /// Puts a fresh list of all sources in place; the quotas of sources that stay go on.
    pub(crate) fn replace(&self, rows: Vec<Source>) {
        let old = self.by_key.load_full();
        self.settings.store(Arc::new(rows.iter().map(|row| (row.id, row.settings.clone())).collect()));
        let map = rows.into_iter().filter(|row| row.disabled_at.is_none()).map(|row| {
            let hash = token::hash(&row.key);
            let quota = old.get(&hash).map_or_else(Quota::default, |active| active.quota.clone());
            (hash, Arc::new(ActiveSource { row, quota }))
        });
        self.by_key.store(Arc::new(map.collect()));
    }

    /// Finds the source whose address this is; the look-up compares hashes, so its time tells nothing of the key.
    pub(crate) fn find(&self, kind: &str, key: &str) -> Option<Arc<ActiveSource>> {
        self.by_key.load().get(&token::hash(key)).filter(|active| active.row.kind == kind).cloned()
    }

    /// Returns the settings of a source; empty for one that is not known.
    pub(crate) fn settings(&self, id: SourceId) -> Settings {
        self.settings.load().get(&id).cloned().unwrap_or_default()
    }
}
