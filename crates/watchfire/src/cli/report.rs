//! `watchfire report`: somebody saw something; triage's checklist.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Failure;
use super::output::{at, facts, list};
use super::remote::{Remote, segment};

/// Reports: what somebody saw, and what triage made of it
#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: ReportCommand,
}

#[derive(Subcommand, Debug)]
enum ReportCommand {
    /// Report what you saw; anybody with an account may
    Add {
        /// What you saw
        saw: String,
        /// How to reach you, where your login is not enough
        #[arg(long, value_name = "TEXT", default_value = "")]
        contact: String,
    },
    /// List your own reports and whether somebody looks at them
    List,
    /// Show the report that an incident came from, with the checklist
    Show { incident: String },
    /// Answer one line of the triage checklist
    Check {
        incident: String,
        /// The line's own words, as the plans have them
        check: String,
        answer: String,
    },
    /// Tell the reporter that somebody looks at it
    #[command(visible_alias = "ack")]
    Acknowledge { incident: String },
}

impl ReportArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        let path = |incident: &str, end: &str| format!("/incidents/{}/report{end}", segment(incident));
        match self.command {
            ReportCommand::Add { saw, contact } => {
                let receipt = client.post("/reports", json!({ "saw": saw, "contact": contact })).await?;
                output.value(&receipt, |receipt| format!("reported as {}", at(receipt, "id")));
            }
            ReportCommand::List => {
                let fields = [("id", "id"), ("reported", "reported_at"), ("looked at since", "acknowledged_at"), ("what", "saw")];
                output.value(&client.get("/reports", &[]).await?, |reports| list(reports, &fields, "you have reported nothing"));
            }
            ReportCommand::Show { incident } => output.value(&client.get(&path(&incident, ""), &[]).await?, show),
            ReportCommand::Check { incident, check, answer } => {
                let body = json!({ "check": check, "answer": answer });
                output.value(&client.post(&path(&incident, "/checks"), body).await?, show);
            }
            ReportCommand::Acknowledge { incident } => {
                output.value(&client.post(&path(&incident, "/acknowledge"), json!({})).await?, show);
            }
        }
        Ok(())
    }
}

fn show(report: &Value) -> String {
    let fields = [
        ("reporter", "reporter"),
        ("contact", "contact"),
        ("reported", "reported_at"),
        ("looked at by", "acknowledged_by"),
        ("saw", "saw"),
    ];
    let mut text = facts(report, &fields);
    for (check, answer) in report.get("checks").and_then(Value::as_object).into_iter().flatten() {
        let answer = answer.as_str().unwrap_or_default();
        text.push_str(&format!("\n{}\n  {}\n", super::output::safe(check), super::output::safe_lines(answer)));
    }
    text
}
