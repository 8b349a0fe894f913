//! `watchfire chat`: your own chat accounts.

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::Failure;
use super::output::{at, list, safe};
use super::remote::Remote;

/// Your chat accounts: what you may do from a chat
#[derive(Args, Debug)]
pub(crate) struct ChatArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: ChatCommand,
}

#[derive(Subcommand, Debug)]
enum ChatCommand {
    /// Make a code that links a chat account with yours; it works once, for ten minutes
    Link,
    /// List your chat accounts
    List,
    /// End a link
    Unlink {
        /// Id of the channel
        channel: String,
        /// The account's id there, as `watchfire chat list` shows it
        member: String,
    },
}

impl ChatArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        match self.command {
            ChatCommand::Link => {
                let made = client.post("/chat-links/code", json!({})).await?;
                output.value(&made, |made| format!("send in the chat: /wf link {}", safe(&at(made, "code"))));
            }
            ChatCommand::List => {
                let fields = [("chat", "channel_name"), ("account", "member"), ("linked", "linked_at"), ("channel", "channel")];
                output.value(&client.get("/chat-links", &[]).await?, |links| list(links, &fields, "no chat accounts"));
            }
            ChatCommand::Unlink { channel, member } => {
                let body = json!({ "channel": channel, "member": member });
                output.value(&client.post("/chat-links/unlink", body).await?, |_| "unlinked".to_owned());
            }
        }
        Ok(())
    }
}
