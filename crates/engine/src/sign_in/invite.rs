//! Asking people in.

use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Right, Role};
use watchfire_core::id::Id;
use watchfire_core::person::{State, Tags};
use watchfire_core::record::Draft;
use watchfire_core::{chance, text};
use watchfire_store::person as people;
use watchfire_store::sign_in::invitation::{self, Invitation, Kind};
use watchfire_store::{Error as StoreError, Tx};

use super::letter::Desk;
use crate::channels::{Dispatch, dispatch};
use crate::people::{self as changes, NewPerson};
use crate::{Engine, Error};

/// How long an invitation may be taken up.
const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Teams of one invitation.
const TEAMS: usize = 50;

/// Somebody to be asked in.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub login: String,
    /// Empty lets them say it themselves.
    pub name: String,
    pub role: Role,
    pub teams: Vec<String>,
}

/// A link just made: the only time that its address is shown.
#[derive(Clone)]
pub struct NewLink {
    pub url: String,
    pub invitation: Invitation,
    /// The channel by which it was mailed too; `None` where it has to be handed over.
    pub mailed_through: Option<String>,
}

/// An invitation and how it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvitationRow {
    pub invitation: Invitation,
    /// `open`, `used`, `revoked` or `expired`.
    pub state: &'static str,
}

impl Engine {
    /// Asks somebody in: makes them an invited person and returns the link to send them, which is mailed besides where a
    /// channel writes to mail addresses. Managers may, up to their own role.
    ///
    /// # Errors
    /// Not allowed, the proof is not fresh, a field does not fit, somebody with the login is here already, or the store does
    /// not answer.
    pub async fn invite(&self, who: &Identity, wanted: NewInvitation) -> Result<NewLink, Error> {
        who.may(Right::Configure)?;
        self.proved(who)?;
        if wanted.role > who.role {
            return Err(Error::invalid("role", "nobody asks somebody in with more rights than their own"));
        }
        let plans = self.0.plans.load();
        if let Some(unknown) = wanted.teams.iter().find(|team| !plans.teams.iter().any(|known| known.id == **team)) {
            return Err(Error::invalid("teams", format!("there is no team {unknown:?}; the plans say which there are")));
        }
        if wanted.teams.len() > TEAMS {
            return Err(Error::invalid("teams", format!("at most {TEAMS}")));
        }
        drop(plans);
        let now = self.now();
        let new = NewPerson {
            login: wanted.login,
            name: wanted.name,
            role: wanted.role,
            state: State::Invited,
            time_zone: String::new(),
            tags: Tags::default(),
        };
        let person = changes::fresh(new, now)?;
        let (secret, hash) = self.draw_link();
        let link = Invitation {
            id: chance::id(self.0.chance.as_ref(), now),
            kind: Kind::Invitation,
            login: person.login.clone(),
            role: person.role,
            teams: wanted.teams,
            made_by: who.actor.id().to_owned(),
            created_at: now,
            expires_at: now.checked_add(LIFE).unwrap_or(now),
            used_at: None,
            revoked_at: None,
        };
        let url = format!("{}/welcome/{secret}", self.base_url());
        let (happening, kept, post) = (self.happening(who), link.clone(), self.post(&url));
        let invited = self.store().write(move |tx| {
            let (happening, person, link, post) = (happening.clone(), person.clone(), kept.clone(), post.clone());
            Box::pin(async move {
                if !changes::insert(tx, &person, &happening).await? {
                    return Ok(None);
                }
                invitation::insert(tx, &link, hash).await?;
                let draft =
                    happening.draft("person.invited").with("person", person.login.as_str()).with("role", link.role.as_str());
                let mailed = post.send(tx, &link).await?;
                tx.record(noted(draft.with("teams", link.teams.join(" ")), mailed.as_deref()));
                Ok(Some(mailed))
            })
        });
        match invited.await? {
            Some(mailed_through) => Ok(NewLink { url, invitation: link, mailed_through }),
            None => {
                Err(Error::invalid("login", "somebody has this login already; if they were asked in, renew their invitation"))
            }
        }
    }

