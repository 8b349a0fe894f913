//! `watchfire work`: what you owe.

use clap::Args;
use serde_json::Value;

use super::failure::Failure;
use super::output::{at, table};
use super::remote::Remote;

/// Your work: pages that await your answer, roles, tasks and status updates that you owe
#[derive(Args, Debug)]
pub(crate) struct WorkArgs {
    #[command(flatten)]
    remote: Remote,
}

impl WorkArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        output.value(&client.get("/work", &[]).await?, people);
        Ok(())
    }
}

fn people(work: &Value) -> String {
    let items = |name: &str| work.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut rows = Vec::new();
    let row = |what: String, due: String, item: &Value, hint: String| {
        vec![due, what, at(item, "incident.severity"), at(item, "incident.id"), at(item, "incident.title"), hint]
    };
    for page in items("pages") {
        let hint = format!("watchfire page ack {}", at(&page, "id"));
        rows.push(row("answer the page".to_owned(), at(&page, "due_at"), &page, hint));
    }
    for held in items("roles") {
        let (role, from) = (at(&held, "role"), at(&held, "offered_by"));
        if !from.is_empty() {
            rows.push(row(format!("{role}, offered by {from}"), String::new(), &held, String::new()));
            continue;
        }
        let due = at(&held, "update_due_at");
        let what = if due.is_empty() { role } else { format!("{role}: status update") };
        rows.push(row(what, due, &held, String::new()));
    }
    for owned in items("tasks") {
        let what = format!("T-{} {}", at(&owned, "task.number"), at(&owned, "task.title"));
        rows.push(row(what, at(&owned, "task.due_at"), &owned, at(&owned, "task.state")));
    }
    table(&["due", "what", "severity", "incident", "title", ""], rows, "you owe nothing")
}
