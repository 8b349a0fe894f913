//! Sources: who sends events, how each is set up, and whether it speaks.

use askama::Template;
use jiff::Timestamp;

use super::filters;

/// The list beside one source, a new one, or nothing.
#[derive(Template)]
#[template(path = "sources.html", blocks = ["list", "heard"])]
pub(crate) struct Sources {
    pub(crate) now: Timestamp,
    pub(crate) rows: Vec<Row>,
    pub(crate) may_configure: bool,
    pub(crate) shown: Shown,
}

impl Sources {
    /// Returns the parts that live updates replace.
    pub(crate) fn parts(&self) -> askama::Result<Vec<String>> {
        Ok(vec![self.as_list().render()?, self.as_heard().render()?])
    }
}

/// One source in the list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) events: i64,
    pub(crate) quarantined: i64,
    pub(crate) last_at: Option<Timestamp>,
    pub(crate) off: bool,
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
    Kinds(Vec<Family>),
}

/// One source with its set-up.
#[derive(Clone, Debug)]
pub(crate) struct Detail {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind_title: String,
    pub(crate) created_at: Timestamp,
    pub(crate) off: bool,
    pub(crate) last_at: Option<Timestamp>,
    pub(crate) events: i64,
    pub(crate) quarantined: i64,
    pub(crate) setup: Vec<Block>,
    pub(crate) settings: Vec<Setting>,
    pub(crate) severities: Vec<(String, String)>,
    pub(crate) reference: String,
    /// Key and secret, shown this once.
    pub(crate) fresh: Option<Fresh>,
    pub(crate) try_body: String,
    pub(crate) tried: Option<Tried>,
    pub(crate) failed: String,
}

/// What is shown once, when a source is made or its secret is changed.
#[derive(Clone, Debug)]
pub(crate) struct Fresh {
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) secret: String,
}

/// A setting and what it is.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) value: String,
}

/// What a tried body would become; nothing is stored.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    pub(crate) alerts: Vec<TriedAlert>,
    /// Why there is nothing, or what was wrong.
    pub(crate) remark: String,
    pub(crate) failed: bool,
}

/// One alert that a tried body would become.
#[derive(Clone, Debug)]
pub(crate) struct TriedAlert {
    pub(crate) title: String,
    pub(crate) severity: Option<watchfire_core::Severity>,
    pub(crate) source_severity: String,
    pub(crate) signal: String,
    pub(crate) dedup_key: String,
    pub(crate) resource: String,
}

/// The form of a new source of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) credential: &'static str,
    pub(crate) name: String,
    pub(crate) settings: Vec<Setting>,
    pub(crate) setup: Vec<Block>,
    pub(crate) failed: String,
}

/// Kinds of one family.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) title: &'static str,
    pub(crate) kinds: Vec<Kind>,
}

/// A kind to choose.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) summary: String,
}

/// A piece of a set-up text: the Markdown of our own descriptions, read into plain parts without HTML.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Block {
    Heading(String),
    Paragraph(String),
    /// One step of a numbered list.
    Item(String),
    Code(String),
}
