//! The tracking document of an incident: made from the plans' template when it is declared, then written by people.

use watchfire_core::access::{Identity, Right};
use watchfire_core::incident::{Fact, Incident, Refusal};
use watchfire_core::limits;
use watchfire_store::document::{self, Document};
use watchfire_store::{Error as StoreError, Tx, incident};

use crate::incidents::{Happening, record};
use crate::plans::IncidentPlan;
use crate::{Engine, Error, words};

impl Engine {
    /// Returns the newest version of the tracking document, or the one that is asked for.
    ///
    /// # Errors
    /// Not found for this caller, no such version (an incident has none before it is declared), or the store does not
    /// answer.
    pub async fn document(&self, who: &Identity, id: &str, version: Option<i64>) -> Result<Document, Error> {
        let incident = self.find(who, id).await?.id;
        let mut reader = self.store().read().await?;
        let found = match version {
            Some(version) => document::get(&mut reader, incident, version).await?,
            None => document::newest(&mut reader, incident).await?,
        };
        found.ok_or(Error::NotFound("tracking document"))
    }

    /// Writes the next version of the tracking document over the one that the writer read.
    ///
    /// # Errors
    /// Not found for this caller, empty, somebody wrote a version meanwhile ([`Error::Conflict`]), or the store does not
    /// answer.
    pub async fn write_document(&self, who: &Identity, id: &str, read: i64, words: &str) -> Result<Document, Error> {
        let words = words::prose("text", words, limits::TEXT_CHARS)?;
        if words.is_empty() {
            return Err(Refusal::TextMissing.into());
        }
        let incident = self.reach(who, Right::Act, id).await?.id;
        let happening = self.happening(who);
        let written = self.store().write(move |tx| {
            let (happening, words) = (happening.clone(), words.clone());
            Box::pin(async move {
                let Some(mut incident) = incident::by_id(tx, incident).await? else {
                    return Ok(Err(Error::NotFound("incident")));
                };
                let newest = document::newest(tx, incident.id).await?;
                if newest.as_ref().map_or(0, |newest| newest.version) != read {
                    return Ok(Err(Error::Conflict));
                }
                let next = Document {
                    incident: incident.id,
                    version: read + 1,
                    template: newest.as_ref().map(|newest| newest.template.clone()).unwrap_or_default(),
                    plan_version: newest.map(|newest| newest.plan_version).unwrap_or_default(),
                    text: words,
                    author: happening.actor.id().to_owned(),
                    written_at: happening.now,
                };
                keep(tx, &mut incident, &next, &happening).await?;
                incident::save(tx, &incident).await?;
                Ok(Ok(next))
            })
        });
        written.await?
    }
}

/// Makes the first version from the template, unless there is one. The caller saves the incident.
pub(crate) async fn open(
    tx: &mut Tx,
    incident: &mut Incident,
    plan: &IncidentPlan,
    happening: &Happening,
) -> Result<(), StoreError> {
    if document::newest(tx, incident.id).await?.is_some() {
        return Ok(());
    }
    let first = Document {
        incident: incident.id,
        version: 1,
        template: plan.template.clone(),
        plan_version: happening.plan_version.clone(),
        text: plan.document(incident),
        author: happening.actor.id().to_owned(),
        written_at: happening.now,
    };
    keep(tx, incident, &first, happening).await
}

async fn keep(tx: &mut Tx, incident: &mut Incident, document: &Document, happening: &Happening) -> Result<(), StoreError> {
    let fact = Fact::DocumentWritten { version: document.version, template: document.template.clone() };
    record(tx, incident, &[fact], happening);
    document::insert(tx, document).await
}
