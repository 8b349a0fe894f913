//! One attempt to send a message that waits: guarded, bounded, recorded.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use watchfire_core::access::Identity;
use watchfire_core::channel::{Capabilities, Carried, ChannelTrust, Kind, Message, Named, Outcome, Target, guard};
use watchfire_core::record::Draft;
use watchfire_store::channel::{self, Channel};
use watchfire_store::{Conn, Error as StoreError, Tx, incident, outbox, timer};

use super::breaker::Place;
use super::dispatch::{Dispatch, dispatch};
use crate::{Engine, Error};

/// No attempt takes longer, looking for an earlier one included.
const ATTEMPT: Duration = Duration::from_secs(50);
/// A message that has waited so long is over; longer than the slowest published schedule, 76 hours.
const AGE: SignedDuration = SignedDuration::from_hours(80);
/// How long to wait at most before a page, and anything else, is tried again.
const WAIT_S_MAX_PAGE: i64 = 60;
const WAIT_S_MAX: i64 = 3_600;

/// Sends one message of the outbox through its channel and settles it.
///
/// # Errors
/// The store does not answer; the message is due again after its lease.
pub(crate) async fn deliver(engine: &Engine, row: &outbox::Message) -> Result<(), Error> {
    let Ok(wish) = serde_json::from_value::<Dispatch>(row.body.clone()) else {
        // Its incident's key was erased, and what it said with it.
        return settle(engine, row, Settled::done(None)).await;
    };
    let mut reader = engine.store().read().await?;
    let found = channel::find(&mut reader, &wish.channel).await?;
    let message = as_restricted_as_now(&mut reader, row, wish.message.clone()).await?;
    let Some(configured) = found.filter(|found| found.disabled_at.is_none()) else {
        return elsewhere(engine, &mut reader, row, &wish, None, "the channel is not there or disabled").await;
    };
    let (message, redacted) = match guard(configured.trust, message) {
        Carried::Whole(message) => (message, false),
        Carried::Redacted(message) => (message, true),
        Carried::Nothing => {
            return elsewhere(engine, &mut reader, row, &wish, Some(&configured), "the channel is burned").await;
        }
    };
    drop(reader);
    if let Place::NotBefore(again) = engine.0.breakers.enter(configured.id, engine.now()) {
        let row = row.clone();
        engine
            .store()
            .write(move |tx| {
                let row = row.clone();
                Box::pin(async move { outbox::put_back(tx, &row, again).await.map(drop) })
            })
            .await?;
        return Ok(());
    }
    let attempt = u32::try_from(row.attempts).unwrap_or(u32::MAX);
    let target = Target { settings: &configured.settings, at: engine.now(), attempt };
    let outcome = send_once(engine, &configured.kind, target, &message).await;
    let answered = matches!(outcome, Outcome::Delivered { .. } | Outcome::Refused { .. });
    engine.0.breakers.left(configured.id, engine.now(), answered);
    let entry = entry_of(engine, row, &wish, &configured, &message, &outcome, redacted);
    match next_of(engine, row, &configured, &message, &outcome) {
        Next::Again(at) => {
            settle(
                engine,
                row,
                Settled { entry: Some(entry), again: Some((at, outcome.reply().to_owned())), ..Settled::done(None) },
            )
            .await
        }
        Next::Over => {
            let told = told(&wish, outcome.as_str(), &configured.name, &outcome);
            settle(engine, row, Settled { entry: Some(entry), told, ..Settled::done(None) }).await
        }
        Next::Elsewhere => {
            let mut reader = engine.store().read().await?;
            let onward = onward(engine, &mut reader, &wish, Some(&configured)).await?;
            let told = if onward.is_none() { told(&wish, outcome.as_str(), &configured.name, &outcome) } else { None };
            settle(engine, row, Settled { entry: Some(entry), onward, told, ..Settled::done(None) }).await
        }
    }
}

