//! `watchfire event`: bytes as received.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Failure;
use super::output::{at, facts, list, safe_lines};
use super::remote::{PageArgs, Remote, query, segment};

/// Events: deliveries as received, kept verbatim
#[derive(Args, Debug)]
pub(crate) struct EventArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: EventCommand,
}

#[derive(Subcommand, Debug)]
enum EventCommand {
    /// List events, the newest first
    List {
        /// Only in this state
        #[arg(long, value_parser = ["pending", "processed", "quarantined"])]
        status: Option<String>,
        /// Only of this source, by name
        #[arg(long, value_name = "NAME")]
        source: Option<String>,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one event with its body
    Show { id: String },
    /// Read a quarantined event again
    Requeue { id: String },
}

impl EventArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        match self.command {
            EventCommand::List { status, source, page } => {
                let query = page.onto(query(&[("status", status), ("source", source)]));
                let fields = [
                    ("received", "received_at"),
                    ("status", "status"),
                    ("source", "source"),
                    ("alerts", "alert_count"),
                    ("why", "reason"),
                    ("id", "id"),
                ];
                output.value(&client.get("/events", &query).await?, |events| list(events, &fields, "no events"));
            }
            EventCommand::Show { id } => output.value(&client.get(&format!("/events/{}", segment(&id)), &[]).await?, show),
            EventCommand::Requeue { id } => {
                let event = client.post(&format!("/events/{}/requeue", segment(&id)), json!({})).await?;
                output.value(&event, |event| format!("{} is {}", at(event, "id"), at(event, "status")));
            }
        }
        Ok(())
    }
}

fn show(event: &Value) -> String {
    let fields = [
        ("source", "source"),
        ("kind", "source_kind"),
        ("received", "received_at"),
        ("status", "status"),
        ("trust", "trust"),
        ("why", "reason"),
        ("remark", "remark"),
        ("delivery", "delivery_id"),
        ("id", "id"),
    ];
    let body = at(event, "body");
    format!("{}\n{}\n", facts(event, &fields), safe_lines(&body))
}
