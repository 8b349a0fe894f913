//! What a source of events is: the contract between the rim that knows vendors and the flow that does not.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::alert::Observation;

/// One delivery as it came in: borrowed, verbatim.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    pub headers: &'a Headers,
    pub body: &'a [u8],
    /// When it arrived, by our clock.
    pub received_at: Timestamp,
}

/// Request headers with lower-case names; of a repeated header the last value.
///
/// Credentials (`authorization`, `cookie`) stay in here for `verify` only and are never stored.
#[derive(Clone, Default, Debug)]
pub struct Headers(BTreeMap<String, String>);

impl Headers {
    /// Returns a header's value by lower-case name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Sets a header; the name is lower-cased.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_ascii_lowercase(), value.to_owned());
    }

    /// Returns all headers in order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Headers {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let mut headers = Self::default();
        for (name, value) in pairs {
            headers.set(name, value);
        }
        headers
    }
}

/// What `verify` compares with: the source's secret and what was fetched for it.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// The secrets that are valid now: one, or two while the secret is being changed. Opened for this call only.
    pub secrets: &'a [&'a [u8]],
    /// The key in the delivery's address, which the caller has already matched with the source.
    pub key: &'a str,
    /// PEM certificates by the address they were fetched from, for schemes that sign with one.
    pub certificates: &'a BTreeMap<String, Vec<u8>>,
    /// The source's settings, such as the topics of SNS.
    pub settings: &'a Settings,
}

/// A source's settings by name; which names there are is told by [`About::settings`].
pub type Settings = BTreeMap<String, String>;

/// Why a delivery is not believed, or not yet.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The credential is missing or wrong; the text never repeats it. Answered 401.
    #[error("{0}")]
    Unauthorized(String),
    /// The signature needs the certificate at this address, whose host the source has checked.
    #[error("the certificate at {0} is needed")]
    NeedsCertificate(String),
}

/// Says how far a delivery can be believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trust {
    /// A signature over the bytes was right.
    Signed,
    /// A shared token was right.
    Token,
    /// Only the unguessable address was right.
    AddressOnly,
}

impl Trust {
    /// Returns the word that the API and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Token => "token",
            Self::AddressOnly => "address_only",
        }
    }
}

/// Says why a body could not be read, in words for the sender: what was wrong, and where.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub String);

/// What a delivery holds.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Parsed {
    pub observations: Vec<Observation>,
    /// The sender's own id of this delivery: the same id again from the same source is the same event.
    pub delivery_id: Option<String>,
    /// An address that has to be fetched once to finish the set-up (SNS subscription); its host is checked.
    pub confirm: Option<String>,
    /// Why there is nothing to alert about, when there is not ("ping", "conclusion is success").
    pub remark: Option<String>,
    /// The observations are everything that `snapshot` names: what it knew before and does not hold now is gone.
    /// For reports of scanners: the prefix of the dedup keys that the report covers.
    pub snapshot: Option<Snapshot>,
}

/// A report that names all that is there; alerts under the same scope that it lacks are resolved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snapshot {
    /// Kept with each alert of the report: `sarif/<tool>/<repository or target>`.
    pub scope: String,
}

impl Parsed {
    /// Says that there is nothing to alert about, and why.
    pub fn nothing(remark: impl Into<String>) -> Self {
        Self { remark: Some(remark.into()), ..Self::default() }
    }
}

/// A way for other systems to send events. One file each under `connect/src/sources/`.
///
/// Both functions are pure and synchronous: the same input gives the same answer, and no input makes them panic.
pub trait Source: Send + Sync {
    /// Describes the source for pages, reference and the command line.
    fn about(&self) -> &'static About;

    /// Tells whether the delivery may be believed, as the vendor's scheme does it, on the raw bytes, in constant time.
    ///
    /// # Errors
    /// [`Rejection`] names what is missing or wrong without repeating it.
    fn verify(&self, delivery: &Delivery<'_>, keys: &Keys<'_>) -> Result<Trust, Rejection>;

    /// Reads the body.
    ///
    /// # Errors
    /// [`Malformed`] names what was wrong and where.
    fn parse(&self, delivery: &Delivery<'_>, settings: &Settings) -> Result<Parsed, Malformed>;

    /// Tells whether the settings can be used, before a source is saved with them.
    ///
    /// # Errors
    /// [`Malformed`] names the setting and what is wrong in it.
    fn check(&self, _settings: &Settings) -> Result<(), Malformed> {
        Ok(())
    }
}

/// Describes a kind of source: pages, forms, the reference and the command line follow it.
#[derive(Debug)]
pub struct About {
    /// The word in addresses and commands: `alertmanager`.
    pub kind: &'static str,
    /// The name for people: `Prometheus Alertmanager`.
    pub title: &'static str,
    /// The group under which pages list it.
    pub family: Family,
    /// One sentence on what arrives.
    pub summary: &'static str,
    /// What the sender needs: how its deliveries are verified.
    pub credential: CredentialKind,
    /// The steps of setting it up, in Markdown with a ready snippet; `{url}`, `{key}` and `{secret}` are filled in.
    pub setup: &'static str,
    /// How the vendor's words become SEV1 to SEV5: `(vendor's word, ours)`.
    pub severities: &'static [(&'static str, &'static str)],
    /// Settings that may be given: `(name, what it is)`.
    pub settings: &'static [(&'static str, &'static str)],
    /// Bytes of a body, at most.
    pub body_bytes_max: usize,
    /// The vendor's public documentation of the format.
    pub reference: &'static str,
}

/// The groups of sources.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Family {
    Monitoring,
    Cloud,
    Forge,
    Scanner,
    Detection,
    Generic,
}

impl Family {
    /// Returns the heading for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Monitoring => "Monitoring",
            Self::Cloud => "Cloud",
            Self::Forge => "Forges and CI",
            Self::Scanner => "Scanners",
            Self::Detection => "Detection",
            Self::Generic => "Anything else",
        }
    }
}

/// How a source's deliveries are verified.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CredentialKind {
    /// An HMAC over the body with a shared secret.
    Signature,
    /// A shared token in a header.
    Token,
    /// A certificate of the vendor.
    Certificate,
    /// The key inside the body or header of the vendor's own form (routing key, GenieKey).
    Key,
}

/// All sources by kind, in alphabetical order, as the wiring hands them in.
pub type Registry = BTreeMap<&'static str, Arc<dyn Source>>;
