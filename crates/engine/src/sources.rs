//! Sources: who may send events.

use watchfire_core::access::{Identity, Right};
use watchfire_core::chance;
use watchfire_core::id::SourceId;
use watchfire_core::limits;
use watchfire_core::source::{About, Delivery, Headers, Malformed, Parsed, Settings};
use watchfire_core::token::{self, TokenKind};
use watchfire_store::source::{self, Overview, Source};

use crate::{Engine, Error, words};

/// A source just made, or with a new secret: the only time that the secret is shown.
#[derive(Clone, Debug)]
pub struct NewSource {
    pub source: Source,
    /// Where deliveries go.
    pub url: String,
    pub key: String,
    pub secret: String,
}

impl Engine {
    /// Returns the kinds of sources in alphabetical order.
    pub fn source_kinds(&self) -> Vec<&'static About> {
        self.0.sources.values().map(|source| source.about()).collect()
    }

    /// Lists all sources by name.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn sources(&self, who: &Identity) -> Result<Vec<Overview>, Error> {
        who.may(Right::Act)?;
        let mut reader = self.store().read().await?;
        Ok(source::list(&mut reader, &who.scope()).await?)
    }

    /// Lists the names of all sources in their order: what a list is narrowed by, without the numbers.
    ///
    /// # Errors
    /// The role does not reach, or the store does not answer.
    pub async fn source_names(&self, who: &Identity) -> Result<Vec<(SourceId, String)>, Error> {
        who.may(Right::Act)?;
        let mut reader = self.store().read().await?;
        Ok(source::names(&mut reader).await?)
    }

    /// Shows a source by id or name.
    ///
    /// # Errors
    /// Not found, the role does not reach, or the store does not answer.
    pub async fn source(&self, who: &Identity, id_or_name: &str) -> Result<Overview, Error> {
        let sources = self.sources(who).await?;
        let found = sources.into_iter().find(|source| source.name == id_or_name || source.id.to_string() == id_or_name);
        found.ok_or(Error::NotFound("source"))
    }

    /// Loads a source with its opened key and secrets.
    async fn opened_source(&self, who: &Identity, id_or_name: &str) -> Result<Source, Error> {
        let names = self.source_names(who).await?;
        let (id, _) = names
            .iter()
            .find(|(id, name)| name == id_or_name || id.to_string() == id_or_name)
            .ok_or(Error::NotFound("source"))?;
        let mut reader = self.store().read().await?;
        source::get(&mut reader, *id).await?.ok_or(Error::NotFound("source"))
    }

    /// Adds a source and makes its key and secret.
    ///
    /// # Errors
    /// The kind is unknown, the name is empty or taken, a setting is unknown or unreadable, or the store does not answer.
    pub async fn add_source(&self, who: &Identity, kind: &str, name: &str, settings: Settings) -> Result<NewSource, Error> {
        who.may(Right::Configure)?;
        let about = self.about(kind)?;
        let name = words::line("name", name, 80)?;
        if name.is_empty() {
            return Err(Error::invalid("name", "give the source a name"));
        }
        self.check_settings(about, &settings)?;
        let happening = self.happening(who);
        let source = Source {
            id: chance::id(self.0.chance.as_ref(), happening.now),
            kind: about.kind.to_owned(),
            name,
            key: token::write(TokenKind::SourceKey, chance::bytes(self.0.chance.as_ref())),
            secrets: vec![token::write(TokenKind::SourceSecret, chance::bytes(self.0.chance.as_ref()))],
            settings,
            created_at: happening.now,
            disabled_at: None,
        };
        let row = source.clone();
        let added = self.store().write(move |tx| {
            let (happening, row) = (happening.clone(), row.clone());
            Box::pin(async move {
                if source::by_name(tx, &row.name).await?.is_some() {
                    return Ok(Err(Error::invalid("name", format!("a source is named {:?} already", row.name))));
                }
                tx.record(
                    happening
                        .draft("source.added")
                        .with("source", row.id.to_string())
                        .with("kind", row.kind.as_str())
                        .with("name", row.name.as_str()),
                );
                source::insert(tx, &row).await?;
                Ok(Ok(()))
            })
        });
        added.await??;
        self.reload_sources().await?;
        Ok(self.shown(source))
    }

    /// Replaces a source's settings.
    ///
    /// # Errors
    /// As [`Engine::add_source`].
    pub async fn set_source(&self, who: &Identity, id: &str, settings: Settings) -> Result<Source, Error> {
        who.may(Right::Configure)?;
        let mut source = self.opened_source(who, id).await?;
        self.check_settings(self.about(&source.kind)?, &settings)?;
        source.settings = settings;
        self.save_source(who, source, "source.changed").await
    }

    /// Stops a source: its deliveries are refused as if it were not there. What it sent stays.
    ///
    /// # Errors
    /// As [`Engine::source`].
    pub async fn disable_source(&self, who: &Identity, id: &str) -> Result<Source, Error> {
        who.may(Right::Configure)?;
        let mut source = self.opened_source(who, id).await?;
        source.disabled_at = Some(self.now());
        self.save_source(who, source, "source.disabled").await
    }

    /// Lets a stopped source send again.
    ///
    /// # Errors
    /// As [`Engine::source`].
    pub async fn enable_source(&self, who: &Identity, id: &str) -> Result<Source, Error> {
        who.may(Right::Configure)?;
        let mut source = self.opened_source(who, id).await?;
        source.disabled_at = None;
        self.save_source(who, source, "source.enabled").await
    }

    /// Makes a new secret; the one before stays valid beside it until the next change, so that nothing is lost meanwhile.
    ///
    /// # Errors
    /// As [`Engine::source`].
    pub async fn rotate_source(&self, who: &Identity, id: &str) -> Result<NewSource, Error> {
        who.may(Right::Configure)?;
        let mut source = self.opened_source(who, id).await?;
        source.secrets.insert(0, token::write(TokenKind::SourceSecret, chance::bytes(self.0.chance.as_ref())));
        source.secrets.truncate(2);
        let source = self.save_source(who, source, "source.rotated").await?;
        Ok(self.shown(source))
    }

    /// Returns the steps of setting a source up, with its address filled in; the secret only where the caller may set
    /// up sources.
    ///
    /// # Errors
    /// As [`Engine::source`].
    pub async fn source_setup(&self, who: &Identity, id: &str) -> Result<String, Error> {
        who.may(Right::Configure)?;
        let source = self.opened_source(who, id).await?;
        Ok(self.setup_text(&self.shown(source)))
    }

    /// Fills the set-up text of a source just made.
    pub fn setup_text(&self, new: &NewSource) -> String {
        let setup = self.0.sources.get(new.source.kind.as_str()).map_or("", |source| source.about().setup);
        let filled = [("{url}", &new.url), ("{key}", &new.key), ("{secret}", &new.secret), ("{base_url}", &self.0.base_url)];
        filled.iter().fold(setup.to_owned(), |text, (mark, value)| text.replace(mark, value))
    }

    /// Reads a payload as a source would, and stores nothing: to try a mapping or a sender's form.
    ///
    /// # Errors
    /// The kind or a setting is unknown, a mapping has a fault, or the payload cannot be read; the error names where.
    pub fn try_source(
        &self,
        who: &Identity,
        kind: &str,
        settings: &Settings,
        headers: &Headers,
        body: &[u8],
    ) -> Result<Parsed, Error> {
        who.may(Right::Act)?;
        self.check_settings(self.about(kind)?, settings)?;
        if body.len() > limits::LARGE_BODY_BYTES {
            return Err(Error::invalid("body", format!("{} bytes, the limit is {}", body.len(), limits::LARGE_BODY_BYTES)));
        }
        let source = self.0.sources.get(kind).ok_or(Error::NotFound("kind of source"))?;
        let delivery = Delivery { headers, body, received_at: self.now() };
        source.parse(&delivery, settings).map_err(|Malformed(reason)| Error::invalid("body", reason))
    }

    /// Reads the sources from the store into memory.
    pub(crate) async fn reload_sources(&self) -> Result<(), Error> {
        let mut reader = self.store().read().await?;
        let rows = source::all(&mut reader).await?;
        self.0.active.replace(rows);
        Ok(())
    }

    async fn save_source(&self, who: &Identity, source: Source, kind: &'static str) -> Result<Source, Error> {
        let happening = self.happening(who);
        let row = source.clone();
        self.store()
            .write(move |tx| {
                let (happening, row) = (happening.clone(), row.clone());
                Box::pin(async move {
                    tx.record(happening.draft(kind).with("source", row.id.to_string()).with("name", row.name.as_str()));
                    source::update(tx, &row).await.map(drop)
                })
            })
            .await?;
        self.reload_sources().await?;
        Ok(source)
    }

    fn about(&self, kind: &str) -> Result<&'static About, Error> {
        self.0.sources.get(kind).map(|source| source.about()).ok_or_else(|| {
            let known: Vec<_> = self.0.sources.keys().copied().collect();
            Error::invalid("kind", format!("{kind:?} is none of {}", known.join(", ")))
        })
    }

    fn check_settings(&self, about: &About, settings: &Settings) -> Result<(), Error> {
        let known: Vec<_> = about.settings.iter().map(|(name, _)| *name).collect();
        if let Some(unknown) = settings.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(Error::invalid(
                "settings",
                format!("{unknown:?} is none of the settings of {}: {}", about.kind, known.join(", ")),
            ));
        }
        let source = self.0.sources.get(about.kind).ok_or(Error::NotFound("kind of source"))?;
        source.check(settings).map_err(|Malformed(reason)| Error::invalid("settings", reason))
    }

    fn shown(&self, source: Source) -> NewSource {
        NewSource {
            url: format!("{}/hooks/{}/{}", self.0.base_url, source.kind, source.key),
            key: source.key.clone(),
            secret: source.secrets.first().cloned().unwrap_or_default(),
            source,
        }
    }
}
