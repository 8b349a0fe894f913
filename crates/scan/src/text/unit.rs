//! Units of work, derived from the hits of the gate by position alone.

use crate::gate::{Gate, Hit};
use crate::generic::{self, Call, FileContext, Judge};
use crate::rule::RuleSet;
use memchr::{memchr, memmem, memrchr};
use std::collections::VecDeque;

/// What is done with a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Work {
    /// Run the rule with this index.
    Rule(u32),
    /// Run the generic scanner.
    Generic,
    /// Decode and scan what comes out.
    Decode,
}

/// Work on a window `start..end` of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unit {
    pub(crate) work: Work,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Hits closer than this share one cluster.
const GAP_BYTES: u32 = 160;
/// The context of a cluster, on either side; always more than the gap and a keyword, so that a cluster's extent follows
/// from the bytes of its window.
const CONTEXT_BYTES: u32 = 400;
/// A window grows to whole lines by at most this much.
const LINE_BYTES: usize = 1024;
/// A cluster is cut after this many bytes.
const CLUSTER_BYTES: u32 = 4096;
/// A manifest's document is taken in up to this far to either side.
const DOCUMENT_BYTES: usize = 8 * 1024;
/// Credential files up to this size are one window.
const WHOLE_BYTES: usize = 64 * 1024;

/// A window reaches at least this far to the left, so that what counts as a flood follows from its bytes.
const REACH_BYTES_MIN: u32 = 320;
/// So many hits within so many bytes are a flood, made to cost time: no text names a keyword every five bytes.
const FLOOD_HITS: usize = 48;
const FLOOD_BYTES: u32 = 256;
/// Rules with wider windows than this are woken so many times within as many bytes at most.
const WIDE_BYTES: u32 = 1024;
const WIDE_HITS: usize = 8;

/// Appends the unit of each rule that a hit wakes.
pub(crate) fn rule_units(text: &[u8], hits: &[Hit], gate: &Gate, rules: &RuleSet, units: &mut Vec<Unit>) {
    let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let mut wide = Wide::default();
    for (at, &hit) in hits.iter().enumerate() {
        let Some(keyword) = gate.keyword(hit) else { continue };
        let earlier = at.checked_sub(FLOOD_HITS).and_then(|at| hits.get(at));
        if earlier.is_some_and(|earlier| hit.start - earlier.start < FLOOD_BYTES) {
            continue;
        }
        let end = hit.start.saturating_add(keyword.len);
        for (index, exact) in &keyword.rules {
            if let Some(exact) = exact
                && text.get(hit.start as usize..end as usize) != Some(&**exact)
            {
                continue;
            }
            let Some(rule) = rules.rules().get(*index as usize) else { continue };
            let reach = u32::try_from(rule.window_bytes).unwrap_or(u32::MAX);
            let is_wide = reach > WIDE_BYTES;
            if is_wide && wide.floods(*index, hit.start) {
                continue;
            }
            let left = reach.max(if is_wide { 2 * WIDE_BYTES } else { REACH_BYTES_MIN });
            units.push(Unit {
                work: Work::Rule(*index),
                start: hit.start.saturating_sub(left),
                end: end.saturating_add(reach).min(len),
            });
        }
    }
}

/// The last hits of each rule with a wide window.
#[derive(Default)]
struct Wide(Vec<(u32, VecDeque<u32>)>);

impl Wide {
    /// Notes a hit and says whether it is one too many.
    fn floods(&mut self, rule: u32, start: u32) -> bool {
        let at = self.0.iter().position(|known| known.0 == rule).unwrap_or_else(|| {
            self.0.push((rule, VecDeque::with_capacity(WIDE_HITS + 1)));
            self.0.len() - 1
        });
        let Some((_, last)) = self.0.get_mut(at) else { return false };
        last.push_back(start);
        if last.len() <= WIDE_HITS {
            return false;
        }
        last.pop_front().is_some_and(|first| start - first < WIDE_BYTES)
    }
}

/// Appends the windows in which the generic scanner runs: clusters of hits that call for it, with whole lines of context.
pub(crate) fn generic_units(text: &[u8], hits: &[Hit], gate: &Gate, file: &FileContext<'_>, units: &mut Vec<Unit>) {
    if generic::is_scanned_whole(file.kind) && text.len() <= WHOLE_BYTES {
        units.push(Unit { work: Work::Generic, start: 0, end: u32::try_from(text.len()).unwrap_or(u32::MAX) });
        return;
    }
    let mut judge = Judge::default();
    let mut open: Option<(u32, u32)> = None;
    for &hit in hits {
        let Some((keyword, wake)) = gate.keyword(hit).and_then(|keyword| Some((keyword, keyword.wake?))) else {
            continue;
        };
        let end = hit.start.saturating_add(keyword.len);
        match generic::call(text, hit.start as usize..end as usize, wake, file, &mut judge) {
            Call::Nothing => continue,
            Call::Document => units.push(document(text, hit.start, end)),
            Call::Lines => {}
        }
        open = Some(match open {
            Some((first, last)) if hit.start <= last + GAP_BYTES && hit.start - first < CLUSTER_BYTES => (first, last.max(end)),
            Some(cluster) => {
                units.push(window(text, cluster));
                (hit.start, end)
            }
            None => (hit.start, end),
        });
    }
    if let Some(cluster) = open {
        units.push(window(text, cluster));
    }
}

/// The document of a manifest around a literal: up to its separators.
fn document(text: &[u8], start: u32, end: u32) -> Unit {
    let floor = (start as usize).saturating_sub(DOCUMENT_BYTES);
    let ceiling = (end as usize + DOCUMENT_BYTES).min(text.len());
    let head = text.get(floor..start as usize).unwrap_or_default();
    let tail = text.get(end as usize..ceiling).unwrap_or_default();
    let from = memmem::rfind(head, b"\n---").map_or(floor, |at| floor + at);
    let to = memmem::find(tail, b"\n---").map_or(ceiling, |at| end as usize + at);
    Unit { work: Work::Generic, start: u32::try_from(from).unwrap_or(u32::MAX), end: u32::try_from(to).unwrap_or(u32::MAX) }
}

fn window(text: &[u8], (first, last): (u32, u32)) -> Unit {
    let start = first.saturating_sub(CONTEXT_BYTES) as usize;
    let end = (last.saturating_add(CONTEXT_BYTES) as usize).min(text.len());
    let floor = start.saturating_sub(LINE_BYTES);
    let ceiling = (end + LINE_BYTES).min(text.len());
    let start = text.get(floor..start).and_then(|part| memrchr(b'\n', part)).map_or(floor, |at| floor + at + 1);
    let end = text.get(end..ceiling).and_then(|part| memchr(b'\n', part)).map_or(ceiling, |at| end + at);
    Unit { work: Work::Generic, start: u32::try_from(start).unwrap_or(u32::MAX), end: u32::try_from(end).unwrap_or(u32::MAX) }
}
