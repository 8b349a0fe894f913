//! What the command line tells when the server does not do as asked.

use std::fmt;

use serde::Deserialize;
use thiserror::Error;

use crate::egress::EgressError;

/// Why a request has no result.
#[derive(Debug, Error)]
pub enum ClientError {
    /// The server's address cannot be used.
    #[error("`{url}` is not a server's address: {reason}")]
    Address { url: String, reason: &'static str },
    /// The token would cross a network in the clear.
    #[error("{host} would get the token without TLS; use https, or allow plain HTTP if the network between is yours")]
    Plain { host: String },
    /// The token cannot be sent.
    #[error("the token holds characters that no token has")]
    Token,
    /// Nobody answers there.
    #[error("cannot reach the server at {base}")]
    Unreachable {
        base: String,
        #[source]
        cause: EgressError,
    },
    /// The server said no, and why.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// Something else answers there.
    #[error("the answer of {base} ({status}) is not Watchfire's; is the address right?")]
    Foreign { base: String, status: u16 },
    /// The client cannot be set up.
    #[error("cannot set up the client")]
    Setup(#[source] EgressError),
}

impl ClientError {
    /// Returns the HTTP status if the server answered.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused(problem) => Some(problem.status),
            Self::Foreign { status, .. } => Some(*status),
            Self::Address { .. } | Self::Plain { .. } | Self::Token | Self::Unreachable { .. } | Self::Setup(_) => None,
        }
    }
}

/// RFC 9457 problem details as the server sends them.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Problem {
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default)]
    pub title: String,
    pub status: u16,
    #[serde(default)]
    pub detail: Option<String>,
    #[serde(default)]
    pub instance: Option<String>,
    #[serde(default)]
    pub errors: Vec<FieldProblem>,
}

/// What was wrong with one field.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct FieldProblem {
    pub field: String,
    pub detail: String,
}

impl fmt::Display for Problem {
    /// Writes what a person needs: the detail or else the title, the fields, the number, and what to do about 401.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.detail.as_deref().unwrap_or(&self.title))?;
        for FieldProblem { field, detail } in &self.errors {
            // The detail often names its one field already.
            if self.detail.as_deref().is_none_or(|told| !told.contains(detail.as_str())) {
                write!(formatter, "; {field}: {detail}")?;
            }
        }
        match self.status {
            401 => formatter.write_str(" (set WATCHFIRE_TOKEN or --token-file)")?,
            status => write!(formatter, " ({status})")?,
        }
        if let Some(instance) = &self.instance {
            write!(formatter, " [{instance}]")?;
        }
        Ok(())
    }
}
