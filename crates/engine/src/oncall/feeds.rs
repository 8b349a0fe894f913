//! Calendar feeds: an address that a calendar program reads without signing in.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use watchfire_core::access::{Identity, Right};
use watchfire_core::chance;
use watchfire_core::oncall::calendar::{self, Event};
use watchfire_core::oncall::{Reason, Schedule, Shift};
use watchfire_core::token::{self, TokenKind};
use watchfire_core::{person, text};
use watchfire_store::oncall::feed::{self, Feed};

use super::people::may_look;
use crate::{Engine, Error};

/// Days before and after now that a feed holds.
const PAST_DAYS: i64 = 30;
const AHEAD_DAYS: i64 = 180;
/// Shifts of one feed at most, the earliest first.
const EVENTS: usize = 3_000;
/// How often the last reading is written.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// What a feed shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FeedOf {
    /// Everybody's shifts of one schedule.
    Schedule(String),
    /// One person's shifts of all schedules.
    Person(String),
}

/// A feed just made: the only time that its address is shown.
#[derive(Clone, Debug)]
pub struct NewFeed {
    pub feed: Feed,
    /// The address, from the scheme on.
    pub address: String,
}

/// A calendar as it is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    /// RFC 5545.
    pub text: String,
}

impl Engine {
    /// Makes the address of a feed. It is read by its maker's right: when the maker is disabled it ends.
    ///
    /// # Errors
    /// The asker is no person, there is no such schedule, the person is somebody else and the asker no manager, or the store
    /// does not answer.
    pub async fn add_feed(&self, who: &Identity, of: FeedOf) -> Result<NewFeed, Error> {
        may_look(who)?;
        who.carries(Right::Act)?;
        let me = who.login().ok_or_else(|| Error::invalid("feed", "only a person can make a feed: it is read by their right"))?;
        let happening = self.happening(who);
        let mut row = Feed {
            id: chance::id::<()>(self.0.chance.as_ref(), happening.now).to_string(),
            schedule: None,
            login: None,
            made_by: me.to_owned(),
            made_at: happening.now,
            read_at: None,
        };
        match of {
            FeedOf::Schedule(id) => {
                if !self.0.plans.load().on_call.iter().any(|schedule| schedule.id == id) {
                    return Err(Error::NotFound("schedule"));
                }
                row.schedule = Some(id);
            }
            FeedOf::Person(login) => {
                let login = person::login(&login).ok_or(Error::NotFound("person"))?;
                if login != me {
                    who.may(Right::Configure)?;
                    let mut reader = self.store().read().await?;
                    Self::active_person(&mut reader, "login", &login).await?;
                }
                row.login = Some(login);
            }
        }
        let secret = token::write(TokenKind::Feed, chance::bytes(self.0.chance.as_ref()));
        let (hash, put) = (token::hash(&secret), row.clone());
        self.store()
            .write(move |tx| {
                let (happening, put) = (happening.clone(), put.clone());
                Box::pin(async move {
                    tx.record(
                        happening
                            .draft("on_call.feed_made")
                            .with("feed", put.id.as_str())
                            .with("schedule", put.schedule.clone())
                            .with("login", put.login.clone()),
                    );
                    feed::insert(tx, &put, hash).await
                })
            })
            .await?;
        Ok(NewFeed { feed: row, address: format!("{}/calendars/{secret}", self.base_url()) })
    }

