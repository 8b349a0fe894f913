//! Calling people from a chat, and who is on call.

use jiff::SignedDuration;
use watchfire_core::access::Identity;
use watchfire_core::channel::ChannelTrust;
use watchfire_core::incident::Incident;
use watchfire_core::oncall::Participant;
use watchfire_store::channel::Channel;

use super::acts::ELSEWHERE;
use crate::{Engine, Error, Lane};

/// Schedules in one answer.
const LANES: usize = 20;

impl Engine {
    /// Pages whoever is meant, under the asker's own rights, and says who was told; where the incident may not be named,
    /// neither is anybody who is on it.
    pub(super) async fn chat_page(
        &self,
        who: &Identity,
        channel: &Channel,
        incident: &Incident,
        may_be_named: bool,
        target: &str,
    ) -> Result<String, Error> {
        let target = self.chat_target(target)?;
        let why = format!("Asked for by {} in {}", who.actor.id(), channel.name);
        let page = self.send_page(who, &incident.id.to_string(), &target, &why).await?;
        let told: Vec<&str> = page.state.recipients.iter().map(|told| told.person.as_str()).collect();
        Ok(match told.as_slice() {
            _ if !may_be_named => "Paged. The console shows who answers.".to_owned(),
            // Quiet hours hold for all of them: the fallback follows.
            [] => "Nobody could be told yet; it goes on by itself, and the console shows how.".to_owned(),
            told => format!("Paged {}.", told.join(", ")),
        })
    }

    /// Tells who is on call now: on one schedule or those of a team, or on all.
    pub(super) async fn chat_on_call(&self, who: &Identity, channel: &Channel, of: Option<&str>) -> Result<String, Error> {
        // Whom to wake, and whom to impersonate, is worth something to whoever reads along.
        if channel.trust != ChannelTrust::Trusted {
            return Ok(ELSEWHERE.to_owned());
        }
        let now = self.now();
        let until = now.checked_add(SignedDuration::from_secs(1)).unwrap_or(now);
        let lanes = self.on_call_board(who, now, until).await?.lanes;
        let lines: Vec<String> = lanes.iter().filter(|lane| of.is_none_or(|of| is_of(lane, of))).take(LANES).map(line).collect();
        match of {
            Some(of) if lines.is_empty() && self.plans().teams.iter().any(|team| team.id == of) => {
                Ok(format!("No schedule names the team {of}."))
            }
            Some(_) if lines.is_empty() => Err(Error::invalid("oncall", "there is no such schedule or team")),
            _ if lines.is_empty() => Ok("There is no schedule yet.".to_owned()),
            _ => Ok(lines.join("\n")),
        }
    }

    /// Says what one word means: a schedule before a team, for one person is woken rather than all of them.
    fn chat_target(&self, word: &str) -> Result<String, Error> {
        let plans = self.plans();
        if word == "owners" || word.contains([' ', '@']) {
            Ok(word.to_owned())
        } else if plans.on_call.iter().any(|schedule| schedule.id == word) {
            Ok(format!("schedule {word}"))
        } else if plans.teams.iter().any(|team| team.id == word) {
            Ok(format!("team {word}"))
        } else {
            Err(Error::invalid("page", "name a login, owners, a schedule or a team"))
        }
    }
}

fn is_of(lane: &Lane, word: &str) -> bool {
    let named = |participant: &Participant| matches!(participant, Participant::Team(team) if team == word);
    lane.schedule.id == word || lane.schedule.layers.iter().any(|layer| layer.participants.iter().any(named))
}

fn line(lane: &Lane) -> String {
    let holders = lane.current.logins().join(", ");
    let holders = if holders.is_empty() { "nobody" } else { &holders };
    let until = lane.next.as_ref().map(|next| {
        let then = if next.to.is_empty() { "nobody".to_owned() } else { next.to.join(", ") };
        format!(" until {} UTC, then {then}", next.at.strftime("%a %-d %b %H:%M"))
    });
    format!("{}: {holders}{}", lane.schedule.title, until.unwrap_or_default())
}
