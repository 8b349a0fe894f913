//! Setting channels up: who may, what is checked, what is recorded.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use watchfire_core::access::{Identity, Right};
use watchfire_core::channel::{About, ChannelTrust, Kind, Message, Outcome, Settings, Target};
use watchfire_core::record::Draft;
use watchfire_core::{chance, limits, text};
use watchfire_store::channel::{self, Channel};

use super::ChannelView;
use super::deliver::send_once;
use crate::{Engine, Error, words};

impl Engine {
    /// Returns the kinds of channels in alphabetical order.
    pub fn channel_kinds(&self) -> Vec<&'static About> {
        self.0.channels.values().map(|channel| channel.about()).collect()
    }

    /// Lists all channels by name.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn channels(&self, who: &Identity) -> Result<Vec<ChannelView>, Error> {
        who.may(Right::Act)?;
        let mut reader = self.store().read().await?;
        let channels = channel::list(&mut reader).await?;
        Ok(channels.into_iter().map(|channel| self.channel_view(channel)).collect())
    }

    /// Shows a channel by id or name.
    ///
    /// # Errors
    /// Not found, the role does not reach, or the store does not answer.
    pub async fn channel(&self, who: &Identity, id: &str) -> Result<ChannelView, Error> {
        who.may(Right::Act)?;
        Ok(self.channel_view(self.opened_channel(id).await?))
    }

    /// Adds a channel; nothing is sent.
    ///
    /// # Errors
    /// The kind is unknown, the name is empty or taken, a setting cannot be used, or the store does not answer.
    pub async fn add_channel(
        &self,
        who: &Identity,
        kind: &str,
        name: &str,
        settings: BTreeMap<String, String>,
    ) -> Result<ChannelView, Error> {
        who.may(Right::Configure)?;
        let about = self.channel_about(kind)?;
        let name = words::line("name", name, 80)?;
        if name.is_empty() {
            return Err(Error::invalid("name", "give the channel a name"));
        }
        let settings: Settings = settings.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        self.check_channel(about.kind, &settings)?;
        let now = self.now();
        let row = Channel {
            id: chance::id(self.0.chance.as_ref(), now),
            kind: about.kind.to_owned(),
            name,
            trust: ChannelTrust::Trusted,
            trust_reason: String::new(),
            settings,
            created_at: now,
            changed_at: now,
            disabled_at: None,
        };
        let draft = self.happening(who).draft("channel.added").with("kind", row.kind.as_str());
        self.keep_channel(row, draft, true).await
    }

    /// Changes settings. One that is no secret and left out is no longer set; a secret that is left out stays as it is,
    /// and one that is empty is forgotten.
    ///
    /// # Errors
    /// As [`Engine::add_channel`], and not found.
    pub async fn set_channel(&self, who: &Identity, id: &str, given: BTreeMap<String, String>) -> Result<ChannelView, Error> {
        who.may(Right::Configure)?;
        let mut row = self.opened_channel(id).await?;
        let about = self.channel_about(&row.kind)?;
        let mut settings = Settings::default();
        for field in about.fields.iter().filter(|field| field.secret && !given.contains_key(field.name)) {
            if let Some(present) = row.settings.get(field.name) {
                settings.set(field.name, present);
            }
        }
        for (name, value) in given.into_iter().filter(|(_, value)| !value.is_empty()) {
            settings.set(name, value);
        }
        self.check_channel(about.kind, &settings)?;
        let changed: Vec<_> =
            about.fields.iter().map(|field| field.name).filter(|name| settings.get(name) != row.settings.get(name)).collect();
        row.settings = settings;
        let draft = self.happening(who).draft("channel.changed").with("settings", changed.join(", "));
        self.keep_channel(row, draft, false).await
    }

    /// Puts a new secret in place of the present one. Where the kind can use both for a while, the present one stays
    /// beside it until the next change.
    ///
    /// # Errors
    /// As [`Engine::set_channel`]; the setting is no secret of the kind.
    pub async fn rotate_channel(&self, who: &Identity, id: &str, setting: &str, value: &str) -> Result<ChannelView, Error> {
        who.may(Right::Configure)?;
        let mut row = self.opened_channel(id).await?;
        let about = self.channel_about(&row.kind)?;
        let Some(field) = about.field(setting).filter(|field| field.secret) else {
            let secrets: Vec<_> = about.fields.iter().filter(|field| field.secret).map(|field| field.name).collect();
            return Err(Error::invalid("setting", format!("the secrets of {} are {}", about.kind, secrets.join(", "))));
        };
        let before = format!("old_{}", field.name);
        if about.field(&before).is_some()
            && let Some(present) = row.settings.get(field.name).map(str::to_owned)
        {
            row.settings.set(before, present);
        }
        row.settings.set(field.name, value);
        self.check_channel(about.kind, &row.settings)?;
        let draft = self.happening(who).draft("channel.rotated").with("setting", field.name);
        self.keep_channel(row, draft, false).await
    }

    /// Stops a channel: what would go through it takes another way.
    ///
    /// # Errors
    /// As [`Engine::channel`].
    pub async fn disable_channel(&self, who: &Identity, id: &str) -> Result<ChannelView, Error> {
        who.may(Right::Configure)?;
        let mut row = self.opened_channel(id).await?;
        row.disabled_at = Some(self.now());
        let draft = self.happening(who).draft("channel.disabled");
        self.keep_channel(row, draft, false).await
    }

    /// Lets a stopped channel carry messages again.
    ///
    /// # Errors
    /// As [`Engine::channel`].
    pub async fn enable_channel(&self, who: &Identity, id: &str) -> Result<ChannelView, Error> {
        who.may(Right::Configure)?;
        let mut row = self.opened_channel(id).await?;
        row.disabled_at = None;
        let draft = self.happening(who).draft("channel.enabled");
        self.keep_channel(row, draft, false).await
    }

    /// Says how much a channel is trusted, and why. Everybody who works on incidents may trust one less; trusting one more
    /// takes who may configure.
    ///
    /// # Errors
    /// There is no reason, the role does not reach, not found, or the store does not answer.
    pub async fn trust_channel(&self, who: &Identity, id: &str, trust: ChannelTrust, reason: &str) -> Result<ChannelView, Error> {
        who.may(Right::Act)?;
        let mut row = self.opened_channel(id).await?;
        if trust < row.trust {
            who.may(Right::Configure)?;
        }
        let reason = words::prose("reason", reason, limits::TITLE_CHARS)?;
        if reason.is_empty() {
            return Err(Error::invalid("reason", "say why, so that others can judge it later"));
        }
        let draft = self
            .happening(who)
            .draft("channel.trust_changed")
            .with("from", row.trust.as_str())
            .with("to", trust.as_str())
            .secretly("reason", reason.as_str());
        row.trust = trust;
        row.trust_reason = if trust == ChannelTrust::Trusted { String::new() } else { reason };
        self.keep_channel(row, draft, false).await
    }

    /// Sends a test message now and tells what came of it; `to` is needed where the channel reaches more than one place.
    ///
    /// # Errors
    /// As [`Engine::channel`]; a message that was not delivered is no error.
    pub async fn test_channel(&self, who: &Identity, id: &str, to: Option<&str>) -> Result<Outcome, Error> {
        who.may(Right::Configure)?;
        let row = self.opened_channel(id).await?;
        let now = self.now();
        let key = chance::id::<()>(self.0.chance.as_ref(), now).to_string();
        let message = Message {
            kind: Kind::Notice,
            to: to.map(|to| text::line(to, 254)).filter(|to| !to.is_empty()),
            subject: "Test message from Watchfire".to_owned(),
            text: format!("{} sent this to see whether {} works. Nothing has to be done.", who.actor.id(), row.name),
            severity: None,
            incident: None,
            link: Some(self.0.base_url.clone()),
            acknowledge: None,
            console: self.0.base_url.clone(),
            matter: key.clone(),
            key,
            thread: None,
        };
        let outcome = if row.trust == ChannelTrust::Burned {
            Outcome::refused("the channel is burned: nothing is sent through it")
        } else {
            let target = Target { settings: &row.settings, at: now, attempt: 1 };
            send_once(self, &row.kind, target, &message).await
        };
        let draft = self
            .happening(who)
            .draft("channel.tested")
            .with("outcome", outcome.as_str())
            .secretly("reply", outcome.reply())
            .secretly("to", message.to.clone().unwrap_or_default());
        self.record_about(&row, draft).await?;
        Ok(outcome)
    }

    pub(crate) async fn opened_channel(&self, id: &str) -> Result<Channel, Error> {
        let mut reader = self.store().read().await?;
        channel::find(&mut reader, id).await?.ok_or(Error::NotFound("channel"))
    }

    fn channel_view(&self, channel: Channel) -> ChannelView {
        let about = self.0.channels.get(channel.kind.as_str()).map(|kind| kind.about());
        ChannelView::of(channel, about, &self.0.breakers)
    }

    fn channel_about(&self, kind: &str) -> Result<&'static About, Error> {
        self.0.channels.get(kind).map(|channel| channel.about()).ok_or_else(|| {
            let known: Vec<_> = self.0.channels.keys().copied().collect();
            Error::invalid("kind", format!("{:?} is none of {}", text::line(kind, 40), known.join(", ")))
        })
    }

    fn check_channel(&self, kind: &str, settings: &Settings) -> Result<(), Error> {
        let channel = self.0.channels.get(kind).ok_or(Error::NotFound("kind of channel"))?;
        channel.check(settings).map_err(|unusable| Error::invalid("settings", unusable.to_string()))
    }

    async fn keep_channel(&self, mut row: Channel, draft: Draft, new: bool) -> Result<ChannelView, Error> {
        // Two changes in one tick are told apart by the record's order.
        row.changed_at = self.now().max(row.changed_at.checked_add(SignedDuration::from_micros(1)).unwrap_or(row.changed_at));
        if new {
            row.changed_at = row.created_at;
        }
        let (put, draft) = (row.clone(), draft.with("channel", row.id.to_string()).with("name", row.name.as_str()));
        let kept = self.store().write(move |tx| {
            let (put, draft) = (put.clone(), draft.clone());
            Box::pin(async move {
                if new && channel::find(tx, &put.name).await?.is_some() {
                    return Ok(Err(Error::invalid("name", format!("a channel is named {:?} already", put.name))));
                }
                tx.record(draft);
                if new {
                    channel::insert(tx, &put).await?;
                } else if !channel::update(tx, &put).await? {
                    return Ok(Err(Error::NotFound("channel")));
                }
                Ok(Ok(()))
            })
        });
        kept.await??;
        Ok(self.channel_view(row))
    }

    async fn record_about(&self, row: &Channel, draft: Draft) -> Result<(), Error> {
        self.record_alone(draft.with("channel", row.id.to_string()).with("name", row.name.as_str())).await
    }
}
