//! Why a call was not made or has no answer.

use thiserror::Error;

/// What went wrong with a call; never holds what the other side sent.
#[derive(Debug, Error)]
pub enum EgressError {
    /// The address cannot be called at all.
    #[error("the address is not one to call: {reason}")]
    Url { reason: &'static str },
    /// Plain HTTP, to a host for which the operator has not permitted it.
    #[error("{host} would be called without TLS; use https, or permit `http://{host}` in the egress settings")]
    Plain { host: String },
    /// The host is not on the list of this use.
    #[error("{host} is not among the hosts that may be called for this")]
    Host { host: String },
    /// The host is, or resolves to, an address that is not of the public internet.
    #[error(
        "{host} is at an address that may not be called ({what}); permit the host or its network in the egress settings if it is yours"
    )]
    Address { host: String, what: &'static str },
    /// The name has no address.
    #[error("{host} cannot be resolved")]
    Resolve { host: String },
    /// Nobody answers there, or not with TLS that can be trusted.
    #[error("cannot connect to {host}: {reason}")]
    Connect { host: String, reason: String },
    /// No whole answer in time.
    #[error("{host} did not answer in time")]
    Timeout { host: String },
    /// It answered with a redirect, which is not followed.
    #[error("{host} answered with a redirect ({status}), which is not followed")]
    Redirect { host: String, status: u16 },
    /// The answer is larger than may be.
    #[error("{host} answered with more than {limit} bytes")]
    TooLarge { host: String, limit: usize },
    /// The answer broke off, or the call was not well formed.
    #[error("the exchange with {host} failed")]
    Exchange { host: String },
    /// The answer's status is not the one that was asked for.
    #[error("{host} answered {status}")]
    Status { host: String, status: u16 },
    /// The client cannot be set up.
    #[error("cannot set up the egress client: {reason}")]
    Setup { reason: String },
}

impl EgressError {
    /// Says whether the same call may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Resolve { .. } | Self::Connect { .. } | Self::Timeout { .. } | Self::Exchange { .. } => true,
            Self::Status { status, .. } => *status >= 500 || matches!(status, 408 | 429),
            Self::Url { .. }
            | Self::Plain { .. }
            | Self::Host { .. }
            | Self::Address { .. }
            | Self::Redirect { .. }
            | Self::TooLarge { .. }
            | Self::Setup { .. } => false,
        }
    }
}
