//! `watchfire serve`: the server.

use clap::Args;

use super::failure::{Exit, Failure};
use crate::config::ServeArgs;
use crate::server;

/// Run the server
#[derive(Args, Debug)]
pub(crate) struct ServeCommand {
    #[command(flatten)]
    serve: ServeArgs,
}

impl ServeCommand {
    /// Carries the command out: returns when the server was told to stop and has.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.serve.settings().map_err(|error| Failure::usage(format!("{error:#}")))?;
        server::run(settings).await.map_err(|error| Failure::new(Exit::Unreachable, format!("{error:#}")))
    }
}
