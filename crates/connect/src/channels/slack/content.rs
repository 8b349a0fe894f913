//! A message as blocks.

use serde_json::{Value, json};
use watchfire_core::channel::{Kind, Message};

use crate::channels::words;

/// The name under which a message's key stands in its metadata.
pub(super) const EVENT: &str = "watchfire_message";

/// Returns blocks, the text of the notification, and with a key the metadata by which the message is found again.
///
/// What others wrote stands in `plain_text` objects, which know neither markup nor mentions, and in `text`, where the
/// three characters that mean anything are escaped. Links are buttons with our own addresses.
pub(in crate::channels) fn content(message: &Message, key: Option<&str>) -> Value {
    let subject = words::subject(message);
    let plain = |text: &str| json!({ "type": "plain_text", "text": text, "emoji": false });
    let mut blocks = vec![json!({ "type": "section", "text": plain(&subject) })];
    let about = words::about(message);
    if !about.is_empty() {
        blocks.push(json!({ "type": "context", "elements": [plain(&about)] }));
    }
    let body = words::body(message);
    if !body.is_empty() {
        blocks.push(json!({ "type": "section", "text": plain(&body) }));
    }
    let mut buttons: Vec<Value> = Vec::new();
    if key.is_some() && message.kind == Kind::Page && message.acknowledge.is_some() {
        // The press comes back signed; what it means is decided by who presses, not by what stands here.
        buttons.push(json!({
            "type": "button", "action_id": "acknowledge", "style": "primary", "text": plain("Acknowledge"), "value": carried(message),
        }));
    }
    let links = words::links(message).into_iter().filter(|(label, _)| key.is_none() || *label != "Acknowledge");
    buttons.extend(links.enumerate().map(
        |(at, (label, link))| json!({ "type": "button", "action_id": format!("link-{at}"), "text": plain(label), "url": link }),
    ));
    if !buttons.is_empty() {
        blocks.push(json!({ "type": "actions", "elements": buttons }));
    }
    let mut content = json!({
        "text": escaped(&words::without_mentions(&subject)),
        "blocks": blocks,
        "link_names": false,
        "mrkdwn": false,
        "unfurl_links": false,
        "unfurl_media": false,
    });
    if let Some(key) = key {
        content["metadata"] = json!({ "event_type": EVENT, "event_payload": { "key": key } });
    }
    content
}

/// What the button carries: the matter, and the incident where its name stands in the message anyway.
fn carried(message: &Message) -> String {
    let incident = message.incident.as_ref().map_or("", |named| named.short_id.as_str());
    format!("{} {incident}", message.matter)
}

/// Escapes the characters that begin markup, mentions and links.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