    /// Lists invitations, newest first.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn invitations(&self, who: &Identity) -> Result<Vec<InvitationRow>, Error> {
        who.may(Right::Configure)?;
        let (mut reader, now) = (self.store().read().await?, self.now());
        let rows = invitation::list(&mut reader, Kind::Invitation).await?;
        Ok(rows.into_iter().map(|invitation| InvitationRow { state: state(&invitation, now), invitation }).collect())
    }

    /// Gives an invitation that was not taken up a new link and a new week; the link before is worth nothing from then on.
    /// The new one is mailed as the first was.
    ///
    /// # Errors
    /// Not found or not open (a new one has to be made), not allowed, the proof is not fresh, or the store does not answer.
    pub async fn renew_invitation(&self, who: &Identity, id: Id<Invitation>) -> Result<NewLink, Error> {
        who.may(Right::Configure)?;
        self.proved(who)?;
        let (secret, hash) = self.draw_link();
        let url = format!("{}/welcome/{secret}", self.base_url());
        let (happening, role, post) = (self.happening(who), who.role, self.post(&url));
        let expires_at = happening.now.checked_add(LIFE).unwrap_or(happening.now);
        let renewed = self.store().write(move |tx| {
            let (happening, post) = (happening.clone(), post.clone());
            Box::pin(async move {
                let Some(mut link) = invitation::get(tx, id).await? else { return Ok(None) };
                if link.kind != Kind::Invitation || link.role > role || !invitation::renew(tx, id, hash, expires_at).await? {
                    return Ok(None);
                }
                link.expires_at = expires_at;
                let mailed = post.send(tx, &link).await?;
                let draft = happening.draft("person.invited").with("person", link.login.as_str()).with("again", true);
                tx.record(noted(draft, mailed.as_deref()));
                Ok(Some((link, mailed)))
            })
        });
        let (invitation, mailed_through) = renewed.await?.ok_or(Error::NotFound("invitation"))?;
        Ok(NewLink { url, invitation, mailed_through })
    }

    /// Takes an invitation back; whoever was asked in is disabled, and can be asked in no more until an owner says so.
    ///
    /// # Errors
    /// Not found or not open, not allowed, or the store does not answer.
    pub async fn revoke_invitation(&self, who: &Identity, id: Id<Invitation>) -> Result<(), Error> {
        who.may(Right::Configure)?;
        let (happening, role) = (self.happening(who), who.role);
        let revoked = self.store().write(move |tx| {
            let happening = happening.clone();
            Box::pin(async move {
                let Some(link) = invitation::get(tx, id).await? else { return Ok(false) };
                if link.kind != Kind::Invitation || link.role > role || !invitation::revoke(tx, id).await? {
                    return Ok(false);
                }
                if let Some(mut person) = people::by_login(tx, &link.login).await?.filter(|person| person.state == State::Invited)
                {
                    person.state = State::Disabled;
                    person.changed_at = happening.now;
                    people::save(tx, &person).await?;
                }
                tx.record(happening.draft("person.invitation_revoked").with("person", link.login));
                Ok(true)
            })
        });
        if revoked.await? { Ok(()) } else { Err(Error::NotFound("invitation")) }
    }
}

/// The letter of one invitation.
#[derive(Clone)]
struct Post {
    desk: Desk,
    url: String,
    key: String,
}

impl Engine {
    fn post(&self, url: &str) -> Post {
        Post { desk: self.desk(), url: url.to_owned(), key: text::hex(&chance::bytes::<16>(self.0.chance.as_ref())) }
    }
}

impl Post {
    /// Puts the letter into the outbox, where a channel mails people. Returns the channel's name.
    async fn send(&self, tx: &mut Tx, link: &Invitation) -> Result<Option<String>, StoreError> {
        let Some(channel) = self.desk.mail_channel(tx).await? else { return Ok(None) };
        let until = link.expires_at.strftime("%-d %B %Y, %H:%M UTC");
        let text = format!(
            "{} asks you into Watchfire, where incidents are worked on.\n\
             Open the link to choose how you sign in. It works once, until {until}.\n\
             You did not expect this? Then do nothing, and tell {}.",
            link.made_by, link.made_by
        );
        let message = self.desk.letter(&link.login, "You are asked into Watchfire".to_owned(), text, &self.url, self.key.clone());
        dispatch(tx, None, &Dispatch::new(channel.id.to_string(), message)).await?;
        Ok(Some(channel.name))
    }
}

fn noted(draft: Draft, mailed: Option<&str>) -> Draft {
    match mailed {
        Some(channel) => draft.with("mailed_through", channel),
        None => draft,
    }
}

fn state(invitation: &Invitation, now: Timestamp) -> &'static str {
    match (invitation.used_at, invitation.revoked_at) {
        (Some(_), _) => "used",
        (None, Some(_)) => "revoked",
        (None, None) if invitation.is_open(now) => "open",
        (None, None) => "expired",
    }
}
