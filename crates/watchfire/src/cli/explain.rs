//! `watchfire explain`: what became of an event, and why.

use clap::Args;
use serde_json::Value;

use super::failure::Failure;
use super::output::{at, safe};
use super::remote::{Remote, segment};

/// Tell what became of an event: which rule, which key, which incident, or why nothing happened
#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The event's id
    event: String,
    #[command(flatten)]
    remote: Remote,
}

impl ExplainArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        let path = format!("/events/{}/explain", segment(&self.event));
        output.value(&client.get(&path, &[]).await?, people);
        Ok(())
    }
}

fn people(value: &Value) -> String {
    let mut out = format!("{}\n", safe(&at(value, "outcome")));
    steps(value, "  ", &mut out);
    for part in value.get("parts").and_then(Value::as_array).into_iter().flatten() {
        let title = safe(&at(part, "alert.title"));
        out.push_str(&format!("\n{} ({})\n", title, safe(&at(part, "change"))));
        steps(part, "  ", &mut out);
        if !at(part, "incident.id").is_empty() {
            out.push_str(&format!("  incident {} {}\n", at(part, "incident.id"), safe(&at(part, "incident.title"))));
        }
    }
    out
}

fn steps(value: &Value, indent: &str, out: &mut String) {
    for step in value.get("steps").and_then(Value::as_array).into_iter().flatten() {
        let place = at(step, "place");
        let place = if place.is_empty() { String::new() } else { format!("  [{}]", safe(&place)) };
        out.push_str(&format!("{indent}{}: {}{place}\n", safe(&at(step, "what")), safe(&at(step, "outcome"))));
    }
}