/// Sends once, within the time that one attempt has; what comes back holds none of the channel's secrets.
pub(crate) async fn send_once(engine: &Engine, kind: &str, target: Target<'_>, message: &Message) -> Outcome {
    let Some(channel) = engine.0.channels.get(kind) else {
        return Outcome::refused(format!("this version knows no channel of the kind {kind:?}"));
    };
    let sent = tokio::time::timeout(ATTEMPT, channel.send(target, message)).await;
    let outcome = sent.unwrap_or_else(|_| Outcome::unknown("no end within the time of one attempt"));
    let secrets = channel.about().fields.iter().filter(|field| field.secret).filter_map(|field| target.settings.get(field.name));
    outcome.without(secrets)
}

/// What happens to a message after an attempt.
enum Next {
    Again(Timestamp),
    Elsewhere,
    Over,
}

fn next_of(engine: &Engine, row: &outbox::Message, configured: &Channel, message: &Message, outcome: &Outcome) -> Next {
    let now = engine.now();
    let can = engine.0.channels.get(configured.kind.as_str()).map_or(Capabilities::NONE, |kind| kind.about().capabilities);
    let too_old = now.duration_since(row.created_at) > AGE;
    let most = if message.kind == Kind::Page { WAIT_S_MAX_PAGE } else { WAIT_S_MAX };
    let wait = SignedDuration::from_secs((1_i64 << row.attempts.clamp(0, 12)).min(most));
    let later = |wait: SignedDuration| Next::Again(now.checked_add(wait).unwrap_or(now));
    match outcome {
        Outcome::Delivered { .. } => Next::Over,
        Outcome::Refused { .. } => Next::Elsewhere,
        Outcome::Retry { .. } | Outcome::Unknown { .. } if too_old => Next::Elsewhere,
        Outcome::Retry { after, .. } => {
            let asked = after.and_then(|after| SignedDuration::try_from(after).ok());
            later(asked.unwrap_or(wait).max(SignedDuration::from_secs(1)))
        }
        // A page that comes twice is better than one that never came; anything else is not sent twice on suspicion.
        Outcome::Unknown { .. } if can.repeat || message.kind == Kind::Page => later(wait),
        Outcome::Unknown { .. } => Next::Over,
    }
}

/// Takes what the incident is now: whoever wrote the message may have known it as open.
async fn as_restricted_as_now(reader: &mut Conn, row: &outbox::Message, mut message: Message) -> Result<Message, Error> {
    if let Some(id) = row.incident
        && let Some(incident) = incident::by_id(reader, id).await?
        && incident.is_shut()
    {
        message.incident = Some(Named { short_id: incident.short_id, codename: incident.codename, restricted: true });
    }
    Ok(message)
}

/// Ends a message on a channel that is closed for it, and sends it another way.
async fn elsewhere(
    engine: &Engine,
    reader: &mut Conn,
    row: &outbox::Message,
    wish: &Dispatch,
    configured: Option<&Channel>,
    why: &str,
) -> Result<(), Error> {
    let onward = onward(engine, reader, wish, configured).await?;
    let name = configured.map_or(wish.channel.as_str(), |configured| configured.name.as_str());
    let kind = if onward.is_some() { "message.rerouted" } else { "message.unreachable" };
    let mut entry = drafted(engine, row, kind, &wish.message).with("channel", name).with("why", why);
    if let Some(next) = &onward {
        entry = entry.with("onward", next.channel.as_str());
    }
    let told = if onward.is_none() { told(wish, "unreachable", name, &Outcome::refused(why)) } else { None };
    settle(engine, row, Settled { entry: Some(entry), onward, told, ..Settled::done(None) }).await
}

