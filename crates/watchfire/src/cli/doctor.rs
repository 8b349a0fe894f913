//! `watchfire doctor`: whether everything is in order.

use clap::Args;
use serde_json::json;
use watchfire_store::doctor::{self, State};

use super::failure::Failure;
use super::output::{Output, table};
use crate::config::StoreArgs;
use crate::world::SystemClock;

/// Check data, keys, record and machine, whether the server runs or not
#[derive(Args, Debug)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    store: StoreArgs,
    /// Print data as JSON
    #[arg(long)]
    json: bool,
}

impl DoctorArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let settings = self.store.settings(&self.store.file()?);
        let findings = doctor::check(&settings, &SystemClock).await;
        let word = |state: State| match state {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Fail => "fail",
        };
        let document = |finding: &doctor::Finding| json!({ "name": finding.name, "state": word(finding.state), "text": finding.text, "remedy": finding.remedy });
        let items: Vec<_> = findings.iter().map(document).collect();
        let row = |finding: &doctor::Finding| {
            vec![word(finding.state).to_owned(), finding.name.to_owned(), finding.text.clone(), finding.remedy.clone()]
        };
        let rows = findings.iter().map(row).collect();
        let failed = findings.iter().filter(|finding| finding.state == State::Fail).count();
        let value = json!({ "ok": failed == 0, "findings": items });
        Output { json: self.json }.value(&value, |_| table(&["state", "what", "found", "do"], rows, ""));
        if failed == 0 { Ok(()) } else { Err(Failure::refused(format!("{failed} of {} findings are bad", findings.len()))) }
    }
}
