//! `watchfire channel`: ways to reach people.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::{Exit, Failure};
use super::output::{at, facts, list, safe_lines};
use super::remote::{Remote, segment};
use super::source::{object, pairs};

/// Channels: ways to reach people
#[derive(Args, Debug)]
pub(crate) struct ChannelArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: ChannelCommand,
}

#[derive(Subcommand, Debug)]
enum ChannelCommand {
    /// Set a channel up; nothing is sent
    Add {
        /// Which kind: see `watchfire channel kinds`
        kind: String,
        /// Its name here
        #[arg(long)]
        name: String,
        /// A setting, as NAME=VALUE; `NAME=@FILE` takes a file's text, which keeps secrets out of the process list
        #[arg(long = "set", value_name = "NAME=VALUE")]
        settings: Vec<String>,
    },
    /// List the kinds of channels that can be set up
    Kinds,
    /// Show the steps of setting a kind up, and its settings
    Setup {
        /// The kind
        kind: String,
    },
    /// List channels
    List,
    /// Show one channel; never its secrets
    Show {
        /// Name or id
        channel: String,
    },
    /// Change settings; those that are not named stay
    Set {
        /// Name or id
        channel: String,
        /// A setting, as NAME=VALUE; `NAME=@FILE` takes a file's text, `NAME=` forgets it
        #[arg(value_name = "NAME=VALUE", required = true)]
        settings: Vec<String>,
    },
    /// Put a new secret in place of the present one, which works beside it for a while where the kind can use both
    Rotate {
        /// Name or id
        channel: String,
        /// The secret, as NAME=VALUE; `NAME=@FILE` takes a file's text
        #[arg(value_name = "NAME=VALUE")]
        secret: String,
    },
    /// Send a test message and tell what came of it; exit code 1 if it was not delivered
    Test {
        /// Name or id
        channel: String,
        /// The recipient's address there, where the channel has no place of its own
        #[arg(long, value_name = "ADDRESS")]
        to: Option<String>,
    },
    /// Say how much a channel is trusted, and why
    Trust {
        /// Name or id
        channel: String,
        /// trusted, suspect (told of restricted incidents only that there is work) or burned (carries nothing)
        trust: String,
        /// Why; kept in the record
        #[arg(long)]
        reason: String,
    },
    /// Stop it: what would go through it takes another way
    Disable {
        /// Name or id
        channel: String,
    },
    /// Let it carry messages again
    Enable {
        /// Name or id
        channel: String,
    },
}

impl ChannelArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        let path = |channel: &str, act: &str| format!("/channels/{}{act}", segment(channel));
        match self.command {
            ChannelCommand::Add { kind, name, settings } => {
                let body = json!({ "kind": kind, "name": name, "settings": object(trimmed(pairs(&settings)?)) });
                output.value(&client.post("/channels", body).await?, show);
            }
            ChannelCommand::Kinds => {
                let fields = [("kind", "kind"), ("what", "title"), ("does", "summary"), ("can", "capabilities")];
                output.value(&client.get("/channel-kinds", &[]).await?, |kinds| list(kinds, &fields, "no kinds"));
            }
            ChannelCommand::Setup { kind } => {
                let kinds = client.get("/channel-kinds", &[]).await?;
                let found =
                    kinds.get("items").and_then(Value::as_array).into_iter().flatten().find(|about| at(about, "kind") == kind);
                let about = found.ok_or_else(|| Failure::new(Exit::Refused, format!("{kind:?} is no kind of channel")))?;
                output.value(about, setup);
            }
            ChannelCommand::List => {
                let fields = [
                    ("name", "name"),
                    ("kind", "kind"),
                    ("trust", "trust"),
                    ("why", "trust_reason"),
                    ("failures", "failures"),
                    ("disabled", "disabled_at"),
                    ("id", "id"),
                ];
                output.value(&client.get("/channels", &[]).await?, |channels| list(channels, &fields, "no channels"));
            }
            ChannelCommand::Show { channel } => output.value(&client.get(&path(&channel, ""), &[]).await?, show),
            ChannelCommand::Set { channel, settings } => {
                let present = client.get(&path(&channel, ""), &[]).await?;
                let mut merged = present.get("settings").and_then(Value::as_object).cloned().unwrap_or_default();
                merged.extend(object(trimmed(pairs(&settings)?)));
                output.value(&client.put(&path(&channel, ""), json!({ "settings": merged })).await?, show);
            }
            ChannelCommand::Rotate { channel, secret } => {
                let given = trimmed(pairs(&[secret])?);
                let Some((setting, value)) = given.first() else { return Ok(()) };
                let body = json!({ "setting": setting, "value": value });
                output.value(&client.post(&path(&channel, "/rotate"), body).await?, show);
            }
            ChannelCommand::Test { channel, to } => {
                let tested = client.post(&path(&channel, "/test"), json!({ "to": to })).await?;
                output.value(&tested, |tested| facts(tested, &[("outcome", "outcome"), ("reply", "reply")]));
                if at(&tested, "outcome") != "delivered" {
                    return Err(Failure::new(Exit::Refused, "the test message was not delivered"));
                }
            }
            ChannelCommand::Trust { channel, trust, reason } => {
                let body = json!({ "trust": trust, "reason": reason });
                output.value(&client.post(&path(&channel, "/trust"), body).await?, show);
            }
            ChannelCommand::Disable { channel } => {
                output.value(&client.post(&path(&channel, "/disable"), json!({})).await?, show);
            }
            ChannelCommand::Enable { channel } => {
                output.value(&client.post(&path(&channel, "/enable"), json!({})).await?, show);
            }
        }
        Ok(())
    }
}

/// A file's last line end is no part of a secret.
fn trimmed(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.into_iter().map(|(name, value)| (name, value.trim_end_matches(['\r', '\n']).to_owned())).collect()
}

fn show(channel: &Value) -> String {
    let fields = [
        ("name", "name"),
        ("kind", "kind"),
        ("trust", "trust"),
        ("why", "trust_reason"),
        ("settings", "settings"),
        ("secrets set", "secrets"),
        ("failures", "failures"),
        ("resting until", "resting_until"),
        ("created", "created_at"),
        ("disabled", "disabled_at"),
        ("id", "id"),
    ];
    facts(channel, &fields)
}

fn setup(about: &Value) -> String {
    let settings = list(
        &json!({ "items": about.get("settings") }),
        &[("setting", "name"), ("secret", "secret"), ("needed", "required"), ("default", "default"), ("what", "help")],
        "no settings",
    );
    format!("{}\n\n{}\n\n{settings}", safe_lines(&at(about, "summary")), safe_lines(&at(about, "setup")))
}
