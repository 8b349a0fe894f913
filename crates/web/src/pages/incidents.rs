//! The list of incidents, sorted by what is due next.

use askama::Template;
use jiff::Timestamp;
use watchfire_core::Severity;
use watchfire_core::incident::{Class, Incident, Kind, Phase, Sensitivity, SignalState, Visibility};
use watchfire_engine::plans::TeamFile;
use watchfire_engine::{Counts, Error, IncidentFilter, IncidentRow};

use super::due::{self, Due, Level};
use super::filters;
use super::frame::Room;
use super::list::{Choice, Facet, Pager};
use super::query::Query;
use super::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "incidents.html", blocks = ["head", "rows"])]
pub(crate) struct Incidents {
    pub(crate) now: Timestamp,
    pub(crate) open: i64,
    pub(crate) worst: Option<Severity>,
    pub(crate) views: Vec<Choice>,
    pub(crate) facets: Vec<Facet>,
    /// The text searched for.
    pub(crate) text: String,
    /// The other parameters of the view, for the search form.
    pub(crate) kept: Vec<(String, String)>,
    pub(crate) bands: Vec<Band>,
    pub(crate) pager: Pager,
    /// The last fact known, for an empty list.
    pub(crate) last_event: Option<Timestamp>,
    pub(crate) sources: i64,
}

/// Rows under one heading.
#[derive(Clone, Debug)]
pub(crate) struct Band {
    pub(crate) title: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// One incident.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) short_id: String,
    pub(crate) codename: String,
    pub(crate) title: String,
    pub(crate) class: Class,
    pub(crate) severity: Option<Severity>,
    pub(crate) phase: Phase,
    pub(crate) restricted: bool,
    pub(crate) practice: bool,
    pub(crate) gone: bool,
    pub(crate) due: Option<Due>,
    pub(crate) open_tasks: i64,
    /// Since when nothing has changed, if that is too long.
    pub(crate) stalled_since: Option<Timestamp>,
    /// How many people report to one lead, if that is too many; 0 if not.
    pub(crate) crowded: i64,
    /// On paper the codename stands for the title.
    pub(crate) masked: bool,
    pub(crate) commander: Option<String>,
    pub(crate) team: String,
    pub(crate) since: Timestamp,
}

impl Row {
    /// Tells whether the lack of a commander is trouble: the incident is declared and not over.
    fn vacant(&self) -> bool {
        self.phase >= Phase::Declared && self.phase.is_open()
    }
}

/// Puts rows into their bands: what the reader owes, what is open, what is resolved, what is over.
pub(crate) fn bands(rows: Vec<Row>) -> Vec<Band> {
    let mut bands = [
        Band { title: "You owe something", rows: Vec::new() },
        Band { title: "Open", rows: Vec::new() },
        Band { title: "Resolved, not closed", rows: Vec::new() },
        Band { title: "Closed, dismissed, merged", rows: Vec::new() },
    ];
    for row in rows {
        let at = match row.phase {
            phase if phase.is_final() => 3,
            Phase::Resolved => 2,
            _ if row.due.as_ref().is_some_and(|due| due.yours) => 0,
            _ => 1,
        };
        if let Some(band) = bands.get_mut(at) {
            band.rows.push(row);
        }
    }
    bands.into_iter().filter(|band| !band.rows.is_empty()).collect()
}

/// Answers with the list.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("Incidents", Room::Incidents, true, room).await
}

/// Gathers the list that the address asks for.
///
/// # Errors
/// The cursor is not one of ours, or the store does not answer.
pub(crate) async fn build(visit: &Visit) -> Result<Incidents, Error> {
    let query = &visit.query;
    let accountable = match query.get("accountable") {
        Some("me") => visit.engine.stands_for(visit.login()).await?,
        Some(word) => visit.engine.stands_for(word).await?,
        None => Vec::new(),
    };
    let filter = IncidentFilter { accountable, ..filter(query, visit.login()) };
    let page = visit.engine.incidents(&visit.who, filter, visit.page()).await?;
    let counts = visit.engine.counts(&visit.who).await?;
    // Only an empty list speaks of them.
    let sources = match page.items.is_empty() {
        true => visit.engine.sources(&visit.who).await.unwrap_or_default(),
        false => Vec::new(),
    };
    let mut rows: Vec<Row> = page.items.iter().map(|row| Row::of(row, visit.login())).collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.urgency(&visit.now)), row.severity.unwrap_or(Severity::UNKNOWN_AS), row.since));
    let shown = rows.len();
    Ok(Incidents {
        now: visit.now,
        open: counts.open(),
        worst: counts.worst(),
        views: views(query),
        facets: facets(query, &counts, &visit.engine.plans().teams),
        text: query.get("q").unwrap_or_default().to_owned(),
        kept: query.except(&["q", "cursor"]),
        bands: bands(rows),
        pager: Pager::new("/incidents", query, shown, page.next.as_deref()),
        last_event: sources.iter().filter_map(|source| source.last_event_at).max(),
        sources: sources.len() as i64,
    })
}

