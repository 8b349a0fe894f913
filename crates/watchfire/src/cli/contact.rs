//! `watchfire contact`: how you are reached.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::failure::Failure;
use super::output::{at, facts, list, safe};
use super::remote::{Remote, query, segment};

/// Contacts: how you are reached when you are paged
#[derive(Args, Debug)]
pub(crate) struct ContactArgs {
    #[command(flatten)]
    remote: Remote,
    /// Whose, by login; only owners may look at others'
    #[arg(long, value_name = "LOGIN")]
    person: Option<String>,
    #[command(subcommand)]
    command: ContactCommand,
}

#[derive(Subcommand, Debug)]
enum ContactCommand {
    /// List contacts in the order in which they are used
    List,
    /// Add a contact; it gets a code to give back with verify
    Add {
        /// The name of a configured channel
        channel: String,
        /// The address on it; none where the channel reaches one place anyway
        #[arg(default_value = "")]
        address: String,
    },
    /// Give the code back that a contact got: from then on pages go there
    Verify { id: String, code: String },
    /// Send a contact a new code
    Code { id: String },
    /// Put contacts in order, the first first
    Order { ids: Vec<String> },
    /// Remove a contact
    Remove { id: String },
    /// Show or set quiet hours; they never hold for SEV1 and SEV2
    Quiet {
        /// From and until as 22:00-07:00; "never" for none
        hours: Option<String>,
        /// The time zone, such as Europe/Berlin
        #[arg(long, value_name = "ZONE")]
        zone: Option<String>,
        /// Open consoles make a sound
        #[arg(long)]
        sound: bool,
    },
}

impl ContactArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output, person) = (self.remote.connect()?, self.remote.output(), self.person);
        let path = |id: &str, end: &str| format!("/contacts/{}{end}", segment(id));
        match self.command {
            ContactCommand::List => {
                output.value(&client.get("/contacts", &query(&[("person", person)])).await?, rows);
            }
            ContactCommand::Add { channel, address } => {
                let body = json!({ "channel": channel, "address": address, "person": person });
                let contact = client.post("/contacts", body).await?;
                output.value(&contact, |contact| {
                    format!(
                        "added {}: a code is on its way; give it back with `watchfire contact verify {} CODE`",
                        at(contact, "id"),
                        at(contact, "id")
                    )
                });
            }
            ContactCommand::Verify { id, code } => {
                let contact = client.post(&path(&id, "/verify"), json!({ "code": code })).await?;
                output.value(&contact, |contact| format!("pages go to {} now", safe(&at(contact, "address"))));
            }
            ContactCommand::Code { id } => {
                let contact = client.post(&path(&id, "/code"), json!({})).await?;
                output.value(&contact, |contact| format!("a code is on its way to {}", safe(&at(contact, "address"))));
            }
            ContactCommand::Order { ids } => {
                let contacts = client.put("/contacts/order", json!({ "ids": ids, "person": person })).await?;
                output.value(&contacts, rows);
            }
            ContactCommand::Remove { id } => {
                let contact = client.delete(&path(&id, "")).await?;
                output.value(&contact, |contact| format!("removed {}", safe(&at(contact, "address"))));
            }
            ContactCommand::Quiet { hours: None, zone: None, sound: false } => {
                output.value(&client.get("/paging-preference", &query(&[("person", person)])).await?, preference);
            }
            ContactCommand::Quiet { hours, zone, sound } => {
                let (from, until) = match hours.as_deref() {
                    None | Some("never") => (None, None),
                    Some(hours) => hours
                        .split_once('-')
                        .map(|(from, until)| (Some(from.to_owned()), Some(until.to_owned())))
                        .ok_or_else(|| Failure::usage(format!("{hours:?} are no quiet hours, such as 22:00-07:00")))?,
                };
                let body =
                    json!({ "person": person, "time_zone": zone, "quiet_from": from, "quiet_until": until, "sound": sound });
                output.value(&client.put("/paging-preference", body).await?, preference);
            }
        }
        Ok(())
    }
}

fn rows(value: &Value) -> String {
    let fields =
        [("channel", "channel"), ("address", "address"), ("verified", "verified_at"), ("added", "created_at"), ("id", "id")];
    list(value, &fields, "no contacts: only an open console shows you a page")
}

fn preference(value: &Value) -> String {
    let fields = [("quiet from", "quiet_from"), ("quiet until", "quiet_until"), ("zone", "time_zone"), ("sound", "sound")];
    facts(value, &fields)
}
