//! `watchfire record`: everything that happened.

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::output::list;
use super::remote::{PageArgs, Remote, query};

/// The record: everything that happened, append-only
#[derive(Args, Debug)]
pub(crate) struct RecordArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: RecordCommand,
}

#[derive(Subcommand, Debug)]
enum RecordCommand {
    /// List entries, the newest first
    List {
        /// Only about this incident
        #[arg(long, value_name = "ID")]
        incident: Option<String>,
        /// Only of these kinds, such as incident.noted
        #[arg(long, value_delimiter = ',', value_name = "KIND")]
        kind: Vec<String>,
        #[command(flatten)]
        page: PageArgs,
    },
}

impl RecordArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        let RecordCommand::List { incident, kind, page } = self.command;
        let query = page.onto(query(&[("incident", incident), ("kind", super::words::joined(&kind))]));
        output.value(&client.get("/record", &query).await?, |entries| list(entries, &FIELDS, "no entries"));
        Ok(())
    }
}

/// The columns in which entries are shown.
pub(crate) const FIELDS: [(&str, &str); 6] = [
    ("seq", "seq"),
    ("recorded", "recorded_at"),
    ("actor", "actor.id"),
    ("kind", "kind"),
    ("incident", "incident"),
    ("what", "public"),
];
