//! The story, in its order and at a pace that can be watched.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::bail;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;
use watchfire_core::Severity;
use watchfire_core::access::{Identity, Role as AccessRole};
use watchfire_core::incident::{Command, Incident, Kind, Phase, Role, TaskState};
use watchfire_engine::{Engine, IncidentFilter, NewTask, PageRequest, TaskChange};

use super::payload::Scene;
use super::sender::Sender;

/// How long the processor may take to make an incident of a delivery.
const PATIENCE: Duration = Duration::from_secs(20);
/// The people of the practice.
const ADA: &str = "ada@practice.example";
const GRACE: &str = "grace@practice.example";

/// Plays the practice incident once; trouble ends it with a line in the log.
pub(crate) async fn play(engine: Engine, bound: SocketAddr, tls: bool, stop: CancellationToken) {
    if tls {
        tracing::warn!("the practice incident is played without TLS alone: its senders would not trust the certificate");
        return;
    }
    tokio::select! {
        () = stop.cancelled() => {}
        outcome = story(&engine, bound) => match outcome {
            Ok(()) => tracing::info!("the practice incident is over; its record stays"),
            Err(error) => tracing::error!(error = format!("{error:#}"), "the practice incident broke off"),
        },
    }
}

async fn story(engine: &Engine, bound: SocketAddr) -> anyhow::Result<()> {
    let falco = Sender::new(engine, bound, "falco", None).await?;
    let alertmanager = Sender::new(engine, bound, "alertmanager", None).await?;
    let pagerduty = Sender::new(engine, bound, "pagerduty", Some("/v2/enqueue")).await?;
    let scene = Scene::at(engine.now());
    let (ada, grace) = (person(ADA), person(GRACE));

    pause(3).await;
    falco.send(&scene.shell(engine.now())).await?;
    let main = raised(engine, &ada, "shell").await?;
    let id = main.short_id.as_str();

    pause(5).await;
    alertmanager.send(&scene.errors(true, engine.now())).await?;
    let symptom = raised(engine, &ada, "checkouts").await?;
    pagerduty.send(&scene.errors_by_pagerduty(&pagerduty.key)).await?;

    pause(5).await;
    engine.command(&ada, id, Command::Acknowledge { by: ADA.to_owned() }).await?;
    engine.command(&ada, id, Command::AssignRole { role: Role::commander(), holder: ADA.to_owned() }).await?;
    falco.send(&scene.connection(engine.now())).await?;

    pause(5).await;
    let reason = "A shell and then a connection to an unknown host: treat it as an intrusion".to_owned();
    engine.command(&ada, id, Command::Declare { severity: Some(Severity::Sev2), reason }).await?;
    let reason = "The failing checkouts come from the same pod".to_owned();
    engine.command(&ada, &symptom.short_id, Command::MergeInto { incident: main.id, reason }).await?;
    let earlier = engine.now().checked_sub(SignedDuration::from_mins(18)).ok();
    let found = "The pipeline's log shows that an image from an unknown registry was rolled out";
    engine.note_at(&grace, id, found, earlier, None, None).await?;

    pause(5).await;
    let isolate = task(engine, &ada, id, "Isolate the pod and keep its disk", GRACE).await?;
    let rotate = task(engine, &ada, id, "Rotate the credentials that the pod could read", GRACE).await?;
    engine.change_task(&grace, id, isolate, done()).await?;
    phase(engine, &grace, id, Phase::Contained, "The pod is cut off from the network").await?;

    pause(6).await;
    engine.change_task(&ada, id, rotate, done()).await?;
    phase(engine, &grace, id, Phase::Eradicated, "The image is removed, the credentials are new").await?;

    pause(6).await;
    alertmanager.send(&scene.errors(false, engine.now())).await?;
    phase(engine, &grace, id, Phase::Recovered, "Checkout runs from the last good image").await?;
    let summary = "An image from an unknown registry ran for about twenty minutes. It was cut off before data left.";
    engine.command(&ada, id, Command::Summarise { summary: summary.to_owned() }).await?;

    pause(6).await;
    engine.command(&ada, id, Command::Resolve { reason: "Nothing new for the whole practice".to_owned() }).await?;
    Ok(())
}

fn person(login: &str) -> Identity {
    Identity::person(login, AccessRole::Owner)
}

/// The pace of the story, not a wait for anything.
async fn pause(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

/// Waits until the processor has made an open drill of what was sent.
async fn raised(engine: &Engine, who: &Identity, word: &str) -> anyhow::Result<Incident> {
    let search = async {
        let mut commits = engine.subscribe();
        loop {
            let filter = IncidentFilter {
                phases: Phase::ALL.into_iter().filter(|phase| phase.is_open()).collect(),
                kind: Some(Kind::Drill),
                text: Some(word.to_owned()),
                ..IncidentFilter::default()
            };
            let page = engine.incidents(who, filter, PageRequest::default()).await?;
            if let Some(row) = page.items.into_iter().next() {
                return Ok(row.incident);
            }
            if commits.changed().await.is_err() {
                bail!("the store was closed");
            }
        }
    };
    match tokio::time::timeout(PATIENCE, search).await {
        Ok(found) => found,
        Err(_) => bail!("no incident came of the delivery about {word}"),
    }
}

async fn phase(engine: &Engine, who: &Identity, id: &str, to: Phase, reason: &str) -> anyhow::Result<()> {
    engine.command(who, id, Command::SetPhase { to, reason: reason.to_owned() }).await?;
    Ok(())
}

async fn task(engine: &Engine, who: &Identity, id: &str, title: &str, owner: &str) -> anyhow::Result<i64> {
    let wish = NewTask {
        title: title.to_owned(),
        owner: Some(owner.to_owned()),
        team: None,
        due_at: None,
        consult: None,
        insist: false,
    };
    Ok(engine.add_task(who, id, wish).await?.number)
}

fn done() -> TaskChange {
    TaskChange { state: Some(TaskState::Done), ..TaskChange::default() }
}
