//! From files to a compiled set, or to every fault in them.

use std::collections::BTreeSet;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_saphyr::Spanned;
use sha2::{Digest, Sha256};
use watchfire_core::alert::Flapping;
use watchfire_core::condition::Expression;
use watchfire_core::incident::{Class, Visibility};
use watchfire_core::text;

use super::file::{RouteFile, RoutingFile};
use super::{DefaultRoute, Files, Maintenance, PlanSet, Route, SeverityRule, VisibilityRule};

const ROUTING: &str = "routing.yaml";
/// Bytes of one plan file.
const FILE_BYTES: usize = 1024 * 1024;
/// Rules of one set.
const RULES: usize = 2_000;
const DEFAULT_TEAM: &str = "security";
const DEFAULT_WINDOW: SignedDuration = SignedDuration::from_hours(4);

/// One fault in a plan file; line and column count from 1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Fault {
    pub file: String,
    pub line: u64,
    pub column: u64,
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

impl PlanSet {
    /// Compiles a set of files.
    ///
    /// # Errors
    /// Every fault that was found, not only the first; a file that is no YAML gives one.
    pub fn load(files: Files) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        for name in files.keys().filter(|name| name.as_str() != ROUTING) {
            faults.add(name, 1, 1, format!("unknown plan file; this version knows {ROUTING}"));
        }
        let Some(text) = files.get(ROUTING) else {
            faults.add(ROUTING, 1, 1, "the file is missing".to_owned());
            return Err(faults.0);
        };
        if text.len() > FILE_BYTES {
            faults.add(ROUTING, 1, 1, format!("the file has {} bytes, the limit is {FILE_BYTES}", text.len()));
            return Err(faults.0);
        }
        let routing: RoutingFile = match serde_saphyr::from_str(text) {
            Ok(routing) => routing,
            Err(error) => {
                let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
                faults.add(ROUTING, line, column, first_line(&error.without_snippet().to_string()));
                return Err(faults.0);
            }
        };
        let set = compile(routing, files, &mut faults);
        if faults.0.is_empty() { Ok(set) } else { Err(faults.0) }
    }
}

/// Returns the version of a set of files.
pub(super) fn version(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (name, text) in files {
        for part in [name, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    text::hex(&hash.finalize()).chars().take(12).collect()
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, file: &str, line: u64, column: u64, message: String) {
        self.0.push(Fault { file: file.to_owned(), line, column, message });
    }

    fn at<T>(&mut self, spot: &Spanned<T>, message: String) {
        self.add(ROUTING, spot.referenced.line(), spot.referenced.column(), message);
    }

    /// Compiles an expression; a fault inside of it is told at the expression's own place in the file.
    fn expression(&mut self, spot: &Spanned<String>) -> Option<Expression> {
        match Expression::compile(&spot.value) {
            Ok(expression) => Some(expression),
            Err(error) => {
                self.at(spot, format!("in the expression, {error}"));
                None
            }
        }
    }

    fn duration(&mut self, spot: &Spanned<String>) -> Option<SignedDuration> {
        match spot.value.parse::<SignedDuration>() {
            Ok(duration) if duration.is_positive() => Some(duration),
            _ => {
                self.at(spot, format!("{:?} is no duration; write 15m, 4h or 2h30m", spot.value));
                None
            }
        }
    }

    fn instant(&mut self, spot: &Spanned<String>) -> Option<Timestamp> {
        match spot.value.parse::<Timestamp>() {
            Ok(instant) => Some(instant),
            Err(_) => {
                self.at(spot, format!("{:?} is no instant; write 2026-01-31T22:00:00Z", spot.value));
                None
            }
        }
    }
}

fn compile(routing: RoutingFile, files: Files, faults: &mut Faults) -> PlanSet {
    if routing.version != 1 {
        faults.add(ROUTING, 1, 1, format!("version {} is unknown; this is version 1", routing.version));
    }
    if routing.rules.len() > RULES {
        faults.add(ROUTING, 1, 1, format!("{} rules, the limit is {RULES}", routing.rules.len()));
    }
    let teams: BTreeSet<&str> = routing.teams.iter().map(|team| team.id.as_str()).collect();
    let base = DefaultRoute {
        class: None,
        severity: SeverityRule::Source,
        team: DEFAULT_TEAM.to_owned(),
        visibility: VisibilityRule::ByClass,
        group_by: None,
        group_window: DEFAULT_WINDOW,
        title: None,
        playbooks: Vec::new(),
        declare: false,
        incident: true,
    };
    let default = route(&routing.default.value, &base, &teams, faults);
    if routing.default.value.name.is_some() || routing.default.value.when.is_some() {
        faults.at(&routing.default, "the default has neither name nor when: it serves what no rule matches".to_owned());
    }
    let mut names = BTreeSet::new();
    let mut routes = Vec::with_capacity(routing.rules.len());
    for rule in &routing.rules {
        let (Some(name), Some(when)) = (&rule.value.name, &rule.value.when) else {
            faults.at(rule, "a rule needs name and when".to_owned());
            continue;
        };
        if !names.insert(name.value.as_str()) {
            faults.at(name, format!("a second rule is named {:?}", name.value));
        }
        let then = route(&rule.value, &default, &teams, faults);
        if let Some(when) = faults.expression(when) {
            routes.push(Route { name: name.value.clone(), line: name.referenced.line(), when, then });
        }
    }
    let maintenance = routing.maintenance.iter().filter_map(|window| {
        let (when, from, until) = (faults.expression(&window.when), faults.instant(&window.from), faults.instant(&window.until));
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            faults.at(&window.until, "the window ends before it begins".to_owned());
        }
        Some(Maintenance {
            name: window.name.value.clone(),
            when: when?,
            from: from?,
            until: until?,
            reason: window.reason.clone(),
        })
    });
    let maintenance = maintenance.collect();
    let flapping = routing.flapping.as_ref().map_or_else(Flapping::default, |given| {
        let within_seconds = faults.duration(&given.within).map_or(600, |within| within.as_secs());
        Flapping { turns: given.turns, within_seconds }
    });
    PlanSet { version: version(&files), files, teams: routing.teams, routes, default, maintenance, flapping }
}

