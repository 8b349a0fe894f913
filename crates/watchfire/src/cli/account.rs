//! `watchfire account`: your own account.

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::output::{facts, list};
use super::remote::{Remote, segment};

/// Your account: who you are here, and your sessions
#[derive(Args, Debug)]
pub(crate) struct AccountArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: AccountCommand,
}

#[derive(Subcommand, Debug)]
enum AccountCommand {
    /// Tell whose the token is and how far it reaches
    Show,
    /// List your sessions, last used first
    Sessions,
    /// End one of your sessions, at once
    EndSession { id: String },
}

impl AccountArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        match self.command {
            AccountCommand::Show => {
                let fields = [("who", "actor.id"), ("kind", "actor.kind"), ("role", "role"), ("scopes", "scopes")];
                output.value(&client.get("/me", &[]).await?, |me| facts(me, &fields));
            }
            AccountCommand::Sessions => {
                let fields = [
                    ("opened by", "means"),
                    ("device", "device"),
                    ("opened", "created_at"),
                    ("used last", "seen_at"),
                    ("ends", "expires_at"),
                    ("id", "id"),
                ];
                output.value(&client.get("/me/sessions", &[]).await?, |sessions| list(sessions, &fields, "no session"));
            }
            AccountCommand::EndSession { id } => {
                let ended = client.delete(&format!("/me/sessions/{}", segment(&id))).await?;
                output.value(&ended, |_| format!("{id} is over"));
            }
        }
        Ok(())
    }
}
