//! Finding people for an incident by skill, system or name; those on call first.

use askama::Template;
use axum::extract::Path;
use watchfire_core::access::Right;
use watchfire_core::incident::Role;
use watchfire_core::person::State;
use watchfire_engine::{Error, PeopleFilter};

use super::build::tabs;
use crate::pages::filters;
use crate::pages::frame::Room;
use crate::pages::list::Choice;
use crate::pages::visit::{Answer, Visit};

/// The room.
#[derive(Template)]
#[template(path = "incident_people.html", blocks = ["rows"])]
pub(crate) struct Finder {
    pub(crate) short_id: String,
    pub(crate) codename: String,
    pub(crate) tabs: Vec<Choice>,
    pub(crate) text: String,
    pub(crate) may_act: bool,
    pub(crate) rows: Vec<Found>,
    /// Roles that may be given: word and title.
    pub(crate) roles: Vec<(String, String)>,
}

/// One person.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) teams: Vec<String>,
    /// Skills, systems known, systems they have access to.
    pub(crate) tags: Vec<String>,
    /// Roles that they hold on this incident.
    pub(crate) holds: Vec<String>,
    /// Schedules that they hold now.
    pub(crate) on_call: Vec<String>,
}

/// Answers with the people that the address asks for.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let room = build(&visit, &id).await?;
    visit.show(format!("People {}", room.short_id), Room::Incident, true, room).await
}

/// Gathers the people.
///
/// # Errors
/// Not found for this reader, or the store does not answer.
pub(crate) async fn build(visit: &Visit, id: &str) -> Result<Finder, Error> {
    let incident = visit.engine.incident(&visit.who, id).await?.incident;
    let text = visit.query.get("q").unwrap_or_default().to_owned();
    let filter = PeopleFilter { state: Some(State::Active), text: Some(text.clone()), ..PeopleFilter::default() };
    let people = visit.engine.people(&visit.who, filter).await?;
    let duty = crate::pages::duty::now(visit).await;
    let mut rows: Vec<Found> = people
        .into_iter()
        .map(|row| Found {
            on_call: duty.get(&row.person.login).cloned().unwrap_or_default(),
            holds: incident
                .roles
                .iter()
                .filter(|held| held.holder == row.person.login)
                .map(|held| held.role.as_str().replace('_', " "))
                .collect(),
            teams: row.teams.iter().map(|of| of.team.clone()).collect(),
            tags: row.person.tags.all().map(|(_, tag)| tag.to_owned()).collect(),
            name: row.person.name,
            login: row.person.login,
        })
        .collect();
    rows.sort_by_key(|row| row.on_call.is_empty());
    let title = |word: &&str| ((*word).to_owned(), filters::title(&word.replace('_', " ")));
    Ok(Finder {
        tabs: tabs(visit, &incident, "people"),
        short_id: incident.short_id,
        codename: incident.codename,
        text,
        may_act: visit.may(Right::Act) && incident.phase.is_open(),
        rows,
        roles: Role::BUILT_IN.iter().map(title).collect(),
    })
}

/// Returns whom a field of the incident may name: login, with name and duty as its label; those on call first. Nobody where the
/// reader may not look or the store does not answer: the field takes any login all the same.
pub(crate) async fn choices(visit: &Visit) -> Vec<(String, String)> {
    let filter = PeopleFilter { state: Some(State::Active), ..PeopleFilter::default() };
    let Ok(people) = visit.engine.people(&visit.who, filter).await else { return Vec::new() };
    let duty = crate::pages::duty::now(visit).await;
    let mut choices: Vec<(bool, String, String)> = people
        .into_iter()
        .map(|row| {
            let held = duty.get(&row.person.login);
            let duty = held.map(|held| format!("on call: {}", held.join(", ")));
            let label = [Some(row.person.name).filter(|name| !name.is_empty()), duty];
            (held.is_none(), row.person.login, label.into_iter().flatten().collect::<Vec<_>>().join(", "))
        })
        .collect();
    choices.sort_by_key(|(free, ..)| *free);
    choices.into_iter().map(|(_, login, label)| (login, label)).collect()
}

impl Finder {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_rows().render()?])
    }
}
