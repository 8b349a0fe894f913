//! `routing.yaml`, compiled.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use watchfire_core::alert::Flapping;
use watchfire_core::condition::Gives;
use watchfire_core::incident::{Class, Visibility};

use super::fault::Faults;
use super::file::{RouteFile, RoutingFile};
use super::{DefaultRoute, Maintenance, Route, SeverityRule, TeamFile, VisibilityRule};

/// Rules of one set.
const RULES: usize = 2_000;
const DEFAULT_TEAM: &str = "security";
const DEFAULT_WINDOW: SignedDuration = SignedDuration::from_hours(4);

/// What `routing.yaml` says.
pub(super) struct Routing {
    pub teams: Vec<TeamFile>,
    pub routes: Vec<Route>,
    pub default: DefaultRoute,
    pub maintenance: Vec<Maintenance>,
    pub flapping: Flapping,
}

/// Compiles the file; every fault that is found is added.
pub(super) fn compile(routing: RoutingFile, faults: &mut Faults) -> Routing {
    faults.version(routing.version);
    if routing.rules.len() > RULES {
        faults.whole(format!("{} rules, the limit is {RULES}", routing.rules.len()));
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
        if let Some(when) = faults.condition(when) {
            routes.push(Route { name: name.value.clone(), line: name.referenced.line(), when, then });
        }
    }
    let maintenance = routing.maintenance.iter().filter_map(|window| {
        let (when, from, until) = (faults.condition(&window.when), faults.instant(&window.from), faults.instant(&window.until));
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
    Routing { teams: routing.teams, routes, default, maintenance, flapping }
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
        route.group_by = faults.expression(spot, Gives::Anything);
    }
    if let Some(spot) = &file.group_window {
        route.group_window = faults.duration(spot).unwrap_or(DEFAULT_WINDOW);
    }
    if let Some(spot) = &file.title {
        route.title = faults.expression(spot, Gives::Text);
    }
    if !file.playbooks.is_empty() {
        route.playbooks.clone_from(&file.playbooks);
    }
    route.declare = file.declare.unwrap_or(route.declare);
    route.incident = file.incident.unwrap_or(route.incident);
    route
}
