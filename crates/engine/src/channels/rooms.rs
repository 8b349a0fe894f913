//! Where an incident's people talk: a private room or a call, whose members follow who is on the incident.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use watchfire_core::access::{Identity, Right};
use watchfire_core::channel::{ANNOUNCE, Capabilities, ChannelTrust, Kind as MessageKind, Message, Outcome, ROOMS, Room, Target};
use watchfire_core::id::IncidentId;
use watchfire_core::incident::Incident;
use watchfire_core::{chance, text};
use watchfire_store::channel::{self, Channel};
use watchfire_store::{chat, incident};

use super::breaker::Place;
use super::dispatch::{Dispatch, dispatch};
use crate::{Engine, Error};

/// An incident that was declared longer ago gets its room when somebody asks.
const RECENT: SignedDuration = SignedDuration::from_hours(1);

/// A room or call of an incident.
#[derive(Clone, Debug)]
pub struct IncidentRoom {
    pub channel: String,
    pub kind: String,
    /// The chat's own id of the room, or the address to join the call.
    pub room: String,
    /// The address by which people open it; `None` where the id is no address and the channel knows none.
    pub link: Option<String>,
    /// It is a call; otherwise a room to write in.
    pub is_call: bool,
    /// How many were invited by us.
    pub members: usize,
    pub opened_at: Timestamp,
}

/// A channel that can make a room or a call of an incident.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoomOffer {
    pub channel: String,
    pub is_call: bool,
}

