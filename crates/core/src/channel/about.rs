//! What pages, forms, the reference and the command line know of a kind of channel.

/// Describes a kind of channel.
#[derive(Debug)]
pub struct About {
    /// The word in addresses and commands: `smtp`.
    pub kind: &'static str,
    /// The name for people: `E-mail (SMTP)`.
    pub title: &'static str,
    /// One sentence on who is reached, and where.
    pub summary: &'static str,
    /// The settings, in the order in which a form asks for them.
    pub fields: &'static [Field],
    pub capabilities: Capabilities,
    /// The steps of setting it up at the vendor's, in Markdown.
    pub setup: &'static str,
    /// The vendor's public documentation of what is sent.
    pub reference: &'static str,
}

impl About {
    /// Returns a field by name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// The setting of kinds that make rooms or calls: `declare` makes one for every incident that everybody may know of when
/// it is declared, `ask` when somebody asks.
pub const ROOMS: &str = "rooms";
/// The setting that names the room which is told once of each incident's own, unless that is restricted.
pub const ANNOUNCE: &str = "announce";

/// One setting of a channel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field {
    /// Lower-case with underscores: `routing_key`.
    pub name: &'static str,
    /// The label of the form.
    pub title: &'static str,
    /// What it is and where to find it.
    pub help: &'static str,
    /// It is kept sealed and never shown again.
    pub secret: bool,
    pub required: bool,
    /// What holds if it is left out; empty if nothing does.
    pub default: &'static str,
}

/// What a channel can do.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Capabilities {
    /// Reaches one person by the address in [`super::Message::to`], or whoever the other side calls: may carry pages.
    pub page: bool,
    /// Writes to any mail address, also of people who have no account yet.
    pub mail: bool,
    /// Posts into a room that several people read.
    pub post: bool,
    /// Changes what it has posted ([`super::Room::Edit`], [`super::Room::Pin`]).
    pub edit: bool,
    /// Makes rooms, and invites and removes people.
    pub invite: bool,
    /// Makes calls that people join by a link ([`super::Room::Call`]).
    pub call: bool,
    /// Takes an acknowledgement or a resolve that ends what a page began.
    pub resolve: bool,
    /// Repeating a message is harmless: the other side knows its key, or is asked first whether it is there.
    pub repeat: bool,
}

impl Capabilities {
    /// Nothing; for naming what there is.
    pub const NONE: Self =
        Self { page: false, mail: false, post: false, edit: false, invite: false, call: false, resolve: false, repeat: false };

    /// Returns the words of what there is, in the order of the fields.
    pub fn words(self) -> Vec<&'static str> {
        let all = [
            (self.page, "page"),
            (self.mail, "mail"),
            (self.post, "post"),
            (self.edit, "edit"),
            (self.invite, "invite"),
            (self.call, "call"),
            (self.resolve, "resolve"),
            (self.repeat, "repeat"),
        ];
        all.into_iter().filter_map(|(can, word)| can.then_some(word)).collect()
    }
}
