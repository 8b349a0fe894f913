//! What `watchfire incident` does.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::args::{DeclareArgs, IncidentArgs, IncidentCommand, ListArgs, RoleArgs, TaskCommand, UpdateArgs};
use super::{access, show};
use crate::cli::failure::{Exit, Failure};
use crate::cli::output::Output;
use crate::cli::remote::{Client, query, segment};
use crate::cli::words::joined;

impl IncidentArgs {
    /// Carries the command out.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let (client, output) = (self.remote.connect()?, self.remote.output());
        match self.command {
            IncidentCommand::List(args) => output.value(&list(&client, args).await?, show::rows),
            IncidentCommand::Show { id } => output.value(&client.get(&path(&id, ""), &[]).await?, show::page),
            IncidentCommand::Timeline { id, limit, after } => {
                let query = query(&[("limit", Some(limit.to_string())), ("after", after.map(|after| after.to_string()))]);
                output.value(&client.get(&path(&id, "/timeline"), &query).await?, show::timeline);
            }
            IncidentCommand::Access { id } => output.value(&client.get(&path(&id, "/access"), &[]).await?, access::shown),
            IncidentCommand::Grant(args) => output.value(&access::grant(&client, args).await?, access::line),
            IncidentCommand::Revoke { id, grant } => output.value(&access::revoke(&client, &id, &grant).await?, access::line),
            IncidentCommand::Rooms { id } => output.value(&client.get(&path(&id, "/rooms"), &[]).await?, show::rooms),
            IncidentCommand::Room { id, channel } => {
                let made = client.post(&path(&id, "/rooms"), json!({ "channel": channel })).await?;
                output.value(&made, show::room);
            }
            IncidentCommand::Notices { id } => output.value(&client.get(&path(&id, "/notices"), &[]).await?, show::notices),
            IncidentCommand::Task(command) => task(&client, output, command).await?,
            IncidentCommand::Update(args) => output.value(&update(&client, args).await?, show::update),
            IncidentCommand::Updates { id } => output.value(&client.get(&path(&id, "/updates"), &[]).await?, show::updates),
            IncidentCommand::Briefing { id } => output.value(&client.get(&path(&id, "/briefing"), &[]).await?, show::briefing),
            IncidentCommand::Document { id, version, write, read } => {
                output.value(&document(&client, &id, version, write, read).await?, show::document);
            }
            command => output.value(&act(&client, command).await?, show::line),
        }
        Ok(())
    }
}

/// Carries out what changes one incident.
async fn act(client: &Client, command: IncidentCommand) -> Result<Value, Failure> {
    match command {
        IncidentCommand::Declare(args) => declare(client, args).await,
        IncidentCommand::Note { id, text, occurred_at, known_at, corrects } => {
            let body = given(json!({
                "text": text, "occurred_at": occurred_at, "known_at": known_at, "corrects": corrects
            }));
            client.post(&path(&id, "/notes"), body).await
        }
        IncidentCommand::Triage { id, class, severity, team } => {
            let body = given(json!({ "class": class, "severity": severity, "team": team }));
            client.post(&path(&id, "/triage"), body).await
        }
        IncidentCommand::Severity { id, severity, reason } => {
            client.put(&path(&id, "/severity"), json!({ "severity": severity, "reason": reason })).await
        }
        IncidentCommand::Phase { id, phase, reason } => {
            client.put(&path(&id, "/phase"), json!({ "phase": phase, "reason": reason })).await
        }
        IncidentCommand::Role(args) => role(client, args).await,
        IncidentCommand::Acknowledge { id } => client.post(&path(&id, "/acknowledge"), json!({})).await,
        IncidentCommand::Resolve { id, reason } => client.post(&path(&id, "/resolve"), json!({ "reason": reason })).await,
        IncidentCommand::Verify { id, reject: None } => client.post(&path(&id, "/resolution/verify"), json!({})).await,
        IncidentCommand::Verify { id, reject: Some(reason) } => {
            client.post(&path(&id, "/resolution/reject"), json!({ "reason": reason })).await
        }
        IncidentCommand::Close { id, waiver } => client.post(&path(&id, "/close"), given(json!({ "waiver": waiver }))).await,
        IncidentCommand::Reopen { id, reason } => client.post(&path(&id, "/reopen"), json!({ "reason": reason })).await,
        IncidentCommand::Dismiss { id, reason } => client.post(&path(&id, "/dismiss"), json!({ "reason": reason })).await,
        IncidentCommand::Merge { id, into, reason } => {
            client.post(&path(&id, "/merge"), json!({ "into": into, "reason": reason })).await
        }
        IncidentCommand::Rename { id, title } => client.put(&path(&id, "/title"), json!({ "title": title })).await,
        IncidentCommand::Summary { id, text } => client.put(&path(&id, "/summary"), json!({ "summary": text })).await,
        IncidentCommand::Team { id, team } => client.put(&path(&id, "/team"), json!({ "team": team })).await,
        IncidentCommand::Visibility { id, visibility, reason } => {
            client.put(&path(&id, "/visibility"), json!({ "visibility": visibility, "reason": reason })).await
        }
        IncidentCommand::Link { id, alert } => client.post(&path(&id, "/alerts"), json!({ "alert": alert })).await,
        IncidentCommand::Meet { id, link, address } => {
            client.put(&path(&id, "/links"), json!({ "link": link, "address": address })).await
        }
        IncidentCommand::ScopeKnown { id, reason } => client.post(&path(&id, "/scope-known"), json!({ "reason": reason })).await,
        IncidentCommand::Sensitivity { id, sensitivity, reason } => {
            client.put(&path(&id, "/sensitivity"), json!({ "sensitivity": sensitivity, "reason": reason })).await
        }
        IncidentCommand::List(_)
        | IncidentCommand::Show { .. }
        | IncidentCommand::Timeline { .. }
        | IncidentCommand::Notices { .. }
        | IncidentCommand::Update(_)
        | IncidentCommand::Updates { .. }
        | IncidentCommand::Briefing { .. }
        | IncidentCommand::Document { .. }
        | IncidentCommand::Access { .. }
        | IncidentCommand::Grant(_)
        | IncidentCommand::Revoke { .. }
        | IncidentCommand::Rooms { .. }
        | IncidentCommand::Room { .. }
        | IncidentCommand::Task(_) => Ok(Value::Null),
    }
}

