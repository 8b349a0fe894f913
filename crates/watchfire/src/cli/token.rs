//! `watchfire token`: credentials of people and services.

use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::Failure;
use super::output::{at, facts, list};
use super::remote::{Remote, query, segment};

/// Tokens: credentials for the API and the command line
#[derive(Args, Debug)]
pub(crate) struct TokenArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Subcommand, Debug)]
enum TokenCommand {
    /// Make a token; it is shown this once
    Add {
        /// What it is for
        #[arg(long)]
        name: String,
        /// A service's, or your own
        #[arg(long, value_parser = ["service", "personal"], default_value = "service")]
        kind: String,
        /// How far it reaches; never further than you
        #[arg(long, value_parser = ["owner", "manager", "member", "restricted"], default_value = "member")]
        role: String,
        /// What it may be used for: read, act, configure, administer; without it all that its role gives
        #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
        scope: Vec<String>,
        /// After how many days it ends, at most 365
        #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=365))]
        days: u16,
    },
    /// List your tokens; owners see all
    List {
        /// Only valid ones that end within so many days
        #[arg(long, value_name = "DAYS")]
        ending: Option<u16>,
    },
    /// End a token at once
    Revoke { id: String },
}

impl TokenArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        match self.command {
            TokenCommand::Add { name, kind, role, scope, days } => {
                let mut body = json!({ "name": name, "kind": kind, "role": role, "days": days });
                if !scope.is_empty() {
                    body["scopes"] = scope.into();
                }
                let token = client.post("/tokens", body).await?;
                output.value(&token, |token| {
                    facts(token, &[("token", "secret"), ("id", "id"), ("role", "role"), ("expires", "expires_at")])
                });
            }
            TokenCommand::List { ending } => {
                let query = query(&[("ending_within_days", ending.map(|days| days.to_string()))]);
                let fields = [
                    ("name", "name"),
                    ("kind", "kind"),
                    ("role", "role"),
                    ("scopes", "scopes"),
                    ("expires", "expires_at"),
                    ("last used", "last_used_at"),
                    ("revoked", "revoked_at"),
                    ("id", "id"),
                ];
                output.value(&client.get("/tokens", &query).await?, |tokens| list(tokens, &fields, "no tokens"));
            }
            TokenCommand::Revoke { id } => {
                let path = format!("/tokens/{}", segment(&id));
                let token = client.delete(&path).await?;
                output.value(&token, |token| format!("{} is revoked", at(token, "name")));
            }
        }
        Ok(())
    }
}
