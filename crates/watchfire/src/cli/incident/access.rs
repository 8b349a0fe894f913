//! `watchfire incident access`, `grant` and `revoke`: who may see, work on and manage an incident.

use clap::Args;
use serde_json::{Map, Value, json};

use super::run::path;
use crate::cli::failure::Failure;
use crate::cli::output::{at, facts, table};
use crate::cli::remote::{Client, segment};

#[derive(Args, Debug)]
pub(in crate::cli) struct GrantArgs {
    id: String,
    /// Who gets the right: a person's login
    #[arg(long, value_name = "LOGIN", required_unless_present = "team", conflicts_with = "team")]
    person: Option<String>,
    /// Who gets the right: all members of a team
    #[arg(long, value_name = "TEAM")]
    team: Option<String>,
    /// See it, work on it, or say who else does
    #[arg(long, value_parser = ["read", "act", "manage"], default_value = "read")]
    level: String,
    /// Why they need it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// When it ends by itself, RFC 3339
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

/// Gives a right.
pub(super) async fn grant(client: &Client, args: GrantArgs) -> Result<Value, Failure> {
    let mut body = Map::new();
    for (field, value) in [
        ("person", args.person),
        ("team", args.team),
        ("level", Some(args.level)),
        ("reason", Some(args.reason)),
        ("until", args.until),
    ] {
        body.extend(value.map(|value| (field.to_owned(), Value::from(value))));
    }
    client.post(&path(&args.id, "/grants"), body.into()).await
}

/// Takes a right away: by the grant's id, or by who has it.
pub(super) async fn revoke(client: &Client, id: &str, grant: &str) -> Result<Value, Failure> {
    let access = client.get(&path(id, "/access"), &[]).await?;
    let grants = access.get("grants").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let named = grants.iter().find(|known| at(known, "person") == grant || at(known, "team") == grant);
    let grant = named.map_or_else(|| grant.to_owned(), |known| at(known, "id"));
    client.delete(&path(id, &format!("/grants/{}", segment(&grant)))).await
}

/// Shows who has access and why.
pub(super) fn shown(access: &Value) -> String {
    let mut text = facts(
        access,
        &[("visibility", "visibility"), ("sensitivity", "sensitivity"), ("scope known", "scope_known_at"), ("you may", "yours")],
    );
    let items = |name: &str| access.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut rows: Vec<Vec<String>> = items("roles")
        .iter()
        .map(|held| {
            vec![at(held, "person"), at(held, "level"), format!("role {}", at(held, "role")), String::new(), String::new()]
        })
        .collect();
    rows.extend(items("grants").iter().map(|grant| {
        let who = [at(grant, "person"), at(grant, "team")].concat();
        let who = if at(grant, "team").is_empty() { who } else { format!("team {who}") };
        vec![
            who,
            at(grant, "level"),
            format!("{}: {}", at(grant, "source"), at(grant, "reason")),
            at(grant, "until"),
            at(grant, "id"),
        ]
    }));
    text.push_str(&table(&["who", "level", "why", "until", "grant"], rows, "nobody by name"));
    text
}

/// Shows one grant.
pub(super) fn line(grant: &Value) -> String {
    let who = [at(grant, "person"), at(grant, "team")].concat();
    let shown = json!({ "who": who, "grant": grant });
    facts(&shown, &[("who", "who"), ("level", "grant.level"), ("until", "grant.until"), ("grant", "grant.id")])
}
