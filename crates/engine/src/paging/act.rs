//! What people do with pages: acknowledge, by whatever way, and page somebody by hand.

use jiff::SignedDuration;
use watchfire_core::access::{Identity, Right};
use watchfire_core::escalation::{Directory, Event, Policy, Step, Stops, Target};
use watchfire_core::id::PageId;
use watchfire_core::incident::{Fact, Refusal, Role, Sensitivity};
use watchfire_core::token::{self, TokenKind};
use watchfire_core::{chance, limits, text};
use watchfire_store::paging::{self, Page};
use watchfire_store::{Error as StoreError, Tx, incident};

use super::drive::{Cause, With, begin, drive};
use super::follow::{follow, tell_all};
use super::notice::{PURPOSE, notify_after};
use super::read::PageView;
use super::tell::BY_HAND;
use crate::incidents::record;
use crate::{Engine, Error, words};

/// How long a page by hand waits for an answer before it goes to the owners.
const BY_HAND_WAIT: SignedDuration = SignedDuration::from_mins(10);
/// How often the owners are told then.
const BY_HAND_EVERY: SignedDuration = SignedDuration::from_mins(30);

/// What an acknowledgement link is for, as its page shows it before anything happens.
#[derive(Clone, Debug)]
pub struct LinkView {
    pub page: PageView,
    pub person: String,
}

impl Engine {
    /// Acknowledges a page, and the incident with it. Doing it twice is fine.
    ///
    /// # Errors
    /// Not found for this caller, the policy takes answers of those who were paged alone, or the store does not answer.
    pub async fn acknowledge_page(&self, who: &Identity, id: &str) -> Result<PageView, Error> {
        let page = self.find_page(who, id).await?;
        let by = who.actor.id().to_owned();
        let paged = page.state.recipient(&by).is_some();
        if !paged {
            self.reach(who, Right::Act, &page.incident.to_string()).await?;
            if page.policy.stops != Stops::Incident {
                return Err(Error::invalid("page", "only those whom it told can answer it"));
            }
        }
        self.answer(who, page.id, &by).await?;
        self.page_view(who, page.id).await
    }

