//! What is sent.

use serde::{Deserialize, Serialize};

use crate::Severity;

/// One message to one recipient through one channel.
///
/// `subject` and `text` are plain text, hostile where alerts speak in them; each channel escapes them for its own
/// markup. Links stand in their own fields and nowhere else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Message {
    pub kind: Kind,
    /// The recipient's address on this channel: a mail address, a member's or room's id there. `None` where the channel
    /// reaches one place anyway.
    pub to: Option<String>,
    /// One line.
    pub subject: String,
    /// A few lines.
    pub text: String,
    pub severity: Option<Severity>,
    /// The incident it is about.
    pub incident: Option<Named>,
    /// Where it is read in full: an address of this console.
    pub link: Option<String>,
    /// Where the recipient acknowledges, for pages: an address of this console that asks before it acts.
    pub acknowledge: Option<String>,
    /// The console's own address without a path: all that a channel that is not trusted is told about a restricted
    /// incident.
    pub console: String,
    /// Tells this message from all others: the same key again is the same message. Random.
    pub key: String,
    /// What the messages about one matter share, so that an `acknowledge` or `resolve` finds its page (PagerDuty's
    /// dedup key). Random, such as the page's id; never a short id.
    pub matter: String,
    /// The reference of an earlier message that this one belongs under, as [`super::Outcome::Delivered`] gave it.
    pub thread: Option<String>,
}

/// What a message asks of its recipient.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody has to act now and to say so.
    Page,
    /// Somebody has acknowledged the page.
    Acknowledge,
    /// For information.
    Notice,
    /// What the page was about is over.
    Resolve,
}

impl Kind {
    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Acknowledge => "acknowledge",
            Self::Notice => "notice",
            Self::Resolve => "resolve",
        }
    }
}

/// How an incident is named to people outside the console.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Named {
    /// `INC-7K3QX`.
    pub short_id: String,
    pub codename: String,
    /// Nobody may learn of it who is not on it: `subject` and `text` hold the codename at most, never the title.
    pub restricted: bool,
}
