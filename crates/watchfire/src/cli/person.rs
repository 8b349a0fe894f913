//! `watchfire person`: people, their roles and teams.

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::output::{at, facts, list};
use super::remote::{Client, Remote, query, segment};

/// People: who works with this installation
#[derive(Args, Debug)]
pub(crate) struct PersonArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: PersonCommand,
}

#[derive(Subcommand, Debug)]
enum PersonCommand {
    /// Find people by team, skill, role or text
    List {
        /// Only members of a team
        #[arg(long, value_name = "TEAM")]
        team: Option<String>,
        /// Only those with a skill, knowledge or access tag
        #[arg(long, value_name = "TAG")]
        tag: Option<String>,
        /// Only those with a role
        #[arg(long, value_parser = ROLES)]
        role: Option<String>,
        /// Only those in a state
        #[arg(long, value_parser = ["active", "invited", "disabled"])]
        state: Option<String>,
        /// Looked for in login, name and tags
        #[arg(long, value_name = "TEXT")]
        text: Option<String>,
    },
    /// Find who can help: by skill, system, access, team or name; those on call stand first
    Find {
        /// Looked for in login, name and tags
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Show one person
    Show { login: String },
    /// Add a person
    Add {
        /// Their mail address
        login: String,
        /// Their name
        #[arg(long, value_name = "NAME", default_value = "")]
        name: String,
        /// How far their rights reach
        #[arg(long, value_parser = ROLES, default_value = "restricted")]
        role: String,
        /// The time zone that they live in, such as Europe/Berlin
        #[arg(long, value_name = "ZONE", default_value = "")]
        time_zone: String,
        #[command(flatten)]
        tags: TagArgs,
    },
    /// Change what describes a person; what is not given stays
    Set {
        login: String,
        /// Their name
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// The time zone that they live in
        #[arg(long, value_name = "ZONE")]
        time_zone: Option<String>,
        #[command(flatten)]
        tags: TagArgs,
    },
    /// Give a person another role, at once
    Role {
        login: String,
        #[arg(value_parser = ROLES)]
        role: String,
    },
    /// Let nobody in under a login any more: sessions, tokens and open pages end at once
    Disable { login: String },
    /// Let a person in again
    Enable { login: String },
    /// List the teams, or put a person into one or take them out
    Team {
        /// The team; without it all are listed
        #[arg(requires = "login")]
        team: Option<String>,
        login: Option<String>,
        /// They speak for the team and say who is in it
        #[arg(long)]
        lead: bool,
        /// Take them out
        #[arg(long, conflicts_with = "lead")]
        leave: bool,
    },
}

const ROLES: [&str; 4] = ["owner", "manager", "member", "restricted"];

#[derive(Args, Debug)]
struct TagArgs {
    /// A skill; may be given several times
    #[arg(long, value_name = "TAG")]
    skill: Vec<String>,
    /// A system that they know; may be given several times
    #[arg(long, value_name = "TAG")]
    knowledge: Vec<String>,
    /// A system that they have access to; may be given several times
    #[arg(long, value_name = "TAG")]
    access: Vec<String>,
}

impl TagArgs {
    /// Adds the kinds of tags that were given.
    fn onto(self, body: &mut Map<String, Value>) {
        for (name, tags) in [("skills", self.skill), ("knowledge", self.knowledge), ("access", self.access)] {
            if !tags.is_empty() {
                body.insert(name.to_owned(), tags.into());
            }
        }
    }
}

impl PersonArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        let answer = match self.command {
            PersonCommand::List { team, tag, role, state, text } => {
                let query = query(&[("team", team), ("tag", tag), ("role", role), ("state", state), ("text", text)]);
                let fields = [("login", "login"), ("name", "name"), ("role", "role"), ("state", "state"), ("skills", "skills")];
                output.value(&client.get("/people", &query).await?, |people| list(people, &fields, "nobody"));
                return Ok(());
            }
            PersonCommand::Find { words } => {
                output.value(&find(&client, words.join(" ")).await?, found);
                return Ok(());
            }
            PersonCommand::Team { team: None, .. } => {
                output.value(&client.get("/teams", &[]).await?, teams);
                return Ok(());
            }
            PersonCommand::Team { team: Some(team), login, lead, leave } => {
                let path = format!("/teams/{}/members/{}", segment(&team), segment(&login.unwrap_or_default()));
                let answer = if leave { client.delete(&path).await? } else { client.put(&path, json!({ "lead": lead })).await? };
                output.value(&answer, teams);
                return Ok(());
            }
            PersonCommand::Show { login } => client.get(&path(&login, ""), &[]).await?,
            PersonCommand::Add { login, name, role, time_zone, tags } => {
                let mut body = Map::new();
                for (field, value) in [("login", login), ("name", name), ("role", role), ("time_zone", time_zone)] {
                    body.insert(field.to_owned(), value.into());
                }
                tags.onto(&mut body);
                client.post("/people", body.into()).await?
            }
            PersonCommand::Set { login, name, time_zone, tags } => {
                let mut body = Map::new();
                for (field, value) in [("name", name), ("time_zone", time_zone)] {
                    body.extend(value.map(|value| (field.to_owned(), Value::from(value))));
                }
                tags.onto(&mut body);
                client.patch(&path(&login, ""), body.into()).await?
            }
            PersonCommand::Role { login, role } => client.put(&path(&login, "/role"), json!({ "role": role })).await?,
            PersonCommand::Disable { login } => client.post(&path(&login, "/disable"), json!({})).await?,
            PersonCommand::Enable { login } => client.post(&path(&login, "/enable"), json!({})).await?,
        };
        output.value(&answer, person);
        Ok(())
    }
}

