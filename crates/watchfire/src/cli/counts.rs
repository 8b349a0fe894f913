//! `watchfire counts`: what there is now.

use clap::Args;
use serde_json::Value;

use super::failure::Failure;
use super::output::facts;
use super::remote::Remote;

/// How many incidents and alerts there are now, as far as you may see them
#[derive(Args, Debug)]
pub(crate) struct CountsArgs {
    #[command(flatten)]
    remote: Remote,
}

impl CountsArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        output.value(&client.get("/counts", &[]).await?, people);
        Ok(())
    }
}

fn people(counts: &Value) -> String {
    let fields = [
        ("open incidents", "incidents_open"),
        ("worst", "worst"),
        ("firing alerts", "alerts.firing"),
        ("acknowledged alerts", "alerts.acknowledged"),
        ("alerts without data", "alerts.unknown"),
        ("quarantined events", "quarantined"),
    ];
    facts(counts, &fields)
}
