//! Scans one text, whole or against its base.

use super::found::Found;
use super::inherit::Segments;
use super::locate::{Located, locate};
use super::position::Lines;
use super::run::find_runs;
use super::unit::{Unit, Work, generic_units, rule_units};
use crate::archive::{self, Limits};
use crate::decode::utf16;
use crate::finding::Confidence;
use crate::gate::{Gate, Hit};
use crate::generic::{FileContext, FileKind};
use crate::rule::RuleSet;
use std::sync::Arc;

/// The rules with their gate, ready to scan.
pub(crate) struct Scanner {
    pub(crate) rules: &'static RuleSet,
    pub(crate) gate: Gate,
    /// How many encodings are undone inside of each other; 0 decodes nothing.
    pub(crate) decode_depth: u8,
    /// What an archive may cost; `None` leaves archives closed.
    pub(crate) archives: Option<Limits>,
}

/// How a text is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Class {
    /// Everything runs.
    #[default]
    Text,
    /// Holds NUL bytes: provider rules run, and only what they are sure of counts.
    Binary,
    /// UTF-16, scanned as what it says.
    Wide,
    /// Compressed or encoded media, in which no text stands.
    Opaque,
    /// An archive or compressed file, of which the content is scanned instead.
    Archive,
}

/// What a scan of a text leaves: its findings, and what a delta child may inherit.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct TextState {
    pub(crate) class: Class,
    /// In order.
    pub(crate) hits: Vec<Hit>,
    /// The windows of the generic scanner, in order.
    pub(crate) clusters: Vec<(u32, u32)>,
    /// The runs that were decoded, in order.
    pub(crate) runs: Vec<(u32, u32)>,
    /// What was found, ordered by unit.
    pub(crate) results: Vec<(Unit, Found)>,
}

/// How far from a seam an escape may stand that only the seam completed.
const SEAM_BYTES: usize = 8;
/// Bytes at the start of a text that decide about its class, as many as git looks at.
const CLASS_BYTES: usize = 8000;

impl Class {
    /// Judges a text by its first bytes.
    fn of(text: &[u8]) -> Self {
        const MEDIA: &[&[u8]] =
            &[b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"wOFF", b"wOF2", b"OggS", b"ID3", b"\x1a\x45\xdf\xa3", b"fLaC"];
        if MEDIA.iter().any(|magic| text.starts_with(magic)) {
            return Self::Opaque;
        }
        let head = text.get(..CLASS_BYTES).unwrap_or(text);
        if utf16::order(head).is_some() {
            Self::Wide
        } else if memchr::memchr(0, head).is_some() {
            Self::Binary
        } else {
            Self::Text
        }
    }
}

impl TextState {
    /// Gives everything that was found in `text` its lines and columns.
    pub(super) fn located(&self, text: &[u8]) -> Vec<Located> {
        let found = self.results.iter().map(|(_, found)| found);
        if self.class == Class::Wide {
            let plain = utf16::decode(text);
            return locate(&plain, &mut Lines::new(&plain), 0, found);
        }
        locate(text, &mut Lines::new(text), 0, found)
    }
}

impl Scanner {
    /// Makes a scanner of `rules`.
    pub(crate) fn new(rules: &'static RuleSet, decode_depth: u8, archives: Option<Limits>) -> Self {
        Self { rules, gate: Gate::new(rules, true), decode_depth, archives }
    }

    /// Judges a text by its first bytes.
    pub(super) fn class_of(&self, text: &[u8]) -> Class {
        if self.archives.is_some() && archive::Kind::of(text).is_some() {
            return Class::Archive;
        }
        Class::of(text)
    }