/// Compiles one outcome; what it leaves out is as in `base`.
fn route(file: &RouteFile, base: &DefaultRoute, teams: &BTreeSet<&str>, faults: &mut Faults) -> DefaultRoute {
    let mut route = base.clone();
    if let Some(spot) = &file.class {
        match (spot.value.as_str(), Class::parse(&spot.value)) {
            ("source", _) => route.class = None,
            (_, Some(class)) => route.class = Some(class),
            _ => {
                let known: Vec<_> = Class::ALL.iter().map(|class| class.as_str()).collect();
                faults.at(spot, format!("class {:?} is none of source, {}", spot.value, known.join(", ")));
            }
        }
    }
    if let Some(spot) = &file.severity {
        match SeverityRule::parse(&spot.value) {
            Some(rule) => route.severity = rule,
            None => {
                faults
                    .at(spot, format!("severity {:?} is none of source, sev1 to sev5, at least sevN, at most sevN", spot.value));
            }
        }
    }
    if let Some(spot) = &file.team {
        if !teams.is_empty() && !teams.contains(spot.value.as_str()) {
            faults.at(spot, format!("team {:?} is not listed under teams", spot.value));
        }
        route.team.clone_from(&spot.value);
    }
    if let Some(spot) = &file.visibility {
        match spot.value.as_str() {
            "by_class" => route.visibility = VisibilityRule::ByClass,
            "restricted" => route.visibility = VisibilityRule::Fixed(Visibility::Restricted),
            "open" => route.visibility = VisibilityRule::Fixed(Visibility::Open),
            other => faults.at(spot, format!("visibility {other:?} is none of by_class, restricted, open")),
        }
    }
    if let Some(spot) = &file.group_by {
        route.group_by = faults.expression(spot);
    }
    if let Some(spot) = &file.group_window {
        route.group_window = faults.duration(spot).unwrap_or(DEFAULT_WINDOW);
    }
    if let Some(spot) = &file.title {
        route.title = faults.expression(spot);
    }
    if !file.playbooks.is_empty() {
        route.playbooks.clone_from(&file.playbooks);
    }
    route.declare = file.declare.unwrap_or(route.declare);
    route.incident = file.incident.unwrap_or(route.incident);
    route
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
