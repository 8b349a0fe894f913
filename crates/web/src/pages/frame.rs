//! What stands around every room: navigation, bar, palette, keys.

use askama::Template;
use jiff::Timestamp;

use super::filters;

/// The rooms that the navigation names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Room {
    Work,
    Incidents,
    Incident,
    Board,
    Report,
    Metrics,
    Settings,
    Alerts,
    Events,
    OnCall,
    Record,
    Sources,
    Channels,
    Pages,
    Plans,
    People,
    Teams,
    Tokens,
    /// One's own account.
    Account,
    /// How people sign in.
    SignIn,
    /// Search results and errors.
    Elsewhere,
}

impl Room {
    /// Returns the word that the page's class carries.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Board => "board",
            Self::Report => "report",
            Self::Metrics => "metrics",
            Self::Settings => "settings",
            Self::Incidents => "incidents",
            Self::Incident => "incident",
            Self::Alerts => "alerts",
            Self::Events => "events",
            Self::OnCall => "oncall",
            Self::Record => "record",
            Self::Sources => "sources",
            Self::Channels => "channels",
            Self::Pages => "pages",
            Self::Plans => "plans",
            Self::People => "people",
            Self::Teams => "teams",
            Self::Tokens => "tokens",
            Self::Account => "account",
            Self::SignIn => "sign-in",
            Self::Elsewhere => "elsewhere",
        }
    }
}

/// What the frame shows of the reader and the installation.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) room: Room,
    /// The reader's login and role.
    pub(crate) login: String,
    pub(crate) role: &'static str,
    pub(crate) counts: Counts,
    /// The reader's own next duty.
    pub(crate) mine: Option<Mine>,
    pub(crate) now: Timestamp,
    /// `light`, `dark` or empty for the system's.
    pub(crate) theme: &'static str,
    /// Path and query of this page: what the live stream is asked for and where a form without script returns to.
    pub(crate) address: String,
    /// Whether the page has parts that are kept up to date.
    pub(crate) live: bool,
    /// What every owner is told on every page; empty is nothing.
    pub(crate) told: String,
    /// What the reader has just done; empty is nothing.
    pub(crate) done: String,
}

impl Frame {
    /// Returns the address of the open incident, for the verbs of the palette.
    fn incident(&self) -> String {
        let path = self.address.split('?').next().unwrap_or_default();
        path.split('/').take(3).collect::<Vec<_>>().join("/")
    }

    /// Returns the id of the open incident as it stands in its address.
    fn incident_id(&self) -> String {
        self.incident().rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// Tells whether this is the page of a room; an incident belongs to the incidents.
    fn is(&self, room: &str) -> bool {
        self.room.class() == room || (self.room == Room::Incident && room == "incidents")
    }
}

/// The figures of the navigation; each links to its rows.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Counts {
    pub(crate) incidents_open: i64,
    /// Open drills and tests, which are in no figure and so counted apart.
    pub(crate) practice_open: i64,
    pub(crate) alerts_firing: i64,
    pub(crate) quarantined: i64,
}

/// The reader's own next duty.
#[derive(Clone, Debug)]
pub(crate) struct Mine {
    pub(crate) href: String,
    pub(crate) what: String,
    pub(crate) incident: String,
    /// The id of a page that waits for the reader.
    pub(crate) paged: Option<String>,
    /// The reader wants to hear it.
    pub(crate) sound: bool,
}

/// A whole page: the frame around a room.
#[derive(Template)]
#[template(path = "frame.html")]
pub(crate) struct Page<C: Template> {
    pub(crate) frame: Frame,
    pub(crate) content: C,
}

/// The frame's own living parts, for the live stream.
#[derive(Template)]
#[template(path = "frame.html", block = "counts")]
pub(crate) struct CountsPart<'a> {
    pub(crate) frame: &'a Frame,
}

/// The reader's duty in the bar, for the live stream.
#[derive(Template)]
#[template(path = "frame.html", block = "mine")]
pub(crate) struct MinePart<'a> {
    pub(crate) frame: &'a Frame,
}

/// A page without the frame: sign-in.
#[derive(Template)]
#[template(path = "plain.html")]
pub(crate) struct Plain<C: Template> {
    pub(crate) title: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) content: C,
}
