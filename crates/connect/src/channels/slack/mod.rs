//! Slack: direct messages, channels and a private channel per incident through the Web API, and commands from there.

mod api;
mod channel;
mod content;
mod ear;
mod history;
mod room;

pub(super) use channel::Slack;
pub(super) use content::content;
