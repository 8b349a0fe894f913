//! How large the program is.

use anyhow::{Context, Result};

use crate::figures::Report;

/// Bytes that the release binary may have, in MB.
const BUDGET_MB: f64 = 60.0;

/// Measures the built server.
pub(crate) fn measure(server: &str, report: &mut Report) -> Result<()> {
    let bytes = std::fs::metadata(server).with_context(|| format!("{server} is not there"))?.len();
    let mb = bytes as f64 / 1e6;
    report.at_most("release binary", "", format!("{mb:.1} MB"), mb, BUDGET_MB, "MB");
    Ok(())
}
