//! `watchfire init`: a new installation with its first credential.

use clap::Args;
use serde_json::json;
use watchfire_core::access::{Identity, Role};
use watchfire_core::person::login;
use watchfire_core::token::TokenKind;

use super::failure::{Exit, Failure};
use super::output::{Output, facts};
use crate::config::{EgressSettings, SignInSettings, StoreArgs};
use crate::wiring;

/// Prepare a data folder and print the address and the first token
#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Login of the owner
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Address by which the server will be reached
    #[arg(long, value_name = "URL", env = "WATCHFIRE_BASE_URL", default_value = "http://127.0.0.1:7117")]
    base_url: String,
    /// Print data as JSON
    #[arg(long)]
    json: bool,
}

impl InitArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let Some(email) = login(&self.email) else {
            return Err(Failure::usage(format!("{:?} is no login address, such as ada@example.org", self.email)));
        };
        let base_url = self.base_url.trim_end_matches('/').to_owned();
        let settings = self.store.settings(&self.store.file()?);
        let outside = EgressSettings::default().load().map_err(unreachable)?;
        let house = wiring::open(settings, base_url.clone(), outside, SignInSettings::default()).await.map_err(unreachable)?;
        let owner = Identity::person(&email, Role::Owner);
        house.engine.ensure_owner(&email).await.map_err(|error| unreachable(error.into()))?;
        let token = house.engine.add_token(&owner, "first access", TokenKind::Personal, Role::Owner, None).await;
        house.close().await;
        let token = token.map_err(|error| unreachable(error.into()))?;
        let value = json!({ "url": base_url, "admin_token": token.secret });
        Output { json: self.json }.value(&value, |value| {
            let text = facts(value, &[("url", "url"), ("token", "admin_token")]);
            format!("{text}\nkept nowhere in clear: note the token now. Then: watchfire serve\n")
        });
        Ok(())
    }
}

fn unreachable(error: anyhow::Error) -> Failure {
    Failure::new(Exit::Unreachable, format!("{error:#}"))
}
