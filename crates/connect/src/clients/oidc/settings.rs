//! How we stand with the provider.

use std::fmt;

use super::OidcError;
use crate::egress::{Hosts, Url};

/// The provider, our name there, and where it says what groups somebody is in.
#[derive(Clone)]
pub struct Settings {
    /// The issuer exactly as the provider writes it; discovery is below it.
    pub issuer: String,
    pub client_id: String,
    /// Without one the client is a public one, which PKCE alone protects.
    pub client_secret: Option<String>,
    /// The claim that lists the groups.
    pub groups_claim: String,
    /// Scopes beside `openid`.
    pub scopes: Vec<String>,
    /// Hosts beside the issuer's that its discovery document may name.
    pub hosts: Vec<String>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = if self.client_secret.is_some() { "(set)" } else { "(none)" };
        f.debug_struct("Settings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("client_secret", &secret)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// Checks what can be told without the provider.
    ///
    /// # Errors
    /// [`OidcError::Settings`] names what has to be another.
    pub fn check(&self) -> Result<(), OidcError> {
        let wrong = |text: &str| Err(OidcError::Settings(text.to_owned()));
        let url = Url::parse(&self.issuer).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
        if url.is_none_or(|url| url.query().is_some() || url.fragment().is_some() || !url.username().is_empty()) {
            return wrong("the issuer has to be an https address without ?, # and user, exactly as the provider writes it");
        }
        if self.client_id.is_empty() || self.client_id.len() > 500 {
            return wrong("the client id is missing");
        }
        Ok(())
    }

    /// Returns the hosts that may be called: the issuer's and those that the operator has named.
    pub(super) fn allowed(&self) -> Hosts {
        let issuer = Url::parse(&self.issuer).ok().and_then(|url| url.host_str().map(str::to_owned));
        Hosts::only(issuer.iter().chain(&self.hosts).map(String::as_str))
    }
}
