//! The pages and forms of channels, each one engine call.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use watchfire_core::access::Right;
use watchfire_core::channel::{About, ChannelTrust, Outcome};
use watchfire_engine::{ChannelView, Error};

use super::channels::{Channels, Detail, Form, Input, Kind, Row, Shown};
use super::failed::refusal;
use super::form::Fields;
use super::frame::Room;
use super::setup;
use super::visit::{Answer, Visit};

/// Answers with the list and nothing chosen.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = room(&visit, Shown::Nothing).await?;
    visit.show("Channels", Room::Channels, false, room).await
}

/// Answers with one channel.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Answer {
    let detail = detail(&visit, &id).await?;
    one(&visit, StatusCode::OK, detail).await
}

/// Answers with the kinds to choose from, or the form of one.
pub(crate) async fn new(visit: Visit) -> Answer {
    visit.who.may(Right::Configure).map_err(Error::from)?;
    let shown = match visit.query.get("kind") {
        Some(kind) => Shown::New(form(&visit, kind, &Fields::default())?),
        None => Shown::Kinds(kinds(&visit)),
    };
    let room = room(&visit, shown).await?;
    visit.show("Add a channel", Room::Channels, false, room).await
}

/// Sets a channel up.
pub(crate) async fn add(visit: Visit, fields: Fields) -> Answer {
    let kind = fields.get("kind");
    let settings: BTreeMap<String, String> = fields.under("setting.").collect();
    match visit.engine.add_channel(&visit.who, kind, fields.get("name"), settings).await {
        Ok(made) => Ok(back(&made.id.to_string())),
        Err(error) => {
            let (status, message) = refusal(error)?;
            let mut form = form(&visit, kind, &fields)?;
            message.trim_end_matches('.').clone_into(&mut form.failed);
            let room = room(&visit, Shown::New(form)).await?;
            visit.show_as(status, "Add a channel", Room::Channels, false, room).await
        }
    }
}

/// Changes settings; a secret that is left empty stays as it is.
pub(crate) async fn set(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let settings: BTreeMap<String, String> = fields.under("setting.").collect();
    done(&visit, &id, visit.engine.set_channel(&visit.who, &id, settings).await).await
}

/// Says how much a channel is trusted.
pub(crate) async fn trust(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let wanted: Result<ChannelTrust, _> = fields.get("trust").parse();
    let changed = match wanted {
        Ok(trust) => visit.engine.trust_channel(&visit.who, &id, trust, fields.get("reason")).await,
        Err(error) => Err(Error::invalid("trust", format!("{error}"))),
    };
    done(&visit, &id, changed).await
}

/// Sends a test message and shows what came of it.
pub(crate) async fn test(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let to = fields.filled("to");
    let outcome = visit.engine.test_channel(&visit.who, &id, to.as_deref()).await?;
    let mut detail = detail(&visit, &id).await?;
    detail.test_to = to.unwrap_or_default();
    detail.tested = Some((matches!(outcome, Outcome::Delivered { .. }), outcome.reply().to_owned()));
    one(&visit, StatusCode::OK, detail).await
}

/// Stops a channel.
pub(crate) async fn disable(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.engine.disable_channel(&visit.who, &id).await?;
    Ok(back(&id))
}

/// Lets a stopped channel carry messages again.
pub(crate) async fn enable(visit: Visit, Path(id): Path<String>) -> Answer {
    visit.engine.enable_channel(&visit.who, &id).await?;
    Ok(back(&id))
}

async fn done(visit: &Visit, id: &str, changed: Result<ChannelView, Error>) -> Answer {
    match changed {
        Ok(_) => Ok(back(id)),
        Err(error) => {
            let (status, message) = refusal(error)?;
            let mut detail = detail(visit, id).await?;
            message.trim_end_matches('.').clone_into(&mut detail.failed);
            one(visit, status, detail).await
        }
    }
}