async fn list(client: &Client, args: ListArgs) -> Result<Value, Failure> {
    let query = args.page.onto(query(&[
        ("state", args.state),
        ("phase", joined(&args.phase)),
        ("severity", joined(&args.severity)),
        ("class", joined(&args.class)),
        ("team", args.team),
        ("commander", args.commander),
        ("accountable", args.accountable),
        ("kind", args.kind),
        ("text", args.text),
    ]));
    client.get("/incidents", &query).await
}

async fn declare(client: &Client, args: DeclareArgs) -> Result<Value, Failure> {
    if let Some(id) = args.incident {
        let body = given(json!({ "severity": args.severity, "reason": args.text }));
        return client.post(&path(&id, "/declare"), body).await;
    }
    let body = given(json!({
        "title": args.title.or(args.title_option),
        "class": args.class,
        "severity": args.severity,
        "team": args.team,
        "visibility": args.visibility,
        "occurred_at": args.occurred_at,
        "text": args.text,
        "kind": args.kind,
    }));
    client.post("/incidents", body).await
}

async fn role(client: &Client, args: RoleArgs) -> Result<Value, Failure> {
    let path = path(&args.id, &format!("/roles/{}", segment(&args.role)));
    if args.vacate {
        return client.delete(&path).await;
    }
    if args.accept {
        return client.post(&format!("{path}/accept"), json!({})).await;
    }
    match (args.offer, args.holder) {
        (Some(to), _) => client.post(&format!("{path}/offer"), json!({ "to": to })).await,
        (None, holder) => client.put(&path, json!({ "holder": holder.unwrap_or_default() })).await,
    }
}

async fn update(client: &Client, args: UpdateArgs) -> Result<Value, Failure> {
    let body = given(json!({
        "risk": args.risk,
        "users": args.users,
        "timeline": args.timeline,
        "mitigation": args.mitigation,
        "status": args.status,
        "next_steps": args.next_steps,
        "revises": args.revises,
        "next_due_at": args.next_due_at,
    }));
    client.post(&path(&args.id, "/updates"), body).await
}

async fn document(
    client: &Client,
    id: &str,
    version: Option<i64>,
    write: Option<PathBuf>,
    read: Option<i64>,
) -> Result<Value, Failure> {
    let Some(file) = write else {
        let query = query(&[("version", version.map(|version| version.to_string()))]);
        return client.get(&path(id, "/document"), &query).await;
    };
    let text = if file.as_os_str() == "-" { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(&file) };
    let text = text.map_err(|error| Failure::new(Exit::Unreachable, format!("{}: {error}", file.display())))?;
    client.put(&path(id, "/document"), json!({ "read": read, "text": text })).await
}

async fn task(client: &Client, output: Output, command: TaskCommand) -> Result<(), Failure> {
    match command {
        TaskCommand::List { id } => output.value(&client.get(&path(&id, "/tasks"), &[]).await?, show::tasks),
        TaskCommand::Add { id, title, owner, team, due_at, consult, insist } => {
            let insist = insist.then_some(true);
            let body = given(json!({
                "title": title, "owner": owner, "team": team, "due_at": due_at, "consult": consult, "insist": insist
            }));
            output.value(&client.post(&path(&id, "/tasks"), body).await?, show::task);
        }
        TaskCommand::Consulted { id, number, text, by } => {
            let path = path(&id, &format!("/tasks/{number}/consulted"));
            output.value(&client.post(&path, given(json!({ "by": by, "text": text }))).await?, show::task);
        }
        TaskCommand::Set { id, number, state, owner, team, title, due_at, consult, unconsulted, insist } => {
            let mut body = Map::new();
            body.extend(consult.map(|consult| ("consult".to_owned(), Value::Bool(consult))));
            body.extend(unconsulted.map(|reason| ("unconsulted".to_owned(), Value::from(reason))));
            if insist {
                body.insert("insist".to_owned(), Value::Bool(true));
            }
            for (name, value) in [("state", state), ("title", title)] {
                body.extend(value.map(|value| (name.to_owned(), Value::from(value))));
            }
            for (name, value) in [("owner", owner), ("team", team), ("due_at", due_at)] {
                // An empty text takes the value away.
                let value = value.map(|value| if value.is_empty() { Value::Null } else { Value::from(value) });
                body.extend(value.map(|value| (name.to_owned(), value)));
            }
            let path = path(&id, &format!("/tasks/{number}"));
            output.value(&client.patch(&path, body.into()).await?, show::task);
        }
    }
    Ok(())
}

pub(super) fn path(id: &str, rest: &str) -> String {
    format!("/incidents/{}{rest}", segment(id))
}

/// Drops the fields of a body that were not given.
fn given(body: Value) -> Value {
    match body {
        Value::Object(fields) => fields.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>().into(),
        other => other,
    }
}
