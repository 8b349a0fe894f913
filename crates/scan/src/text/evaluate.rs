//! Runs a unit's work on its window.

use super::found::{Body, Found, Origin};
use super::scanner::Scanner;
use super::unit::{Unit, Work};
use crate::decode;
use crate::generic::{self, FileContext};
use crate::rule::Rule;
use regex_automata::Input;
use std::sync::Arc;

/// More matches than this in one window are noise.
const MATCHES_MAX: usize = 256;

impl Scanner {
    /// Appends what `unit` finds in `text`.
    pub(super) fn evaluate(&self, text: &[u8], unit: Unit, file: &FileContext<'_>, depth: u8, found: &mut Vec<Found>) {
        match unit.work {
            Work::Rule(index) => {
                if let Some(rule) = self.rules.rules().get(index as usize) {
                    self.rule(index, rule, text, unit, found);
                }
            }
            Work::Generic => generic_window(text, unit, file, found),
            Work::Decode => self.decoded(text, unit, file, depth, found),
        }
    }

    fn rule(&self, index: u32, rule: &Rule, text: &[u8], unit: Unit, found: &mut Vec<Found>) {
        let (mut from, end) = (unit.start as usize, unit.end as usize);
        let mut captures = None;
        for _ in 0..MATCHES_MAX {
            let input = Input::new(text).range(from..end);
            let Some(whole) = rule.pattern.find(input.clone()) else {
                return;
            };
            let secret = if rule.secret_group == 0 {
                whole.range()
            } else {
                let captures = captures.get_or_insert_with(|| rule.pattern.create_captures());
                rule.pattern.captures(input.range(whole.start()..end), captures);
                captures.get_group(rule.secret_group).map_or(whole.range(), |span| span.range())
            };
            let (Some(value), Some(context)) = (text.get(secret.clone()), text.get(whole.range())) else {
                return;
            };
            if let Some(confidence) = self.rules.validate(rule, value, context) {
                found.push(Found {
                    start: u32::try_from(secret.start).unwrap_or(u32::MAX),
                    end: u32::try_from(secret.end).unwrap_or(u32::MAX),
                    body: Arc::new(Body {
                        origin: Origin::Rule(index),
                        value: value.into(),
                        confidence,
                        severity: rule.severity,
                        encodings: Vec::new(),
                        reasons: Arc::default(),
                        window: None,
                    }),
                });
            }
            // A value may end where the next match begins: search on after the value, not after its context.
            let next = if secret.end > secret.start { secret.end } else { whole.end() + 1 };
            from = next.max(whole.start() + 1);
            if from >= end {
                return;
            }
        }
    }

    /// Decodes the window and scans what comes out; the found values stand where the run stands.
    fn decoded(&self, text: &[u8], unit: Unit, file: &FileContext<'_>, depth: u8, found: &mut Vec<Found>) {
        let Some(run) = text.get(unit.start as usize..unit.end as usize) else {
            return;
        };
        for (encoding, plain) in decode::decode(run) {
            for mut hidden in self.shallower(&plain, file, depth - 1) {
                let Some(body) = Arc::get_mut(&mut hidden.body) else {
                    continue;
                };
                body.encodings.insert(0, encoding);
                found.push(Found { start: unit.start, end: unit.end, body: hidden.body });
            }
        }
    }
}

fn generic_window(text: &[u8], unit: Unit, file: &FileContext<'_>, found: &mut Vec<Found>) {
    let Some(window) = text.get(unit.start as usize..unit.end as usize) else {
        return;
    };
    let mut candidates = Vec::new();
    generic::scan(window, file, &mut candidates);
    let mut kept: Option<Arc<[u8]>> = None;
    for candidate in candidates {
        let Some(value) = window.get(candidate.start..candidate.end).filter(|value| !value.is_empty()) else {
            continue;
        };
        let at = |offset: usize| unit.start + u32::try_from(offset).unwrap_or(0);
        let window = file.path.is_empty().then(|| {
            let window = kept.get_or_insert_with(|| window.into()).clone();
            (window, u32::try_from(candidate.start).unwrap_or(0))
        });
        found.push(Found {
            start: at(candidate.start),
            end: at(candidate.end),
            body: Arc::new(Body {
                origin: Origin::Generic(candidate.rule_id, candidate.service),
                value: value.into(),
                confidence: candidate.confidence,
                severity: candidate.severity,
                encodings: Vec::new(),
                reasons: candidate.reasons,
                window,
            }),
        });
    }
}
