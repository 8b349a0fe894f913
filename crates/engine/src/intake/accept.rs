//! A delivery at the door: believed, stored, then answered.

use bytes::Bytes;
use watchfire_core::chance;
use watchfire_core::event::Status;
use watchfire_core::id::EventId;
use watchfire_core::source::{Delivery, Headers, Keys, Malformed, Parsed, Rejection, Source, Trust};
use watchfire_store::event::{Appended, NewEvent};
use watchfire_store::{Error as StoreError, certificate, source};

use super::ActiveSource;
use crate::Engine;

/// A delivery as the web layer hands it in.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The kind in the address: `alertmanager`.
    pub kind: String,
    /// The key in the address or in the vendor's own form.
    pub key: String,
    /// All headers; credentials are used for verification and not stored.
    pub headers: Headers,
    pub body: Bytes,
}

/// What was accepted; by then it is on stable storage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accepted {
    pub event_id: EventId,
    /// The same delivery was accepted before, under this id.
    pub duplicate: bool,
    /// How many alerts it speaks of.
    pub alerts: usize,
    /// The sender's own key of the first one, for forms that answer with it.
    pub dedup_key: Option<String>,
    /// Why there is nothing to alert about, when there is not.
    pub remark: Option<String>,
}

/// Why a delivery was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// No source has this address; nothing is stored.
    #[error("no source has this address")]
    UnknownAddress,
    /// Nothing is stored.
    #[error("{0}")]
    Unauthorized(String),
    /// The bytes are kept in quarantine under the id.
    #[error("{reason}")]
    Malformed { event_id: EventId, reason: String },
    #[error("this source sends more than its quota; try again in {retry_after_s} s")]
    TooManyRequests { retry_after_s: u64 },
    /// Storage does not answer; the sender has to keep the delivery and try again.
    #[error("the delivery could not be stored; send it again")]
    Unavailable,
}

/// What a header's name holds if its value is a credential: used to verify, never stored. By part of the name, because a
/// sender that nobody foresaw brings its own.
const CREDENTIALS: [&str; 7] = ["authorization", "cookie", "token", "api-key", "apikey", "secret", "password"];

impl Engine {
    /// Accepts a delivery: when this returns `Ok`, the bytes are on stable storage.
    ///
    /// # Errors
    /// [`IntakeError`] says which of the sender's or our own troubles it was, and whether anything was kept.
    pub async fn accept(&self, incoming: Incoming) -> Result<Accepted, IntakeError> {
        let Some(active) = self.active_source(&incoming.kind, &incoming.key).await? else {
            return Err(IntakeError::UnknownAddress);
        };
        self.0.pace.arrived();
        let now = self.now();
        active.quota.take(now).map_err(|retry_after_s| IntakeError::TooManyRequests { retry_after_s })?;
        let Some(source) = self.0.sources.get(active.row.kind.as_str()) else {
            return Err(IntakeError::UnknownAddress);
        };
        let delivery = Delivery { headers: &incoming.headers, body: &incoming.body, received_at: now };
        let trust = self.verify(source.as_ref(), &active, &delivery).await?;
        let id: EventId = chance::id(self.0.chance.as_ref(), now);
        let parsed = source.parse(&delivery, &active.row.settings);
        let (status, reason) = match &parsed {
            Ok(_) => (Status::Pending, None),
            Err(Malformed(reason)) => (Status::Quarantined, Some(reason.clone())),
        };
        let stored = self.keep(NewEvent {
            id,
            source: active.row.id,
            received_at: now,
            trust: trust.as_str().to_owned(),
            delivery_id: parsed.as_ref().ok().and_then(|parsed| parsed.delivery_id.clone()),
            headers: incoming.headers.iter().filter(|(name, _)| !CREDENTIALS.iter().any(|part| name.contains(part))).collect(),
            body: incoming.body.clone(),
            status,
            reason,
        });
        let stored = stored.await.map_err(unavailable)?;
        metrics::counter!("watchfire_events_accepted_total", "source_kind" => source.about().kind).increment(1);
        if stored.duplicate {
            metrics::counter!("watchfire_events_repeated_total", "source_kind" => source.about().kind).increment(1);
        }
        match parsed {
            Ok(parsed) => {
                self.0.pending.notify_one();
                Ok(accepted(stored.id, stored.duplicate, &parsed))
            }
            Err(Malformed(reason)) => {
                metrics::counter!("watchfire_events_quarantined_total", "source_kind" => source.about().kind).increment(1);
                Err(IntakeError::Malformed { event_id: stored.id, reason })
            }
        }
    }