    /// Gives what `state` holds its places, and scans what is inside of an archive, whose `path` is empty when it is not known;
    /// why something inside was left out is appended to `incomplete`.
    pub(crate) fn locate(
        &self,
        text: &[u8],
        state: &TextState,
        path: &[u8],
        incomplete: &mut Vec<(String, String)>,
    ) -> Vec<Located> {
        let Some(limits) = self.archives.filter(|_| state.class == Class::Archive) else {
            return state.located(text);
        };
        let mut opener = archive::Opener::new(limits);
        let mut all = Vec::new();
        opener.open(text, &mut |inner, content| {
            let path = archive::whole_path(path, inner);
            let file = FileContext { path: &path, kind: FileKind::of_path(&path) };
            let inside = self.scan(content, &file, None).located(content);
            if !inside.is_empty() {
                let inner: Arc<str> = Arc::from(inner);
                all.extend(inside.into_iter().map(|one| Located { inner: inner.clone(), ..one }));
            }
        });
        incomplete.append(&mut opener.incomplete);
        all
    }

    /// Scans `text`; with `segments`, only what the base does not already tell.
    pub(crate) fn scan(&self, text: &[u8], file: &FileContext<'_>, segments: Option<Segments<'_>>) -> TextState {
        let class = self.class_of(text);
        match class {
            Class::Opaque | Class::Archive => {
                return TextState { class, ..TextState::default() };
            }
            Class::Wide => {
                let plain = utf16::decode(text);
                let state = self.scan_as(Class::Text, &plain, file, None, self.decode_depth);
                // Positions are those of the converted text, so the state is no base for anyone.
                return TextState { class, results: state.results, ..TextState::default() };
            }
            Class::Text | Class::Binary => {}
        }
        self.scan_as(class, text, file, segments.filter(|segments| segments.base.class == class), self.decode_depth)
    }

    /// Scans a piece of a longer text whose class is known.
    pub(super) fn scan_piece_as(&self, class: Class, piece: &[u8], file: &FileContext<'_>) -> TextState {
        if matches!(class, Class::Opaque | Class::Archive) {
            return TextState { class, ..TextState::default() };
        }
        self.scan_as(class, piece, file, None, self.decode_depth)
    }

    fn scan_as(&self, class: Class, text: &[u8], file: &FileContext<'_>, segments: Option<Segments<'_>>, depth: u8) -> TextState {
        let mut state = TextState { class, ..TextState::default() };
        match segments {
            Some(segments) => segments.hits(text, &self.gate, &mut state.hits),
            None => {
                self.gate.find(text, 0..text.len(), &mut state.hits);
                state.hits.sort_unstable();
            }
        }
        let mut units = Vec::new();
        rule_units(text, &state.hits, &self.gate, self.rules, &mut units);
        if class == Class::Text {
            let mark = units.len();
            generic_units(text, &state.hits, &self.gate, file, &mut units);
            state.clusters.extend(units.iter().skip(mark).map(|unit| (unit.start, unit.end)));
            state.clusters.sort_unstable();
            if depth > 0 {
                self.runs(text, segments, &mut state.runs);
                units.extend(state.runs.iter().map(|&(start, end)| Unit { work: Work::Decode, start, end }));
            }
        }
        units.sort_unstable();
        units.dedup();
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let mut found = Vec::new();
        for unit in units {
            if !segments.is_some_and(|segments| segments.results(unit, len, &mut found)) {
                self.evaluate(text, unit, file, depth, &mut found);
            }
            let keep = |found: &Found| class == Class::Text || found.body.confidence >= Confidence::High;
            state.results.extend(found.drain(..).filter(keep).map(|found| (unit, found)));
        }
        state
    }

    /// Scans a decoded text, with one encoding less to undo.
    pub(super) fn shallower(&self, plain: &[u8], file: &FileContext<'_>, depth: u8) -> Vec<Found> {
        self.scan_as(Class::Text, plain, file, None, depth).results.into_iter().map(|(_, found)| found).collect()
    }

    fn runs(&self, text: &[u8], segments: Option<Segments<'_>>, runs: &mut Vec<(u32, u32)>) {
        match segments {
            None => find_runs(text, 0..text.len(), runs),
            Some(segments) => {
                segments.runs(runs);
                for range in segments.fresh(text.len(), SEAM_BYTES) {
                    find_runs(text, range, runs);
                }
            }
        }
        runs.sort_unstable();
        runs.dedup();
    }
}
