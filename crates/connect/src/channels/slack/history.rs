//! Looks whether a message has arrived before.

use serde_json::{Value, json};
use watchfire_core::channel::Message;

use super::api::{Api, Failed};
use super::channel::place;
use super::content::EVENT;
use crate::channels::exchange::said;

/// Returns the reference of the message with this key if it is among the newest hundred of its channel or thread.
pub(super) async fn find(api: &Api<'_>, to: &str, message: &Message) -> Result<Option<String>, Failed> {
    let channel = if to.starts_with(['U', 'W']) {
        // A member's id: the messages are in the conversation with them. Opening it again changes nothing.
        let opened = api.call("conversations.open", &json!({ "users": to })).await?;
        opened.get("channel").map(|channel| said(channel, "id")).unwrap_or_default()
    } else {
        to.to_owned()
    };
    let most = [("channel", channel.as_str()), ("limit", "100"), ("include_all_metadata", "true")];
    let found = match message.thread.as_deref().and_then(place) {
        Some((_, thread)) => {
            let query: Vec<_> = most.into_iter().chain([("ts", thread)]).collect();
            api.read("conversations.replies", &query).await?
        }
        None => api.read("conversations.history", &most).await?,
    };
    let messages = found.get("messages").and_then(Value::as_array);
    let ours = messages.into_iter().flatten().find(|found| {
        let metadata = found.get("metadata");
        let is_ours = metadata.is_some_and(|metadata| said(metadata, "event_type") == EVENT);
        let key = metadata.and_then(|metadata| metadata.pointer("/event_payload/key")).and_then(Value::as_str);
        is_ours && key == Some(message.key.as_str())
    });
    Ok(ours.map(|found| format!("{channel}:{}", said(found, "ts"))))
}
