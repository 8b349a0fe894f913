//! `watchfire alert`: what sources say is wrong.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Failure;
use super::output::{at, facts, list};
use super::remote::{PageArgs, Remote, query, segment};
use super::words;

/// Alerts: what sources say is wrong
#[derive(Args, Debug)]
pub(crate) struct AlertArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: AlertCommand,
}

#[derive(Subcommand, Debug)]
enum AlertCommand {
    /// List alerts, the newest first
    List {
        /// Only these states
        #[arg(long, value_delimiter = ',', value_parser = words::alert_status())]
        status: Vec<String>,
        /// Only these severities
        #[arg(long, value_delimiter = ',', value_parser = words::severity())]
        severity: Vec<String>,
        /// Only of this source, by name
        #[arg(long, value_name = "NAME")]
        source: Option<String>,
        /// Only in this team's queue
        #[arg(long, value_name = "TEAM")]
        team: Option<String>,
        /// Only of this incident
        #[arg(long, value_name = "ID")]
        incident: Option<String>,
        /// Only with this text in the title
        #[arg(long, value_name = "TEXT")]
        text: Option<String>,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one alert with its receipts and incidents
    Show { id: String },
    /// Say that somebody has taken it up
    #[command(visible_alias = "acknowledge")]
    Ack { id: String },
    /// Say that the trouble is gone
    Resolve {
        id: String,
        /// Why it is gone although its source has not said so
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Let it raise nothing for some hours
    Silence {
        id: String,
        /// For how long, at most a week
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=168))]
        hours: u32,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

impl AlertArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        match self.command {
            AlertCommand::List { status, severity, source, team, incident, text, page } => {
                let query = page.onto(query(&[
                    ("status", words::joined(&status)),
                    ("severity", words::joined(&severity)),
                    ("source", source),
                    ("team", team),
                    ("incident", incident),
                    ("text", text),
                ]));
                output.value(&client.get("/alerts", &query).await?, rows);
            }
            AlertCommand::Show { id } => output.value(&client.get(&format!("/alerts/{}", segment(&id)), &[]).await?, show),
            AlertCommand::Ack { id } => {
                output.value(&client.post(&format!("/alerts/{}/acknowledge", segment(&id)), json!({})).await?, line);
            }
            AlertCommand::Resolve { id, reason } => {
                let body = json!({ "reason": reason });
                output.value(&client.post(&format!("/alerts/{}/resolve", segment(&id)), body).await?, line);
            }
            AlertCommand::Silence { id, hours, reason } => {
                let body = json!({ "hours": hours, "reason": reason });
                let silence = client.post(&format!("/alerts/{}/silence", segment(&id)), body).await?;
                output.value(&silence, |silence| format!("silenced until {}", at(silence, "ends_at")));
            }
        }
        Ok(())
    }
}

/// Writes a list of alerts as a table.
pub(crate) fn rows(value: &Value) -> String {
    let fields = [
        ("severity", "severity"),
        ("status", "status"),
        ("title", "title"),
        ("source", "source"),
        ("resource", "resource"),
        ("last seen", "last_seen_at"),
        ("id", "id"),
    ];
    list(value, &fields, "no alerts")
}

fn line(alert: &Value) -> String {
    format!("{} is {}", super::output::safe(&at(alert, "title")), at(alert, "status"))
}

fn show(alert: &Value) -> String {
    let fields = [
        ("title", "title"),
        ("severity", "severity"),
        ("source's severity", "source_severity"),
        ("status", "status"),
        ("class", "class"),
        ("team", "team"),
        ("source", "source"),
        ("resource", "resource"),
        ("link", "link"),
        ("occurred", "occurred_at"),
        ("first seen", "first_seen_at"),
        ("last seen", "last_seen_at"),
        ("count", "count"),
        ("episode", "episode"),
        ("suppressed by", "suppressed_by"),
        ("incidents", "incidents"),
        ("key", "dedup_key"),
        ("event", "event_id"),
        ("id", "id"),
    ];
    facts(alert, &fields)
}
