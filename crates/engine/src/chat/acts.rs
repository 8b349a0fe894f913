//! What a linked person may do from a chat: acts that can be undone, and no words about what may not be named there.

use watchfire_core::access::Identity;
use watchfire_core::channel::verb::{self, USAGE, Verb};
use watchfire_core::channel::{ChannelTrust, Heard, What};
use watchfire_core::incident::{Class, Command, Incident, Kind, Phase, Role};
use watchfire_store::channel::Channel;
use watchfire_store::chat;

use crate::{Declare, Engine, Error, IncidentFilter, PageRequest};

/// Incidents in one answer.
const LISTED: usize = 10;
/// All that is said of a restricted incident outside of its own channel.
pub(super) const ELSEWHERE: &str = "Open the console: this is not told here.";

impl Engine {
    /// Does what was asked and returns what to say.
    pub(super) async fn chat_act(&self, channel: &Channel, heard: &Heard) -> Result<String, Error> {
        let wish = match &heard.what {
            What::Probe => return Ok(String::new()),
            What::Command(words) => match verb::read(words) {
                Ok(wish) => wish,
                // Who is not linked learns nothing, not even the verbs.
                Err(usage) => return Ok(self.chat_who(channel, heard).await?.map_or_else(|| self.how_to_link(), |_| usage)),
            },
            What::Press { button, value } if button == "acknowledge" => {
                Verb::Acknowledge { incident: value.split(' ').nth(1).filter(|id| !id.is_empty()).map(str::to_owned) }
            }
            // Buttons that are links are reported too.
            What::Press { .. } => return Ok(String::new()),
        };
        if let Verb::Link { code } = &wish {
            let linked = self.chat_link(channel.id, &heard.member, code).await?;
            return Ok(match linked {
                Some(login) => format!("You are {login} from now on. help lists what you can do."),
                None => "The code is wrong, used or older than ten minutes. Make a new one in the console.".to_owned(),
            });
        }
        let Some(who) = self.chat_who(channel, heard).await? else { return Ok(self.how_to_link()) };
        match wish {
            Verb::Help | Verb::Link { .. } => Ok(help()),
            Verb::Declare { title, severity } => {
                let wish = Declare {
                    title,
                    class: Class::Other,
                    severity,
                    team: None,
                    visibility: None,
                    occurred_at: None,
                    text: None,
                    kind: Kind::Real,
                };
                let incident = self.declare(&who, wish).await?;
                let done = if incident.phase == Phase::Declared { "Declared" } else { "Reported" };
                Ok(self.named(channel, heard, &incident).await?.map_or_else(
                    || format!("{done}. {ELSEWHERE}"),
                    |name| format!("{done} as {name}. {}/incidents/{}", self.base_url(), incident.short_id),
                ))
            }
            Verb::Status { incident: None } if self.room_of(channel, heard).await?.is_none() => self.listed(&who).await,
            Verb::Status { incident } => {
                let found = self.meant(&who, channel, heard, incident.as_deref()).await?;
                Ok(self.named(channel, heard, &found).await?.map_or_else(|| ELSEWHERE.to_owned(), |_| status(&found)))
            }
            Verb::Acknowledge { incident } => {
                let found = self.meant(&who, channel, heard, incident.as_deref()).await?;
                let (id, by) = (found.id.to_string(), who.actor.id().to_owned());
                // Answering a page takes the incident up with it.
                if self.acknowledge_pages_of(&who, &id).await? == 0 {
                    self.command(&who, &id, Command::Acknowledge { by }).await?;
                }
                Ok("Acknowledged.".to_owned())
            }
            Verb::Note { incident, text } => {
                let found = self.meant(&who, channel, heard, incident.as_deref()).await?;
                self.note_at(&who, &found.id.to_string(), &text, None, None, None).await?;
                Ok("Noted.".to_owned())
            }
            Verb::Role { incident, role, login } => {
                let found = self.meant(&who, channel, heard, incident.as_deref()).await?;
                let role = Role::parse(&role).ok_or_else(|| Error::invalid("role", "there is no such role"))?;
                self.command(&who, &found.id.to_string(), Command::AssignRole { role, holder: login }).await?;
                Ok("Assigned.".to_owned())
            }
            Verb::Page { incident, target } => {
                let found = self.meant(&who, channel, heard, incident.as_deref()).await?;
                let may_be_named = self.named(channel, heard, &found).await?.is_some();
                self.chat_page(&who, channel, &found, may_be_named, &target).await
            }
            Verb::OnCall { of } => self.chat_on_call(&who, channel, of.as_deref()).await,
        }
    }

    /// Returns who the member is, with the rights that they have right now.
    async fn chat_who(&self, channel: &Channel, heard: &Heard) -> Result<Option<Identity>, Error> {
        let mut reader = self.store().read().await?;
        let login = chat::login_of(&mut reader, channel.id, &heard.member).await?;
        drop(reader);
        match login {
            Some(login) => self.identity_of(&login).await,
            None => Ok(None),
        }
    }

    /// Finds the incident that is meant: the one named, or the one whose channel this is.
    async fn meant(&self, who: &Identity, channel: &Channel, heard: &Heard, named: Option<&str>) -> Result<Incident, Error> {
        match named {
            Some(id) => self.find(who, id).await,
            None => match self.room_of(channel, heard).await? {
                Some(id) => self.find(who, &id.to_string()).await,
                None => Err(Error::invalid("incident", "name it, such as INC-7K3QX: this is no incident's own channel")),
            },
        }
    }

    async fn room_of(&self, channel: &Channel, heard: &Heard) -> Result<Option<watchfire_core::id::IncidentId>, Error> {
        let mut reader = self.store().read().await?;
        Ok(chat::incident_of(&mut reader, channel.id, &heard.room).await?)
    }

    /// Returns how an incident is named here; `None` where it may not be: one that is shut outside of its own channel, or
    /// on a channel that is not trusted.
    async fn named(&self, channel: &Channel, heard: &Heard, incident: &Incident) -> Result<Option<String>, Error> {
        let own = self.room_of(channel, heard).await? == Some(incident.id);
        let open = !incident.is_shut() || (own && channel.trust == ChannelTrust::Trusted);
        Ok(open.then(|| format!("{} {}", incident.short_id, incident.codename)))
    }

    /// Lists open incidents that anybody may know of.
    async fn listed(&self, who: &Identity) -> Result<String, Error> {
        let phases = Phase::ALL.into_iter().filter(|phase| phase.is_open()).collect();
        let filter = IncidentFilter { phases, ..IncidentFilter::default() };
        let page = self.incidents(who, filter, PageRequest { cursor: None, limit: 100 }).await?;
        let open = page.items.iter().filter(|row| !row.incident.is_shut());
        let lines: Vec<String> = open.take(LISTED).map(|row| status(&row.incident)).collect();
        // The same words whether or not there are others: their number would tell of them.
        Ok(if lines.is_empty() { "Nothing open that may be named here.".to_owned() } else { lines.join("\n") })
    }

    fn how_to_link(&self) -> String {
        format!("Your account here is not linked. Open {}/chat, make a code, and send: link CODE", self.base_url())
    }
}

fn help() -> String {
    USAGE.iter().map(|(form, what)| format!("{form}: {what}")).collect::<Vec<_>>().join("\n")
}

fn status(incident: &Incident) -> String {
    let severity = incident.severity.map_or("severity unknown", watchfire_core::Severity::label);
    format!("{} {} ({severity}, {}): {}", incident.short_id, incident.codename, incident.phase.as_str(), incident.title)
}
