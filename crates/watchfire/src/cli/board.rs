//! `watchfire board`: what everybody may know.

use clap::Args;

use super::failure::Failure;
use super::output::list;
use super::remote::Remote;

/// The status board: open incidents that everybody may know of, with what was said last
#[derive(Args, Debug)]
pub(crate) struct BoardArgs {
    #[command(flatten)]
    remote: Remote,
}

impl BoardArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        let fields = [
            ("severity", "severity"),
            ("incident", "id"),
            ("title", "title"),
            ("phase", "phase"),
            ("team", "team"),
            ("said last", "last_update.status"),
            ("next update", "update_due_at"),
        ];
        output.value(&client.get("/board", &[]).await?, |rows| list(rows, &fields, "nothing open that everybody may know of"));
        Ok(())
    }
}
