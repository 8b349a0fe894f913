//! Groups located values into findings: one per (service, value), with all places.

use crate::command::Options;
use crate::finding::{Confidence, Finding, Place, Severity};
use crate::live::{self, Bases, Caller, Validity};
use crate::redact;
use crate::report::Incomplete;
use crate::rule::RuleSet;
use crate::source::inside;
use crate::text::{Body, Located, Origin, select};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The most places that one finding lists; more add nothing for people and would let one file fill the memory.
pub(crate) const PLACES_MAX: usize = 1000;

/// The most different values of one scan; more are a flood that no person reads.
const FINDINGS_MAX: usize = 50_000;
/// The most values that one scan asks services about.
const CALLS_MAX: usize = 500;

/// Where a document stands, beyond its path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origination {
    pub(crate) commit: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) present: Option<bool>,
    pub(crate) reachable: Option<bool>,
    pub(crate) branches: Vec<String>,
}

/// Collects what the sources give.
pub(crate) struct Collector {
    rules: &'static RuleSet,
    threshold: Confidence,
    groups: HashMap<(String, Box<[u8]>), Group>,
    /// Places of values that came after too many others.
    dropped: u64,
    /// Places beyond the most that one finding lists.
    cut: u64,
}

struct Group {
    best: Arc<Body>,
    severity: Severity,
    places: BTreeSet<OrderedPlace>,
}

/// A place, ordered by path and position.
#[derive(PartialEq, Eq)]
struct OrderedPlace(Place);

impl Collector {
    /// Keeps what reaches `threshold`.
    pub(crate) fn new(rules: &'static RuleSet, threshold: Confidence) -> Self {
        Self { rules, threshold, groups: HashMap::new(), dropped: 0, cut: 0 }
    }

    /// Adds the values of one document, of which the best of those that overlap remain.
    pub(crate) fn add(&mut self, path: &[u8], located: Vec<Located>, origination: &Origination) {
        for one in select(located) {
            if !self.wants(&one) {
                continue;
            }
            let place = Place {
                path: inside(path, &one.inner),
                start_line: one.place[0],
                start_column: one.place[1],
                end_line: one.place[2],
                end_column: one.place[3],
                commit: origination.commit.clone(),
                author: origination.author.clone(),
                email: origination.email.clone(),
                date: origination.date.clone(),
                present: origination.present,
                reachable: origination.reachable,
                branches: origination.branches.clone(),
                encodings: one.body.encodings.iter().map(|&name| name.to_owned()).collect(),
            };
            self.add_place(&one.body, place);
        }
    }

    /// Says whether a value is reported at all.
    pub(crate) fn wants(&self, one: &Located) -> bool {
        !one.ignored && one.body.confidence >= self.threshold
    }

    /// Adds one value at one place.
    pub(crate) fn add_place(&mut self, body: &Arc<Body>, place: Place) {
        let key = (self.service(body).to_owned(), body.value.clone());
        if self.groups.len() >= FINDINGS_MAX && !self.groups.contains_key(&key) {
            self.dropped += 1;
            return;
        }
        let group = self.groups.entry(key).or_insert_with(|| Group {
            best: body.clone(),
            severity: body.severity,
            places: BTreeSet::new(),
        });
        if (body.confidence, &group.best.origin) > (group.best.confidence, &body.origin) {
            group.best = body.clone();
        }
        group.severity = group.severity.max(body.severity);
        group.places.insert(OrderedPlace(place));
        if group.places.len() > PLACES_MAX {
            group.places.pop_last();
            self.cut += 1;
        }
    }

    /// Says what the report leaves out because it would not end.
    pub(crate) fn incomplete(&self) -> Vec<Incomplete> {
        let say = |count: u64, why: &str| (count > 0).then(|| format!("{count} more places {why}"));
        let dropped = say(self.dropped, "of more values than one report holds");
        let cut = say(self.cut, &format!("of values that stand in more than {PLACES_MAX}"));
        dropped.into_iter().chain(cut).map(|why| Incomplete { what: "report".to_owned(), why }).collect()
    }

    /// Returns the findings, the worst first.
    pub(crate) fn finish(self, options: &Options) -> Vec<Finding> {
        let rules = self.rules;
        let (key, reveal, explain) = (&options.key, options.reveal, options.explain);
        let mut calls = 0;
        let mut findings: Vec<Finding> = self
            .groups
            .into_iter()
            .map(|((service, value), group)| {
                let (rule, title, advice) = describe(rules, &group.best);
                let validity = options.caller.as_deref().and_then(|caller| {
                    if calls >= CALLS_MAX {
                        return None;
                    }
                    let asked = ask(rules, &group.best, &options.bases, caller);
                    calls += usize::from(asked.is_some());
                    asked
                });
                Finding {
                    validity,
                    rule,
                    title,
                    advice,
                    confidence: group.best.confidence,
                    severity: group.severity,
                    fingerprint: key.fingerprint(&service, &value),
                    secret: if reveal { redact::escape(&value) } else { redact::redact(&value) },
                    service,
                    reasons: if explain { reasons(&group.best) } else { Vec::new() },
                    places: group.places.into_iter().map(|place| place.0).collect(),
                }
            })
            .collect();
        findings.sort_by(|a, b| {
            (b.severity, b.confidence, &a.service, &a.fingerprint).cmp(&(a.severity, a.confidence, &b.service, &b.fingerprint))
        });
        findings
    }

    fn service<'a>(&'a self, body: &Body) -> &'a str {
        match body.origin {
            Origin::Rule(index) => self.rules.rules().get(index as usize).map_or("unknown", |rule| &rule.service),
            Origin::Generic(_, service) => service,
        }
    }
}

impl PartialOrd for OrderedPlace {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderedPlace {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |place: &Self| (place.0.start_line, place.0.start_column, place.0.end_line, place.0.end_column);
        (&self.0.path, &self.0.date, key(self), &self.0.commit).cmp(&(&other.0.path, &other.0.date, key(other), &other.0.commit))
    }
}

/// Asks the service of a value whether it works; `None` when its rule knows no call.
fn ask(rules: &RuleSet, body: &Body, bases: &Bases, caller: &dyn Caller) -> Option<Validity> {
    let Origin::Rule(index) = body.origin else {
        return None;
    };
    let spec = rules.rules().get(index as usize)?.check.as_ref()?;
    let secret = std::str::from_utf8(&body.value).ok()?;
    Some(live::check(spec, secret, bases, caller))
}

fn describe(rules: &RuleSet, body: &Body) -> (String, String, String) {
    match body.origin {
        Origin::Rule(index) => rules
            .rules()
            .get(index as usize)
            .map_or_else(Default::default, |rule| (rule.id.clone(), rule.title.clone(), rule.advice.clone())),
        Origin::Generic(rule, _) => (rule.to_owned(), title_of(rule), String::new()),
    }
}

/// Makes a title of a generic rule's id: `generic-password` becomes "Generic password".
fn title_of(rule: &str) -> String {
    let mut title = rule.replace('-', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}

fn reasons(body: &Body) -> Vec<String> {
    body.reasons.iter().map(|reason| format!("{} ({:+.2})", reason.text, reason.weight)).collect()
}
