//! `watchfire page`: who was told of an incident, and what came back.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Failure;
use super::output::{at, facts, list, safe, table};
use super::remote::{PageArgs as Paging, Remote, query, segment};

/// Pages: who was told of an incident, and what came back
#[derive(Args, Debug)]
pub(crate) struct PageArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: PageCommand,
}

#[derive(Subcommand, Debug)]
enum PageCommand {
    /// List pages, the newest first
    List {
        /// Only about this incident
        #[arg(long, value_name = "ID")]
        incident: Option<String>,
        /// Only those that told you
        #[arg(long)]
        mine: bool,
        /// Only those that await an answer
        #[arg(long)]
        open: bool,
        #[command(flatten)]
        page: Paging,
    },
    /// Show a page with every attempt and reply
    Show { id: String },
    /// Answer a page, and take its incident up
    #[command(visible_alias = "acknowledge")]
    Ack { id: String },
    /// Page somebody about an incident
    Send {
        /// The incident
        incident: String,
        /// Whom: owners, "schedule NAME", "team NAME", "role NAME" or a login
        #[arg(long, value_name = "WHOM")]
        to: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        text: String,
    },
    /// Tell how often people were paged, at night and for nothing
    Budget {
        /// Over how many days
        #[arg(long, value_name = "N", default_value_t = 28, value_parser = clap::value_parser!(u32).range(1..=366))]
        days: u32,
    },
}

impl PageArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        match self.command {
            PageCommand::List { incident, mine, open, page } => {
                let yes = |flag: bool| flag.then(|| "true".to_owned());
                let query = page.onto(query(&[("incident", incident), ("mine", yes(mine)), ("open", yes(open))]));
                output.value(&client.get("/pages", &query).await?, rows);
            }
            PageCommand::Show { id } => output.value(&client.get(&format!("/pages/{}", segment(&id)), &[]).await?, show),
            PageCommand::Ack { id } => {
                let page = client.post(&format!("/pages/{}/acknowledge", segment(&id)), json!({})).await?;
                output.value(&page, |page| format!("{} is {}", at(page, "id"), at(page, "status")));
            }
            PageCommand::Send { incident, to, text } => {
                let body = json!({ "to": to, "text": text });
                let page = client.post(&format!("/incidents/{}/pages", segment(&incident)), body).await?;
                output.value(&page, |page| format!("paged {} ({})", people(page), at(page, "id")));
            }
            PageCommand::Budget { days } => {
                let query = query(&[("days", Some(days.to_string()))]);
                output.value(&client.get("/page-budget", &query).await?, budget);
            }
        }
        Ok(())
    }
}

fn rows(value: &Value) -> String {
    let fields = [
        ("status", "status"),
        ("severity", "incident.severity"),
        ("incident", "incident.id"),
        ("step", "step"),
        ("for", "purpose"),
        ("begun", "created_at"),
        ("goes on", "due_at"),
        ("id", "id"),
    ];
    list(value, &fields, "no pages")
}

fn people(page: &Value) -> String {
    let people = page.get("people").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    people.iter().map(|told| safe(&at(told, "person"))).collect::<Vec<_>>().join(", ")
}

fn show(page: &Value) -> String {
    let fields = [
        ("incident", "incident.id"),
        ("title", "incident.title"),
        ("status", "status"),
        ("step", "step"),
        ("for", "purpose"),
        ("why", "reason"),
        ("policy", "policy"),
        ("ends by", "stops"),
        ("begun by", "begun_by"),
        ("begun", "created_at"),
        ("goes on", "due_at"),
        ("ended", "ended_at"),
        ("plans", "plan_version"),
    ];
    let part = |name: &str, heads: &[&str], fields: &[&str]| {
        let items = page.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let rows = items.iter().map(|item| fields.iter().map(|field| at(item, field)).collect()).collect();
        table(heads, rows, "nobody was told")
    };
    let told = part("people", &["person", "step", "times", "told", "answer"], &["person", "step", "times", "told_at", "answer"]);
    let attempts = part(
        "attempts",
        &["at", "person", "channel", "status", "tries", "reply"],
        &["at", "person", "channel", "status", "tries", "reply"],
    );
    format!("{}\n{told}\n{attempts}", facts(page, &fields))
}

fn budget(value: &Value) -> String {
    let items = value.get("people").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let rows = items.iter().map(|load| {
        let over = if at(load, "over_budget") == "true" { "over budget" } else { "" };
        let week = load.get("per_week").and_then(Value::as_f64).unwrap_or(0.0);
        vec![
            at(load, "person"),
            at(load, "pages"),
            format!("{week:.1}"),
            at(load, "nights"),
            at(load, "non_actionable"),
            at(load, "worst_shift"),
            over.to_owned(),
        ]
    });
    let heads = ["person", "pages", "per week", "at night", "for nothing", "worst shift", ""];
    let mut text = table(&heads, rows.collect(), "nobody was paged");
    let advice = at(value, "suggestion.advice");
    if !advice.is_empty() {
        text.push_str(&format!("\n{}\n", safe(&advice)));
    }
    text
}
