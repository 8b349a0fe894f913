//! `watchfire source`: who sends events.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::failure::{Exit, Failure};
use super::output::{at, facts, list, safe, safe_lines};
use super::remote::{Remote, segment};
use super::source_try;

/// Sources: who sends events
#[derive(Args, Debug)]
pub(crate) struct SourceArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: SourceCommand,
}

#[derive(Subcommand, Debug)]
enum SourceCommand {
    /// Connect a source; prints its address, key and secret, which `source setup` shows again to whoever may configure
    Add {
        /// What sends: see `watchfire source kinds`
        kind: String,
        /// Its name here
        #[arg(long)]
        name: String,
        /// A setting, as NAME=VALUE; `NAME=@FILE` takes a file's text
        #[arg(long = "set", value_name = "NAME=VALUE")]
        settings: Vec<String>,
    },
    /// List the kinds of sources that can be connected
    Kinds,
    /// List sources
    List,
    /// Show one source
    Show {
        /// Name or id
        source: String,
    },
    /// Show how to set up the sender, with address and key filled in
    Setup {
        /// Name or id
        source: String,
    },
    /// Change settings; those that are not named stay
    Set {
        /// Name or id
        source: String,
        /// A setting, as NAME=VALUE; `NAME=@FILE` takes a file's text
        #[arg(value_name = "NAME=VALUE", required = true)]
        settings: Vec<String>,
    },
    /// See what a payload would become; nothing is stored and no server is asked
    Try {
        /// A mapping file of the generic source, or a kind of source
        plan: String,
        /// The payload as the sender would send it; `-` is standard input
        payload: PathBuf,
        /// A header of the delivery, as NAME=VALUE
        #[arg(long = "header", value_name = "NAME=VALUE")]
        headers: Vec<String>,
        /// A setting of the source, as NAME=VALUE; `NAME=@FILE` takes a file's text
        #[arg(long = "set", value_name = "NAME=VALUE")]
        settings: Vec<String>,
    },
    /// Refuse its deliveries from now on
    Disable {
        /// Name or id
        source: String,
    },
    /// Take its deliveries again
    Enable {
        /// Name or id
        source: String,
    },
    /// Give it a new secret; the one before works beside it until the next change
    Rotate {
        /// Name or id
        source: String,
    },
}

impl SourceArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let output = self.remote.output();
        if let SourceCommand::Try { plan, payload, headers, settings } = self.command {
            return source_try::run(output, &plan, &payload, &pairs(&headers)?, pairs(&settings)?);
        }
        let client = self.remote.connect()?;
        match self.command {
            SourceCommand::Try { .. } => {}
            SourceCommand::Add { kind, name, settings } => {
                let body = json!({ "kind": kind, "name": name, "settings": object(pairs(&settings)?) });
                let added = client.post("/sources", body).await?;
                let setup = match output.json {
                    true => Value::Null,
                    false => client.get(&format!("/sources/{}/setup", segment(&at(&added, "id"))), &[]).await?,
                };
                output.value(&added, |added| format!("{}\n{}", credentials(added), safe_lines(&at(&setup, "markdown"))));
            }
            SourceCommand::Kinds => {
                let fields = [("kind", "kind"), ("what", "title"), ("family", "family"), ("verified by", "credential")];
                output.value(&client.get("/source-kinds", &[]).await?, |kinds| list(kinds, &fields, "no kinds"));
            }
            SourceCommand::List => {
                let fields = [
                    ("name", "name"),
                    ("kind", "kind"),
                    ("events", "event_count"),
                    ("last event", "last_event_at"),
                    ("disabled", "disabled_at"),
                    ("id", "id"),
                ];
                output.value(&client.get("/sources", &[]).await?, |sources| list(sources, &fields, "no sources"));
            }
            SourceCommand::Show { source } => {
                output.value(&client.get(&format!("/sources/{}", segment(&source)), &[]).await?, show);
            }
            SourceCommand::Setup { source } => {
                let setup = client.get(&format!("/sources/{}/setup", segment(&source)), &[]).await?;
                output.value(&setup, |setup| safe_lines(&at(setup, "markdown")));
            }
            SourceCommand::Set { source, settings } => {
                let path = format!("/sources/{}", segment(&source));
                let present = client.get(&path, &[]).await?;
                let mut merged = present.get("settings").and_then(Value::as_object).cloned().unwrap_or_default();
                merged.extend(object(pairs(&settings)?));
                output.value(&client.put(&path, json!({ "settings": merged })).await?, show);
            }
            SourceCommand::Disable { source } => {
                output.value(&client.post(&format!("/sources/{}/disable", segment(&source)), json!({})).await?, show);
            }
            SourceCommand::Enable { source } => {
                output.value(&client.post(&format!("/sources/{}/enable", segment(&source)), json!({})).await?, show);
            }
            SourceCommand::Rotate { source } => {
                let path = format!("/sources/{}/rotate", segment(&source));
                output.value(&client.post(&path, json!({})).await?, credentials);
            }
        }
        Ok(())
    }
}

fn show(source: &Value) -> String {
    let fields = [
        ("name", "name"),
        ("kind", "kind"),
        ("settings", "settings"),
        ("events", "event_count"),
        ("last event", "last_event_at"),
        ("created", "created_at"),
        ("disabled", "disabled_at"),
        ("id", "id"),
    ];
    facts(source, &fields)
}

fn credentials(source: &Value) -> String {
    let mut text = facts(source, &[("url", "url"), ("key", "key"), ("secret", "secret"), ("id", "id")]);
    text.push_str(&format!(
        "\nkept nowhere in clear: note them now; `watchfire source setup {}` shows the steps\n",
        safe(&at(source, "id"))
    ));
    text
}

/// Reads `NAME=VALUE` arguments; `NAME=@FILE` takes the file's text.
pub(super) fn pairs(arguments: &[String]) -> Result<Vec<(String, String)>, Failure> {
    arguments.iter().map(|argument| pair(argument)).collect()
}

fn pair(argument: &str) -> Result<(String, String), Failure> {
    let (name, value) =
        argument.split_once('=').ok_or_else(|| Failure::usage(format!("{argument:?} is not of the form NAME=VALUE")))?;
    let value = match value.strip_prefix('@') {
        Some(file) => std::fs::read_to_string(Path::new(file))
            .map_err(|error| Failure::new(Exit::Unreachable, format!("cannot read {file}: {error}")))?,
        None => value.to_owned(),
    };
    Ok((name.to_owned(), value))
}

pub(super) fn object(pairs: Vec<(String, String)>) -> Map<String, Value> {
    pairs.into_iter().map(|(name, value)| (name, Value::from(value))).collect()
}
