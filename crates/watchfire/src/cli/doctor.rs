//! `watchfire doctor`: whether everything is in order.

use std::sync::Arc;

use clap::Args;
use serde_json::json;
use watchfire_store::doctor;

use super::failure::{Exit, Failure};
use super::output::{Output, table};
use crate::config::StoreArgs;
use crate::world::SystemClock;

/// Check the data, the keys, the record and the machine; no server needed
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
        let checks = doctor::examine(&settings, Arc::new(SystemClock)).await;
        let bad = checks.iter().filter(|check| !check.ok).count();
        let items: Vec<_> = checks.iter().map(|check| json!({ "what": check.what, "ok": check.ok, "detail": check.detail })).collect();
        let rows = checks
            .iter()
            .map(|check| vec![if check.ok { "ok" } else { "BAD" }.to_owned(), check.what.to_owned(), check.detail.clone()])
            .collect();
        Output { json: self.json }.value(&json!({ "ok": bad == 0, "checks": items }), |_| table(&["", "check", "finding"], rows, ""));
        if bad == 0 { Ok(()) } else { Err(Failure::new(Exit::Refused, format!("{bad} of {} checks failed", checks.len()))) }
    }
}