    /// Lists feeds, the newest first: managers see all, others their own.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn feeds(&self, who: &Identity) -> Result<Vec<Feed>, Error> {
        may_look(who)?;
        let mut reader = self.store().read().await?;
        let mut feeds = feed::list(&mut reader).await?;
        if who.may(Right::Configure).is_err() {
            feeds.retain(|feed| who.login() == Some(feed.made_by.as_str()));
        }
        Ok(feeds)
    }

    /// Revokes a feed, at once.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn revoke_feed(&self, who: &Identity, id: &str) -> Result<(), Error> {
        who.carries(Right::Act)?;
        if !self.feeds(who).await?.iter().any(|feed| feed.id == id) {
            return Err(Error::NotFound("feed"));
        }
        let (happening, id) = (self.happening(who), id.to_owned());
        let revoked = self.store().write(move |tx| {
            let (happening, id) = (happening.clone(), id.clone());
            Box::pin(async move {
                let revoked = feed::revoke(tx, &id, happening.now).await?;
                if revoked {
                    tx.record(happening.draft("on_call.feed_revoked").with("feed", id));
                }
                Ok(revoked)
            })
        });
        if revoked.await? { Ok(()) } else { Err(Error::NotFound("feed")) }
    }

    /// Returns the calendar at an address by its secret part; `None` for anything that is none, whatever the reason.
    ///
    /// It holds the names of schedules and logins alone: no incident, alert, reason or note.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn calendar(&self, secret: &str) -> Result<Option<Calendar>, Error> {
        if !token::is_well_formed(TokenKind::Feed, secret) {
            return Ok(None);
        }
        let now = self.now();
        let mut reader = self.store().read().await?;
        let Some(feed) = feed::by_hash(&mut reader, token::hash(secret)).await? else { return Ok(None) };
        drop(reader);
        let maker = self.identity_of(&feed.made_by).await?;
        if maker.is_none_or(|maker| may_look(&maker).is_err()) {
            return Ok(None);
        }
        let day = |days| SignedDuration::from_hours(24 * days);
        let (from, until) =
            (now.saturating_sub(day(PAST_DAYS)).unwrap_or(now), now.saturating_add(day(AHEAD_DAYS)).unwrap_or(now));
        let mut reader = self.store().read().await?;
        let schedules = self.schedules(&mut reader, from, until).await?;
        drop(reader);
        if feed.read_at.is_none_or(|read| now.duration_since(read) >= TOUCH_EVERY) {
            let id = feed.id.clone();
            self.store()
                .write(move |tx| {
                    let id = id.clone();
                    Box::pin(async move { feed::touch(tx, &id, now).await })
                })
                .await?;
        }
        Ok(Some(Calendar { text: write(&feed, &schedules, from, until, now) }))
    }
}

fn write(feed: &Feed, schedules: &[Schedule], from: Timestamp, until: Timestamp, now: Timestamp) -> String {
    let shown = schedules.iter().filter(|schedule| feed.schedule.as_ref().is_none_or(|id| *id == schedule.id));
    let mut events: Vec<Event> = Vec::new();
    for schedule in shown {
        for mut shift in schedule.shifts(from, until) {
            // Whole at the edges too, so that a shift has the same beginning, and with it the same name, at each reading.
            if shift.from == from || shift.until == until {
                shift = schedule.shift_at(shift.from);
            }
            events.extend(
                shift.holders.iter().filter(|holder| feed.login.as_ref().is_none_or(|login| *login == holder.login)).map(
                    |holder| {
                        let summary = match feed.login {
                            Some(_) => schedule.title.clone(),
                            None => format!("{}: {}", schedule.title, holder.login),
                        };
                        let note = match &holder.reason {
                            Reason::Layer { .. } => String::new(),
                            Reason::Override { is_swap, instead_of, .. } => said(*is_swap, instead_of),
                        };
                        Event {
                            uid: uid(schedule, &shift, &holder.login),
                            from: shift.from,
                            until: shift.until,
                            summary,
                            description: note,
                        }
                    },
                ),
            );
        }
    }
    events.sort_by(|a, b| (a.from, &a.uid).cmp(&(b.from, &b.uid)));
    events.truncate(EVENTS);
    let of = schedules.iter().find(|schedule| feed.schedule.as_ref() == Some(&schedule.id));
    let name = of.map_or_else(|| feed.login.clone().unwrap_or_default(), |schedule| schedule.title.clone());
    calendar::write(&format!("On call: {name}"), &events, now)
}

fn said(is_swap: bool, instead_of: &[String]) -> String {
    let what = if is_swap { "Swap" } else { "Override" };
    if instead_of.is_empty() { what.to_owned() } else { format!("{what}, for {}", instead_of.join(", ")) }
}

/// Names a shift the same each time: by schedule, person and beginning.
fn uid(schedule: &Schedule, shift: &Shift, login: &str) -> String {
    let mut hash = Sha256::new();
    for part in [schedule.id.as_str(), login, &shift.from.as_second().to_string()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let hex: String = text::hex(&hash.finalize()).chars().take(32).collect();
    format!("{hex}@watchfire")
}