/// Finds people, those on call first; the schedules that each holds stand in `on_call`.
async fn find(client: &Client, text: String) -> Result<Value, Failure> {
    let mut people = client.get("/people", &query(&[("text", Some(text)), ("state", Some("active".to_owned()))])).await?;
    let board = client.get("/on-call", &[]).await?;
    let schedules = board.get("schedules").and_then(Value::as_array).cloned().unwrap_or_default();
    let holds = |login: &str| -> Vec<String> {
        let holds = |schedule: &&Value| {
            let holders = schedule.pointer("/now/holders").and_then(Value::as_array);
            holders.into_iter().flatten().any(|holder| at(holder, "login") == login)
        };
        schedules.iter().filter(holds).map(|schedule| at(schedule, "title")).collect()
    };
    if let Some(items) = people.get_mut("items").and_then(Value::as_array_mut) {
        for person in items.iter_mut() {
            let held = holds(&at(person, "login"));
            if let Some(person) = person.as_object_mut() {
                person.insert("on_call".to_owned(), held.into());
            }
        }
        items.sort_by_key(|person| person.get("on_call").and_then(Value::as_array).is_none_or(Vec::is_empty));
    }
    Ok(people)
}

fn found(people: &Value) -> String {
    let fields = [
        ("login", "login"),
        ("name", "name"),
        ("on call", "on_call"),
        ("skills", "skills"),
        ("knows", "knowledge"),
        ("access", "access"),
    ];
    list(people, &fields, "nobody fits")
}

fn path(login: &str, rest: &str) -> String {
    format!("/people/{}{rest}", segment(login))
}

fn person(person: &Value) -> String {
    let fields = [
        ("login", "login"),
        ("name", "name"),
        ("role", "role"),
        ("state", "state"),
        ("time zone", "time_zone"),
        ("skills", "skills"),
        ("knows", "knowledge"),
        ("access", "access"),
    ];
    let teams = person.get("teams").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let teams: Vec<String> = teams.iter().map(|of| at(of, "team")).collect();
    let mut text = facts(person, &fields);
    if !teams.is_empty() {
        text.push_str(&facts(&json!({ "teams": teams }), &[("teams    ", "teams")]));
    }
    text
}

fn teams(answer: &Value) -> String {
    let items = answer.get("items").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let row = |team: &Value| {
        let members = team.get("members").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let name = |member: &Value| {
            let lead = if member.get("lead").and_then(Value::as_bool) == Some(true) { " (lead)" } else { "" };
            format!("{}{lead}", at(member, "login"))
        };
        json!({ "id": at(team, "id"), "title": at(team, "title"), "members": members.iter().map(name).collect::<Vec<_>>() })
    };
    let rows = json!({ "items": items.iter().map(row).collect::<Vec<_>>() });
    list(&rows, &[("team", "id"), ("title", "title"), ("members", "members")], "no teams")
}
