//! `watchfire silence`: alerts that raise nothing for a while.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Failure;
use super::output::{at, list};
use super::remote::{Remote, segment};

/// Silences: alerts that raise nothing for a while
#[derive(Args, Debug)]
pub(crate) struct SilenceArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: SilenceCommand,
}

#[derive(Subcommand, Debug)]
enum SilenceCommand {
    /// List silences in force
    List,
    /// Silence what matches, also alerts that are yet to come
    Add {
        /// A field (source, title, key, resource) or label and its value, as NAME=VALUE; all must match
        #[arg(required = true, value_name = "NAME=VALUE")]
        matcher: Vec<String>,
        /// For how long, at most a week
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=168))]
        hours: u32,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// End a silence before its time
    End { id: String },
}

impl SilenceArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        match self.command {
            SilenceCommand::List => {
                let fields = [("until", "ends_at"), ("by", "created_by"), ("why", "reason"), ("alert", "alert"), ("id", "id")];
                output.value(&client.get("/silences", &[]).await?, |silences: &Value| list(silences, &fields, "no silences"));
            }
            SilenceCommand::Add { matcher, hours, reason } => {
                let pairs =
                    matcher.iter().map(|pair| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())));
                let pairs: Option<BTreeMap<String, String>> = pairs.collect();
                let pairs = pairs.ok_or_else(|| Failure::usage("write each match as NAME=VALUE"))?;
                let body = json!({ "matcher": pairs, "hours": hours, "reason": reason });
                let silence = client.post("/silences", body).await?;
                output.value(&silence, |silence| format!("silenced until {}; {}", at(silence, "ends_at"), at(silence, "id")));
            }
            SilenceCommand::End { id } => {
                let silence = client.delete(&format!("/silences/{}", segment(&id))).await?;
                output.value(&silence, |silence| format!("ended {}", at(silence, "id")));
            }
        }
        Ok(())
    }
}
