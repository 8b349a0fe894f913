//! What a text that is stored as a delta takes over from its base.

use super::found::Found;
use super::scanner::TextState;
use super::unit::{Unit, Work};
use crate::gate::{Gate, Hit};
use std::ops::Range;

/// A run of bytes of the target: copied from `source` of the base, or new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) source: Option<u32>,
}

/// The segments of a target, in order and without gaps, beside the state of its base.
#[derive(Clone, Copy)]
pub(crate) struct Segments<'a> {
    pub(crate) list: &'a [Segment],
    pub(crate) base: &'a TextState,
    pub(crate) base_len: u32,
    /// Whether both have the same path, on which the generic scanner depends.
    pub(crate) same_file: bool,
}

impl Segments<'_> {
    /// Returns where the window `start..end` of a target of `len` bytes stands in the base, if it was copied whole, with a
    /// byte of context on either side or the same end of the text.
    pub(crate) fn source_of(&self, start: u32, end: u32, len: u32) -> Option<u32> {
        let index = self.list.partition_point(|segment| segment.start <= start).checked_sub(1)?;
        let segment = self.list.get(index)?;
        let source = segment.source?;
        let left = start > segment.start || (start == 0 && source == 0);
        let right =
            end < segment.end || (end == len && segment.end == len && source + (segment.end - segment.start) == self.base_len);
        (left && right).then(|| source + (start - segment.start))
    }

    /// Appends the base's hits that were copied whole and those of the gate in all other bytes, in order.
    pub(crate) fn hits(&self, text: &[u8], gate: &Gate, hits: &mut Vec<Hit>) {
        for segment in self.list {
            let Some(source) = segment.source else {
                continue;
            };
            let source_end = source + (segment.end - segment.start);
            let first = self.base.hits.partition_point(|hit| hit.start < source);
            for hit in self.base.hits.iter().skip(first) {
                if hit.start >= source_end {
                    break;
                }
                let len = gate.keyword(*hit).map_or(0, |keyword| keyword.len);
                if hit.start + len <= source_end {
                    hits.push(Hit { start: hit.start - source + segment.start, keyword: hit.keyword });
                }
            }
        }
        let reach = gate.len_max().saturating_sub(1);
        for range in self.fresh(text.len(), reach) {
            let mark = hits.len();
            gate.find(text, range, hits);
            let mut kept = mark;
            for index in mark..hits.len() {
                let hit = hits[index];
                let len = gate.keyword(hit).map_or(0, |keyword| keyword.len);
                if !self.copied(hit.start, hit.start + len) {
                    hits[kept] = hit;
                    kept += 1;
                }
            }
            hits.truncate(kept);
        }
        hits.sort_unstable();
    }

    /// Appends the base's encoded runs that were copied whole.
    pub(crate) fn runs(&self, runs: &mut Vec<(u32, u32)>) {
        for segment in self.list {
            let Some(source) = segment.source else {
                continue;
            };
            let source_end = source + (segment.end - segment.start);
            let first = self.base.runs.partition_point(|&(start, _)| start < source);
            for &(start, end) in self.base.runs.iter().skip(first).take_while(|run| run.0 < source_end) {
                if end > source_end {
                    continue;
                }
                let at = start - source + segment.start;
                // A run that ends at a seam may go on behind it; then it is found again from the seam.
                if self.source_of(at, at + (end - start), u32::MAX).is_some() {
                    runs.push((at, at + (end - start)));
                }
            }
        }
    }

    /// Returns the ranges that hold new bytes or a seam, widened by `reach`, merged and in order.
    pub(crate) fn fresh(&self, len: usize, reach: usize) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut push = |start: usize, end: usize| {
            let (start, end) = (start.saturating_sub(reach), (end + reach).min(len));
            match ranges.last_mut() {
                Some(last) if start <= last.end => last.end = last.end.max(end),
                _ => ranges.push(start..end),
            }
        };
        for segment in self.list {
            let (start, end) = (segment.start as usize, segment.end as usize);
            if segment.source.is_none() {
                push(start, end);
            } else {
                push(start, start);
            }
        }
        push(len, len);
        ranges
    }

    /// Returns the results of `unit`, when the base evaluated the same bytes.
    pub(crate) fn results(&self, unit: Unit, len: u32, found: &mut Vec<Found>) -> bool {
        if !self.same_file && !matches!(unit.work, Work::Rule(_)) {
            return false;
        }
        let Some(source) = self.source_of(unit.start, unit.end, len) else {
            return false;
        };
        let twin = Unit { work: unit.work, start: source, end: source + (unit.end - unit.start) };
        if unit.work == Work::Generic && self.base.clusters.binary_search(&(twin.start, twin.end)).is_err() {
            return false;
        }
        let first = self.base.results.partition_point(|(other, _)| *other < twin);
        for (_, result) in self.base.results.iter().skip(first).take_while(|(other, _)| *other == twin) {
            found.push(Found {
                start: result.start - twin.start + unit.start,
                end: result.end - twin.start + unit.start,
                body: result.body.clone(),
            });
        }
        true
    }

    fn copied(&self, start: u32, end: u32) -> bool {
        let Some(index) = self.list.partition_point(|segment| segment.start <= start).checked_sub(1) else {
            return false;
        };
        self.list.get(index).is_some_and(|segment| segment.source.is_some() && end <= segment.end)
    }
}
