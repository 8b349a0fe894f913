//! `watchfire silence`: alerts that raise nothing for a while.

use clap::{Args, Subcommand};
use serde_json::Value;

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
            SilenceCommand::End { id } => {
                let silence = client.delete(&format!("/silences/{}", segment(&id))).await?;
                output.value(&silence, |silence| format!("ended {}", at(silence, "id")));
            }
        }
        Ok(())
    }
}
