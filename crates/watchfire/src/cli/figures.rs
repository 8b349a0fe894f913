//! `watchfire figures`: how quick the response was.

use clap::Args;
use serde_json::Value;

use super::failure::Failure;
use super::output::{at, safe, table, write_out};
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
    /// Write the times of each incident as CSV instead, one line each; --json has no effect on it
    #[arg(long)]
    csv: bool,
    /// For --csv: real incidents or drills
    #[arg(long, value_parser = ["real", "drill"], requires = "csv")]
    kind: Option<String>,
    /// For --csv: only of this team
    #[arg(long, value_name = "TEAM", requires = "csv")]
    team: Option<String>,
    #[command(flatten)]
    remote: Remote,
}

impl FiguresArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        let span = [("from", self.from), ("until", self.until)];
        if self.csv {
            let [from, until] = span;
            let query = query(&[from, until, ("kind", self.kind), ("team", self.team)]);
            write_out(&client.bytes("/figures.csv", &query).await?);
            return Ok(());
        }
        let query = query(&span);
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