/// Chooses the next way: one that the sender named, or for what names no recipient any trusted channel that can carry it.
async fn onward(
    engine: &Engine,
    reader: &mut Conn,
    wish: &Dispatch,
    configured: Option<&Channel>,
) -> Result<Option<Dispatch>, Error> {
    let tried = configured.map_or_else(|| wish.channel.clone(), |configured| configured.id.to_string());
    if let Some(next) = wish.onward(&tried) {
        return Ok(Some(next));
    }
    // Whoever was meant has no address elsewhere that we know of.
    if wish.message.to.is_some() || wish.only {
        return Ok(None);
    }
    let pages = wish.message.kind != Kind::Notice;
    let carries = |other: &Channel| {
        let can = engine.0.channels.get(other.kind.as_str()).map_or(Capabilities::NONE, |kind| kind.about().capabilities);
        let id = other.id.to_string();
        other.disabled_at.is_none()
            && other.trust == ChannelTrust::Trusted
            && (can.page || (can.post && !pages))
            && id != tried
            && !wish.tried.contains(&id)
    };
    let others = channel::list(reader).await?;
    Ok(others.iter().find(|other| carries(other)).map(|other| wish.by(&other.id.to_string(), &tried)))
}

/// What is written when an attempt is over, in one transaction.
#[derive(Clone)]
struct Settled {
    entry: Option<Draft>,
    /// When it is due again, and why.
    again: Option<(Timestamp, String)>,
    onward: Option<Dispatch>,
    /// The timer for whoever wants to know.
    told: Option<(String, String, serde_json::Value)>,
}

impl Settled {
    fn done(entry: Option<Draft>) -> Self {
        Self { entry, again: None, onward: None, told: None }
    }
}

async fn settle(engine: &Engine, row: &outbox::Message, settled: Settled) -> Result<(), Error> {
    let row = row.clone();
    engine
        .store()
        .write(move |tx| {
            let (row, settled) = (row.clone(), settled.clone());
            Box::pin(async move { write(tx, &row, settled).await })
        })
        .await?;
    Ok(())
}

async fn write(tx: &mut Tx, row: &outbox::Message, settled: Settled) -> Result<(), StoreError> {
    let ours = match &settled.again {
        Some((at, reason)) => outbox::fail(tx, row, *at, reason).await?,
        None => outbox::done(tx, row).await?,
    };
    // What happened is recorded even if another node has the claim by now: the attempt was made.
    settled.entry.into_iter().for_each(|entry| tx.record(entry));
    if !ours {
        return Ok(());
    }
    if let Some(next) = settled.onward {
        dispatch(tx, row.incident, &next).await?;
    }
    if let Some((kind, subject, body)) = settled.told {
        let now = tx.now();
        timer::put(tx, now, &kind, &subject, &body).await?;
    }
    Ok(())
}

fn told(wish: &Dispatch, outcome: &str, channel: &str, answer: &Outcome) -> Option<(String, String, serde_json::Value)> {
    let reference = if let Outcome::Delivered { reference, .. } = answer { reference.as_deref() } else { None };
    let body = json!({ "outcome": outcome, "channel": channel, "reply": answer.reply(), "reference": reference });
    Some((wish.then.clone()?, wish.message.key.clone(), body))
}

fn entry_of(
    engine: &Engine,
    row: &outbox::Message,
    wish: &Dispatch,
    configured: &Channel,
    message: &Message,
    outcome: &Outcome,
    redacted: bool,
) -> Draft {
    let mut entry = drafted(engine, row, &format!("message.{}", outcome.as_str()), &wish.message)
        .with("channel", configured.name.as_str())
        .with("channel_kind", configured.kind.as_str())
        .with("attempt", row.attempts)
        .secretly("subject", message.subject.as_str())
        .secretly("reply", outcome.reply());
    if redacted {
        entry = entry.with("redacted", true);
    }
    if let Outcome::Delivered { reference, raw, .. } = outcome {
        entry =
            entry.secretly("reference", reference.clone().unwrap_or_default()).secretly("raw", raw.clone().unwrap_or_default());
    }
    entry
}

fn drafted(engine: &Engine, row: &outbox::Message, kind: &str, message: &Message) -> Draft {
    let mut draft = engine
        .happening(&Identity::machine("outbox"))
        .draft(kind)
        .with("message", message.key.as_str())
        .with("matter", message.matter.as_str())
        .with("message_kind", message.kind.as_str())
        .secretly("to", message.to.clone().unwrap_or_default());
    draft.incident = row.incident;
    draft
}