impl Engine {
    /// Lists the rooms and calls of an incident.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn incident_rooms(&self, who: &Identity, id: &str) -> Result<Vec<IncidentRoom>, Error> {
        let incident = self.find(who, id).await?.id;
        let mut reader = self.store().read().await?;
        let channels = channel::list(&mut reader).await?;
        let rooms = chat::rooms_of(&mut reader, incident).await?;
        let with_channel = |room: chat::Room| {
            let channel = channels.iter().find(|channel| channel.id == room.channel)?;
            let known = self.0.channels.get(channel.kind.as_str());
            let own = || text::is_web_link(&room.room).then(|| room.room.clone());
            Some(IncidentRoom {
                link: known.and_then(|kind| kind.room_link(&room.room)).or_else(own),
                is_call: self.can(channel).call,
                channel: channel.name.clone(),
                kind: channel.kind.clone(),
                members: room.members.len(),
                room: room.room,
                opened_at: room.opened_at,
            })
        };
        Ok(rooms.into_iter().filter_map(with_channel).collect())
    }

    /// Returns the channels on which a room or call of this incident can be made and is not there yet; nothing for whoever
    /// may not work on it.
    ///
    /// # Errors
    /// Not found for this caller, or the store does not answer.
    pub async fn room_offers(&self, who: &Identity, id: &str) -> Result<Vec<RoomOffer>, Error> {
        let incident = match self.reach(who, Right::Act, id).await {
            Ok(incident) => incident,
            Err(Error::Denied(_)) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        if !incident.phase.is_open() {
            return Ok(Vec::new());
        }
        let mut reader = self.store().read().await?;
        let channels = channel::list(&mut reader).await?;
        let made = chat::rooms_of(&mut reader, incident.id).await?;
        let free = channels
            .iter()
            .filter(|channel| self.makes_room_of(channel, &incident) && !made.iter().any(|room| room.channel == channel.id));
        Ok(free.map(|channel| RoomOffer { channel: channel.name.clone(), is_call: self.can(channel).call }).collect())
    }

    /// Tells whether a channel may and can make a room of an incident.
    fn makes_room_of(&self, channel: &Channel, incident: &Incident) -> bool {
        channel.disabled_at.is_none()
            && makes_rooms(self.can(channel))
            && match channel.trust {
                ChannelTrust::Trusted => true,
                ChannelTrust::Suspect => !incident.is_shut(),
                ChannelTrust::Burned => false,
            }
    }

    /// Makes the incident's room or call on a channel, or returns the one that is there.
    ///
    /// # Errors
    /// Not found for this caller, the channel makes neither, is not trusted with this incident, or did not do it; or the
    /// store does not answer.
    pub async fn open_incident_room(&self, who: &Identity, id: &str, channel: &str) -> Result<IncidentRoom, Error> {
        let incident = self.reach(who, Right::Act, id).await?;
        let configured = self.opened_channel(channel).await?;
        let trusted = configured.trust == ChannelTrust::Trusted;
        if configured.disabled_at.is_some() || (!trusted && incident.is_shut()) {
            return Err(Error::invalid("channel", "it is disabled, or not trusted with a restricted incident"));
        }
        if configured.trust == ChannelTrust::Burned || !makes_rooms(self.can(&configured)) {
            return Err(Error::invalid("channel", "it makes neither rooms nor calls, or is burned"));
        }
        if let Err(reason) = self.open_room(&configured, &incident, who).await? {
            return Err(Error::invalid("channel", format!("{} did not do it: {reason}", configured.name)));
        }
        let rooms = self.incident_rooms(who, id).await?;
        rooms.into_iter().find(|room| room.channel == configured.name).ok_or(Error::NotFound("room"))
    }

    /// Makes the rooms that are missing, and invites and removes as people come and go.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn keep_rooms(&self) -> Result<(), Error> {
        let machine = Identity::machine("keep_rooms");
        let mut reader = self.store().read().await?;
        let channels = channel::list(&mut reader).await?;
        let usable = |channel: &&Channel| {
            channel.disabled_at.is_none() && channel.trust == ChannelTrust::Trusted && makes_rooms(self.can(channel))
        };
        let channels: Vec<&Channel> = channels.iter().filter(usable).collect();
        if channels.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let since = now.checked_sub(RECENT).unwrap_or(now);
        let mut missing: Vec<(&Channel, IncidentId)> = Vec::new();
        for channel in channels.iter().filter(|channel| channel.settings.get(ROOMS) == Some("declare")) {
            missing.extend(chat::roomless(&mut reader, channel.id, since).await?.into_iter().map(|id| (*channel, id)));
        }
        drop(reader);
        for (channel, id) in missing {
            let mut reader = self.store().read().await?;
            let found = incident::by_id(&mut reader, id).await?;
            drop(reader);
            if let Some(incident) = found {
                drop(self.open_room(channel, &incident, &machine).await?);
            }
        }
        let mut reader = self.store().read().await?;
        let rooms = chat::live_rooms(&mut reader).await?;
        drop(reader);
        for room in rooms {
            if let Some(channel) = channels.iter().find(|channel| channel.id == room.channel && self.can(channel).invite) {
                self.follow_members(channel, &room, &machine).await?;
            }
        }
        Ok(())
    }

    /// Makes a room; `Err` inside says why the channel did not.
    async fn open_room(&self, channel: &Channel, incident: &Incident, who: &Identity) -> Result<Result<(), String>, Error> {
        let mut reader = self.store().read().await?;
        let present = chat::room_of(&mut reader, incident.id, channel.id).await?;
        drop(reader);
        if present.is_some() {
            return Ok(Ok(()));
        }
        let name = format!("{} {}", incident.short_id, incident.codename);
        let act = if self.can(channel).call {
            // A second attempt looks first whether the first one arrived.
            Room::Call { topic: name.clone(), key: incident.id.to_string() }
        } else {
            Room::Open { name: name.clone(), topic: format!("{name}: {}/incidents/{}", self.base_url(), incident.short_id) }
        };
        let outcome = self.act_on_room(channel, &act, 2).await;
        let Outcome::Delivered { reference: Some(room), .. } = outcome else { return Ok(Err(outcome.reply().to_owned())) };
        let announced = self.announcement(channel, incident, &name);
        let happening = self.happening(who);
        let (incident, channel_id, channel_name) = (incident.id, channel.id, channel.name.clone());
        self.store()
            .write(move |tx| {
                let (happening, room, name, announced) =
                    (happening.clone(), room.clone(), channel_name.clone(), announced.clone());
                Box::pin(async move {
                    if chat::room_of(tx, incident, channel_id).await?.is_some() {
                        return Ok(());
                    }
                    chat::put_room(tx, incident, channel_id, &room).await?;
                    let mut draft = happening.draft("room.opened").with("channel", name).secretly("room", room);
                    draft.incident = Some(incident);
                    tx.record(draft);
                    match announced {
                        Some(message) => dispatch(tx, Some(incident), &message).await,
                        None => Ok(()),
                    }
                })
            })
            .await?;
        Ok(Ok(()))
    }

    /// What the department's room is told, once, of an incident that everybody may know of.
    fn announcement(&self, channel: &Channel, incident: &Incident, name: &str) -> Option<Dispatch> {
        let to = channel.settings.get(ANNOUNCE)?;
        if incident.is_shut() {
            return None;
        }
        let key = chance::id::<()>(self.0.chance.as_ref(), self.now()).to_string();
        let message = Message {
            kind: MessageKind::Notice,
            to: Some(to.to_owned()),
            subject: format!("{name} has its own room"),
            text: "Who is on it is invited. Everybody else finds it in the console.".to_owned(),
            severity: incident.severity,
            incident: None,
            link: Some(format!("{}/incidents/{}", self.base_url(), incident.short_id)),
            acknowledge: None,
            console: self.base_url().to_owned(),
            matter: key.clone(),
            key,
            thread: None,
        };
        Some(Dispatch::new(channel.id.to_string(), message))
    }

    /// Invites who has come and removes who has gone, of those whom we have invited.
    async fn follow_members(&self, channel: &Channel, room: &chat::Room, who: &Identity) -> Result<(), Error> {
        let mut reader = self.store().read().await?;
        let wanted: BTreeSet<String> = chat::readers(&mut reader, room.incident, channel.id).await?.into_iter().collect();
        drop(reader);
        let present: BTreeSet<String> = room.members.iter().cloned().collect();
        let come: Vec<String> = wanted.difference(&present).cloned().collect();
        let gone: Vec<String> = present.difference(&wanted).cloned().collect();
        let mut members = present;
        for (people, comes) in [(come, true), (gone, false)].into_iter().filter(|(people, _)| !people.is_empty()) {
            let act = if comes {
                Room::Invite { room: room.room.clone(), people: people.clone() }
            } else {
                Room::Remove { room: room.room.clone(), people: people.clone() }
            };
            let outcome = self.act_on_room(channel, &act, 1).await;
            let kind = if comes { "room.invited" } else { "room.removed" };
            if let Outcome::Delivered { .. } = outcome {
                for person in &people {
                    if comes {
                        members.insert(person.clone());
                    } else {
                        members.remove(person);
                    }
                }
                self.keep_members(channel, room.incident, &members, kind, &people, who).await?;
            } else {
                tracing::warn!(channel = %channel.name, outcome = outcome.as_str(), reply = outcome.reply(), "the members of a room could not be changed; it is tried again");
            }
        }
        Ok(())
    }

    async fn keep_members(
        &self,
        channel: &Channel,
        incident: IncidentId,
        members: &BTreeSet<String>,
        kind: &'static str,
        people: &[String],
        who: &Identity,
    ) -> Result<(), Error> {
        let members: Vec<String> = members.iter().cloned().collect();
        let mut draft = self.happening(who).draft(kind).with("channel", channel.name.as_str()).with("people", people.join(", "));
        draft.incident = Some(incident);
        let channel = channel.id;
        self.store()
            .write(move |tx| {
                let (members, draft) = (members.clone(), draft.clone());
                Box::pin(async move {
                    tx.record(draft);
                    chat::set_members(tx, incident, channel, &members).await
                })
            })
            .await?;
        Ok(())
    }

    /// Does something with a room, unless the channel rests.
    async fn act_on_room(&self, channel: &Channel, act: &Room, attempt: u32) -> Outcome {
        let Some(kind) = self.0.channels.get(channel.kind.as_str()) else {
            return Outcome::refused("this version knows no such channel");
        };
        if let Place::NotBefore(_) = self.0.breakers.enter(channel.id, self.now()) {
            return Outcome::retry("the channel rests after failures, or has no free place", None);
        }
        let target = Target { settings: &channel.settings, at: self.now(), attempt };
        let outcome = kind.room(target, act).await;
        let answered = matches!(outcome, Outcome::Delivered { .. } | Outcome::Refused { .. });
        self.0.breakers.left(channel.id, self.now(), answered);
        let about = kind.about();
        let secrets = about.fields.iter().filter(|field| field.secret).filter_map(|field| channel.settings.get(field.name));
        outcome.without(secrets)
    }

    fn can(&self, channel: &Channel) -> Capabilities {
        self.0.channels.get(channel.kind.as_str()).map_or(Capabilities::NONE, |kind| kind.about().capabilities)
    }
}

fn makes_rooms(can: Capabilities) -> bool {
    can.invite || can.call
}
