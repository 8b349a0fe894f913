//! What is done with rooms and calls, beside sending a message.

/// One act on a room or a call; which ones a channel can do is told by its [`super::Capabilities`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Room {
    /// Makes a private room and returns its id as the reference; a room of this name that we made before is returned
    /// again.
    Open {
        /// A name as people would write it; the channel makes it fit the vendor's letters.
        name: String,
        topic: String,
    },
    /// Invites people by their ids there; who is in already is no error.
    Invite { room: String, people: Vec<String> },
    /// Removes people; who is not in is no error.
    Remove { room: String, people: Vec<String> },
    /// Replaces the text of a message that this channel posted.
    Edit { room: String, reference: String, subject: String, text: String },
    /// Keeps a message in sight; a message that is pinned already is no error.
    Pin { room: String, reference: String },
    /// Closes a room; nothing in it is deleted.
    Close { room: String },
    /// Makes a call and returns the link to join as the reference.
    Call {
        topic: String,
        /// Tells this call from others: the same key again is the same call.
        key: String,
    },
}
