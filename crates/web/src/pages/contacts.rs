//! How the reader is reached: contacts, their order, quiet hours.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use watchfire_core::access::Right;
use watchfire_core::id::ContactId;
use watchfire_engine::{Error, Preference};

use super::failed::refusal;
use super::filters;
use super::form::Fields;
use super::frame::Room;
use super::visit::{Answer, Visit};
use crate::api::minutes;

/// The room.
#[derive(Template)]
#[template(path = "contacts.html")]
pub(crate) struct Contacts {
    pub(crate) rows: Vec<Row>,
    /// The channels that can be chosen.
    pub(crate) channels: Vec<String>,
    pub(crate) quiet_from: String,
    pub(crate) quiet_until: String,
    pub(crate) zone: String,
    pub(crate) sound: bool,
    pub(crate) failed: String,
}

/// One contact.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) channel: String,
    pub(crate) address: String,
    pub(crate) verified_at: Option<Timestamp>,
}

/// Answers with the reader's contacts.
pub(crate) async fn list(visit: Visit) -> Answer {
    let room = build(&visit).await?;
    visit.show("How I am reached", Room::Pages, false, room).await
}

/// Adds a contact, which gets a code.
pub(crate) async fn add(visit: Visit, fields: Fields) -> Answer {
    let added = visit.engine.add_contact(&visit.who, visit.login(), fields.get("channel"), fields.get("address")).await;
    back(visit, added.map(drop)).await
}

/// Takes the code that a contact got.
pub(crate) async fn verify(visit: Visit, Path(id): Path<String>, fields: Fields) -> Answer {
    let verified = visit.engine.verify_contact(&visit.who, id_of(&id)?, fields.get("code")).await;
    back(visit, verified.map(drop)).await
}

/// Sends a new code.
pub(crate) async fn code(visit: Visit, Path(id): Path<String>) -> Answer {
    let sent = visit.engine.send_code(&visit.who, id_of(&id)?).await;
    back(visit, sent.map(drop)).await
}

/// Puts a contact first.
pub(crate) async fn first(visit: Visit, Path(id): Path<String>) -> Answer {
    let ordered = visit.engine.order_contacts(&visit.who, visit.login(), vec![id_of(&id)?]).await;
    back(visit, ordered.map(drop)).await
}

/// Removes a contact.
pub(crate) async fn remove(visit: Visit, Path(id): Path<String>) -> Answer {
    let removed = visit.engine.remove_contact(&visit.who, id_of(&id)?).await;
    back(visit, removed.map(drop)).await
}

/// Sets quiet hours; both ends empty are none.
pub(crate) async fn quiet(visit: Visit, fields: Fields) -> Answer {
    let clock = |name: &'static str| match fields.get(name) {
        "" => Ok(None),
        text => minutes(text).map(Some).ok_or_else(|| Error::invalid(name, "it is no time of a day, such as 22:00")),
    };
    let quiet = match (clock("quiet_from"), clock("quiet_until")) {
        (Ok(Some(from)), Ok(Some(until))) => Ok(Some((from, until))),
        (Ok(None), Ok(None)) => Ok(None),
        (Err(error), _) | (_, Err(error)) => Err(error),
        _ => Err(Error::invalid("quiet_from", "quiet hours have both ends")),
    };
    let set = match quiet {
        Ok(quiet) => {
            let wish = Preference {
                login: visit.login().to_owned(),
                time_zone: fields.filled("zone"),
                quiet,
                sound: !fields.get("sound").is_empty(),
                changed_at: visit.now,
            };
            visit.engine.set_paging_preference(&visit.who, wish).await.map(drop)
        }
        Err(error) => Err(error),
    };
    back(visit, set).await
}

async fn back(visit: Visit, done: Result<(), Error>) -> Answer {
    match done {
        Ok(()) => Ok(Redirect::to("/contacts").into_response()),
        Err(error) => {
            let (status, message) = refusal(error)?;
            let room = Contacts { failed: message.trim_end_matches('.').to_owned(), ..build(&visit).await? };
            visit.show_as(status, "How I am reached", Room::Pages, false, room).await
        }
    }
}

async fn build(visit: &Visit) -> Result<Contacts, Error> {
    let rows = visit.engine.contacts(&visit.who, visit.login()).await?.into_iter().map(|contact| Row {
        id: contact.id.to_string(),
        channel: contact.channel,
        address: contact.address,
        verified_at: contact.verified_at,
    });
    let kinds = visit.engine.channel_kinds();
    let pages = |kind: &str| kinds.iter().any(|about| about.kind == kind && about.capabilities.page);
    let channels = match visit.may(Right::Act) {
        true => visit.engine.channels(&visit.who).await?,
        false => Vec::new(),
    };
    let channels = channels.into_iter().filter(|channel| pages(&channel.kind)).map(|channel| channel.name).collect();
    let wish = visit.engine.paging_preference(&visit.who, visit.login()).await?;
    let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    Ok(Contacts {
        rows: rows.collect(),
        channels,
        quiet_from: wish.quiet.map(|quiet| clock(quiet.0)).unwrap_or_default(),
        quiet_until: wish.quiet.map(|quiet| clock(quiet.1)).unwrap_or_default(),
        zone: wish.time_zone.unwrap_or_default(),
        sound: wish.sound,
        failed: String::new(),
    })
}

fn id_of(text: &str) -> Result<ContactId, Error> {
    text.parse().map_err(|_| Error::NotFound("contact"))
}