    /// Keeps the event: returns after the commit.
    #[cfg(not(feature = "planted-defects"))]
    async fn keep(&self, event: NewEvent) -> Result<Appended, StoreError> {
        self.store().append_event(event).await
    }

    /// As without the feature, or with the defect that `WATCHFIRE_PLANT` names.
    #[cfg(feature = "planted-defects")]
    async fn keep(&self, event: NewEvent) -> Result<Appended, StoreError> {
        if !crate::planted::is_planted("ack-before-commit") {
            return self.store().append_event(event).await;
        }
        let (store, id) = (self.store().clone(), event.id);
        tokio::spawn(async move { store.append_event(event).await });
        Ok(Appended { id, seq: 0, duplicate: false })
    }

    /// Finds the source by its address: in memory first, then in the store, where another node may have added it.
    async fn active_source(&self, kind: &str, key: &str) -> Result<Option<std::sync::Arc<ActiveSource>>, IntakeError> {
        if let Some(active) = self.0.active.find(kind, key) {
            return Ok(Some(active));
        }
        let form = watchfire_core::token::TokenKind::SourceKey;
        if !watchfire_core::token::is_well_formed(form, key) {
            return Ok(None);
        }
        // One row by its index before all rows: guessed keys must not cost more than that.
        let mut reader = self.store().read().await.map_err(unavailable)?;
        let known = source::by_key_hash(&mut reader, watchfire_core::token::hash(key)).await.map_err(unavailable)?;
        drop(reader);
        if known.is_none() {
            return Ok(None);
        }
        self.reload_sources().await.map_err(|_| IntakeError::Unavailable)?;
        Ok(self.0.active.find(kind, key))
    }

    async fn verify(&self, source: &dyn Source, active: &ActiveSource, delivery: &Delivery<'_>) -> Result<Trust, IntakeError> {
        let secrets: Vec<&[u8]> = active.row.secrets.iter().map(String::as_bytes).collect();
        let mut certificates = std::collections::BTreeMap::new();
        loop {
            let keys =
                Keys { secrets: &secrets, key: &active.row.key, certificates: &certificates, settings: &active.row.settings };
            match source.verify(delivery, &keys) {
                Ok(trust) => return Ok(trust),
                Err(Rejection::Unauthorized(reason)) => return Err(IntakeError::Unauthorized(reason)),
                Err(Rejection::NeedsCertificate(url)) if !certificates.contains_key(&url) => {
                    let pem = self.certificate(&url).await?;
                    certificates.insert(url, pem);
                }
                Err(Rejection::NeedsCertificate(_)) => {
                    return Err(IntakeError::Unauthorized("the signing certificate does not fit".to_owned()));
                }
            }
        }
    }

    /// Returns a signing certificate: kept from before, or fetched now and kept.
    async fn certificate(&self, url: &str) -> Result<Vec<u8>, IntakeError> {
        let mut reader = self.store().read().await.map_err(unavailable)?;
        if let Some(pem) = certificate::get(&mut reader, url).await.map_err(unavailable)? {
            return Ok(pem.pem);
        }
        drop(reader);
        let pem = self.0.fetch.certificate(url).await.map_err(|error| {
            tracing::warn!(error = %error, "a signing certificate could not be fetched");
            IntakeError::Unavailable
        })?;
        let kept = certificate::Certificate { url: url.to_owned(), pem: pem.clone(), fetched_at: self.now() };
        self.store()
            .write(move |tx| {
                let kept = kept.clone();
                Box::pin(async move { certificate::put(tx, &kept).await })
            })
            .await
            .map_err(unavailable)?;
        Ok(pem)
    }
}

fn accepted(event_id: EventId, duplicate: bool, parsed: &Parsed) -> Accepted {
    Accepted {
        event_id,
        duplicate,
        alerts: parsed.observations.len(),
        dedup_key: parsed.observations.first().map(|first| first.dedup_key.value().to_owned()),
        remark: parsed.remark.clone(),
    }
}

/// Every trouble of our own is "send it again": a 4xx would make the sender drop what we did not keep.
fn unavailable(error: StoreError) -> IntakeError {
    tracing::error!(error = %error, "a delivery could not be stored");
    IntakeError::Unavailable
}
