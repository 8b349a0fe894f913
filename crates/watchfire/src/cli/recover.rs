//! `watchfire recover`: a way in when nobody can sign in any more.

use clap::Args;
use serde_json::json;
use watchfire_core::person::login;

use super::failure::{Exit, Failure};
use super::output::{Output, facts};
use crate::config::{EgressSettings, SignInSettings, StoreArgs};
use crate::wiring;

/// Make a recovery link without a server running, for whoever has its data
#[derive(Args, Debug)]
pub(crate) struct RecoverArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Login of the person
    login: String,
    /// Address by which the server is reached
    #[arg(long, value_name = "URL", env = "WATCHFIRE_BASE_URL", default_value = "http://127.0.0.1:7117")]
    base_url: String,
    /// Print data as JSON
    #[arg(long)]
    json: bool,
}

impl RecoverArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let Some(login) = login(&self.login) else {
            return Err(Failure::usage(format!("{:?} is no login address, such as ada@example.org", self.login)));
        };
        let settings = self.store.settings(&self.store.file()?);
        let base_url = self.base_url.trim_end_matches('/').to_owned();
        let unreachable = |error: anyhow::Error| Failure::new(Exit::Unreachable, format!("{error:#}"));
        let outside = EgressSettings::default().load().map_err(unreachable)?;
        let house = wiring::open(settings, base_url, outside, SignInSettings::default()).await.map_err(unreachable)?;
        let link = house.engine.recovery_link(&wiring::machine(), &login).await;
        house.close().await;
        let link = link.map_err(|error| Failure::new(Exit::Refused, format!("{login}: {error}")))?;
        let value = json!({ "login": login, "url": link.url });
        Output { json: self.json }.value(&value, |value| facts(value, &[("for", "login"), ("link", "url")]));
        Ok(())
    }
}
