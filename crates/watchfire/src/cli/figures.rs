//! `watchfire figures`: how quick the response was.

use clap::Args;
use serde_json::Value;

use super::failure::Failure;
use super::output::{at, safe, table};
use super::remote::{Remote, query};

/// Times to detect, acknowledge and resolve, each with its definition; drills apart
#[derive(Args, Debug)]
pub(crate) struct FiguresArgs {
    /// From this day or instant on, RFC 3339; without it the last 90 days
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Until this day or instant, RFC 3339; without it the end of today
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

impl FiguresArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        let query = query(&[("from", self.from), ("until", self.until)]);
        output.value(&client.get("/figures", &query).await?, people);
        Ok(())
    }
}

fn people(value: &Value) -> String {
    let mut out = String::new();
    for group in ["real", "drill"] {
        let row = |name: &&str| {
            let cells = ["count", "mean_s", "p50_s", "p90_s", "p95_s", "max_s"];
            let mut row = vec![name.to_uppercase()];
            row.extend(cells.map(|cell| at(value, &format!("{group}.{name}.{cell}"))));
            row
        };
        let rows = ["mttd", "mtta", "mttr"].iter().map(row).collect();
        out.push_str(&format!("{group}: {} incidents\n", at(value, &format!("{group}.incidents"))));
        out.push_str(&table(&["figure", "known", "mean s", "p50", "p90", "p95", "max"], rows, ""));
        out.push('\n');
    }
    for name in ["mttd", "mtta", "mttr"] {
        out.push_str(&format!("{}: {}\n", name.to_uppercase(), safe(&at(value, &format!("definitions.{name}")))));
    }
    out
}
