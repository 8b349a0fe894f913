//! People: the finder, and what each may do.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use watchfire_core::access::{Right, Role};
use watchfire_core::person::{State, Tags};
use watchfire_engine::{Error, NewPerson, PeopleFilter, PersonChange, PersonRow};

use super::failed::refusal;
use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::query::encode;
use super::visit::{Answer, Visit};

/// The room: the finder with its results, or one person.
#[derive(Template)]
#[template(path = "people.html")]
pub(crate) struct People {
    pub(crate) now: Timestamp,
    pub(crate) rows: Vec<Row>,
    pub(crate) text: String,
    pub(crate) tag: String,
    pub(crate) team: String,
    /// The teams of the plans: word and title.
    pub(crate) teams: Vec<(String, String)>,
    /// The person whose page this is.
    pub(crate) one: Option<Row>,
    pub(crate) roles: Vec<&'static str>,
    pub(crate) may_administer: bool,
    /// The reader may change what describes the person.
    pub(crate) may_change: bool,
    pub(crate) login: String,
    pub(crate) failed: String,
}

/// One person.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) role: &'static str,
    pub(crate) state: &'static str,
    pub(crate) time_zone: String,
    pub(crate) skills: Vec<String>,
    pub(crate) knowledge: Vec<String>,
    pub(crate) access: Vec<String>,
    /// Words of teams, and whether they lead them.
    pub(crate) teams: Vec<(String, bool)>,
    pub(crate) changed_at: Timestamp,
}

impl Row {
    fn of(row: PersonRow) -> Self {
        let PersonRow { person, teams } = row;
        Self {
            login: person.login,
            name: person.name,
            role: person.role.as_str(),
            state: person.state.as_str(),
            time_zone: person.time_zone,
            skills: person.tags.skills,
            knowledge: person.tags.knowledge,
            access: person.tags.access,
            teams: teams.into_iter().map(|of| (of.team, of.lead)).collect(),
            changed_at: person.changed_at,
        }
    }

    fn tags(&self) -> impl Iterator<Item = &String> {
        self.skills.iter().chain(&self.knowledge).chain(&self.access)
    }

    fn is_active(&self) -> bool {
        self.state == State::Active.as_str()
    }
}

/// Answers with the finder.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = build(&visit, None).await?;
    visit.show("People", Room::People, false, room).await
}

/// Answers with one person.
pub(crate) async fn show(visit: Visit, Path(login): Path<String>) -> Answer {
    let room = build(&visit, Some(&login)).await?;
    visit.show(room.one.as_ref().map_or_else(String::new, |one| one.name.clone()), Room::People, false, room).await
}

/// Adds a person.
pub(crate) async fn add(visit: Visit, fields: Fields) -> Answer {
    let new = NewPerson {
        login: fields.get("login").to_owned(),
        name: fields.get("name").to_owned(),
        role: Role::parse(fields.get("role")).unwrap_or(Role::Restricted),
        state: State::Active,
        time_zone: fields.get("time_zone").to_owned(),
        tags: Tags { skills: words(fields.get("skills")), ..Tags::default() },
    };
    let login = new.login.clone();
    match visit.engine.add_person(&visit.who, new).await {
        Ok(person) => Ok(to(&person.login)),
        Err(error) => refused(&visit, None, error, login).await,
    }
}

/// Changes what describes a person.
pub(crate) async fn change(visit: Visit, Path(login): Path<String>, fields: Fields) -> Answer {
    let tags = Tags {
        skills: words(fields.get("skills")),
        knowledge: words(fields.get("knowledge")),
        access: words(fields.get("access")),
    };
    let change = PersonChange {
        name: Some(fields.get("name").to_owned()),
        time_zone: Some(fields.get("time_zone").to_owned()),
        tags: Some(tags),
        addresses: None,
    };
    done(&visit, &login, visit.engine.change_person(&visit.who, &login, change).await).await
}

/// Gives a person another role.
pub(crate) async fn role(visit: Visit, Path(login): Path<String>, fields: Fields) -> Answer {
    let wanted = Role::parse(fields.get("role")).ok_or_else(|| Error::invalid("role", "choose one of the roles"));
    let outcome = match wanted {
        Ok(role) => visit.engine.set_role(&visit.who, &login, role).await,
        Err(error) => Err(error),
    };
    done(&visit, &login, outcome).await
}

/// Shuts a person out.
pub(crate) async fn disable(visit: Visit, Path(login): Path<String>) -> Answer {
    done(&visit, &login, visit.engine.disable_person(&visit.who, &login).await).await
}

/// Lets a person in again.
pub(crate) async fn enable(visit: Visit, Path(login): Path<String>) -> Answer {
    done(&visit, &login, visit.engine.enable_person(&visit.who, &login).await).await
}

async fn done<T>(visit: &Visit, login: &str, outcome: Result<T, Error>) -> Answer {
    match outcome {
        Ok(_) => Ok(to(login)),
        Err(error) => refused(visit, Some(login), error, String::new()).await,
    }
}

async fn refused(visit: &Visit, one: Option<&str>, error: Error, login: String) -> Answer {
    let (status, message) = refusal(error)?;
    let mut room = build(visit, one).await?;
    message.trim_end_matches('.').clone_into(&mut room.failed);
    room.login = login;
    visit.show_as(status, "People", Room::People, false, room).await
}

async fn build(visit: &Visit, one: Option<&str>) -> Result<People, Error> {
    let query = |name: &str| visit.query.get(name).unwrap_or_default().trim().to_owned();
    let (text, tag, team) = (query("text"), query("tag"), query("team"));
    let given = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
    let filter = PeopleFilter { team: given(&team), tag: given(&tag), text: given(&text), ..PeopleFilter::default() };
    let one = match one {
        Some(login) => Some(Row::of(visit.engine.person(&visit.who, login).await?)),
        None => None,
    };
    let rows = if one.is_some() { Vec::new() } else { visit.engine.people(&visit.who, filter).await? };
    let teams = visit.engine.teams(&visit.who).await?.into_iter().map(|team| (team.id, team.title)).collect();
    let may_administer = visit.may(Right::Administer);
    Ok(People {
        now: visit.now,
        rows: rows.into_iter().map(Row::of).collect(),
        text,
        tag,
        team,
        teams,
        may_change: may_administer || one.as_ref().is_some_and(|one| one.login == visit.login()),
        one,
        roles: Role::ALL.into_iter().map(Role::as_str).collect(),
        may_administer,
        login: String::new(),
        failed: String::new(),
    })
}

/// Reads tags as people type them: commas between.
fn words(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn to(login: &str) -> axum::response::Response {
    Redirect::to(&format!("/people/{}", encode(&login.trim().to_lowercase()))).into_response()
}
