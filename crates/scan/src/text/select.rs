//! Chooses between values that overlap: the surest wins, a provider's rule before the generic scanner.

use super::found::Origin;
use super::locate::Located;
use memchr::memmem;
use std::cmp::Reverse;

/// Removes every value that overlaps a better one; what remains is ordered by position.
pub(crate) fn select(mut located: Vec<Located>) -> Vec<Located> {
    located.sort_by_key(|one| {
        (
            one.inner.clone(),
            Reverse(one.body.confidence),
            matches!(one.body.origin, Origin::Generic(..)),
            one.body.encodings.len(),
            Reverse(one.body.value.len()),
            Reverse(one.body.severity),
            one.start,
            one.body.origin,
        )
    });
    let mut kept: Vec<Located> = Vec::with_capacity(located.len());
    // Kept values, ordered by start, with the furthest end so far: enough to skip the comparison with all others.
    for one in located {
        let mut near = kept.iter().rev().filter(|other| other.start < one.end && one.start < other.end);
        if !near.any(|other| other.inner == one.inner && conflicts(other, &one)) {
            kept.push(one);
        }
    }
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
