//! `watchfire invite`: asking people in.

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::Failure;
use super::output::{facts, list};
use super::remote::{Remote, segment};

/// Invitations: ask people in
#[derive(Args, Debug)]
pub(crate) struct InviteArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: InviteCommand,
}

#[derive(Subcommand, Debug)]
enum InviteCommand {
    /// Ask somebody in; the link is shown this once, and mailed to them where a channel writes mail
    Add {
        /// Their mail address
        login: String,
        /// Their name; without it they say it themselves
        #[arg(long, default_value = "")]
        name: String,
        /// How far they reach; never further than you
        #[arg(long, value_parser = ["owner", "manager", "member", "restricted"], default_value = "member")]
        role: String,
        /// A team that they join; several times
        #[arg(long = "team", value_name = "TEAM")]
        teams: Vec<String>,
    },
    /// List invitations
    List,
    /// Make a new link for one that was not taken up
    Renew { id: String },
    /// Take an invitation back
    Revoke { id: String },
    /// Make a link for somebody who cannot sign in any more
    Recover {
        /// Their mail address
        login: String,
    },
}

impl InviteArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        let link = |link: &serde_json::Value| {
            facts(link, &[("for", "login"), ("link", "url"), ("until", "expires_at"), ("mailed through", "mailed_through")])
        };
        match self.command {
            InviteCommand::Add { login, name, role, teams } => {
                let body = json!({ "login": login, "name": name, "role": role, "teams": teams });
                output.value(&client.post("/invitations", body).await?, link);
            }
            InviteCommand::List => {
                let fields = [("who", "login"), ("role", "role"), ("state", "state"), ("until", "expires_at"), ("id", "id")];
                output.value(&client.get("/invitations", &[]).await?, |all| list(all, &fields, "no invitations"));
            }
            InviteCommand::Renew { id } => {
                output.value(&client.post(&format!("/invitations/{}/renew", segment(&id)), json!({})).await?, link);
            }
            InviteCommand::Revoke { id } => {
                let gone = client.delete(&format!("/invitations/{}", segment(&id))).await?;
                output.value(&gone, |_| format!("{id} is taken back"));
            }
            InviteCommand::Recover { login } => {
                output.value(&client.post("/recovery-links", json!({ "login": login })).await?, link);
            }
        }
        Ok(())
    }
}
