//! What the organisation has decided about itself.

use watchfire_core::access::{Identity, Right};
use watchfire_core::text;
use watchfire_store::{Tx, setting};

use crate::incidents::Happening;
use crate::{Engine, Error};

/// How severities are shown; what they mean does not change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SeverityDisplay {
    /// SEV1 to SEV5.
    #[default]
    Sev,
    /// P1 to P5.
    P,
    /// S1 to S5.
    S,
}

impl SeverityDisplay {
    /// All schemes.
    pub const ALL: [Self; 3] = [Self::Sev, Self::P, Self::S];

    /// Returns the word, which is also what stands before the number.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sev => "sev",
            Self::P => "p",
            Self::S => "s",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.as_str() == word)
    }
}

/// The settings of the organisation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Organisation {
    /// Empty until somebody names it.
    pub name: String,
    pub severity_display: SeverityDisplay,
}

const NAME: &str = "organisation.name";
const SEVERITY: &str = "organisation.severity_display";

impl Engine {
    /// Returns the organisation's settings.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn organisation(&self, who: &Identity) -> Result<Organisation, Error> {
        who.may(Right::Read)?;
        let mut reader = self.store().read().await?;
        let values = setting::all(&mut reader).await?;
        Ok(Organisation {
            name: values.get(NAME).cloned().unwrap_or_default(),
            severity_display: values.get(SEVERITY).and_then(|word| SeverityDisplay::parse(word)).unwrap_or_default(),
        })
    }

    /// Changes the organisation's settings.
    ///
    /// # Errors
    /// The role does not reach, nothing would change, or the store does not answer.
    pub async fn set_organisation(&self, who: &Identity, wanted: Organisation) -> Result<Organisation, Error> {
        who.may(Right::Administer)?;
        let wanted = Organisation { name: text::line(&wanted.name, 120), ..wanted };
        if self.organisation(who).await? == wanted {
            return Err(watchfire_core::incident::Refusal::Unchanged.into());
        }
        let (happening, put) = (self.happening(who), wanted.clone());
        self.store()
            .write(move |tx| {
                let (happening, put) = (happening.clone(), put.clone());
                Box::pin(async move { write(tx, &put, &happening).await })
            })
            .await?;
        Ok(wanted)
    }
}

/// Writes the settings and the entry.
pub(crate) async fn write(tx: &mut Tx, wanted: &Organisation, happening: &Happening) -> Result<(), watchfire_store::Error> {
    setting::put(tx, NAME, &wanted.name, happening.now).await?;
    setting::put(tx, SEVERITY, wanted.severity_display.as_str(), happening.now).await?;
    let draft = happening.draft("organisation.changed").with("name", wanted.name.as_str());
    tx.record(draft.with("severity_display", wanted.severity_display.as_str()));
    Ok(())
}
