//! Channels: ways to reach people, how each is set up, and how much it is trusted.

use askama::Template;
use jiff::Timestamp;
pub(crate) use watchfire_core::channel::ChannelTrust;

use super::filters;
use super::sources::Block;

/// The list beside one channel, a new one, or nothing.
#[derive(Template)]
#[template(path = "channels.html")]
pub(crate) struct Channels {
    pub(crate) now: Timestamp,
    pub(crate) rows: Vec<Row>,
    pub(crate) may_configure: bool,
    pub(crate) may_act: bool,
    pub(crate) shown: Shown,
}

/// One channel in the list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) trust: ChannelTrust,
    pub(crate) off: bool,
    /// It fails, and is left alone for a while.
    pub(crate) resting: bool,
    pub(crate) current: bool,
}

/// What stands beside the list.
#[derive(Clone, Debug)]
pub(crate) enum Shown {
    /// An overview when none is chosen.
    Nothing,
    One(Box<Detail>),
    New(Form),
    /// The kinds to choose from.
    Kinds(Vec<Kind>),
}

/// One channel.
#[derive(Clone, Debug)]
pub(crate) struct Detail {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind_title: String,
    pub(crate) created_at: Timestamp,
    pub(crate) off: bool,
    pub(crate) trust: ChannelTrust,
    pub(crate) trust_reason: String,
    pub(crate) failures: u32,
    pub(crate) resting: bool,
    pub(crate) fields: Vec<Input>,
    pub(crate) setup: Vec<Block>,
    pub(crate) reference: String,
    /// The recipient of the test message, as typed.
    pub(crate) test_to: String,
    /// What came of the test: whether it was delivered, and the reply.
    pub(crate) tested: Option<(bool, String)>,
    pub(crate) failed: String,
}

/// The form of a new channel of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) name: String,
    pub(crate) fields: Vec<Input>,
    pub(crate) setup: Vec<Block>,
    pub(crate) failed: String,
}

/// One setting in a form. Of a secret the value is never there.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) help: &'static str,
    pub(crate) secret: bool,
    pub(crate) required: bool,
    pub(crate) default: &'static str,
    pub(crate) value: String,
    /// A secret that is set.
    pub(crate) set: bool,
}

/// A kind to choose.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    pub(crate) kind: &'static str,
    pub(crate) title: &'static str,
    pub(crate) summary: &'static str,
}
