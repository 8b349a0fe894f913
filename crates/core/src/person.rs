//! People: who works with this installation.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::text;

/// Characters of a name.
pub const NAME_CHARS: usize = 120;
/// Characters of a login: the longest mail address.
pub const LOGIN_CHARS: usize = 254;
/// Tags of one kind.
pub const TAGS: usize = 50;
/// Characters of one tag.
pub const TAG_CHARS: usize = 40;
/// Addresses of one person.
pub const ADDRESSES: usize = 10;

/// Whether somebody may come in. Only the active have rights.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Has been asked in and has not come yet.
    Invited,
    Active,
    /// Has left, or was shut out.
    Disabled,
}

impl State {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Invited, Self::Active, Self::Disabled];

    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What somebody can do, knows and can get at: whoever puts a team together looks here.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tags {
    /// Crafts: `forensics`, `kubernetes`, `german`.
    pub skills: Vec<String>,
    /// Systems they know: `billing`, `identity-provider`.
    pub knowledge: Vec<String>,
    /// Systems they have access to: `aws-root`, `firewall`. A hint for people; it opens nothing here.
    pub access: Vec<String>,
}

impl Tags {
    /// Returns all tags with the word of their kind.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let kinds = [("skill", &self.skills), ("knowledge", &self.knowledge), ("access", &self.access)];
        kinds.into_iter().flat_map(|(kind, tags)| tags.iter().map(move |tag| (kind, tag.as_str())))
    }

    /// Tells whether a tag of any kind is the wanted one, without regard to case.
    pub fn holds(&self, wanted: &str) -> bool {
        self.all().any(|(_, tag)| tag.eq_ignore_ascii_case(wanted.trim()))
    }

    /// Returns them cleaned: one line each, lower case, without doubles, sorted, within the limits.
    #[must_use]
    pub fn cleaned(&self) -> Self {
        let clean = |tags: &[String]| {
            let mut tags: Vec<String> = tags
                .iter()
                .map(|tag| text::line(tag, TAG_CHARS).to_lowercase().replace(' ', "-"))
                .filter(|tag| !tag.is_empty())
                .collect();
            tags.sort();
            tags.dedup();
            tags.truncate(TAGS);
            tags
        };
        Self { skills: clean(&self.skills), knowledge: clean(&self.knowledge), access: clean(&self.access) }
    }
}

/// A mail address of a person, besides the login.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Address {
    pub address: String,
    /// When it was shown that the person reads it; `None` is not shown.
    pub verified_at: Option<Timestamp>,
}

/// Somebody with an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// The lower-cased mail address by which everything names them; it never changes.
    pub login: String,
    /// Their name for people; the login where none was given.
    pub name: String,
    pub role: Role,
    pub state: State,
    /// An IANA name: `Europe/Berlin`.
    pub time_zone: String,
    pub tags: Tags,
    pub addresses: Vec<Address>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    /// Counts changes from 1; the store refuses to save over a newer one.
    pub version: i64,
}

impl Person {
    /// Returns the role that counts: only the active have one.
    pub fn effective_role(&self) -> Option<Role> {
        (self.state == State::Active).then_some(self.role)
    }
}

/// A person's place in a team. Which teams there are is said by the plans.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Membership {
    pub team: String,
    pub login: String,
    /// Speaks for the team and says who is in it.
    pub lead: bool,
    pub since: Timestamp,
}

/// Reads a login as people type it; `None` if it is no mail address.
pub fn login(text: &str) -> Option<String> {
    let login = text.trim().to_lowercase();
    let (name, host) = login.rsplit_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.chars().any(|char| char.is_whitespace() || char.is_control());
    let clean = text::line(&login, LOGIN_CHARS) == login && !login.contains(['<', '>', '"', ',', ';', '\\', '/', '?', '#', '%']);
    (plain(name) && plain(host) && !host.contains('@') && !name.contains('@') && clean).then_some(login)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_a_lower_cased_mail_address_and_nothing_else() {
        assert_eq!(login(" Ada@Example.org "), Some("ada@example.org".to_owned()));
        assert_eq!(login("owner@localhost"), Some("owner@localhost".to_owned()));
        for wrong in ["", "ada", "@example.org", "ada@", "a da@example.org", "ada@ex@ample.org", "ada\u{202e}@example.org"] {
            assert_eq!(login(wrong), None, "{wrong:?}");
        }
        assert_eq!(login(&format!("{}@example.org", "a".repeat(LOGIN_CHARS))), None);
        assert_eq!(login("ada@example.org/../people"), None);
    }

    #[test]
    fn tags_are_cleaned_and_found_without_regard_to_case() {
        let tags = Tags { skills: vec!["Incident  Command".into(), "incident command".into(), " ".into()], ..Tags::default() };
        let tags = tags.cleaned();
        assert_eq!(tags.skills, ["incident-command"]);
        assert!(tags.holds("Incident-Command") && !tags.holds("forensics"));
    }
}
