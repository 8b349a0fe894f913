//! Private channels: made, filled, emptied, kept tidy.

use serde_json::{Value, json};
use watchfire_core::channel::{Outcome, Room, Target};
use watchfire_core::text;

use super::api::{Api, Failed};
use super::channel::place;
use super::content::escaped;
use crate::channels::exchange::said;
use crate::channels::words;
use crate::egress::Egress;

/// Letters of a channel's name.
const NAME_CHARS: usize = 80;
/// Members that one call invites.
const INVITED_AT_ONCE: usize = 100;
/// Pages of channels that are looked through for one of ours.
const PAGES: usize = 20;

/// Carries an act out.
pub(super) async fn act(egress: &Egress, target: Target<'_>, act: &Room) -> Result<Outcome, Failed> {
    let api = Api::new(egress, target)?;
    match act {
        Room::Open { name, topic } => open(&api, name, topic).await,
        Room::Invite { room, people } => invite(&api, room, people).await,
        Room::Remove { room, people } => remove(&api, room, people).await,
        Room::Edit { room, reference, subject, text } => edit(&api, room, reference, subject, text).await,
        Room::Pin { room, reference } => {
            let stamp = place(reference).map_or(reference.as_str(), |(_, stamp)| stamp);
            let pinned = api.call("pins.add", &json!({ "channel": room, "timestamp": stamp })).await;
            done(pinned, &["already_pinned"])
        }
        Room::Close { room } => done(api.call("conversations.archive", &json!({ "channel": room })).await, &["already_archived"]),
        Room::Call { .. } => Ok(Outcome::refused("Slack opens no calls for apps; add a channel that does, such as Zoom")),
    }
}

async fn open(api: &Api<'_>, name: &str, topic: &str) -> Result<Outcome, Failed> {
    let name = channel_name(name);
    let room = match api.call("conversations.create", &json!({ "name": name, "is_private": true })).await {
        Ok(made) => made.pointer("/channel/id").and_then(Value::as_str).unwrap_or_default().to_owned(),
        // Made by an earlier attempt, or by somebody else: only one that we are in is ours.
        Err(failed) if failed.is(&["name_taken"]) => match find(api, &name).await? {
            Some(room) => room,
            None => return Err(failed),
        },
        Err(failed) => return Err(failed),
    };
    let topic = escaped(&words::inert(&text::line(topic, 200)));
    if !topic.is_empty() {
        api.call("conversations.setTopic", &json!({ "channel": room, "topic": topic })).await?;
    }
    Ok(Outcome::delivered("ok").with_reference(room))
}

/// Finds a private channel by name among those that the app is in.
async fn find(api: &Api<'_>, name: &str) -> Result<Option<String>, Failed> {
    let mut cursor = String::new();
    for _ in 0..PAGES {
        let query = [("types", "private_channel"), ("exclude_archived", "true"), ("limit", "200"), ("cursor", cursor.as_str())];
        let page = api.read("conversations.list", &query).await?;
        let channels = page.get("channels").and_then(Value::as_array);
        if let Some(found) = channels.into_iter().flatten().find(|channel| said(channel, "name") == name) {
            return Ok(Some(said(found, "id")));
        }
        cursor = page.pointer("/response_metadata/next_cursor").and_then(Value::as_str).unwrap_or_default().to_owned();
        if cursor.is_empty() {
            return Ok(None);
        }
    }
    Ok(None)
}

async fn invite(api: &Api<'_>, room: &str, people: &[String]) -> Result<Outcome, Failed> {
    for some in people.chunks(INVITED_AT_ONCE) {
        let invited =
            api.call("conversations.invite", &json!({ "channel": room, "users": ids(some).join(","), "force": true })).await;
        done(invited, &["already_in_channel", "cant_invite_self"])?;
    }
    Ok(Outcome::delivered("ok"))
}

async fn remove(api: &Api<'_>, room: &str, people: &[String]) -> Result<Outcome, Failed> {
    for person in ids(people) {
        done(api.call("conversations.kick", &json!({ "channel": room, "user": person })).await, &["not_in_channel"])?;
    }
    Ok(Outcome::delivered("ok"))
}

async fn edit(api: &Api<'_>, room: &str, reference: &str, subject: &str, text: &str) -> Result<Outcome, Failed> {
    let stamp = place(reference).map_or(reference, |(_, stamp)| stamp);
    let subject = words::inert(&text::line(subject, 200));
    let plain = |text: &str| json!({ "type": "section", "text": { "type": "plain_text", "text": text, "emoji": false } });
    let mut blocks = vec![plain(&subject)];
    let text = words::inert(&text::prose(text, 2_800));
    if !text.is_empty() {
        blocks.push(plain(&text));
    }
    let body = json!({ "channel": room, "ts": stamp, "text": escaped(&words::without_mentions(&subject)), "blocks": blocks });
    done(api.call("chat.update", &body).await, &[])
}

/// Takes words that say that it is so already for success.
fn done(answer: Result<Value, Failed>, already: &[&str]) -> Result<Outcome, Failed> {
    match answer {
        Ok(_) => Ok(Outcome::delivered("ok")),
        Err(Failed::Said(word)) if already.contains(&word.as_str()) => Ok(Outcome::delivered(word)),
        Err(failed) => Err(failed),
    }
}

/// A member is told by workspace and id (`T1/U1`); the calls take the id alone.
fn ids(people: &[String]) -> Vec<&str> {
    people.iter().map(|person| person.rsplit_once('/').map_or(person.as_str(), |(_, id)| id)).collect()
}

/// Makes a name fit: lower-case letters, digits and hyphens.
fn channel_name(name: &str) -> String {
    let mut out = String::new();
    for char in name.chars().flat_map(char::to_lowercase) {
        if char.is_ascii_alphanumeric() {
            out.push(char);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.truncate(NAME_CHARS);
    out.trim_end_matches('-').to_owned()
}