async fn one(visit: &Visit, status: StatusCode, detail: Detail) -> Answer {
    let room = room(visit, Shown::One(Box::new(detail))).await?;
    visit.show_as(status, "Channel", Room::Channels, false, room).await
}

async fn room(visit: &Visit, shown: Shown) -> Result<Channels, Error> {
    let channels = visit.engine.channels(&visit.who).await?;
    let current = if let Shown::One(detail) = &shown { detail.id.clone() } else { String::new() };
    let row = |channel: &ChannelView| Row {
        id: channel.id.to_string(),
        name: channel.name.clone(),
        kind: about(visit, &channel.kind).map_or_else(|| channel.kind.clone(), |about| about.title.to_owned()),
        trust: channel.trust,
        off: channel.disabled_at.is_some(),
        resting: channel.resting_until.is_some(),
        current: channel.id.to_string() == current,
    };
    let rows = channels.iter().map(row).collect();
    let (may_configure, may_act) = (visit.may(Right::Configure), visit.may(Right::Act));
    Ok(Channels { now: visit.now, rows, may_configure, may_act, shown })
}

async fn detail(visit: &Visit, id: &str) -> Result<Detail, Error> {
    let channel = visit.engine.channel(&visit.who, id).await?;
    let about = about(visit, &channel.kind);
    Ok(Detail {
        id: channel.id.to_string(),
        kind_title: about.map_or_else(|| channel.kind.clone(), |about| about.title.to_owned()),
        created_at: channel.created_at,
        off: channel.disabled_at.is_some(),
        trust: channel.trust,
        trust_reason: channel.trust_reason,
        failures: channel.failures,
        resting: channel.resting_until.is_some(),
        fields: about.map_or_else(Vec::new, |about| inputs(about, &channel.settings, &channel.secrets)),
        setup: about.map_or_else(Vec::new, |about| steps(visit, about)),
        reference: about.map_or_else(String::new, |about| about.reference.to_owned()),
        test_to: String::new(),
        tested: None,
        failed: String::new(),
        name: channel.name,
    })
}

fn form(visit: &Visit, kind: &str, fields: &Fields) -> Result<Form, Error> {
    let about = about(visit, kind).ok_or(Error::NotFound("kind of channel"))?;
    let typed: BTreeMap<String, String> = fields.under("setting.").collect();
    Ok(Form {
        kind: about.kind.to_owned(),
        title: about.title.to_owned(),
        summary: about.summary.to_owned(),
        name: fields.get("name").to_owned(),
        fields: inputs(about, &typed, &[]),
        setup: steps(visit, about),
        failed: String::new(),
    })
}

fn inputs(about: &About, values: &BTreeMap<String, String>, secrets: &[String]) -> Vec<Input> {
    let input = |field: &watchfire_core::channel::Field| Input {
        name: field.name,
        title: field.title,
        help: field.help,
        secret: field.secret,
        required: field.required,
        default: field.default,
        // What was typed as a secret is typed again: it is sent back to nobody.
        value: values.get(field.name).filter(|_| !field.secret).cloned().unwrap_or_default(),
        set: secrets.iter().any(|name| name == field.name),
    };
    about.fields.iter().map(input).collect()
}

fn steps(visit: &Visit, about: &About) -> Vec<super::sources::Block> {
    setup::blocks(&about.setup.replace("{base_url}", visit.engine.base_url()))
}

fn kinds(visit: &Visit) -> Vec<Kind> {
    let kind = |about: &'static About| Kind { kind: about.kind, title: about.title, summary: about.summary };
    let mut kinds: Vec<Kind> = visit.engine.channel_kinds().into_iter().map(kind).collect();
    kinds.sort_by_key(|kind| kind.title);
    kinds
}

fn about(visit: &Visit, kind: &str) -> Option<&'static About> {
    visit.engine.channel_kinds().into_iter().find(|about| about.kind == kind)
}

fn back(id: &str) -> Response {
    Redirect::to(&format!("/channels/{}", super::query::encode(id))).into_response()
}