    /// Shows what a link would acknowledge; changes nothing. `None` for anything that is not a valid link, whatever the
    /// reason.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn acknowledge_link(&self, secret: &str) -> Result<Option<LinkView>, Error> {
        let Some((who, page)) = self.link_holder(secret).await? else { return Ok(None) };
        match self.page_view(&who, page).await {
            Ok(page) => Ok(Some(LinkView { page, person: who.actor.id().to_owned() })),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Acknowledges by a link. `None` as for [`Engine::acknowledge_link`].
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn redeem_acknowledge_link(&self, secret: &str) -> Result<Option<LinkView>, Error> {
        let Some((who, page)) = self.link_holder(secret).await? else { return Ok(None) };
        match self.acknowledge_page(&who, &page.to_string()).await {
            Ok(page) => Ok(Some(LinkView { page, person: who.actor.id().to_owned() })),
            Err(Error::NotFound(_) | Error::Denied(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Acknowledges the pages of an incident that told a person, as a chat does by their account there. Returns how many
    /// it ended or answered.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn acknowledge_pages_of(&self, who: &Identity, incident: &str) -> Result<usize, Error> {
        let incident = self.find(who, incident).await?;
        let mut reader = self.store().read().await?;
        let pages = paging::of_incident(&mut reader, incident.id).await?;
        drop(reader);
        let by = who.actor.id();
        let mine = |page: &&Page| page.ended_at.is_none() && page.state.recipient(by).is_some();
        let mut answered = 0;
        for page in pages.iter().filter(mine) {
            self.answer(who, page.id, by).await?;
            answered += 1;
        }
        Ok(answered)
    }

    /// Pages somebody by hand about an incident: a person by login, `schedule NAME`, `team NAME`, `role NAME` or `owners`.
    ///
    /// # Errors
    /// Not found for this caller, not open, nobody stands behind the target, or the store does not answer.
    pub async fn send_page(&self, who: &Identity, incident: &str, target: &str, words: &str) -> Result<PageView, Error> {
        let incident = self.reach(who, Right::Act, incident).await?;
        if !incident.phase.is_open() {
            return Err(Refusal::NotOpen { phase: incident.phase }.into());
        }
        let target = parse_target(target)
            .ok_or_else(|| Error::invalid("to", "name owners, schedule NAME, team NAME, role NAME or a login"))?;
        let target = match target {
            Target::Person(login) => Target::Person(self.person_meant(who, "to", &login).await?),
            other => other,
        };
        let with = self.with(self.happening(who)).await?;
        let mut reader = self.store().read().await?;
        let nobody = with.view(&mut reader, &incident).await?.people(&target).is_empty();
        drop(reader);
        if nobody && incident.sensitivity == Sensitivity::Employee {
            return Err(Error::invalid(
                "to",
                "an incident about employees pages only those who are on it: let them see it first",
            ));
        }
        if nobody {
            return Err(Error::invalid("to", "nobody stands behind it now"));
        }
        let policy = Policy {
            name: "by hand".to_owned(),
            steps: vec![Step { targets: vec![target], wait: BY_HAND_WAIT }],
            repeat: 0,
            stops: Stops::Anyone,
            fallback: vec![Target::Owners],
            fallback_every: BY_HAND_EVERY,
        };
        let number = chance::id::<()>(self.0.chance.as_ref(), self.now());
        let (purpose, reason) = (format!("{BY_HAND}{number}"), words::prose("text", words, limits::TITLE_CHARS)?);
        let id = incident.id;
        let begun = self.store().write(move |tx| {
            let (with, policy, purpose, reason) = (with.clone(), policy.clone(), purpose.clone(), reason.clone());
            Box::pin(async move {
                let Some(incident) = incident::by_id(tx, id).await? else { return Ok(None) };
                let page = begin(tx, &incident, &policy, Cause { purpose, reason }, &with).await?;
                // A second team that is called makes an incident that somebody has to coordinate.
                follow(tx, Some(&incident), &incident, &with).await?;
                Ok(page)
            })
        });
        let page = begun.await?.ok_or(Error::NotFound("incident"))?;
        self.page_view(who, page.id).await
    }

    /// Takes a person who was disabled or has left out of open incidents and pages: the next in line is told at once.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn person_is_gone(&self, login: &str) -> Result<(), Error> {
        let with = self.with_machine("people").await?;
        let mut reader = self.store().read().await?;
        let incidents = paging::incidents_of(&mut reader, login).await?;
        let pages = paging::open_of_person(&mut reader, login).await?;
        drop(reader);
        for id in incidents {
            let (with, login) = (with.clone(), login.to_owned());
            self.store()
                .write(move |tx| {
                    let (with, login) = (with.clone(), login.clone());
                    Box::pin(async move { take_out(tx, id, &login, &with).await })
                })
                .await?;
        }
        for page in pages {
            let (with, login) = (with.clone(), login.to_owned());
            self.store()
                .write(move |tx| {
                    let (with, login) = (with.clone(), login.clone());
                    Box::pin(async move {
                        let Some(mut page) = paging::page(tx, page.id).await? else { return Ok(()) };
                        let Some(incident) = incident::by_id(tx, page.incident).await? else { return Ok(()) };
                        drive(tx, &mut page, &incident, &Event::Gone { person: login }, &with).await.map(drop)
                    })
                })
                .await?;
        }
        Ok(())
    }

    /// Takes everybody who is disabled and still on an open incident out of it.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn relieve(&self) -> Result<(), Error> {
        let mut reader = self.store().read().await?;
        let gone = paging::gone(&mut reader).await?;
        drop(reader);
        for login in gone {
            self.person_is_gone(&login).await?;
        }
        Ok(())
    }

    async fn link_holder(&self, secret: &str) -> Result<Option<(Identity, PageId)>, Error> {
        if !token::is_well_formed(TokenKind::Acknowledge, secret) {
            return Ok(None);
        }
        let mut reader = self.store().read().await?;
        let link = paging::link(&mut reader, token::hash(secret)).await?;
        drop(reader);
        let Some(link) = link.filter(|link| self.now() < link.expires_at) else { return Ok(None) };
        Ok(self.identity_of(&link.login).await?.map(|who| (who, link.page)))
    }

    async fn answer(&self, who: &Identity, page: PageId, by: &str) -> Result<(), Error> {
        let (with, by) = (self.with(self.happening(who)).await?, by.to_owned());
        self.store()
            .write(move |tx| {
                let (with, by) = (with.clone(), by.clone());
                Box::pin(async move { answer(tx, page, &by, &with).await })
            })
            .await?;
        Ok(())
    }
}

/// Answers a page, and takes the incident up with it.
async fn answer(tx: &mut Tx, id: PageId, by: &str, with: &With) -> Result<(), StoreError> {
    let Some(mut page) = paging::page(tx, id).await? else { return Ok(()) };
    let Some(mut incident) = incident::by_id(tx, page.incident).await? else { return Ok(()) };
    let answered = drive(tx, &mut page, &incident, &Event::Acknowledged { by: by.to_owned() }, with).await?;
    if answered.is_none() {
        return Ok(());
    }
    // Whoever had to be told does not take it up by saying that they were: those who respond are still asked.
    if !page.purpose.starts_with(PURPOSE) && incident.acknowledged_at.is_none() && incident.phase.is_open() {
        record(tx, &mut incident, &[Fact::Acknowledged { by: by.to_owned() }], &with.happening);
        incident::save(tx, &incident).await?;
        tell_all(tx, &incident, &Event::IncidentAcknowledged { by: by.to_owned() }, with).await?;
    }
    // The answer of one may end the page that was to tell another.
    notify_after(tx, &incident, with).await
}

async fn take_out(tx: &mut Tx, id: watchfire_core::id::IncidentId, login: &str, with: &With) -> Result<(), StoreError> {
    let Some(mut incident) = incident::by_id(tx, id).await? else { return Ok(()) };
    match with.staffing_without(tx, &incident).await?.without(&incident, login) {
        Ok(facts) if !facts.is_empty() => {
            record(tx, &mut incident, &facts, &with.happening);
            incident::save(tx, &incident).await
        }
        Ok(_) => Ok(()),
        Err(refusal) => {
            tracing::error!(incident.id = %incident.short_id, error = %refusal, "the commander left and nobody can take over");
            Ok(())
        }
    }
}

/// Reads a target as people type it.
pub(crate) fn parse_target(words: &str) -> Option<Target> {
    let words = text::line(words, limits::TITLE_CHARS);
    match words.split_once(' ').map(|(kind, name)| (kind, name.trim().to_owned())) {
        None if words == "owners" => Some(Target::Owners),
        None => (!words.is_empty()).then(|| Target::Person(watchfire_core::person::login(&words).unwrap_or(words))),
        Some(("schedule", name)) => Some(Target::Schedule(name)),
        Some(("team", name)) => Some(Target::Team(name)),
        Some(("role", name)) => Role::parse(&name).map(Target::Role),
        _ => None,
    }
}
