//! `watchfire organisation`: its name, how severities are shown, and how people sign in.

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::output::facts;
use super::remote::Remote;

/// The organisation: its name, how severities are shown, how people sign in
#[derive(Args, Debug)]
pub(crate) struct OrganisationArgs {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: OrganisationCommand,
}

#[derive(Subcommand, Debug)]
enum OrganisationCommand {
    /// Show name and display
    Show,
    /// Change name or display; what is not given stays
    Set {
        /// Its name
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// How severities are shown; what they mean does not change
        #[arg(long, value_parser = ["sev", "p", "s"])]
        severity_display: Option<String>,
    },
    /// Show how people sign in, or say who comes in without an invitation
    SignIn {
        /// Whether people of the identity provider come in without an invitation
        #[arg(long, value_parser = ["yes", "no"])]
        join_by_sign_on: Option<String>,
    },
}

impl OrganisationArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        match self.command {
            OrganisationCommand::Show => output.value(&client.get("/organisation", &[]).await?, show),
            OrganisationCommand::Set { name, severity_display } => {
                let present = client.get("/organisation", &[]).await?;
                let mut body: Map<String, Value> = present.as_object().cloned().unwrap_or_default();
                for (field, value) in [("name", name), ("severity_display", severity_display)] {
                    body.extend(value.map(|value| (field.to_owned(), Value::from(value))));
                }
                output.value(&client.put("/organisation", body.into()).await?, show);
            }
            OrganisationCommand::SignIn { join_by_sign_on: None } => {
                output.value(&client.get("/sign-in", &[]).await?, sign_in);
            }
            OrganisationCommand::SignIn { join_by_sign_on: Some(join) } => {
                let body = json!({ "join_by_sign_on": join == "yes" });
                output.value(&client.put("/sign-in", body).await?, sign_in);
            }
        }
        Ok(())
    }
}

fn show(organisation: &Value) -> String {
    facts(organisation, &[("name", "name"), ("severities", "severity_display")])
}

fn sign_in(settings: &Value) -> String {
    let fields = [
        ("sessions end without use after, min", "session_idle_minutes"),
        ("sessions end after, h", "session_hours"),
        ("passkeys", "passkeys"),
        ("provider", "sign_on.name"),
        ("its login address", "sign_on.login_url"),
        ("its trouble", "sign_on.trouble"),
        ("joins without an invitation", "join_by_sign_on"),
    ];
    facts(settings, &fields)
}
