//! Chooses between values that overlap: the surest wins, a provider's rule before the generic scanner.

use super::found::Origin;
use super::locate::Located;
use memchr::memmem;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Removes every value that overlaps a better one; what remains is ordered by position.
pub(crate) fn select(mut located: Vec<Located>) -> Vec<Located> {
    let quality = |one: &Located| {
        (
            Reverse(one.body.confidence),
            matches!(one.body.origin, Origin::Generic(..)),
            one.body.encodings.len(),
            Reverse(one.body.value.len()),
            Reverse(one.body.severity),
            one.start,
            one.body.origin,
        )
    };
    located.sort_by(|a, b| a.inner.cmp(&b.inner).then_with(|| quality(a).cmp(&quality(b))));
    // By document, start and order of quality. Kept values hardly overlap, so a look to the left ends soon.
    let mut kept: BTreeMap<(Arc<str>, u64, usize), Located> = BTreeMap::new();
    for (order, one) in located.into_iter().enumerate() {
        let here = (one.inner.clone(), 0, 0)..(one.inner.clone(), one.end.max(one.start + 1), 0);
        let mut near = kept.range(here).rev().take_while(|(_, other)| other.end > one.start);
        if !near.any(|(_, other)| conflicts(other, &one)) {
            kept.insert((one.inner.clone(), one.start, order), one);
        }
    }
    let mut kept: Vec<Located> = kept.into_values().collect();
    kept.sort_by(|a, b| (&a.inner, a.start, a.end, a.body.origin).cmp(&(&b.inner, b.start, b.end, b.body.origin)));
    kept
}

/// Values of one encoded run share its place; they conflict only when one is a part of the other.
fn conflicts(kept: &Located, other: &Located) -> bool {
    if kept.body.encodings.is_empty() || other.body.encodings.is_empty() {
        return true;
    }
    memmem::find(&kept.body.value, &other.body.value).is_some()
}