impl Incidents {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_head().render()?, self.as_rows().render()?])
    }
}

impl Row {
    fn of(row: &IncidentRow, reader: &str) -> Self {
        let incident = &row.incident;
        Self {
            short_id: incident.short_id.clone(),
            codename: incident.codename.clone(),
            title: incident.title.clone(),
            class: incident.class,
            severity: incident.severity,
            phase: incident.phase,
            restricted: incident.visibility == Visibility::Restricted,
            practice: incident.kind != Kind::Real,
            gone: incident.signal == SignalState::Gone,
            due: due::in_list(incident, row.update_due, row.stalled_since, reader),
            stalled_since: row.stalled_since,
            crowded: row.crowded.first().map_or(0, |lead| count(lead.people)),
            masked: masked(incident, reader),
            open_tasks: row.open_tasks,
            commander: incident.commander().map(str::to_owned),
            team: incident.team.clone(),
            since: incident.detected_at,
        }
    }

    /// Orders rows by how loudly they call.
    fn urgency(&self, now: &Timestamp) -> u8 {
        match self.due.as_ref().map(|due| due.level(now)) {
            Some(Level::Alarm) => 3,
            Some(Level::Soon) => 2,
            Some(Level::Calm) => 1,
            None => 0,
        }
    }
}

/// Tells whether an incident's title stays off paper: it is about employees, and the reader holds no role in it. A printed
/// list is read by others than whoever printed it.
pub(crate) fn masked(incident: &Incident, reader: &str) -> bool {
    incident.sensitivity == Sensitivity::Employee && !incident.roles.iter().any(|held| held.holder == reader)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The groups of phases that the state facet offers.
const STATES: [(&str, &str, &[Phase]); 4] = [
    ("open", "Open", &[Phase::Reported, Phase::Triaged, Phase::Declared, Phase::Contained, Phase::Eradicated, Phase::Recovered]),
    ("resolved", "Resolved", &[Phase::Resolved]),
    ("closed", "Closed", &[Phase::Closed]),
    ("dismissed", "Dismissed, merged", &[Phase::Dismissed, Phase::Merged]),
];

fn filter(query: &Query, reader: &str) -> IncidentFilter {
    let chosen = query.all("state");
    // Without a choice the list shows what still asks for something.
    let shows = |state: &str| if chosen.is_empty() { state == "open" || state == "resolved" } else { chosen.contains(state) };
    let commander = query.get("commander").map(|who| if who == "me" { reader.to_owned() } else { who.to_owned() });
    IncidentFilter {
        phases: STATES.iter().filter(|(state, ..)| shows(state)).flat_map(|(.., phases)| phases.iter().copied()).collect(),
        severities: query.all("severity").into_iter().filter_map(|word| word.parse().ok()).collect(),
        severity_unknown: query.all("severity").contains("unknown"),
        person: None,
        accountable: Vec::new(),
        class: query.get("class").and_then(Class::parse),
        team: query.get("team").map(str::to_owned),
        commander,
        kind: match query.get("kind") {
            Some("real") => Some(Kind::Real),
            Some("drill") => Some(Kind::Drill),
            Some("test") => Some(Kind::Test),
            _ => None,
        },
        visibility: None,
        text: query.get("q").map(str::to_owned),
    }
}

fn views(present: &Query) -> Vec<Choice> {
    let view = |label, text| Choice::view(label, "/incidents", &Query::parse(text), present);
    vec![
        view("Not closed", ""),
        view("Mine", "commander=me"),
        view("I answer for", "accountable=me"),
        view("SEV1 and SEV2", "severity=sev1,sev2"),
        view("Everything", "state=open,resolved,closed,dismissed"),
    ]
}

fn facets(query: &Query, counts: &Counts, teams: &[TeamFile]) -> Vec<Facet> {
    let number = |phases: &[Phase]| {
        let real = counts.incidents.iter().filter(|row| row.kind == Kind::Real && phases.contains(&row.phase));
        real.map(|row| row.number).sum()
    };
    let states = STATES.map(|(state, label, phases)| (state.to_owned(), label.to_owned(), Some(number(phases))));
    let severities = Severity::ALL.map(|level| (level.as_str().to_owned(), super::scheme::label(Some(level)).to_owned(), None));
    let unknown = std::iter::once(("unknown".to_owned(), "Unknown".to_owned(), None));
    let severities = severities.into_iter().chain(unknown);
    let classes = Class::ALL.map(|class| (class.as_str().to_owned(), class.title().to_owned(), None));
    let teams = teams.iter().map(|team| (team.id.clone(), team.title.clone(), None));
    let kinds = [("real", "Real"), ("drill", "Drill")].map(|(kind, label)| (kind.to_owned(), label.to_owned(), None));
    let path = "/incidents";
    vec![
        Facet::new("State", "state", path, query, states),
        Facet::new("Severity", "severity", path, query, severities),
        Facet::one("Class", "class", path, query, classes),
        Facet::one("Team", "team", path, query, teams),
        Facet::one("Kind", "kind", path, query, kinds),
    ]
}
